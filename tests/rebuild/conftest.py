from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rebuild.live import Live

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    database = Live(tmp_path / "live.db")
    yield database
    database.engine.dispose()
