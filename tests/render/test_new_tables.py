"""A new table is written from the models as it would be from the copy that an operation holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql

from limbeck.autogenerate import produce_migrations, render_python_code
from limbeck.operations import ops
from limbeck.runtime.migration import MigrationContext

NAMED = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
}


class Code(sa.TypeDecorator[str]):
    """A type of an application's."""

    impl = sa.String(12)
    cache_ok = True


def parts(metadata: sa.MetaData) -> None:
    sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("b", sa.Boolean, server_default=sa.false(), unique=True),
        sa.Column("n", sa.Numeric(12, 2), server_default="0", key="other", comment="how many"),
        sa.Column("q", Code, sa.ForeignKey("t.q2"), index=True),
        sa.Column("m", Code, key="q2", nullable=False),
        sa.Column("day", sa.DateTime(timezone=True), server_default=sa.func.current_timestamp()),
        sa.UniqueConstraint("q2"),
        sa.UniqueConstraint("other", "q2", name="two"),
        sa.CheckConstraint("id > 0", name="positive"),
        sa.CheckConstraint("m <> ''"),
        info={"owner": "me"},
    )
    sa.Table(
        "u",
        metadata,
        sa.Column("a", sa.Integer, primary_key=True),
        sa.Column("b", sa.ForeignKey("t.id", ondelete="CASCADE", name="by_hand"), primary_key=True),
        sa.Column("c", sa.Integer, sa.Computed("a + 1")),
        sa.ForeignKeyConstraint(["a"], ["t.id"], deferrable=True, initially="DEFERRED"),
    )


def odd(metadata: sa.MetaData) -> None:
    sa.Table(
        "e",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Enum("a", "b", name="kind", create_constraint=True)),
        sa.Column("f", sa.ForeignKey("f.id", name="e_f")),
        sa.Column("j", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
    )
    sa.Table(
        "f",
        metadata,
        sa.Column("id", sa.Integer, sa.ForeignKey("e.id", name="f_e"), primary_key=True),
        sa.Column("yes", sa.Boolean(create_constraint=True, name="yes_or_no")),
    )


@pytest.fixture
def connection(database_url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection


def created(
    connection: sa.Connection, models: Callable[[sa.MetaData], None], **metadata: Any
) -> tuple[MigrationContext, ops.UpgradeOps]:
    """The operations that create the models' tables."""
    target = sa.MetaData(**metadata)
    models(target)
    context = MigrationContext.configure(connection, opts={"target_metadata": target})
    upgrade = produce_migrations(context, target).upgrade_ops
    assert upgrade is not None
    return context, upgrade


def tables_of(upgrade: ops.UpgradeOps) -> list[ops.CreateTableOp]:
    return [each for each in upgrade.ops if isinstance(each, ops.CreateTableOp)]


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
@pytest.mark.parametrize("convention", [{}, {"naming_convention": NAMED}], ids=["", "named"])
@pytest.mark.parametrize("models", [parts, odd])
def test_the_text_is_that_of_the_copy(
    connection: sa.Connection, models: Callable[[sa.MetaData], None], convention: dict[str, Any]
) -> None:
    context, upgrade = created(connection, models, **convention)
    words = [each.describe() for each in upgrade.ops]
    written = render_python_code(upgrade, migration_context=context)
    for operation in tables_of(upgrade):
        assert operation.columns
        assert operation.new is None
    assert render_python_code(upgrade, migration_context=context) == written
    assert [each.describe() for each in upgrade.ops] == words


@pytest.mark.databases("sqlite")
def test_most_tables_are_not_copied(connection: sa.Connection) -> None:
    _, upgrade = created(connection, parts)
    for operation in tables_of(upgrade):
        assert operation.new is not None
    _, upgrade = created(connection, odd)
    assert all(each.new is None for each in tables_of(upgrade))


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("kind", [sa.Table, sa.Column, sa.UniqueConstraint])
def test_who_listens_sees_the_copies(connection: sa.Connection, kind: type[Any]) -> None:
    seen: list[Any] = []

    def listener(item: Any, parent: Any) -> None:
        seen.append(item)

    event.listen(kind, "after_parent_attach", listener)
    try:
        _, upgrade = created(connection, parts)
    finally:
        event.remove(kind, "after_parent_attach", listener)
    assert all(each.new is None for each in tables_of(upgrade))
    of_operations = {id(item) for each in tables_of(upgrade) for item in each.columns}
    tables = {id(each.columns[0].table) for each in tables_of(upgrade)}  # type: ignore[attr-defined]  # a column
    assert {id(each) for each in seen} & (of_operations | tables)


@pytest.mark.databases("sqlite")
def test_a_hook_may_add_columns(connection: sa.Connection) -> None:
    context, upgrade = created(connection, parts)
    first = tables_of(upgrade)[0]
    first.columns = [*first.columns, sa.Column("added", sa.Integer)]
    assert "'added'" in render_python_code(upgrade, migration_context=context).replace('"', "'")
    assert "with 7 columns" in first.describe()
