"""Constraints that are named, to be dropped; and those that a column brings along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Constraint,
    ForeignKeyConstraint,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.schema import AddConstraint, CreateTable, DropConstraint

from limbeck.errors import CommandError
from limbeck.operations.literal_text import literal_text
from limbeck.operations.schema_objects import throwaway_metadata

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Column, Dialect, Executable

    from limbeck.dialects.backend import EmitTarget
    from limbeck.operations.ops import DropConstraintOp


def constraint_to_drop(op: DropConstraintOp, target: EmitTarget) -> Constraint:
    """A constraint of which the name and the kind are known.

    The naming convention applies to a name as it does when the constraint is made; without a kind
    the name is taken as it is.

    :raises CommandError: there is no name.
    :raises TypeError: there is no such kind.
    """
    metadata = throwaway_metadata(target) if op.constraint_type else MetaData()
    constraint = _of_kind(op.constraint_type, op.constraint_name)
    Table(op.table_name, metadata, schema=op.schema).append_constraint(constraint)
    if op.constraint_type != "primary" and not isinstance(constraint.name, str):
        where = f"{op.schema}.{op.table_name}" if op.schema else op.table_name
        raise CommandError(
            f"cannot drop a constraint of table {where}: it has no name",
            hint="write the constraint's name in the revision file",
        )
    return constraint


def _of_kind(kind: str | None, name: str | None) -> Constraint:
    if kind == "foreignkey":
        return ForeignKeyConstraint([], [], name=name)
    if kind == "primary":
        return PrimaryKeyConstraint(name=name)
    if kind == "unique":
        return UniqueConstraint(name=name)
    if kind == "check":
        return CheckConstraint(literal_text(""), name=name)
    if kind not in (None, "exclude"):
        raise TypeError(
            f"{kind!r} is no kind of constraint: 'type' can be one of 'check', 'foreignkey', "
            "'primary', 'unique', None"
        )
    return Constraint(name=name)


def refuse_words(statement: Executable, words: Iterable[str], database: str) -> None:
    """Refuse a constraint that says what a database has no words for.

    :param statement: any statement.
    :param words: of ``deferrable``, ``initially`` and ``match`` those that the database lacks.
    :param database: what it is called.
    :raises CommandError: the statement makes such a constraint.
    """
    if isinstance(statement, CreateTable):
        constraints = in_order(statement.element)
    elif isinstance(statement, AddConstraint):
        constraints = [statement.element]
    else:
        return
    for constraint in constraints:
        for word in words:
            if getattr(constraint, word, None) is not None:
                name = f"constraint {constraint.name}" if constraint.name else "a constraint"
                raise CommandError(
                    f"cannot give table {constraint.table} {name}: {database} does not know the "
                    f"word {word.upper()}",
                    hint=f"leave out {word}= where the database is this one",
                )


def drop_constraint(constraint: Constraint, if_exists: bool | None = None) -> DropConstraint:
    """``ALTER TABLE t DROP CONSTRAINT c``."""
    return DropConstraint(constraint, if_exists=bool(if_exists))


def type_bound_constraints(column: Column[Any], dialect: Dialect) -> list[Constraint]:
    """The CHECK that a column's type (Boolean, Enum) brings along, where this database has it."""
    table = getattr(column, "table", None)
    return [
        constraint
        for constraint in (in_order(table) if table is not None else ())
        if getattr(constraint, "_type_bound", False) and is_wanted(constraint, dialect)
    ]


def in_order(table: Table) -> list[Constraint]:
    """A table's constraints in the order in which they were made."""
    return sorted(table.constraints, key=lambda constraint: constraint._creation_order)


def is_wanted(constraint: Constraint, dialect: Dialect) -> bool:
    """False where a type's constraint is not needed here, the type being a native one."""
    rule = constraint._create_rule
    if rule is None:
        return True
    compiler = dialect.ddl_compiler(dialect, None)  # type: ignore[arg-type]  # it compiles nothing
    return bool(rule(compiler))
