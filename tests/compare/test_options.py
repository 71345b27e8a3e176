"""What users filter and decide themselves, and what a comparison leaves alone."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from limbeck.database.compare import compare_database
from limbeck.database.comparison import CompareOptions
from limbeck.errors import ConfigurationError
from tests.compare.postgresql_same import table
from tests.compare.runner import Models, compared, metadata_of, told

pytestmark = pytest.mark.databases("postgresql")


def run(engine: sa.Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def changes(engine: sa.Engine, models: Models, **options: Any) -> list[str]:
    return [told(c) for c in compared(engine, models, CompareOptions(**options)).changes]


def nothing(metadata: sa.MetaData) -> None:
    """No models."""


def in_schema(schema: str | None) -> Models:
    def models(metadata: sa.MetaData) -> None:
        sa.Table("t", metadata, sa.Column("a", sa.Integer), schema=schema)

    return models


def test_the_version_table_is_not_compared(emptied: sa.Engine) -> None:
    run(emptied, "CREATE TABLE alembic_version (version_num text)", "CREATE TABLE mine (v text)")
    assert changes(emptied, nothing) == ["remove table mine"]
    assert changes(emptied, nothing, version_table="mine") == ["remove table alembic_version"]


def test_the_version_table_may_live_in_a_schema(emptied: sa.Engine) -> None:
    run(emptied, "CREATE SCHEMA s", "CREATE TABLE s.v (a int)", "CREATE TABLE v (a int)")
    found = changes(
        emptied, nothing, version_table="v", version_table_schema="s", include_schemas=True
    )
    assert found == ["remove table v"]


def test_only_the_default_schema_is_looked_at(emptied: sa.Engine) -> None:
    run(emptied, "CREATE SCHEMA s", "CREATE TABLE s.t (a integer)")
    assert changes(emptied, nothing) == []
    assert changes(emptied, nothing, include_schemas=True) == ["remove table s.t"]


def test_a_schema_that_models_name_is_read_for_them_alone(emptied: sa.Engine) -> None:
    run(
        emptied,
        "CREATE SCHEMA s",
        "CREATE TABLE s.t (a integer)",
        "CREATE TABLE s.theirs (a integer)",
        "CREATE TYPE s.mood AS ENUM ('a')",
        "CREATE SEQUENCE s.numbers",
    )
    assert changes(emptied, in_schema("s")) == []


def test_a_schema_that_does_not_exist_has_no_tables(emptied: sa.Engine) -> None:
    assert changes(emptied, in_schema("missing")) == ["add table missing.t"]


def test_the_search_path_of_the_moment_says_what_the_default_schema_is(emptied: sa.Engine) -> None:
    run(emptied, "CREATE SCHEMA tenant", "CREATE TABLE tenant.t (a integer)")
    with emptied.connect() as connection:
        connection.exec_driver_sql("SET search_path TO tenant")
        found = compare_database(connection, [metadata_of(in_schema(None))])
    assert found.changes == ()


def test_include_name_filters_tables_and_their_parts(emptied: sa.Engine) -> None:
    run(emptied, "CREATE TABLE t (a integer, b integer)", "CREATE INDEX ix ON t (b)")
    run(emptied, "CREATE TABLE theirs (a integer)")
    asked: list[tuple[str | None, str, object]] = []

    def include(name: str | None, type_: str, parents: Any) -> bool:
        asked.append((name, type_, dict(parents)))
        return name not in ("theirs", "b", "ix")

    assert changes(emptied, in_schema(None), include_name=include) == []
    assert (None, "schema", {}) in asked
    parents = {"schema_name": None, "schema_qualified_table_name": "theirs"}
    assert ("theirs", "table", parents) in asked
    parents = {"schema_name": None, "table_name": "t", "schema_qualified_table_name": "t"}
    assert ("b", "column", parents) in asked
    assert ("ix", "index", parents) in asked


def test_include_name_may_refuse_schemas(emptied: sa.Engine) -> None:
    run(emptied, "CREATE SCHEMA s", "CREATE TABLE s.t (a integer)", "CREATE TABLE t (a integer)")

    def include(name: str | None, type_: str, parents: Any) -> bool:
        return type_ != "schema" or name == "s"

    found = changes(emptied, nothing, include_name=include, include_schemas=True)
    assert found == ["remove table s.t"]


def test_include_object_is_asked_about_both_sides(emptied: sa.Engine) -> None:
    run(
        emptied,
        "CREATE TABLE t (a text, gone integer, kept integer)",
        "CREATE INDEX ix ON t (a)",
        "CREATE TABLE theirs (a integer)",
    )
    asked: dict[tuple[str | None, str], tuple[Any, bool, Any]] = {}

    def include(thing: Any, name: str | None, type_: str, reflected: bool, other: Any) -> bool:
        asked[name, type_] = (thing, reflected, other)
        return name not in ("theirs", "kept", "new_kept")

    def models(metadata: sa.MetaData) -> None:
        sa.Table("t", metadata, sa.Column("a", sa.Integer), sa.Column("new", sa.Integer))
        sa.Table("new_kept", metadata, sa.Column("a", sa.Integer))

    assert changes(emptied, models, include_object=include) == [
        "add column t.new",
        "change column t.a: type",
        "remove index t.ix",
        "remove column t.gone",
    ]
    thing, reflected, other = asked["theirs", "table"]
    assert isinstance(thing, sa.Table)
    assert (reflected, other) == (True, None)
    thing, reflected, other = asked["t", "table"]
    assert (thing.name, reflected, other.name) == ("t", False, "t")
    thing, reflected, other = asked["a", "column"]
    assert (type(thing.type), reflected, type(other.type)) == (sa.Integer, False, sa.TEXT)
    thing, reflected, other = asked["ix", "index"]
    assert isinstance(thing, sa.Index)
    assert reflected


def test_an_enum_stays_when_its_table_is_left_alone(emptied: sa.Engine) -> None:
    run(emptied, "CREATE TYPE mood AS ENUM ('a')", "CREATE TABLE theirs (m mood)")
    assert changes(emptied, nothing) == ["remove table theirs", "remove enum mood"]

    def include(thing: Any, name: str | None, type_: str, reflected: bool, other: Any) -> bool:
        return name != "theirs"

    assert changes(emptied, nothing, include_object=include) == []


def test_an_enum_that_a_function_needs_stays(emptied: sa.Engine) -> None:
    run(
        emptied,
        "CREATE TYPE mood AS ENUM ('a')",
        "CREATE FUNCTION f(m mood) RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$",
    )
    assert changes(emptied, nothing) == []


def test_types_and_defaults_are_compared_as_asked(emptied: sa.Engine) -> None:
    run(emptied, "CREATE TABLE t (a text DEFAULT 'x')")

    def models(metadata: sa.MetaData) -> None:
        sa.Table("t", metadata, sa.Column("a", sa.String(5), server_default="y"))

    assert changes(emptied, models) == ["change column t.a: type, default"]
    assert changes(emptied, models, compare_type=False) == ["change column t.a: default"]
    assert changes(emptied, models, compare_server_default=False) == ["change column t.a: type"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(None, ["change column t.a: type"]), (False, []), (True, ["change column t.a: type"])],
)
def test_compare_type_may_be_a_function(
    emptied: sa.Engine, answer: bool | None, expected: list[str]
) -> None:
    run(emptied, "CREATE TABLE t (a text)")
    asked: list[Any] = []

    def compare_type(*arguments: Any) -> bool | None:
        asked.append(arguments)
        return answer

    found = changes(emptied, in_schema(None), compare_type=compare_type, context="context")
    assert found == expected
    ((context, inspected, model, inspected_type, model_type),) = asked
    assert context == "context"
    assert (inspected.name, model.name) == ("a", "a")
    assert isinstance(inspected_type, sa.TEXT)
    assert isinstance(model_type, sa.Integer)


def test_compare_server_default_may_be_a_function(emptied: sa.Engine) -> None:
    run(emptied, "CREATE TABLE t (id serial primary key, a text DEFAULT 'x', b text)")
    asked: list[Any] = []

    def compare_default(*arguments: Any) -> bool:
        asked.append(arguments)
        return True

    models = table(sa.Column("a", sa.Text, server_default="x"), sa.Column("b", sa.Text))
    found = changes(emptied, models, compare_server_default=compare_default)
    assert found == ["change column t.a: default"]
    ((_, inspected, model, before, clause, rendered),) = asked
    assert (inspected.name, model.name, before, rendered) == ("a", "a", "'x'", "'x'")
    assert clause.arg == "x"


def test_what_belongs_to_others_is_not_removed(emptied: sa.Engine) -> None:
    run(
        emptied,
        "CREATE TABLE parts (id integer) PARTITION BY RANGE (id)",
        "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (1) TO (9)",
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    )
    with emptied.connect() as connection:
        connection.exec_driver_sql("CREATE TEMPORARY TABLE passing (a integer)")
        found = compare_database(connection, [sa.MetaData()])
    assert [told(change) for change in found.changes] == ["remove table parts"]


def test_tables_of_an_extension_are_not_removed(emptied: sa.Engine) -> None:
    # Any table becomes an extension's by this statement, so no particular extension is needed.
    run(
        emptied,
        "CREATE EXTENSION IF NOT EXISTS plpgsql",
        "CREATE TABLE spatial_ref_sys (srid integer)",
        "ALTER EXTENSION plpgsql ADD TABLE spatial_ref_sys",
    )
    assert changes(emptied, nothing) == []
    run(emptied, "ALTER EXTENSION plpgsql DROP TABLE spatial_ref_sys")


def spelled(metadata: sa.MetaData) -> None:
    """A table that only scratch can tell to be equal."""
    sa.Table(
        "t",
        metadata,
        sa.Column("a", sa.String(9), server_default=sa.text("'a' || 'b'")),
        sa.Column("m", pg.ENUM("x", name="m")),
        sa.CheckConstraint("a in ('x','y')"),
    )


def leftovers(engine: sa.Engine) -> object:
    with engine.connect() as connection:
        return connection.exec_driver_sql(
            "SELECT count(*) FROM pg_class WHERE relname ~ '^limbeck_scratch'"
        ).scalar()


def test_a_fresh_connection_is_left_without_a_transaction(emptied: sa.Engine) -> None:
    metadata_of(spelled).create_all(emptied)
    with emptied.connect() as connection:
        assert compare_database(connection, [metadata_of(spelled)]).changes == ()
        assert not connection.in_transaction()
    assert leftovers(emptied) == 0


def test_a_callers_transaction_goes_on(emptied: sa.Engine) -> None:
    with emptied.begin() as connection:
        metadata_of(spelled).create_all(connection)
        assert compare_database(connection, [metadata_of(spelled)]).changes == ()
        assert connection.in_transaction()
    assert changes(emptied, spelled) == []
    assert leftovers(emptied) == 0


def test_autocommit_is_no_obstacle(emptied: sa.Engine) -> None:
    metadata_of(spelled).create_all(emptied)
    with emptied.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        found = compare_database(connection, [metadata_of(spelled)])
        assert (found.changes, found.notes) == ((), ())
        found = compare_database(connection, [metadata_of(spelled)])
        assert (found.changes, found.notes) == ((), ())
    assert leftovers(emptied) == 0


def test_without_scratch_it_says_so_once_and_compares_text(emptied: sa.Engine) -> None:
    metadata_of(spelled).create_all(emptied)
    with emptied.connect() as connection:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        found = compare_database(connection, [metadata_of(spelled)])
    assert found.notes == ("compared as text only, which can be wrong: the database is read-only",)
    assert found.changes != ()


def test_a_user_without_the_right_to_temporary_tables_is_told(emptied: sa.Engine) -> None:
    metadata_of(spelled).create_all(emptied)
    name = f"{emptied.url.database}"
    run(
        emptied,
        f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC",
        f"CREATE ROLE reader_{name}",
    )
    try:
        with emptied.connect() as connection:
            connection.exec_driver_sql(f"SET ROLE reader_{name}")
            found = compare_database(connection, [metadata_of(spelled)])
    finally:
        run(
            emptied,
            f"GRANT TEMPORARY ON DATABASE {name} TO PUBLIC",
            f"DROP ROLE reader_{name}",
        )
    assert found.notes == (
        "compared as text only, which can be wrong: no right to create temporary tables",
    )


def test_one_table_that_cannot_be_built_takes_no_other_along(emptied: sa.Engine) -> None:
    def models(metadata: sa.MetaData, default: str = "'c' || 'd'") -> None:
        spelled(metadata)
        sa.Table("u", metadata, sa.Column("a", sa.Text, server_default=sa.text(default)))

    metadata_of(models).create_all(emptied)
    found = compared(emptied, lambda metadata: models(metadata, "not_there()"))
    assert [told(change) for change in found.changes] == ["change column u.a: default"]
    assert found.notes == (
        "u could not be built on scratch and was compared as text, which can be wrong",
    )


def test_the_number_of_queries_does_not_depend_on_the_number_of_tables(emptied: sa.Engine) -> None:
    def models(number: int) -> Models:
        def define(metadata: sa.MetaData) -> None:
            for n in range(number):
                sa.Table(
                    f"t{n}",
                    metadata,
                    sa.Column("id", sa.Integer, primary_key=True),
                    sa.Column("a", sa.String(9), sa.CheckConstraint("a in ('x', 'y')")),
                    sa.Column("m", sa.Enum("a", "b", name=f"m{n}")),
                    sa.Index(f"i{n}", sa.text("lower(a)")),
                )

        return define

    def queries(number: int) -> int:
        metadata_of(models(number)).create_all(emptied)
        count = 0

        def counted(*_: Any) -> None:
            nonlocal count
            count += 1

        with emptied.connect() as connection:
            sa.event.listen(connection, "before_cursor_execute", counted)
            assert compare_database(connection, [metadata_of(models(number))]).changes == ()
        return count

    assert queries(2) == queries(40) < 25


def test_two_metadatas_may_not_share_a_table(emptied: sa.Engine) -> None:
    metadatas = [metadata_of(in_schema(None)), metadata_of(in_schema("public"))]
    with (
        emptied.connect() as connection,
        pytest.raises(ConfigurationError, match="Duplicate table keys"),
    ):
        compare_database(connection, metadatas)


def test_a_foreign_key_that_leads_nowhere_is_an_error_of_the_models(emptied: sa.Engine) -> None:
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("a", sa.ForeignKey("missing.id")))
    with (
        emptied.connect() as connection,
        pytest.raises(ConfigurationError, match="missing"),
    ):
        compare_database(connection, [metadata])


def test_sequences_of_the_database_that_are_needed_stay(emptied: sa.Engine) -> None:
    run(
        emptied,
        "CREATE SEQUENCE by_hand",
        "CREATE TABLE t (id integer PRIMARY KEY DEFAULT nextval('by_hand'))",
    )
    assert changes(emptied, table()) == []


def test_a_column_without_a_type_is_an_error_of_the_models(emptied: sa.Engine) -> None:
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("a"))
    with (
        emptied.connect() as connection,
        pytest.raises(ConfigurationError, match='table "t" of the models cannot be created'),
    ):
        compare_database(connection, [metadata])
