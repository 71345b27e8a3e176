"""``compare="alembic"`` beside Alembic itself: every case of the closing loop, up and down."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
import sqlalchemy as sa

from alembic import autogenerate as theirs
from alembic.runtime.migration import MigrationContext as TheirContext
from limbeck import autogenerate as ours
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
