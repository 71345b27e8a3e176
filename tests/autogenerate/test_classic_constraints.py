"""What is told of indexes and constraints where what Alembic compares is compared."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
import sqlalchemy as sa

import alembic.autogenerate
import alembic.migration
from limbeck.autogenerate import compare_metadata, produce_migrations
from limbeck.operations import ops
from limbeck.operations.operations import Operations
from limbeck.runtime.migration import MigrationContext
from tests.autogenerate import constraint_cases as cases
from tests.autogenerate.constraint_cases import Case, kind_of

GROUPS = {
    "indexes": cases.INDEXES,
    "uniques": cases.UNIQUES,
    "keys": cases.KEYS,
    "checks": cases.CHECKS,
    "expressions": cases.EXPRESSIONS,
}
OPTIONS = {
    "autogenerate_plugins": ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
}


def words(diffs: list[Any]) -> tuple[str, ...]:
    """Each difference as a verb and a name."""
    return tuple(f"{diff[0]} {diff[-1].name or '-'}" for diff in diffs)


def context(connection: sa.Connection) -> MigrationContext:
    return MigrationContext.configure(connection, opts={**OPTIONS, "compare": "alembic"})


def told(engine: sa.Engine, models: sa.MetaData) -> tuple[str, ...]:
    with engine.connect() as connection:
        return words(compare_metadata(context(connection), models))


def told_by_alembic(engine: sa.Engine, models: sa.MetaData) -> tuple[str, ...]:
    with engine.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = alembic.migration.MigrationContext.configure(connection, opts=OPTIONS)
        return words(alembic.autogenerate.compare_metadata(made, models))


@pytest.mark.parametrize("group", GROUPS)
def test_cases(group: str, database_name: str, engine: sa.Engine) -> None:
    for case in GROUPS[group]:
        if case.runs_on(database_name):
            take_through(case, kind_of(database_name), engine)
            drop_all(engine)


def take_through(case: Case, database: str, engine: sa.Engine) -> None:
    """Compare, and carry out what comes out of it: up, and down again."""
    before, after = case.models(case.before), case.models(case.after)
    expected = case.expected_on(database)
    before.create_all(engine)
    assert (case.name, told(engine, before)) == (case.name, ())
    assert (case.name, told(engine, after)) == (case.name, expected)
    if not case.beyond:
        assert (case.name, told_by_alembic(engine, after)) == (case.name, expected)
    if database in case.not_up:
        return
    with engine.connect() as connection:
        script = produce_migrations(context(connection), after)
    run(engine, script.upgrade_ops)
    assert (case.name, told(engine, after)) == (case.name, ())
    if database not in case.not_down:
        run(engine, script.downgrade_ops)
        assert (case.name, told(engine, before)) == (case.name, ())


def drop_all(engine: sa.Engine) -> None:
    metadata = sa.MetaData()
    metadata.reflect(engine)
    metadata.drop_all(engine)


def run(engine: sa.Engine, container: ops.OpContainer | None) -> None:
    """Carry operations out."""
    assert container is not None
    with engine.connect() as connection:
        made = context(connection)
        with made.begin_transaction():
            operations = Operations(made)
            for each in container.ops:
                for operation in each.ops if isinstance(each, ops.OpContainer) else [each]:
                    operations.invoke(operation)
