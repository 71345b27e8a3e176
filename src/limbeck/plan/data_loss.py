"""What an operation may do to the rows that are there: the one place that decides it.

Generated files mark their operations by it, ``limbeck revision`` lists it, and so can whatever else
looks at operations, written by hand or not. No database is asked: it is about what *may* be there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import CompileError

from limbeck.dialects.registry import backend_for
from limbeck.facts.schema_objects import MaterializedView
from limbeck.operations import ops
from limbeck.operations.batch_value import BatchAlterTable
from limbeck.operations.ops.base import qualified
from limbeck.operations.risk import Risk, fails, loses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Dialect
    from sqlalchemy.types import TypeEngine

KEY = "limbeck.risks"
"""Where an operation's ``info`` keeps what only its planner knew."""

SETTLED = "limbeck.filled"
"""Set in an operation's ``info`` where no row is NULL any more when it runs."""

_NAME = r"((?:[\w$]+|\"[^\"]+\"|`[^`]+`|\[[^\]]+\])(?:\.(?:[\w$]+|\"[^\"]+\"|`[^`]+`|\[[^\]]+\]))?)"
_DROP = re.compile(
    rf"drop\s+(table|sequence|schema|database|materialized\s+view)\s+(?:if\s+exists\s+)?{_NAME}",
    re.IGNORECASE,
)
_ROWS = re.compile(rf"(?:delete\s+from|truncate(?:\s+table)?)\s+(?:only\s+)?{_NAME}", re.IGNORECASE)
_COLUMN = re.compile(
    rf"alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?{_NAME}\s.*?\bdrop\s+(?:column\s+)?"
    rf"(?:if\s+exists\s+)?(?!(?:constraint|index|key|primary|foreign|check|default|partition|not"
    rf"|identity|expression)\b){_NAME}",
    re.IGNORECASE | re.DOTALL,
)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_LITERAL = re.compile(r"'((?:[^']|'')*)'")
_QUOTES = str.maketrans("", "", '"`[]')


def attach_risk(operation: ops.MigrateOperation, risk: Risk) -> None:
    """Say of an operation what cannot be seen in it."""
    operation.info.setdefault(KEY, []).append(risk)


def settle_risks(operation: ops.AlterColumnOp) -> ops.AlterColumnOp:
    """Say of a column that becomes NOT NULL that its rows have been given values before.

    :returns: the operation.
    """
    operation.info[SETTLED] = True
    return operation


def loses_data(operation: ops.MigrateOperation, dialect: Dialect) -> bool:
    """Whether data may be gone after an operation without an error.

    :param operation: a single operation, a batch, or a container.
    :param dialect: the database.
    """
    return any(risk.kind == "loses" for risk in data_risks(operation, dialect))


def data_risks(operation: ops.MigrateOperation, dialect: Dialect) -> tuple[Risk, ...]:
    """What an operation may do to rows: what it loses, and for which rows it fails.

    A new constraint, which fails where rows break it, is not told of: that is what it is for.

    :param operation: a single operation, a batch, or a container.
    :param dialect: the database.
    """
    if isinstance(operation, ops.OpContainer | BatchAlterTable):
        inside = operation.ops if isinstance(operation, ops.OpContainer) else operation.operations
        return tuple(risk for each in inside for risk in data_risks(each, dialect))
    known = getattr(operation, "info", {}).get(KEY, ())  # libraries have operations of their own
    return (*known, *_derived(operation, dialect))


def _derived(operation: ops.MigrateOperation, dialect: Dialect) -> Iterator[Risk]:
    match operation:
        case ops.DropTableOp():
            yield loses(
                f"the table {qualified(operation.table_name, operation.schema)} and its rows"
            )
        case ops.DropColumnOp():
            if operation.to_column().computed is None:
                yield loses(
                    f"the column {operation.address}.{operation.column_name} and its values"
                )
        case ops.DropObjectOp(item=MaterializedView() as view):
            yield loses(f"the rows of the materialised view {view.key}, until it is computed anew")
        case ops.AddColumnOp():
            yield from _added(operation, dialect)
        case ops.AlterColumnOp():
            yield from _altered(operation, dialect)
        case ops.ExecuteSQLOp():
            yield from statement_risks(str(operation.sqltext))


# ------------------------------------------------------------------------------------ columns


def needs_values(column: sa.Column[Any], dialect: Dialect) -> bool:
    """Whether a new column leaves open what the rows that are there have in it."""
    generated = column.computed is not None or column.identity is not None
    counts = (
        column.primary_key
        and column.autoincrement in (True, "auto")
        and column.type._type_affinity is sa.Integer
    )
    return not (column.nullable or column.server_default is not None or generated or counts)


def _added(operation: ops.AddColumnOp, dialect: Dialect) -> Iterator[Risk]:
    column = operation.column
    if needs_values(column, dialect) and not backend_for(dialect).features.fills_new_columns:
        yield fails(
            f"where {operation.address} has rows: give {column.name} a server_default, or add it "
            "nullable, fill it, and make it NOT NULL"
        )


def _altered(operation: ops.AlterColumnOp, dialect: Dialect) -> Iterator[Risk]:
    column = f"{operation.address}.{operation.column_name}"
    if operation.modify_type is not None:
        risk = _retyped(operation, column, dialect)
        if risk is not None:
            yield risk
    is_open = operation.existing_nullable is not False and SETTLED not in operation.info
    if operation.modify_nullable is False and is_open:
        yield fails(f"where {column} is NULL")
    computed = isinstance(operation.modify_server_default, sa.Computed)
    if computed and not isinstance(operation.existing_server_default, sa.Computed):
        yield loses(f"the values of {column}, which is computed from now on")


def _retyped(operation: ops.AlterColumnOp, column: str, dialect: Dialect) -> Risk | None:
    old, new = operation.existing_type, operation.modify_type
    assert new is not None
    backend = backend_for(dialect)
    before, after = _type_text(old, dialect), _type_text(new, dialect)
    lost = _lost_values(old, new)
    if lost and backend.features.native_enums:
        return fails(f"where {column} holds {' or '.join(lost)}")
    if after is None or after == before:
        return None
    if before is None:
        return fails(f"where {column} holds values that are no {after}")
    return backend.type_risk(before, after, column, is_cast="postgresql_using" in operation.kw)


def _type_text(type_: TypeEngine[Any] | None, dialect: Dialect) -> str | None:
    """The type in the database's words, None where it has none for it."""
    if type_ is None:
        return None
    try:
        return str(type_.compile(dialect=dialect))
    except (CompileError, NotImplementedError, AttributeError):
        return None


def _lost_values(old: object, new: object) -> list[str]:
    if isinstance(old, sa.Enum) and isinstance(new, sa.Enum):
        return [f"'{value}'" for value in old.enums if value not in new.enums]
    return []


# ------------------------------------------------------------------------------------ statements


def statement_risks(sql: str) -> Iterator[Risk]:
    """What statements in the user's own words take away, as far as it can be read off them.

    :param sql: one statement or several.
    """
    text = _COMMENT.sub(" ", sql)
    for statement in _LITERAL.sub("''", text).split(";"):
        words = statement.strip()
        if found := _DROP.match(words):
            kind, name = found[1].lower(), found[2].translate(_QUOTES)
            yield loses(f"the {' '.join(kind.split())} {name}{_BELONGINGS.get(kind, '')}")
        elif found := _ROWS.match(words):
            yield loses(f"rows of {found[1].translate(_QUOTES)}")
        elif found := _COLUMN.match(words):
            column = f"{found[1]}.{found[2]}".translate(_QUOTES)
            yield loses(f"the column {column} and its values")


_BELONGINGS = {
    "table": " and its rows",
    "sequence": " and the number it has come to",
    "schema": " and what is in it",
    "database": " and what is in it",
}


def lost_literals(before: str, after: str) -> list[str]:
    """The quoted values that one condition lists and another one does not.

    :param before: a CHECK condition, such as ``state IN ('new', 'done')``.
    :param after: what takes its place.
    """
    kept = set(_LITERAL.findall(after))
    return [f"'{value}'" for value in dict.fromkeys(_LITERAL.findall(before)) if value not in kept]
