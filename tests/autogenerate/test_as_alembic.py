"""``compare="alembic"`` beside Alembic itself: every case of the closing loop, up and down."""

from __future__ import annotations

import re
import warnings
from typing import Any

import pytest
import sqlalchemy as sa

from alembic import autogenerate as theirs
from alembic.operations import ops as their_ops
from alembic.runtime.migration import MigrationContext as TheirContext
from limbeck import autogenerate as ours
from limbeck.operations import Operations
from limbeck.operations import ops as our_ops
from limbeck.runtime.migration import MigrationContext as OurContext
from tests.loop import cases_columns, cases_odd, cases_tables
from tests.loop.case import Case

CASES = (*cases_columns.CASES, *cases_tables.CASES, *cases_odd.CASES)

#: Where we write something else, and why.
OTHERWISE = {
    ("add a column of every plain type", "*"): "what PickleType holds is written out",
    ("boolean to integer", "postgresql15"): "false is no default for an integer",
    ("change a default", "postgresql15"): "Alembic's query for the default fails at a colon",
    ("change an identity", "postgresql15"): "what it was is needed to run the statement",
    ("take options of an identity back", "postgresql15"): "as above",
    ("an integer becomes an identity", "postgresql15"): "as above",
    ("a default becomes an identity", "postgresql15"): "Alembic fails at an assertion",
    ("a new value that is the default", "postgresql15"): "Alembic asks for a value to come",
    ("string to integer with a default", "mariadb"): "the default is converted with the type",
    ("mariadb's own types", "mariadb"): "arguments that say what holds anyway are left out",
}
#: What Alembic writes of a unique constraint of PostgreSQL that includes nothing.
NOISE = "postgresql_include=[], "


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_same_is_generated(case: Case, engine: sa.Engine, database_name: str) -> None:
    if not case.runs_on(database_name):
        return
    make(engine, case.models(case.before))
    expected = texts(engine, theirs, TheirContext, case)
    found = texts(engine, ours, OurContext, case, layout="alembic", compare="alembic")
    if {(case.name, "*"), (case.name, database_name)} & OTHERWISE.keys():
        assert found != expected
    else:
        assert found == expected


def make(engine: sa.Engine, metadata: sa.MetaData) -> None:
    with engine.begin() as connection:
        for schema in sorted({table.schema or "" for table in metadata.tables.values()} - {""}):
            connection.execute(sa.schema.CreateSchema(schema))
        metadata.create_all(connection)


def texts(
    engine: sa.Engine, tool: Any, context: Any, case: Case, layout: str | None = None, **opts: Any
) -> list[list[str]] | str:
    """The lines of both directions, sorted: Alembic drops in an order that changes by chance."""
    models = case.models(case.after)
    opts["include_schemas"] = any(table.schema for table in models.tables.values())
    opts["compare_server_default"] = True
    given = {} if layout is None else {"layout": layout}
    with engine.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            made = context.configure(connection, opts=opts)
            script = tool.produce_migrations(made, models)
            written = [
                tool.render_python_code(container, migration_context=made, **given)
                for container in (script.upgrade_ops, script.downgrade_ops)
            ]
        except (sa.exc.DBAPIError, AssertionError) as error:
            return type(error).__name__
    return [sorted(text.replace(NOISE, "").splitlines()) for text in written]


def stored_and_modelled() -> tuple[sa.MetaData, sa.MetaData]:
    before, after = sa.MetaData(), sa.MetaData()
    for metadata in (before, after):
        sa.Table("parent", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table(
        "t",
        before,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.String(30), server_default="x", nullable=False),
        sa.Column("b", sa.ForeignKey("parent.id")),
        sa.Index("ix_changed", "id", "a"),
        sa.Index("ix_gone", "a"),
    )
    table = sa.Table(
        "t",
        after,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "a", sa.String(30), server_default="x", nullable=False, default="y", comment="what"
        ),
        sa.Column("b", sa.ForeignKey("parent.id"), key="of_b", index=True, onupdate=1),
    )
    sa.Index("ix_changed", table.c.of_b, table.c.id)
    sa.Index(
        "ix_classes", table.c.a, table.c.of_b, postgresql_ops={"a": "text_pattern_ops"},
        postgresql_where=table.c.of_b > 3,
    )  # fmt: skip
    return before, after


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_the_indexes_of_a_diff_are_over_whole_columns(engine: sa.Engine) -> None:
    before, after = stored_and_modelled()
    make(engine, before)
    found = []
    for tool, context, opts in (
        (theirs, TheirContext, {}),
        (ours, OurContext, {"compare": "alembic"}),
    ):
        with engine.connect() as connection:
            made = context.configure(connection, opts=opts)
            entries = tool.compare_metadata(made, after)
        found.append([re.sub(r"0x[0-9a-f]+", "", repr(entry)) for entry in entries])
    assert found[0] == found[1]
    assert any("key='of_b'" in entry for entry in found[1])
    assert any("server_default=" in entry for entry in found[1])


@pytest.mark.databases("postgresql15")
def test_options_of_an_index_speak_of_columns_by_name(engine: sa.Engine) -> None:
    """Also where the models know the columns by another key."""
    metadata = sa.MetaData()
    table = sa.Table(
        "t",
        metadata,
        sa.Column("a", sa.String(30), key="of_a"),
        sa.Column("b", sa.Integer, key="of_b", index=True),
    )
    sa.Index(
        "ix", table.c.of_a, postgresql_ops={"of_a": "text_pattern_ops"},
        postgresql_include=["of_b"],
    )  # fmt: skip
    with engine.begin() as connection:
        made = OurContext.configure(connection, opts={"compare": "alembic"})
        script = ours.produce_migrations(made, metadata)
        operations = Operations(made)
        for each in script.upgrade_ops.ops:
            for operation in getattr(each, "ops", [each]):
                operations.invoke(operation)
        assert connection.scalar(
            sa.text("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix'")
        ).endswith("(a text_pattern_ops) INCLUDE (b)")
        assert not ours.compare_metadata(made, metadata)


@pytest.mark.parametrize("included", [("b",), ["b"]])
def test_options_of_an_index_are_written_as_the_models_say_them(included: Any) -> None:
    """A tuple as a tuple and a list as a list, also where columns and not names are in it."""
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", sa.Integer))
    said = type(included)(table.c[name] for name in included)
    for option in (included, said):
        index = sa.Index("ix", table.c.a, postgresql_include=option)
        for name in ("CreateIndexOp", "DropIndexOp"):
            lines = [
                tool.render_python_code(
                    operations.UpgradeOps([getattr(operations, name).from_index(index)]),
                    migration_context=context.configure(
                        dialect_name="postgresql", opts={"layout": "alembic"}
                    ),
                )
                for tool, operations, context in (
                    (theirs, their_ops, TheirContext),
                    (ours, our_ops, OurContext),
                )
            ]
            assert lines[0] == lines[1]
            assert repr(included) in lines[1]


@pytest.mark.databases("postgresql15")
def test_the_type_of_a_sequence_is_none_of_its_differences(engine: sa.Engine) -> None:
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("id", sa.BigInteger, primary_key=True))
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (id serial PRIMARY KEY)")
        connection.exec_driver_sql("ALTER TABLE t ALTER id TYPE bigint")
        found = [
            ours.compare_metadata(OurContext.configure(connection, opts=opts), metadata)
            for opts in ({"compare": "alembic"}, {})
        ]
    assert found[0] == []
    assert found[1] != []
