"""A new table that was created, in few words.

What a revision has done is kept until it ends, as a later statement may have to leave the
transaction, with which all of it is written down. A table with all that SQLAlchemy hangs on it is
large, and a revision may create thousands. Of most of them the statement that was run says
all that is needed later, so that they need not be kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Table
from sqlalchemy.schema import CreateTable

from limbeck.dialects.standard.bare_column import is_bare_type
from limbeck.dialects.text import as_typed
from limbeck.operations.ops import CreateTableOp
from limbeck.runtime.journal.marks import mark_of_said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from limbeck.runtime.journal.marks import Mark

__all__ = ["known_by_statement", "words_alone"]

_TRANSLATED = "__[SCHEMA_"
"""What SQLAlchemy puts in the place of a schema that ``schema_translate_map`` translates."""


def known_by_statement(
    operation: CreateTableOp, statements: Sequence[Any], result: Any
) -> Mark | None:
    """What the creation of a table is known by, without making its statement another time.

    :param operation: the operation.
    :param statements: the statements that it came to.
    :param result: what SQLAlchemy gave for the only one.
    :returns: what ``mark_of()`` would give; None where the statement does not tell.
    """
    compiled = getattr(getattr(result, "context", None), "compiled", None)
    if compiled is None or len(statements) != 1 or not isinstance(statements[0], CreateTable):
        return None
    table = statements[0].element
    if not isinstance(table, Table) or not _is_whole(table):
        return None
    sql: str = compiled.string
    if "%" in sql or _TRANSLATED in sql:  # which some drivers are sent otherwise
        return None
    return mark_of_said(operation, as_typed(sql))


def _is_whole(table: Table) -> bool:
    """Whether the table comes to a single statement on paper as well, whatever the database has."""
    return (
        not table.indexes
        and table.comment is None
        and all(column.comment is None and is_bare_type(column.type) for column in table.c)
        and not any(key.use_alter for key in table.foreign_key_constraints)
    )


def words_alone(operation: CreateTableOp) -> CreateTableOp:
    """The operation without its columns: enough to say how it is undone.

    :param operation: the operation.
    """
    return CreateTableOp(
        operation.table_name,
        (),
        schema=operation.schema,
        if_not_exists=operation.if_not_exists,
        prefixes=operation.prefixes,
    )
