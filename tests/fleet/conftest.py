from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fleet.tenants import Tenants, tenants_on


@pytest.fixture
def tenants(tmp_path: Path, database_url: str) -> Iterator[Tenants]:
    """Six empty tenants, once for each kind of database."""
    with tenants_on(tmp_path / "project", database_url) as found:
        yield found


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Tenants]:
    """Six empty tenants in files of SQLite."""
    with tenants_on(tmp_path / "project", f"sqlite:///{tmp_path / 'settings.db'}") as found:
        yield found
