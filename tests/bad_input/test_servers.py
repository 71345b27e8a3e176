"""Mistakes that need a server to be made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.bad_input.case import SECRET
from tests.cli.project import BEFORE, Project


def _project(folder: Path, url: sa.URL) -> Project:
    project = Project(folder / "project")
    project.models(BEFORE)
    project.settings(url.render_as_string(hide_password=False))
    project.revision("aaaa1111", None)
    return project


def _refused(project: Project, *says: str, words: tuple[str, ...] = ("upgrade", "head")) -> None:
    answer = project.run(*words)
    told = answer.stdout + answer.stderr
    assert answer.code == 4, told
    assert "Traceback" not in told
    assert SECRET not in told
    assert len(answer.stderr.splitlines()) <= 12
    for word in says:
        assert word in told


def _no_database(url: sa.URL) -> sa.URL:
    return url.set(database="no_such_database")


def _no_user(url: sa.URL) -> sa.URL:
    return url.set(username="no_such_user", password=SECRET)


@pytest.mark.databases("postgresql", "mariadb")
@pytest.mark.parametrize(
    ("broken", "says"),
    [(_no_database, "no_such_database"), (_no_user, "no_such_user")],
)
def test_the_door_stays_shut(
    tmp_path: Path, database_url: str, broken: Callable[[sa.URL], sa.URL], says: str
) -> None:
    url = broken(sa.make_url(database_url))
    _refused(_project(tmp_path, url), says, "hint: ")
    if url.get_backend_name() == "postgresql":
        asynchronous = url.set(drivername="postgresql+asyncpg")
        _refused(_project(tmp_path / "asyncpg", asynchronous), says, "hint: ")


@pytest.mark.databases("mariadb")
def test_wrong_password(tmp_path: Path, database_url: str) -> None:
    url = sa.make_url(database_url).set(password=SECRET)
    _refused(_project(tmp_path, url), "does not let us in", "password")


@pytest.mark.databases("postgresql")
def test_read_only_session(tmp_path: Path, database_url: str, engine: sa.Engine) -> None:
    url = sa.make_url(database_url).update_query_dict(
        {"options": "-c default_transaction_read_only=on"}
    )
    _refused(_project(tmp_path, url), "read-only")
    assert sa.inspect(engine).get_table_names() == []


@pytest.mark.databases("postgresql")
def test_role_without_rights(tmp_path: Path, database_url: str, engine: sa.Engine) -> None:
    name = sa.make_url(database_url).database
    role = f"{name}_reader"
    with engine.begin() as connection:
        connection.execute(sa.text(f"CREATE ROLE {role} LOGIN PASSWORD '{SECRET}'"))
        connection.execute(sa.text("REVOKE ALL ON SCHEMA public FROM PUBLIC"))
        connection.execute(sa.text(f"GRANT USAGE ON SCHEMA public TO {role}"))
    url = sa.make_url(database_url).set(username=role, password=SECRET)
    try:
        _refused(_project(tmp_path, url), "lacks a right", "permission denied")
        assert sa.inspect(engine).get_table_names() == []
    finally:
        with engine.begin() as connection:
            connection.execute(sa.text(f"DROP OWNED BY {role}"))
            connection.execute(sa.text(f"DROP ROLE {role}"))
