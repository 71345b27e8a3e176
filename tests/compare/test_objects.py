"""Which views, routines and the like are compared, and that the database decides what is equal."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.database.compare import compare_database
from limbeck.database.comparison import CompareOptions, Comparison
from limbeck.errors import ConfigurationError
from limbeck.schema import INFO_KEY, Extension, Function, Grant, SchemaObject, Trigger, View

EVERYWHERE = pytest.mark.databases("all")
POSTGRESQL = pytest.mark.databases("postgresql")


def run(engine: sa.Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement.replace("%", "%%"))


def compared(engine: sa.Engine, *objects: SchemaObject, **options: Any) -> Comparison:
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("a", sa.Integer))
    for item in objects:
        item.attach(metadata)
    with engine.connect() as connection:
        return compare_database(connection, [metadata], CompareOptions(**options))


def told(engine: sa.Engine, *objects: SchemaObject, **options: Any) -> list[str]:
    """What differs, a word or two for each."""
    changes = compared(engine, *objects, **options).changes
    found = []
    for change in changes:
        fact: Any = getattr(change, "after", None) or getattr(change, "before", None)
        found.append(f"{type(change).__name__} {change.kind} {fact.key}")
    return found


TABLE = "CREATE TABLE t (a integer)"
VIEWS = (TABLE, "CREATE VIEW v AS SELECT a FROM t", "CREATE VIEW w AS SELECT a FROM t")


@EVERYWHERE
def test_nothing_is_invented_about_kinds_that_nobody_declares(engine: sa.Engine) -> None:
    run(engine, *VIEWS)
    comparison = compared(engine)
    assert comparison.changes == ()
    assert comparison.before.objects == ()


@EVERYWHERE
def test_a_declared_kind_is_compared_whole(engine: sa.Engine) -> None:
    run(engine, *VIEWS)
    assert told(engine, View("v", "select a\n  from t")) == ["Removed view w"]
    assert told(engine, View("v", "SELECT a + 1 AS a FROM t")) == [
        "Changed view v",
        "Removed view w",
    ]
    assert told(engine, compare_objects=("view",)) == ["Removed view v", "Removed view w"]


@EVERYWHERE
def test_filters_keep_objects_out(engine: sa.Engine) -> None:
    run(engine, *VIEWS)
    view, asked = View("v", "SELECT a FROM t"), []

    def include_name(name: str | None, type_: str, parents: Any) -> bool:
        asked.append((name, type_))
        return (name, type_) != ("w", "view")

    assert told(engine, view, include_name=include_name) == []
    assert ("w", "view") in asked

    def include_object(item: Any, name: str, type_: str, reflected: bool, other: Any) -> bool:
        return not (type_ == "view" and reflected and isinstance(item, View) and name == "w")

    assert told(engine, view, include_object=include_object) == []


@EVERYWHERE
def test_the_connection_is_left_as_it_was(engine: sa.Engine) -> None:
    run(engine, TABLE)
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("a", sa.Integer))
    View("v", "SELECT a FROM t").attach(metadata)
    View("broken", "SELECT nothing FROM nowhere").attach(metadata)
    with engine.connect() as connection:
        connection.exec_driver_sql("INSERT INTO t (a) VALUES (1)")
        changes = compare_database(connection, [metadata]).changes
        assert [change.kind for change in changes] == ["view", "view"]
        assert connection.exec_driver_sql("SELECT count(*) FROM t").scalar() == 1
        connection.rollback()
        assert connection.exec_driver_sql("SELECT count(*) FROM t").scalar() == 0
    assert sa.inspect(engine).get_view_names() == []


@EVERYWHERE
def test_objects_for_other_databases_are_not_looked_at(engine: sa.Engine) -> None:
    run(engine, TABLE)
    elsewhere = View("v", "SELECT a FROM t", only_on=("oracle",))
    here = View("v", "SELECT a FROM t", only_on=(engine.dialect.name, "oracle"))
    assert told(engine, elsewhere) == []
    assert told(engine, here) == ["Added view v"]


@EVERYWHERE
def test_contradictions_are_refused(engine: sa.Engine) -> None:
    run(engine, TABLE)
    with pytest.raises(ConfigurationError, match="view v is declared twice"):
        told(engine, View("v", "SELECT 1 AS a"), View("v", "SELECT 2 AS a"))
    with pytest.raises(ConfigurationError, match="'wiew' is no kind of object"):
        told(engine, compare_objects=("wiew",))
    metadata = sa.MetaData(info={INFO_KEY: ["CREATE VIEW"]})
    with engine.connect() as connection, pytest.raises(ConfigurationError, match="no object of"):
        compare_database(connection, [metadata])


@POSTGRESQL
def test_what_an_extension_brought_along_is_left_alone(engine: sa.Engine) -> None:
    run(engine, TABLE, "CREATE EXTENSION pg_trgm", "CREATE EXTENSION citext")
    mine = Function("mine", "", "RETURNS int LANGUAGE sql AS 'SELECT 1'")
    kinds = ("view", "domain", "function", "procedure", "trigger", "policy", "row_security")
    assert told(engine, mine, compare_objects=kinds) == ["Added function mine()"]
    assert told(engine, Extension("citext")) == ["Removed extension pg_trgm"]


@POSTGRESQL
def test_what_the_database_will_refuse_is_said(engine: sa.Engine) -> None:
    run(
        engine,
        "CREATE TABLE t (a integer, b integer)",
        "CREATE TABLE u (a integer)",
        "CREATE VIEW v AS SELECT b FROM t",
        "CREATE VIEW w AS SELECT a FROM t",
        "CREATE MATERIALIZED VIEW m AS SELECT a FROM u",
    )
    assert compared(engine).notes == (
        "materialised view m leans on table u, which goes; no model declares it",
        "view v leans on column t.b, which goes; no model declares it",
    )
    assert compared(engine, compare_objects=("view", "materialized_view")).notes == ()


@POSTGRESQL
def test_a_schema_with_one_declared_view_keeps_its_others(engine: sa.Engine) -> None:
    run(
        engine,
        TABLE,
        "CREATE SCHEMA s",
        "CREATE VIEW s.v AS SELECT a FROM public.t",
        "CREATE VIEW s.w AS SELECT a FROM s.v",
    )
    view = View("v", "SELECT a FROM t", schema="s")
    assert told(engine, view) == []
    assert told(engine, view, include_schemas=True) == ["Removed view s.w"]
    assert told(engine, View("v", "SELECT a, a AS b FROM t", schema="s")) == ["Changed view s.v"]


@POSTGRESQL
def test_only_declared_grants_are_compared(engine: sa.Engine) -> None:
    run(engine, TABLE, "GRANT SELECT ON t TO pg_monitor", "GRANT UPDATE ON t TO pg_read_all_stats")
    assert told(engine, Grant(("SELECT",), "t", "pg_monitor")) == []
    assert told(engine, Grant((), "t", "pg_monitor")) == ["Changed grant t to pg_monitor"]
    assert told(engine, Grant(("DELETE",), "t", "public")) == ["Added grant t to public"]
    assert told(engine, Grant((), "t", "public")) == []


@POSTGRESQL
@pytest.mark.parametrize(
    "query",
    [
        "SELECT a FROM t WHERE a IN (1, 2)",
        "TABLE t",
        "SELECT * FROM t",
        "WITH x AS (SELECT a FROM t) SELECT x.a FROM x -- a comment",
        "SELECT a, ':x' AS b, '100%' AS c FROM public.t ORDER BY 1 LIMIT 5",
    ],
)
def test_two_spellings_are_one_view(engine: sa.Engine, query: str) -> None:
    run(engine, TABLE, f"CREATE VIEW v AS {query}")
    spelled = query.replace("SELECT a", "select  a").replace("a IN (1, 2)", "a = ANY (ARRAY[1,2])")
    assert told(engine, View("v", spelled + "\n;")) == []


@POSTGRESQL
def test_a_read_only_database_is_said_to_be_compared_as_text(engine: sa.Engine) -> None:
    run(engine, TABLE, "CREATE VIEW v AS SELECT a FROM t")
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("a", sa.Integer))
    View("v", "SELECT a FROM t").attach(metadata)
    with engine.connect() as connection:
        connection.exec_driver_sql("SET default_transaction_read_only = on")
        connection.commit()
        comparison = compare_database(connection, [metadata])
    assert any("compared as text only" in note for note in comparison.notes)


@pytest.mark.databases("mariadb")
def test_no_trigger_is_ever_put_on_a_table_to_compare(engine: sa.Engine) -> None:
    run(engine, TABLE)
    trigger = Trigger("g", "t", "BEFORE INSERT", "FOR EACH ROW SET NEW.a = 1")
    assert told(engine, trigger) == ["Added trigger g on t"]
    run(engine, "CREATE TRIGGER g BEFORE INSERT ON t\nFOR EACH ROW\n  SET NEW.a = 1")
    assert told(engine, trigger) == []
