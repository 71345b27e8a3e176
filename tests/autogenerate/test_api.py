"""Comparing and rendering from Python."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.autogenerate import (
    AutogenContext,
    changes_of,
    compare_metadata,
    produce_migrations,
    render_python_code,
    renderers,
)
from limbeck.errors import CommandError
from limbeck.operations import ops
from limbeck.render.json import difference_values
from limbeck.render.words import difference_words
from limbeck.runtime.migration import MigrationContext
from tests.autogenerate.models import shop


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def context_on(connection: sa.Connection, **opts: Any) -> MigrationContext:
    return MigrationContext.configure(connection, opts=opts)


def test_nothing_differs(connection: sa.Connection) -> None:
    models = shop()
    models.create_all(connection)
    assert compare_metadata(context_on(connection), models) == []


def test_the_tuples_of_a_comparison(connection: sa.Connection) -> None:
    for statement in (
        "CREATE TABLE team (id INTEGER NOT NULL PRIMARY KEY, extra TEXT)",
        "CREATE TABLE person (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(30), team_id INTEGER, "
        "born DATE CHECK (born > '1900-01-01'))",
        "CREATE TABLE gone (id INTEGER)",
    ):
        connection.exec_driver_sql(statement)
    diffs = compare_metadata(context_on(connection), shop())
    kinds = [diff[0] if isinstance(diff, tuple) else [each[0] for each in diff] for diff in diffs]
    assert sorted(map(str, kinds)) == sorted(
        [
            "remove_table",
            "remove_column",
            "add_index",
            "add_constraint",
            "add_fk",
            "['modify_type', 'modify_nullable']",
        ]
    )
    [altered] = [diff for diff in diffs if isinstance(diff, list)]
    name, schema, table, column, existing, old, new = altered[0]
    assert (name, schema, table, column) == ("modify_type", None, "person", "name")
    assert existing == {
        "existing_nullable": True,
        "existing_server_default": None,
        "existing_comment": None,
    }
    assert (str(old), str(new)) == ("VARCHAR(30)", "VARCHAR(50)")


def test_filters_of_users(connection: sa.Connection) -> None:
    context = context_on(
        connection, include_object=lambda item, name, type_, reflected, other: name != "team"
    )
    added = [diff[1].name for diff in compare_metadata(context, shop()) if diff[0] == "add_table"]
    assert added == ["person"]


def test_words_and_values(connection: sa.Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE team (id INTEGER NOT NULL PRIMARY KEY, extra TEXT)")
    changes = changes_of(context_on(connection), shop()).changes
    assert difference_words(changes) == [
        "person: table is missing in the database (4 columns)",
        "team: column extra TEXT is in the database, but not in the models",
    ]
    values = difference_values(changes)
    assert [(v["change"], v["kind"], v["table"]) for v in values] == [
        ("added", "table", "person"),
        ("removed", "column", "team"),
    ]
    assert values[1]["before"]["type"] == "TEXT"


def test_there_must_be_models_and_a_database(connection: sa.Connection) -> None:
    with pytest.raises(CommandError, match="does not provide a MetaData"):
        changes_of(context_on(connection))
    offline = MigrationContext.configure(dialect_name="sqlite", opts={"as_sql": True})
    with pytest.raises(CommandError, match="can't use as_sql=True"):
        changes_of(offline, shop())


def test_nothing_to_do_is_pass() -> None:
    assert render_python_code(ops.UpgradeOps([])) == "pass"


def test_prefixes_and_batches() -> None:
    column = sa.Column("x", sa.Text)
    container = ops.UpgradeOps([ops.ModifyTableOps("t", [ops.AddColumnOp("t", column)])])
    text = render_python_code(
        container,
        sqlalchemy_module_prefix="alchemy.",
        alembic_module_prefix="o.",
        render_as_batch=True,
    )
    assert text.splitlines()[1:] == [
        '    with o.batch_alter_table("t") as batch_op:',
        '        batch_op.add_column(alchemy.Column("x", alchemy.Text(), nullable=True))',
    ]


def test_an_operation_of_the_users() -> None:
    class CreateView(ops.MigrateOperation):
        pass

    with pytest.raises(NotImplementedError, match="CreateView"):
        render_python_code(ops.UpgradeOps([CreateView()]))

    @renderers.dispatch_for(CreateView)
    def render(context: AutogenContext | None, operation: CreateView) -> list[str]:
        return ["op.create_view()", "op.grant()"]

    text = render_python_code(ops.UpgradeOps([CreateView()]))
    assert text.splitlines()[1:] == ["    op.create_view()", "    op.grant()"]
    assert renderers.dispatch(CreateView()) is render


def test_who_writes_an_operation(connection: sa.Connection) -> None:
    context = AutogenContext(context_on(connection), sa.MetaData())
    drop = ops.DropTableOp("t")
    assert renderers.dispatch(drop)(context, drop) == ['op.drop_table("t")']
    with pytest.raises(ValueError, match="MigrateOperation"):
        renderers.dispatch(ops.MigrateOperation())


def test_the_way_back_restores_what_was_dropped(connection: sa.Connection) -> None:
    models = shop()
    models.create_all(connection)
    script = produce_migrations(context_on(connection), sa.MetaData())
    assert script.downgrade_ops is not None
    text = render_python_code(script.downgrade_ops, migration_context=context_on(connection))
    assert 'op.create_index("ix_person_name", "person", ["name"], unique=False)' in text
    assert "sa.CheckConstraint(\"born > '1900-01-01'\")" in text


SCRIPT = """
import sqlalchemy as sa
from limbeck.autogenerate import produce_migrations, render_python_code
from limbeck.runtime.migration import MigrationContext
from tests.autogenerate.models import shop
with sa.create_engine("sqlite://").connect() as connection:
    context = MigrationContext.configure(connection)
    script = produce_migrations(context, shop())
    print(render_python_code(script.upgrade_ops, migration_context=context))
    print(render_python_code(script.downgrade_ops, migration_context=context))
"""


def test_the_same_bytes_whatever_the_hash_seed() -> None:
    texts = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(texts) == 1
    assert b"person_name_team_id_key" in texts.pop()
