from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from limbeck.fleet.quick.road import SESSIONS
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


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The tenants whose revisions went by the quick road, once for each revision."""
    taken: list[str] = []
    for cls in SESSIONS.values():
        usual = cls.carry_out

        def carry_out(self: Any, portion: Any, place: Any, _usual: Any = usual) -> Any:
            found = _usual(self, portion, place)
            taken.extend([self.tenant.name] * len(found[1]))
            return found

        monkeypatch.setattr(cls, "carry_out", carry_out)
    yield taken
