"""What hangs on a table goes along when the table and its columns get other names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Column, Integer, MetaData, String, Table

from limbeck.schema import Function, Grant, Policy, RowSecurity, Trigger, View
from tests.loop.loop import Loop, Revision
from tests.loop.test_step_aside import everything

pytestmark = pytest.mark.databases("postgresql")

NOTE = "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
RENAMES = ["notes:papers", "papers.who:author"]


def models(
    table: str, column: str, *, type_: Any = String, more: str = "", **said: Any
) -> MetaData:
    """A table and what is declared about it."""
    metadata = MetaData()
    Table(table, metadata, Column("id", Integer, primary_key=True), Column(column, type_))
    if said.get("objects", True):
        Function("note", "", NOTE).attach(metadata)
        Trigger(
            "noted",
            table,
            f"BEFORE UPDATE OF {column}",
            f"FOR EACH ROW WHEN (NEW.{column} <> 'who') EXECUTE FUNCTION note()",
        ).attach(metadata)
        Policy("mine", table, "SELECT", f"{column} = current_user {more}").attach(metadata)
        RowSecurity(table).attach(metadata)
        Grant(said.get("privileges", ("SELECT",)), table, "pg_monitor").attach(metadata)
    return metadata


def there_and_back(
    engine: sa.Engine, folder: Path, first: MetaData, second: MetaData, sql: str = ""
) -> Revision:
    """Run a revision with new names up, down and up, and look at everything each time."""
    loop = Loop(engine, folder)
    loop.revision("first", first).run(engine, "upgrade", loop._opts(first))
    with engine.begin() as connection:
        for statement in filter(None, sql.split(";")):
            connection.exec_driver_sql(statement)
    before = everything(engine)
    revision = Loop(engine, folder, renames=RENAMES).revision("second", second)
    ups = []
    for direction in ("upgrade", "downgrade", "upgrade"):
        revision.run(engine, direction, loop._opts(second))
        if direction == "downgrade":
            assert everything(engine) == before, revision.text
            assert not loop.comparison(first).changes, revision.text
        else:
            ups.append(everything(engine))
            assert not loop.comparison(second).changes, revision.text
    assert ups[0] == ups[1]
    assert [item.key.name for item in ups[0]].count("papers") >= len(
        [item for item in before if item.key.name == "notes"]
    )
    return revision


def test_what_is_declared_goes_along(engine: sa.Engine, tmp_path: Path) -> None:
    revision = there_and_back(engine, tmp_path, models("notes", "who"), models("papers", "author"))
    for words in ("grant", "revoke", "policy", "trigger", "row_security"):
        assert words not in revision.text


def test_what_is_declared_changes_too(engine: sa.Engine, tmp_path: Path) -> None:
    second = models("papers", "author", more="OR id > 7", privileges=("INSERT", "UPDATE"))
    there_and_back(engine, tmp_path, models("notes", "who"), second)


def test_what_is_declared_no_more(engine: sa.Engine, tmp_path: Path) -> None:
    first, second = models("notes", "who"), models("papers", "author", objects=False)
    Policy("mine", "papers", "INSERT", check="author <> ''").attach(second)
    Trigger("other", "papers", "AFTER DELETE", "FOR EACH ROW EXECUTE FUNCTION note()").attach(
        second
    )
    Function("note", "", NOTE).attach(second)
    RowSecurity("papers", forced=True).attach(second)
    there_and_back(engine, tmp_path, first, second)


BYSTANDERS = """
CREATE VIEW v AS SELECT id, who FROM notes WHERE who > 'a';
CREATE VIEW w WITH (security_barrier=true) AS SELECT upper(who) AS loud FROM v;
GRANT SELECT ON w TO pg_monitor;
CREATE MATERIALIZED VIEW m AS SELECT loud FROM w;
CREATE INDEX m_loud ON m (loud);
CREATE TRIGGER put INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION note()
"""


def test_another_type_under_what_nobody_declares(engine: sa.Engine, tmp_path: Path) -> None:
    undeclared = models("notes", "who", type_=String(20)), models("papers", "author", type_=sa.Text)
    there_and_back(engine, tmp_path, *undeclared, sql=BYSTANDERS.rpartition(";")[0])
    with engine.connect() as connection:
        assert "papers" in str(connection.scalar(sa.text("SELECT pg_get_viewdef('v'::regclass)")))


def test_another_type_with_policies_and_triggers(engine: sa.Engine, tmp_path: Path) -> None:
    first = models("notes", "who", type_=String(20), objects=False)
    second = models("papers", "author", type_=sa.Text, objects=False)
    sql = """
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY mine ON notes USING (who = current_user);
        CREATE TRIGGER t BEFORE UPDATE OF who ON notes FOR EACH ROW
            EXECUTE FUNCTION suppress_redundant_updates_trigger();
        ALTER TABLE notes DISABLE TRIGGER t
    """
    there_and_back(engine, tmp_path, first, second, sql)


def test_a_declared_view_over_another_type(engine: sa.Engine, tmp_path: Path) -> None:
    first = models("notes", "who", type_=String(20))
    second = models("papers", "author", type_=sa.Text)
    View("v", "SELECT id, who FROM notes").attach(first)
    View("v", "SELECT id, author AS who FROM papers").attach(second)
    there_and_back(engine, tmp_path, first, second)
