"""Values for the rows that are there, where a column becomes NOT NULL.

A new column that is NOT NULL needs a value in every row, and a column that becomes NOT NULL needs
one where it is NULL. A constant comes as a server default that is taken away at once, which most
databases do without touching a row; anything else is computed by an UPDATE between two steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from limbeck.operations import ops
from limbeck.operations.remarks import KEY as REMARKS
from limbeck.operations.remarks import remark
from limbeck.plan.data_loss import needs_values, settle_risks
from limbeck.value import Value

if TYPE_CHECKING:
    from sqlalchemy import Dialect
    from sqlalchemy.types import TypeEngine

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_WORD = re.compile(r"true|false", re.IGNORECASE)
_TEXT = re.compile(r"'((?:[^'\\]|'')*)'")
_PARAMETER = re.compile(r"(?<![:\w\\]):(?=\w+(?!:))")


class Unfilled(Value):
    """A column whose rows need values.

    :param schema: the table's schema, None for the default one.
    :param is_new: whether the column is added; else it becomes NOT NULL.
    :param type: its type, after the change.
    """

    schema: str | None
    table: str
    column: str
    is_new: bool
    type: TypeEngine[Any] | None

    @property
    def path(self) -> str:
        """The column as options name it: ``users.age``."""
        return f"{f'{self.schema}.' if self.schema else ''}{self.table}.{self.column}"


class Fill(Value):
    """What rows get.

    :param sql: an SQL expression; it may use other columns of the row.
    """

    sql: str

    @property
    def constant(self) -> str | sa.TextClause | None:
        """The value as a server default, if it is a plain number, text or boolean."""
        sql = self.sql.strip()
        if (text := _TEXT.fullmatch(sql)) is not None:
            return text[1].replace("''", "'")
        return sa.text(sql) if _NUMBER.fullmatch(sql) or _WORD.fullmatch(sql) else None


Answer = Callable[[Unfilled], Fill | None]
"""Says what the rows get; None leaves it to whoever runs the revision."""


def filled(
    operations: Iterable[ops.MigrateOperation], dialect: Dialect, answer: Answer
) -> list[ops.MigrateOperation]:
    """Put the steps that fill rows among operations.

    :param operations: those of one direction, as they were planned.
    :param dialect: the database.
    :param answer: asked about every column whose rows need values.
    """
    done: list[ops.MigrateOperation] = []
    for operation in operations:
        if isinstance(operation, ops.ModifyTableOps):
            done += _in_table(operation, dialect, answer)
        else:
            done.append(operation)
    return done


def _in_table(
    modify: ops.ModifyTableOps, dialect: Dialect, answer: Answer
) -> Iterator[ops.MigrateOperation]:
    """One container, cut in two wherever rows are filled in between.

    The parts of ``op.batch_alter_table`` happen at its end, so what comes after them needs another.
    """
    group: list[ops.MigrateOperation] = []
    for operation in modify.ops:
        column = unfilled(operation, dialect)
        fill = None if column is None else answer(column)
        if column is None or fill is None:
            group.append(operation)
            continue
        before, between, after = _steps(operation, column, fill, dialect)
        group += before
        if group:
            yield ops.ModifyTableOps(modify.table_name, group, schema=modify.schema)
        yield from between
        group = [after]
    if group:
        yield ops.ModifyTableOps(modify.table_name, group, schema=modify.schema)


def unfilled(operation: ops.MigrateOperation, dialect: Dialect) -> Unfilled | None:
    """The column whose rows an operation leaves without a value that they need, if it does."""
    if isinstance(operation, ops.AddColumnOp) and needs_values(operation.column, dialect):
        column = operation.column
        return Unfilled(operation.schema, operation.table_name, str(column.name), True, column.type)
    if isinstance(operation, ops.AlterColumnOp) and operation.modify_nullable is False:
        if operation.existing_nullable is False:
            return None
        type_ = operation.modify_type or operation.existing_type
        name = operation.modify_name or operation.column_name
        return Unfilled(operation.schema, operation.table_name, name, False, type_)
    return None


Steps = tuple[list[ops.MigrateOperation], list[ops.MigrateOperation], ops.MigrateOperation]


def _steps(
    operation: ops.MigrateOperation, column: Unfilled, fill: Fill, dialect: Dialect
) -> Steps:
    if isinstance(operation, ops.AddColumnOp):
        constant = None if _has_no_default(column.type, dialect) else fill.constant
        if constant is not None:
            return _by_default(operation, constant, fill)
        return _by_update(operation, column, fill, dialect)
    assert isinstance(operation, ops.AlterColumnOp)
    return _nulls_filled(operation, column, fill, dialect)


def _has_no_default(type_: TypeEngine[Any] | None, dialect: Dialect) -> bool:
    """Whether columns of a type take no literal as their default.

    "The BLOB, TEXT, GEOMETRY, and JSON data types cannot be assigned a default value" but as an
    expression: https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html
    """
    if dialect.name not in ("mysql", "mariadb") or type_ is None:
        return False
    words = str(type_.compile(dialect=dialect)).upper()
    return any(word in words for word in ("TEXT", "BLOB", "JSON", "GEOMETRY"))


def _by_default(operation: ops.AddColumnOp, constant: str | sa.TextClause, fill: Fill) -> Steps:
    column = operation.column
    column.server_default = sa.DefaultClause(constant)
    operation.info.pop(REMARKS, None)
    remark(operation, f"the rows that are there get {fill.sql}")
    after = _alteration(operation, nullable=False)
    after.existing_server_default = column.server_default
    after.modify_server_default = None
    return [operation], [], settle_risks(after)


def _by_update(operation: ops.AddColumnOp, column: Unfilled, fill: Fill, dialect: Dialect) -> Steps:
    operation.column.nullable = True
    operation.info.pop(REMARKS, None)
    after = _alteration(operation, nullable=True)
    after.modify_nullable = False
    return [operation], [_update(column, fill, dialect)], settle_risks(after)


def _alteration(operation: ops.AddColumnOp, *, nullable: bool) -> ops.AlterColumnOp:
    column = operation.column
    return ops.AlterColumnOp(
        operation.table_name,
        str(column.name),
        schema=operation.schema,
        existing_type=column.type,
        existing_nullable=nullable,
        existing_comment=column.comment,
    )


def _nulls_filled(
    operation: ops.AlterColumnOp, column: Unfilled, fill: Fill, dialect: Dialect
) -> Steps:
    update = _update(column, fill, dialect)
    if operation.modify_type is None:
        return [], [update], settle_risks(operation)
    # The value is one of the new type, so that comes first.
    after = ops.AlterColumnOp(
        operation.table_name,
        column.column,
        schema=operation.schema,
        existing_type=operation.modify_type,
        existing_nullable=True,
        existing_server_default=_after(
            operation.existing_server_default, operation.modify_server_default
        ),
        existing_comment=_after(operation.existing_comment, operation.modify_comment),
        modify_nullable=False,
    )
    operation.modify_nullable = None
    return [operation], [update], settle_risks(after)


def _after(existing: Any, modified: Any) -> Any:
    return existing if modified is False else modified


def _update(column: Unfilled, fill: Fill, dialect: Dialect) -> ops.ExecuteSQLOp:
    quote = dialect.identifier_preparer.quote
    schema = f"{quote(column.schema)}." if column.schema else ""
    name = quote(column.column)
    value = fill.sql.strip()
    words = f"UPDATE {schema}{quote(column.table)} SET {name} = {value} WHERE {name} IS NULL"
    # Alembic takes a word behind a colon for a parameter.
    escaped = _PARAMETER.sub(r"\\:", words)
    return ops.ExecuteSQLOp(words if escaped == words else sa.text(escaped))
