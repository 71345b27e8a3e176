"""How an operation of a revision is known again when the revision runs once more."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import ClauseElement
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.elements import TextClause

from limbeck.dialects.backend import EmitTarget
from limbeck.dialects.registry import backend_for
from limbeck.errors import CommandError
from limbeck.operations.batch_value import BatchAlterTable
from limbeck.operations.ops import BulkInsertOp, ExecuteSQLOp
from limbeck.operations.ops.base import described
from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.dialects.standard.recovery import Recovery
    from limbeck.operations.ops import MigrateOperation

_VALUE = re.compile(r"'(?:[^'\\]|''|\\.)*'|\b\d[\w.]*")
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_TARGET = re.compile(
    r"\s*(?:INSERT\s+(?:IGNORE\s+)?INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+(?P<name>[\w.`\"]+)",
    re.IGNORECASE,
)
LONGEST_WORDS = 200
"""Characters of what is told of an operation."""


class Mark(Value):
    """What an operation is known by.

    :param words: the operation for people.
    :param fingerprint: a number over all that it says.
    :param shape: one over what is left of it without its values, which may be others each time.
    :param is_data: it only changes rows.
    :param table: the table of these rows, where it is known.
    """

    words: str
    fingerprint: str
    shape: str
    is_data: bool
    table: str = ""


def mark_of(operation: MigrateOperation, impl: Any, recovery: Recovery) -> Mark:
    """What an operation is known by.

    :param operation: the operation.
    :param impl: the ``DefaultImpl`` of the migration.
    :param recovery: tells what only changes rows.
    """
    if isinstance(operation, BulkInsertOp):
        words = f"insert rows into {operation.table}"
        columns = sorted({str(name) for row in operation.rows for name in row})
        said = f"{words} {_ADDRESS.sub('', repr(operation.rows))}"
        shape = _number(f"{words} {columns}")
        return Mark(words, _number(said), shape, True, str(operation.table.name))
    if isinstance(operation, ExecuteSQLOp):
        return _mark_of_statement(operation, impl, recovery)
    return mark_of_said(operation, _said(operation, impl))


def mark_of_said(operation: MigrateOperation, said: str) -> Mark:
    """What an operation is known by that changes no rows.

    :param operation: the operation.
    :param said: all that it says.
    """
    return mark_of_words(type(operation).__name__, described(operation), said)


def mark_of_words(kind: str, words: str, said: str) -> Mark:
    """What an operation is known by that changes no rows, and is not at hand.

    :param kind: the name of its class.
    :param words: the operation for people.
    :param said: all that it says.
    """
    number = fingerprint_of_words(kind, said)
    return Mark(words[:LONGEST_WORDS], number, number, False)


def fingerprint_of_words(kind: str, said: str) -> str:
    """The number over all that an operation says that changes no rows, and is not at hand.

    :param kind: the name of its class.
    :param said: all that it says.
    """
    return _number(f"{kind} {said}")


def mark_of_text(sql: str, recovery: Recovery) -> Mark:
    """What a statement is known by that no operation has said."""
    words = f"execute {' '.join(_VALUE.sub('?', sql).split())}"[:LONGEST_WORDS]
    target = _TARGET.match(sql)
    table = target["name"].strip('`"').rpartition(".")[2].strip('`"') if target else ""
    shape = _number(_VALUE.sub("?", sql))
    return Mark(words, _number(sql), shape, recovery.is_data(sql), table)


def _mark_of_statement(operation: ExecuteSQLOp, impl: Any, recovery: Recovery) -> Mark:
    given = operation.sqltext
    if isinstance(given, str | TextClause):
        sql = given if isinstance(given, str) else given.text
        values = "" if isinstance(given, str) else repr(sorted(given.compile().params.items()))
        found = mark_of_text(sql, recovery)
        return replace(found, fingerprint=_number(sql + values))
    return mark_of_text(_text(given, impl), recovery)


def _said(operation: MigrateOperation, impl: Any) -> str:
    """All that an operation says, whatever the database looks like."""
    if isinstance(operation, BatchAlterTable):
        inner = [f"{type(one).__name__} {_said(one, impl)}" for one in operation.operations]
        return "\n".join([operation.table_name, str(operation.schema), *inner])
    target = EmitTarget(impl.dialect, as_sql=True, opts=impl.opts)
    backend = backend_for(impl.dialect)
    try:
        return "\n".join(
            backend.text(each, impl.dialect) for each in backend.statements(operation, target)
        )
    except (CommandError, NotImplementedError, SQLAlchemyError, TypeError, ValueError):
        return _structure(operation, impl)  # on paper it cannot be said


def _structure(value: Any, impl: Any, depth: int = 0) -> str:
    """A value as text, without addresses in memory."""
    if isinstance(value, ClauseElement):
        return _text(value, impl)
    if isinstance(value, Mapping):
        return str(sorted((str(key), _structure(one, impl, depth)) for key, one in value.items()))
    if isinstance(value, list | tuple):
        return str([_structure(one, impl, depth) for one in value])
    if depth < 2 and type(value).__module__.startswith("limbeck."):
        return f"{type(value).__name__} {_structure(vars(value), impl, depth + 1)}"
    return _ADDRESS.sub("", repr(value))


def _text(statement: Any, impl: Any) -> str:
    try:
        return backend_for(impl.dialect).text(statement, impl.dialect)
    except (SQLAlchemyError, AttributeError, NotImplementedError):
        return _ADDRESS.sub("", repr(statement))


def _number(said: str) -> str:
    return hashlib.sha256(said.encode(errors="surrogatepass")).hexdigest()
