"""What is kept of a new table until its revision ends."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from limbeck.dialects.registry import backend_for
from limbeck.operations import ops
from limbeck.runtime.carrying_out import emit_target
from limbeck.runtime.journal.created import known_by_statement, words_alone
from limbeck.runtime.journal.current import Current
from limbeck.runtime.journal.marks import mark_of
from limbeck.runtime.journal.reverse import reverse_of
from limbeck.runtime.migration import MigrationContext
from tests.runtime.projects import Project, create

pytestmark = pytest.mark.databases("sqlite", "postgresql15")

WHOLE = {
    "plain": (sa.Column("id", sa.Integer, primary_key=True), sa.Column("b", sa.Boolean)),
    "constraints": (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("a b", sa.Numeric(12, 2), server_default="0", nullable=False),
        sa.CheckConstraint('"a b" >= 0', name="ck"),
        sa.PrimaryKeyConstraint("id", name="pk"),
        sa.UniqueConstraint("a b"),
        sa.ForeignKeyConstraint(["id"], ["t.id"], name="fk"),
    ),
}
ODD = {
    "a percent sign": (sa.Column("n", sa.Integer, server_default=sa.text("7 % 4")),),
    "a comment": (sa.Column("n", sa.Integer, comment="how many"),),
    "an index": (sa.Column("n", sa.Integer, index=True),),
    "an enum": (sa.Column("n", sa.Enum("a", "b", name="letter")),),
    "a variant": (sa.Column("n", sa.String(3).with_variant(postgresql.ENUM("a", name="l"), "x")),),
}


def ran(url: str, columns: tuple[Any, ...]) -> tuple[Any, ...]:
    """Create a table; the operation, its statements, the last result, and a context."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    operation = ops.CreateTableOp("t", list(columns))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        backend = backend_for(connection.dialect)
        made = list(backend.statements(operation, emit_target(context.impl)))
        results = [connection.execute(each) for each in made]
        return operation, made, results[-1], context


@pytest.mark.parametrize("columns", WHOLE.values(), ids=WHOLE)
def test_its_statement_tells_what_the_operation_does(
    database_url: str, columns: tuple[Any, ...]
) -> None:
    operation, made, result, context = ran(database_url, columns)
    recovery = context.backend.recovery
    known = known_by_statement(operation, made, result)
    assert known == mark_of(operation, context.impl, recovery)


@pytest.mark.parametrize("columns", ODD.values(), ids=ODD)
def test_of_others_it_does_not(database_url: str, columns: tuple[Any, ...]) -> None:
    operation, made, result, _ = ran(database_url, columns)
    assert known_by_statement(operation, made, result) is None


def test_a_table_is_let_go_of_before_its_revision_ends(project: Project) -> None:
    project.revision(
        "a1",
        f"""
import gc, weakref
first = weakref.ref({create("t")})
{create("u")}
gc.collect()
assert first() is None
""",
    )
    project.upgrade()
    assert project.versions() == ["a1"]


def test_what_is_kept_says_how_it_is_undone(database_url: str) -> None:
    operation, made, result, context = ran(database_url, WHOLE["constraints"])
    recovery = context.backend.recovery
    whole = Current(lambda _: mark_of(operation, context.impl, recovery), operation)
    row = whole.row("a1", "upgrade")
    assert reverse_of(words_alone(operation), row, context.impl) == reverse_of(
        operation, row, context.impl
    )
    small = Current(lambda _: mark_of(operation, context.impl, recovery), operation)
    small.statements, small.result = made, result
    small.keep()
    assert small.operation is not operation
    assert small.row("a1", "upgrade") == row
