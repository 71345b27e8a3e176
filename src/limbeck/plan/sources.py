"""SQLAlchemy objects to put into operations, made from facts and what they point back at.

The objects are copies: what belongs to the models, or to a reflected table, is not touched.
The fact decides where the two disagree, as it is what the comparison went by: a server default
that only stands for a sequence of the database's own making is none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import NoReferenceError

from limbeck.facts.objects import ForeignKeyFact
from limbeck.operations.complete_copies import with_charset, with_operator_classes

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.schema import Constraint
    from sqlalchemy.types import TypeEngine

    from limbeck.facts.objects import ColumnFact, ConstraintFact, PrimaryKeyFact, TableFact
    from limbeck.plan.situation import Situation

    TypeOf = Callable[[TypeEngine[Any]], TypeEngine[Any]]


def column_of(fact: ColumnFact, type_of: TypeOf) -> sa.Column[Any]:
    """Return a column that belongs to no table.

    :param type_of: what becomes of the column's type.
    """
    source: sa.Column[Any] = fact.source  # type: ignore[assignment]  # see facts.objects
    column = source._copy()
    # What is about other columns too, or has a name, is written separately.
    column.constraints.clear()
    column.unique = None
    column.index = None
    column.type = type_of(without_constraint(with_charset(column.type, source.type)))
    generated = fact.computed is not None or fact.identity is not None
    if fact.default is None and not generated and column.server_default is not None:
        _take_default(column, fact)
    return column


def _take_default(column: sa.Column[Any], fact: ColumnFact) -> None:
    column.server_default = None
    column.computed = None
    column.identity = None
    if fact.autoincrement and not isinstance(column.autoincrement, str):
        column.autoincrement = True


def without_constraint(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return a type that brings no CHECK along; the CHECK is written with a name of its own."""
    if isinstance(type_, sa.TypeDecorator):
        inner = type_.impl_instance
        return type_ if without_constraint(inner) is inner else without_constraint(inner)
    if not getattr(type_, "create_constraint", False):
        return type_
    copy = type_.copy()
    copy.create_constraint = False  # type: ignore[attr-defined]  # Enum and Boolean have it
    return copy


def server_default(fact: ColumnFact) -> Any:
    """Return the object that makes a column's default, None where it has none."""
    source: sa.Column[Any] = fact.source  # type: ignore[assignment]  # see facts.objects
    has = fact.default is not None or fact.computed is not None or fact.identity is not None
    return source.server_default if has else None


def table_options(fact: TableFact) -> dict[str, Any]:
    """Return what ``sqlalchemy.Table`` takes besides columns, constraints and a schema."""
    source: sa.Table = fact.source  # type: ignore[assignment]  # see facts.objects
    return {
        "comment": fact.comment,
        "prefixes": list(source._prefixes),
        "info": dict(source.info),
        **source.kwargs,
    }


def table_of(
    fact: TableFact,
    situation: Situation,
    type_of: TypeOf,
    deferred: Collection[ConstraintFact] = (),
) -> sa.Table:
    """Return a table on a MetaData of its own, every constraint with its name.

    :param deferred: the foreign keys that are created later.
    """
    source: sa.Table = fact.source  # type: ignore[assignment]  # see facts.objects
    table = sa.Table(
        source.name,
        sa.MetaData(),
        *(column_of(column, type_of) for column in fact.columns),
        schema=source.schema,
        **table_options(fact),
    )
    if fact.primary_key is not None:
        _name_primary_key(table, fact, fact.primary_key, situation)
    for constraint in fact.constraints:
        if constraint not in deferred:
            name = situation.new_name(fact.key, constraint)
            table.append_constraint(constraint_of(constraint, table, name))
        elif isinstance(constraint, ForeignKeyFact):
            _keep_from_counting(table, fact, constraint)
    return table


def _keep_from_counting(table: sa.Table, fact: TableFact, foreign_key: ForeignKeyFact) -> None:
    """SQLAlchemy takes an integer key that refers to nothing yet for one that counts."""
    counting = {column.name for column in fact.columns if column.autoincrement}
    for column in table.primary_key.columns:
        waits = column.name in foreign_key.columns and column.name not in counting
        if waits and column.autoincrement == "auto":
            column.autoincrement = False


def _name_primary_key(
    table: sa.Table, fact: TableFact, key: PrimaryKeyFact, situation: Situation
) -> None:
    source: sa.PrimaryKeyConstraint = key.source  # type: ignore[assignment]  # see facts.objects
    by_name = {column.name: column for column in table.columns}
    table.append_constraint(
        sa.PrimaryKeyConstraint(
            *(by_name[name] for name in key.columns),
            name=situation.new_name(fact.key, key),
            deferrable=source.deferrable,
            initially=source.initially,
            **source.dialect_kwargs,
        )
    )


def constraint_of(fact: ConstraintFact, table: sa.Table, name: str | None) -> Constraint:
    """Return a copy of a constraint for a table, with a name."""
    source: Any = fact.source
    if isinstance(fact, ForeignKeyFact):
        copy = _foreign_key(fact)
    else:
        copy = source._copy(target_table=table)
        copy._type_bound = False
        copy._create_rule = None
        with_operator_classes(copy, source)
    copy.name = name
    done: Constraint = copy
    return done


def _foreign_key(fact: ForeignKeyFact) -> Any:
    source: sa.ForeignKeyConstraint = fact.source  # type: ignore[assignment]  # see facts.objects
    return sa.ForeignKeyConstraint(
        [element.parent.key for element in source.elements],
        [
            f"{referred_target(element, fact)}.{column}"
            for element, column in zip(source.elements, fact.referred_columns, strict=True)
        ],
        onupdate=source.onupdate,
        ondelete=source.ondelete,
        deferrable=source.deferrable,
        initially=source.initially,
        match=source.match,
        **source.dialect_kwargs,
    )


def referred_target(element: sa.ForeignKey, fact: ForeignKeyFact) -> str:
    """Return ``schema.table`` as the models spell it, or as the fact does."""
    try:
        return element.column.table.fullname
    except NoReferenceError:  # the table it refers to is not one that we look at
        return str(fact.referred)
