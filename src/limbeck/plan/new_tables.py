"""New tables whose columns and constraints are those of the models, without a copy of them.

An operation that creates a table holds columns and constraints of its own, which hooks and those
who carry it out may change. Most operations are only written into a file. For a table whose
copy would say what its original says, it is made when somebody asks for it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from limbeck.dialects.standard.bare_column import is_bare_type
from limbeck.facts.objects import CheckFact, ForeignKeyFact, UniqueFact
from limbeck.operations import ops
from limbeck.plan.sources import table_of, table_options
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from limbeck.facts.objects import ColumnFact, ConstraintFact, TableFact
    from limbeck.plan.situation import Situation
    from limbeck.plan.sources import TypeOf

__all__ = ["NewTable", "creation_of"]

_ATTACHING = ("before_parent_attach", "after_parent_attach")


class NewTable(Value):
    """A table as it is about to be created.

    :param fact: the table.
    :param situation: knows the names of its constraints.
    :param type_of: what becomes of a column's type.
    :param left_out: the constraints that are created later.
    """

    fact: TableFact
    situation: Situation
    type_of: TypeOf
    left_out: Collection[ConstraintFact]

    @property
    def column_count(self) -> int:
        """How many columns it has."""
        return len(self.fact.columns)

    @property
    def constraints(self) -> list[ConstraintFact]:
        """The constraints that are created with it."""
        return [each for each in self.fact.constraints if each not in self.left_out]

    @property
    def key_name(self) -> str | None:
        """The name of its primary key."""
        key = self.fact.primary_key
        return None if key is None else self.situation.new_name(self.fact.key, key)

    def name_of(self, constraint: ConstraintFact) -> str | None:
        """The name that a constraint gets.

        :param constraint: one of its own.
        """
        return self.situation.new_name(self.fact.key, constraint)

    def made(self) -> sa.Table:
        """The table on a MetaData of its own."""
        return table_of(self.fact, self.situation, self.type_of, self.left_out)


def creation_of(
    fact: TableFact, situation: Situation, type_of: TypeOf, left_out: Collection[ConstraintFact]
) -> ops.CreateTableOp:
    """Return the operation that creates a table.

    :param fact: the table.
    :param situation: knows the names of its constraints.
    :param type_of: what becomes of a column's type.
    :param left_out: the constraints that are created later.
    """
    if not _says_all(fact, left_out):
        return ops.CreateTableOp.from_table(table_of(fact, situation, type_of, left_out))
    source: sa.Table = fact.source  # type: ignore[assignment]  # see facts.objects
    new = NewTable(fact, situation, type_of, left_out)
    return ops.CreateTableOp.of_new(new, source.name, schema=source.schema, **table_options(fact))


def _says_all(fact: TableFact, left_out: Collection[ConstraintFact]) -> bool:
    """Whether what the facts point back at is what a copy of it would be."""
    return (
        all(map(_is_plain, fact.columns))
        and all(
            isinstance(each, UniqueFact | CheckFact | ForeignKeyFact) for each in fact.constraints
        )
        # Of a foreign key that waits, a key that counts may have to be told not to.
        and not any(
            isinstance(each, ForeignKeyFact) and each in left_out for each in fact.constraints
        )
        and not _is_heard()
    )


def _is_plain(fact: ColumnFact) -> bool:
    column = fact.source
    return (
        type(column) is sa.Column
        and _is_plain_type(column.type)
        # A default may be one that only the database has, and counting hangs on the whole table.
        and (column.server_default is None or _has_default(fact))
        and not (column.primary_key and isinstance(column.autoincrement, bool))
        and _are_of_sqlalchemy(getattr(column.dispatch, name) for name in _ATTACHING)
    )


def _has_default(fact: ColumnFact) -> bool:
    return any(each is not None for each in (fact.default, fact.computed, fact.identity))


def _is_plain_type(type_: Any) -> bool:
    """Whether a type is the same wherever it is, and needs nothing to be created before it."""
    if isinstance(type_, sa.TypeDecorator) and not type_._variant_mapping:
        return is_bare_type(type_.impl_instance)
    return is_bare_type(type_)


def _is_heard() -> bool:
    """Whether anybody listens to all columns, tables or constraints that are put together."""
    return not all(
        _are_of_sqlalchemy(getattr(dispatch, name) for name in _ATTACHING)
        for dispatch in _dispatches()
    )


@cache
def _dispatches() -> tuple[Any, ...]:
    """Who listens to every part of tables, now or from later on."""
    parts: tuple[Any, ...] = (
        sa.Table("any", sa.MetaData()),
        sa.Column("any"),
        sa.PrimaryKeyConstraint("any"),
        sa.UniqueConstraint("any"),
        sa.CheckConstraint("any"),
        sa.ForeignKeyConstraint(["any"], ["any.any"]),
    )
    return tuple(part.dispatch for part in parts)


def _are_of_sqlalchemy(groups: Iterable[Iterable[Any]]) -> bool:
    """Whether all listeners are SQLAlchemy's own, such as those of naming conventions."""
    return all(
        str(getattr(listener, "__module__", "")).startswith("sqlalchemy.")
        for group in groups
        for listener in group
    )
