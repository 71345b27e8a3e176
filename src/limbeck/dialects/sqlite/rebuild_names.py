"""Which piece of a table's text is meant by the name of a constraint.

In SQLite most constraints have no name, yet a revision drops them by one: the name that the
naming convention gives them, or that another database would give them by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.exc import InvalidRequestError

from limbeck.dialects.sqlite.rebuild_pieces import constraint_piece
from limbeck.dialects.sqlite.sql_tokens import folded, meaning, mentions, quoted, unquoted
from limbeck.facts.names import cut_name
from limbeck.operations.schema_objects import throwaway_metadata
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Constraint, Dialect

    from limbeck.dialects.backend import EmitTarget
    from limbeck.dialects.sqlite.schema_text import (
        Clause,
        ColumnText,
        ConstraintText,
        TableText,
    )
    from limbeck.operations.ops import DropConstraintOp

_KINDS = {
    "primary": "primary key",
    "unique": "unique",
    "check": "check",
    "foreignkey": "foreign key",
}
_SUFFIX = {"primary key": "pkey", "unique": "key", "check": "check", "foreign key": "fkey"}
_DROPPABLE = (*_SUFFIX, "not null", "default", "collate", "generated", "null")


class Found(Value, slots=True):
    """A constraint in the text: a clause of ``column``, or a table constraint."""

    piece: Clause | ConstraintText
    columns: tuple[str, ...]
    column: ColumnText | None = None


def find_constraint(table: TableText, op: DropConstraintOp, target: EmitTarget) -> Found | None:
    """The constraint that an operation means to drop, None where there is none.

    A name in the text counts first; then the names that constraints without one would have by
    the naming convention or by PostgreSQL's habit; then, where the operation knows what it drops,
    a constraint without a name that says the same.
    """
    kind = _KINDS.get(op.constraint_type or "")
    candidates = [c for c in constraints_of(table) if kind in (None, c.piece.kind)]
    if op.constraint_name is None:
        return candidates[0] if kind == "primary key" and candidates else None
    wanted = wanted_names(op, target)
    for candidate in candidates:
        if candidate.piece.name is not None and folded(candidate.piece.name) in wanted:
            return candidate
    unnamed = [c for c in candidates if c.piece.name is None and c.piece.kind in _SUFFIX]
    metadata = throwaway_metadata(target)
    usual = _usual_names(table, unnamed)
    for candidate in unnamed:
        name = conventional_name(table, candidate, metadata, target.dialect)
        if (name is not None and folded(name) in wanted) or usual[id(candidate)] in wanted:
            return candidate
    return _by_content(unnamed, op, target) or _by_number(table, unnamed, wanted)


def _usual_names(table: TableText, unnamed: list[Found]) -> dict[int, str]:
    """For each constraint without a name its usual one, numbered where several have the same."""
    names: dict[int, str] = {}
    taken = {folded(c.piece.name) for c in constraints_of(table) if c.piece.name is not None}
    for found in unnamed:
        number = 0
        while (name := folded(usual_name(table, found, number))) in taken:
            number += 1
        taken.add(name)
        names[id(found)] = name
    return names


def _by_number(table: TableText, unnamed: list[Found], wanted: set[str]) -> Found | None:
    """The only constraint whose usual name is meant, with a number that something else caused."""
    meant = [
        found
        for found in unnamed
        if any(folded(usual_name(table, found)) == name.rstrip("0123456789") for name in wanted)
    ]
    return meant[0] if len(meant) == 1 else None


def constraints_of(table: TableText) -> Iterator[Found]:
    """Every constraint of a table, in the order of the text."""
    for column in table.columns:
        for clause in column.clauses:
            if clause.kind in _DROPPABLE:
                yield Found(clause, (column.name,), column)
    for constraint in table.constraints:
        columns = constraint.columns
        if constraint.kind == "check":
            columns = tuple(
                c.name for c in table.columns if mentions(constraint.expression, c.name)
            )
        yield Found(constraint, columns)


def wanted_names(op: DropConstraintOp, target: EmitTarget) -> set[str]:
    """The name as given, and as the convention changes it (``ck_%(table_name)s_%(…)s``)."""
    assert op.constraint_name is not None
    names = {folded(str(op.constraint_name))}
    if op.constraint_type == "check":
        constraint = CheckConstraint(text("1"), name=op.constraint_name)
        Table(op.table_name, throwaway_metadata(target), constraint)
        formatted = _formatted(constraint, target.dialect)
        names |= {folded(formatted)} if formatted else set()
    return names


def usual_name(table: TableText, found: Found, number: int = 0) -> str:
    """The name that PostgreSQL would have given the constraint, the first or a further one."""
    columns = found.columns
    if found.piece.kind == "primary key" or (found.piece.kind == "check" and len(columns) != 1):
        columns = ()
    label = _SUFFIX[found.piece.kind] + (str(number) if number else "")
    return cut_name(table.name, "_".join(columns), label)


def conventional_name(
    table: TableText, found: Found, metadata: MetaData, dialect: Dialect
) -> str | None:
    """The name that the naming convention gives the constraint; None where it needs one given."""
    metadata.clear()
    columns: list[Column[Any]] = [Column(column.name) for column in table.columns]
    model = Table(table.name, metadata, *columns)
    by_name = {folded(column.name): column for column in columns}
    own = [by_name[folded(name)] for name in found.columns if folded(name) in by_name]
    try:
        constraint = _model(found, own, metadata)
        model.append_constraint(constraint)
        return _formatted(constraint, dialect)
    except InvalidRequestError:  # the convention asks for a name that nobody has given
        return None


def _model(found: Found, own: list[Column[Any]], metadata: MetaData) -> Constraint:
    piece = found.piece
    if piece.kind == "primary key":
        return PrimaryKeyConstraint(*own)
    if piece.kind == "unique":
        return UniqueConstraint(*own)
    if piece.kind == "check" or piece.reference is None:
        return CheckConstraint(text(piece.expression.replace(":", r"\:")))
    reference = piece.reference
    remote = list(reference.columns) or [f"key{i}" for i, _ in enumerate(own)]
    referred = metadata.tables.get(reference.table)
    if referred is None:
        referred = Table(reference.table, metadata)
    for name in remote:
        if name not in referred.c:
            referred.append_column(Column(name))
    return ForeignKeyConstraint(own, [referred.c[name] for name in remote])


def _formatted(constraint: Constraint, dialect: Dialect) -> str | None:
    if constraint.name is None:
        return None
    name = dialect.identifier_preparer.format_constraint(constraint)
    return unquoted(name) if name else None


def _by_content(unnamed: list[Found], op: DropConstraintOp, target: EmitTarget) -> Found | None:
    """A constraint without a name that says the same as the one that is dropped."""
    if op._reverse is None:
        return None
    wanted = constraint_piece(op._reverse.to_constraint(target), target)
    return next((found for found in unnamed if same_constraint(found, wanted)), None)


def same_constraint(found: Found, wanted: ConstraintText) -> bool:
    """Whether a constraint in the text says the same as another one."""
    piece = found.piece
    if piece.kind != wanted.kind:
        return False
    if piece.kind == "check":
        return meaning(piece.expression) == meaning(wanted.expression)
    if [folded(name) for name in found.columns] != [folded(name) for name in wanted.columns]:
        return False
    ours, theirs = piece.reference, wanted.reference
    return ours is None or theirs is None or folded(ours.table) == folded(theirs.table)


def described(found: Found) -> str:
    """A constraint for people."""
    name = f" {quoted(found.piece.name)}" if found.piece.name else ""
    return f"{found.piece.kind}{name} ({', '.join(found.columns)})"
