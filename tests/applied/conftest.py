from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from limbeck.runtime.resent.journalled import JournalledSession
from limbeck.runtime.resent.sessions import TransactionSession
from tests.applied.projects import Project
from tests.applied.resent import next_process


@pytest.fixture
def project(tmp_path: Path, database_url: str) -> Project:
    """A project with an empty database, once for each kind of database."""
    return Project(tmp_path / "project", database_url)


@pytest.fixture
def small(tmp_path: Path) -> Project:
    """A project on SQLite."""
    return Project(tmp_path, f"sqlite:///{tmp_path / 'small.db'}")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, alembic_left_alone: None) -> Iterator[list[str]]:
    """The revisions that were sent again."""
    found: list[str] = []
    for cls in (TransactionSession, JournalledSession):
        usual = cls.carry_out

        def carry_out(self: Any, step: Any, *rest: Any, _usual: Any = usual) -> None:
            _usual(self, step, *rest)
            found.append(step.plan.id)

        monkeypatch.setattr(cls, "carry_out", carry_out)
    monkeypatch.setattr("limbeck.runtime.resent.resending.FORETOLD", frozenset())
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    yield found
    next_process()
