"""Fixtures for running revisions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runtime.projects import Project


@pytest.fixture
def project(tmp_path: Path, database_url: str) -> Project:
    """An empty project on an empty database, once for each kind of database."""
    return Project(tmp_path, database_url)


@pytest.fixture
def small(tmp_path: Path) -> Project:
    """An empty project on an empty SQLite database."""
    return Project(tmp_path, f"sqlite:///{tmp_path / 'small.db'}")
