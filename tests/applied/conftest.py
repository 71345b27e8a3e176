from __future__ import annotations

from pathlib import Path

import pytest

from tests.applied.projects import Project


@pytest.fixture
def project(tmp_path: Path, database_url: str) -> Project:
    """A project with an empty database, once for each kind of database."""
    return Project(tmp_path / "project", database_url)


@pytest.fixture
def small(tmp_path: Path) -> Project:
    """A project on SQLite."""
    return Project(tmp_path, f"sqlite:///{tmp_path / 'small.db'}")
