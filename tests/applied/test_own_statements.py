"""limbeck's own statements go the driver's way where nobody listens, and do the same there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from limbeck.database.version_table import VersionTable
from limbeck.dialects.standard.own_statements import OwnStatement, ask, is_unheard, send
from limbeck.errors import CommandError
from limbeck.revisions.rows import RowChanges
from tests.applied.projects import Project


def listens(engine: sa.Engine) -> None:
    sa.event.listen(engine, "before_cursor_execute", lambda *_: None)


def listens_to_errors(engine: sa.Engine) -> None:
    sa.event.listen(engine, "handle_error", lambda _: None)


def echoes(engine: sa.Engine) -> None:
    engine.echo = True


@pytest.mark.parametrize("way", [listens, listens_to_errors, echoes])
def test_whoever_listens_hears_all(way: Callable[[sa.Engine], None], tmp_path: Any) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'one.db'}", poolclass=sa.NullPool)
    with engine.connect() as connection, connection.begin():
        assert is_unheard(connection)
    way(engine)
    with engine.connect() as connection, connection.begin():
        assert not is_unheard(connection)


def test_without_a_transaction_sqlalchemy_begins_one(tmp_path: Any) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'one.db'}", poolclass=sa.NullPool)
    with engine.connect() as connection:
        assert not is_unheard(connection)
        ask(connection, "SELECT 1")
        assert connection.in_transaction()


@pytest.mark.parametrize("is_heard", [False, True])
def test_a_statement_does_the_same(engine: sa.Engine, is_heard: bool) -> None:
    table = sa.Table(
        "own", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.Text)
    )
    insert = OwnStatement(table.insert())
    update = OwnStatement(table.update().where(table.c.id == sa.bindparam("mine")))
    if is_heard:
        listens(engine)
    with engine.connect() as connection:
        table.create(connection)
        connection.commit()
        with connection.begin():
            assert is_unheard(connection) is not is_heard
            insert.run(connection, {"id": 1, "x": "100% :y 'z' \\ ?"})
            insert.run(connection, {"id": 2, "x": None})
            assert update.run(connection, {"x": "new", "mine": 2}) == 1
            assert update.run(connection, {"x": "new", "mine": 3}) == 0
            assert send(connection, "UPDATE own SET x = 'newer' WHERE id > 0 AND x = 'new'") == 1
            rows = ask(connection, "SELECT id, x FROM own ORDER BY id")
            assert [tuple(row) for row in rows] == [(1, "100% :y 'z' \\ ?"), (2, "newer")]
        with pytest.raises(IntegrityError), connection.begin():
            insert.run(connection, {"id": 1, "x": ""})
        with pytest.raises(DBAPIError), connection.begin():
            ask(connection, "SELECT nothing FROM nowhere")


def test_a_version_that_was_moved_is_noticed(engine: sa.Engine) -> None:
    versions = VersionTable()
    with engine.connect() as connection, connection.begin():
        connection.execute(versions.create())
        connection.execute(versions.table.insert(), {"version_num": "a"})
        assert is_unheard(connection)
        versions.carry_out(connection, RowChanges(updated=(("a", "b"),)))
        with pytest.raises(CommandError, match="expected to match one row"):
            versions.carry_out(connection, RowChanges(updated=(("a", "c"),)))
        assert versions.read(connection) == ("b",)


def test_a_history_is_the_same_whoever_listens(project: Project, tmp_path: Any) -> None:
    project.line("a", "b", "c")
    project.upgrade("b")
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        heard.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", hear)
    try:
        project.upgrade("c")
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", hear)
    assert any(each.startswith("INSERT INTO limbeck_history") for each in heard)
    unheard, last = project.rows()[-2:]
    apart = {"number", "revision", "parents", "heads", "checksum", "file_checksum", "source"}
    times = {"started", "finished", "milliseconds", "previous", "hash"}
    same = dict.fromkeys(apart | times, "")
    assert replace(unheard, **same) == replace(last, **same)
    assert last.previous == unheard.hash
