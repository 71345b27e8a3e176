"""What no model declares stays as it was when a table changes under it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Column, Computed, Integer, MetaData, String, Table

from limbeck.database.compare import compare_database
from limbeck.database.comparison import CompareOptions
from limbeck.facts.object_kinds import OBJECT_KINDS
from limbeck.facts.schema_objects import SchemaObject
from limbeck.schema import View
from tests.loop.loop import Loop

pytestmark = pytest.mark.databases("postgresql")

ROLE = "limbeck_step_aside"

BYSTANDERS = f"""
CREATE VIEW first AS SELECT id, name FROM users WHERE name LIKE 'a%' OR name = ':x';
COMMENT ON VIEW first IS 'it''s 100% :mine';
GRANT SELECT ON first TO {ROLE};
GRANT UPDATE ON first TO {ROLE} WITH GRANT OPTION;
CREATE VIEW second WITH (security_barrier=true) AS SELECT name || '!' AS loud FROM first;
ALTER VIEW second OWNER TO {ROLE};
CREATE MATERIALIZED VIEW kept WITH (fillfactor=70) AS SELECT loud FROM second;
CREATE UNIQUE INDEX kept_loud ON kept (loud);
CREATE INDEX kept_upper ON kept (upper(loud)) WHERE loud <> '';
CREATE SCHEMA elsewhere;
CREATE VIEW elsewhere.third AS SELECT count(*) AS many FROM kept;
CREATE FUNCTION all_first() RETURNS SETOF first LANGUAGE sql AS $$ SELECT * FROM first $$;
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER noted BEFORE UPDATE OF name ON users FOR EACH ROW EXECUTE FUNCTION note();
CREATE TRIGGER put INSTEAD OF INSERT ON first FOR EACH ROW EXECUTE FUNCTION note();
CREATE POLICY mine ON users FOR SELECT TO {ROLE} USING (name = current_user);
CREATE VIEW second_of_two AS SELECT * FROM first;
CREATE VIEW of_id AS SELECT id FROM users;
COMMENT ON COLUMN first.name IS 'a column''s \\ comment, 100% :it';
GRANT SELECT (name), UPDATE (id) ON second_of_two TO {ROLE} WITH GRANT OPTION;
ALTER VIEW first ALTER COLUMN id SET DEFAULT 7;
CREATE RULE quiet AS ON DELETE TO first DO INSTEAD NOTHING;
ALTER TABLE users DISABLE TRIGGER noted;
REVOKE ALL ON FUNCTION all_first() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION all_first() TO {ROLE};
"""


@pytest.fixture
def role(engine: sa.Engine) -> Any:
    """A role that may own things."""
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"DO $$ BEGIN CREATE ROLE {ROLE}; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        )
    yield ROLE
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {ROLE} CASCADE")


def users(name: Column[Any], *more: Column[Any]) -> MetaData:
    metadata = MetaData()
    Table("users", metadata, Column("id", Integer, primary_key=True), name, *more)
    return metadata


def everything(engine: sa.Engine) -> tuple[SchemaObject, ...]:
    """All objects of the database, the grants among them, and who owns what."""
    with engine.connect() as connection:
        options = CompareOptions(compare_objects=tuple(OBJECT_KINDS), include_schemas=True)
        comparison = compare_database(connection, [MetaData()], options)
        objects = (*comparison.before.objects, *comparison.bystanders)
        return tuple(sorted(objects, key=lambda item: item.key))


def owners(engine: sa.Engine) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Who owns what, and the rest that is not compared."""
    found = everything(engine)
    return {(str(item.key), item.kind): (item.owner, item.further) for item in found}


def closes(engine: sa.Engine, folder: Path, first: MetaData, second: MetaData, sql: str) -> str:
    """Go from the one to the other and back, with objects in the way."""
    loop = Loop(engine, folder)
    loop.revision("first", first).run(engine, "upgrade", loop._opts(first))
    with engine.begin() as connection:
        for statement in sql.strip().split(";\n"):
            connection.exec_driver_sql(statement.replace("%", "%%"))
    before, owned = everything(engine), owners(engine)
    revision = loop.revision("second", second)
    for direction in ("upgrade", "downgrade", "upgrade"):
        revision.run(engine, direction, loop._opts(second))
        found = everything(engine)
        # Casts in their texts come and go with the type of the column.
        assert [o.key for o in found] == [o.key for o in before], revision.text
        assert direction == "upgrade" or found == before, revision.text
        assert owners(engine) == owned
        wanted = first if direction == "downgrade" else second
        assert not loop.comparison(wanted).changes, revision.text
    return revision.text


def test_everything_comes_back(engine: sa.Engine, tmp_path: Path, role: str) -> None:
    first, second = users(Column("name", String(20))), users(Column("name", sa.Text))
    text = closes(engine, tmp_path, first, second, BYSTANDERS)
    assert 'owner="limbeck_step_aside"' in text
    assert text.count("op.execute(") == 14
    assert "of_id" not in text
    assert '"note"' not in text


def test_a_computed_column_is_made_anew(engine: sa.Engine, tmp_path: Path, role: str) -> None:
    def computed(words: str) -> MetaData:
        twice = Column("twice", String, Computed(words, persisted=True))
        return users(Column("name", String(20)), twice)

    sql = "CREATE VIEW v AS SELECT twice FROM users;\nCREATE VIEW w AS SELECT twice FROM v"
    closes(engine, tmp_path, computed("name || name"), computed("name || '!'"), sql)


def test_an_enum_is_made_anew(engine: sa.Engine, tmp_path: Path, role: str) -> None:
    def moody(*values: str) -> MetaData:
        return users(Column("name", sa.Enum(*values, name="mood")))

    sql = "CREATE VIEW v AS SELECT id, name FROM users;\nCREATE VIEW w AS SELECT name FROM v"
    closes(engine, tmp_path, moody("a", "b", "c"), moody("a", "c"), sql)


def test_a_declared_view_changes_under_others(engine: sa.Engine, tmp_path: Path, role: str) -> None:
    def viewed(query: str) -> MetaData:
        metadata = users(Column("name", String(20)))
        View("declared", query).attach(metadata)
        return metadata

    first, second = (
        viewed("SELECT id AS n FROM users"),
        viewed("SELECT id + 1 AS m, id AS n FROM users"),
    )
    loop = Loop(engine, tmp_path)
    loop.revision("first", first).run(engine, "upgrade", loop._opts(first))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE MATERIALIZED VIEW v AS SELECT n FROM declared")
        connection.exec_driver_sql(f"GRANT SELECT ON declared TO {ROLE}")
    before = everything(engine)
    revision = loop.revision("second", second)
    revision.run(engine, "upgrade", loop._opts(second))
    assert [item.key for item in everything(engine)] == [item.key for item in before]
    assert not loop.comparison(second).changes
    revision.run(engine, "downgrade", loop._opts(second))
    assert everything(engine) == before
