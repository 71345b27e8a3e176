"""What is foretold of a revision is what it sends when it runs, to the letter."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from limbeck.operations.operations import Operations
from limbeck.project.upgrade_text import upgrade_text
from limbeck.runtime.foretold.foretelling import Foretelling
from limbeck.runtime.migration import MigrationContext
from tests.foretold.bodies import body

_COUNT = 300

_ON = pytest.mark.databases("sqlite", "postgresql15")
_CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def file_of(said: str) -> str:
    return (
        '"""a revision"""\nfrom limbeck import op\nimport sqlalchemy as sa\n'
        "from sqlalchemy.dialects import postgresql\n\n"
        "revision = 'r1'\ndown_revision = None\n\n\n"
        f"def upgrade():\n    {said}\n\n\ndef downgrade():\n    pass\n"
    )


@contextlib.contextmanager
def context_on(url: str, **options: Any) -> Iterator[MigrationContext]:
    # SQLite's driver commits DDL by itself.
    engine = sa.create_engine("sqlite://" if url.startswith("sqlite") else url)
    try:
        with engine.connect() as connection:
            yield MigrationContext.configure(connection, opts=options)
            connection.rollback()
    finally:
        engine.dispose()


def foretold(context: MigrationContext, said: str) -> tuple[str, ...] | None:
    text = upgrade_text(file_of(said))
    return None if text is None else Foretelling(context).statements("r1", text)


def sent(context: MigrationContext, said: str) -> tuple[list[str], Exception | None]:
    """What a revision sends when it runs, and what is raised."""
    names: dict[str, Any] = {}
    exec(file_of(said), names)
    found: list[str] = []
    failure = None
    connection: Any = context.connection

    def hear(_: Any, __: Any, sql: str, *more: Any) -> None:
        found.append(sql)

    if not connection.in_transaction():
        connection.begin()
    event.listen(connection, "before_cursor_execute", hear)
    try:
        with Operations.context(context), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            names["upgrade"]()
    except Exception as error:
        failure = error
    finally:
        event.remove(connection, "before_cursor_execute", hear)
        connection.rollback()
    return found, failure


@_ON
@pytest.mark.parametrize("convention", [False, True])
def test_what_is_foretold_is_what_is_sent(database_url: str, convention: bool) -> None:
    """Each revision by itself, so that no form is known but by it."""
    metadata = sa.MetaData(naming_convention=_CONVENTION if convention else None)
    lots = Random(7 + convention)
    ran = count = 0
    for _ in range(_COUNT):
        said = body(lots)
        with context_on(database_url, target_metadata=metadata) as context:
            known = foretold(context, said)
            found, failure = sent(context, said)
        if failure is None:
            ran, count = ran + 1, count + (known is not None)
            assert known in (None, tuple(found)), said
        elif known is not None:
            # It fails at the database, by a statement that is foretold as well.
            assert isinstance(failure, DBAPIError), (said, failure)
            assert known[: len(found)] == tuple(found), said
    assert count > _COUNT // 6, (count, ran)


@_ON
@pytest.mark.parametrize(
    "said",
    [
        "op.create_index('ix', 'task', ['name'], postgresql_ops={'name': 'text_pattern_ops'})",
        "op.create_index('ix', 'task', ['id', 'name'], postgresql_ops={'name': 'text_ops'})",
        "op.create_table('one', sa.Column('id', sa.Integer(), key='of'), "
        "sa.Column('of', sa.Integer()), sa.UniqueConstraint('of'))",
        "op.create_table('one', sa.Column('id', sa.Integer()), "
        "sa.ForeignKeyConstraint(['id'], ['own.one.other']), schema='own')",
    ],
)
def test_a_name_that_is_said_as_something_else_too(database_url: str, said: str) -> None:
    """By it SQLAlchemy finds a column or a table, which it would not find under another name."""
    with _with_task(database_url) as context:
        known = foretold(context, said)
        found, failure = sent(context, said)
    assert known in (None, tuple(found)), failure
    assert known is None or failure is None


@_ON
@pytest.mark.parametrize(
    ("pattern", "table", "column"),
    [
        ("uq-%(table_name)s-%(column_0_name)s", "t" * 40, "c" * 30),
        ("uq$%(table_name)s$%(column_0_name)s", "t" * 40, "c" * 30),
        ("UQ %(table_name)s %(column_0_name)s", "t" * 40, "c" * 30),
        ("%(table_name)s_%(column_0_name)s", "current", "date"),
        ("%(table_name)s%(column_0_name)s", "o", "rder"),
    ],
)
def test_names_that_are_joined_may_be_cut_off_or_put_in_quotes(
    database_url: str, pattern: str, table: str, column: str
) -> None:
    said = (
        f"op.create_table('{table}', sa.Column('{column}', sa.Integer()), "
        f"sa.UniqueConstraint('{column}'))"
    )
    metadata = sa.MetaData(naming_convention={"uq": pattern})
    with context_on(database_url, target_metadata=metadata) as context:
        known = foretold(context, said)
        found, failure = sent(context, said)
    assert failure is None
    assert known in (None, tuple(found))


@_ON
def test_a_text_whose_values_nobody_gives_is_not_foretold(database_url: str) -> None:
    said = "op.execute(sa.text(\"CREATE VIEW v AS SELECT ' :x' AS one\"))"
    with context_on(database_url) as context:
        assert foretold(context, said) is None
        found, failure = sent(context, said)
    assert not found
    assert failure is not None


@contextlib.contextmanager
def _with_task(url: str) -> Iterator[MigrationContext]:
    with context_on(url) as context:
        connection: Any = context.connection
        connection.exec_driver_sql("CREATE TABLE task (id INTEGER, name VARCHAR(20))")
        connection.commit()
        yield context
        connection.exec_driver_sql("DROP TABLE task")
        connection.commit()
