"""Indexes that are created without a throw-away table around their columns.

Most indexes are nothing but names: their own, their table's, and their columns'. A table of such
columns takes twice the instructions of all else that creating the index takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Index, Table, column, table
from sqlalchemy.schema import CreateIndex
from sqlalchemy.sql.schema import DEFAULT_NAMING_CONVENTION

from limbeck.operations.schema_objects import throwaway_metadata

if TYPE_CHECKING:
    from collections.abc import Sequence

    from limbeck.dialects.backend import EmitTarget
    from limbeck.operations.ops import CreateIndexOp

__all__ = ["CreateBareIndex", "are_items_heard", "is_bare_index"]

_OF_SQLALCHEMY = "sqlalchemy."
_PLAIN_LISTENERS = frozenset({"sqlalchemy.sql.naming"})
"""Who listens to all tables where nobody else does."""

_OF_MAKING = ("before_parent_attach", "after_parent_attach")
"""What is told when a column or an index comes to its table."""


class CreateBareIndex(CreateIndex):
    """``CREATE INDEX`` whose index stands on no table, but on its name.

    :param operation: a bare index, see :func:`is_bare_index`.
    :param target: for whom the statement is made.
    """

    def __init__(self, operation: CreateIndexOp, target: EmitTarget) -> None:
        names: Any = operation.columns
        index = Index(operation.index_name, *map(column, names), unique=operation.unique)
        place: Any = table(operation.table_name, schema=operation.schema)
        place._use_schema_map = True  # its schema is translated as that of a Table
        index.table = place
        super().__init__(index, if_not_exists=bool(operation.if_not_exists))
        self._operation = operation
        self._of = target

    def whole(self) -> Index:
        """The index on a throw-away table."""
        return self._operation.to_index(self._of)


def is_bare_index(operation: CreateIndexOp, target: EmitTarget) -> bool:
    """Whether an index is nothing but names, and nobody looks at how it is made.

    :param operation: creates it.
    :param target: for whom the statement is made; a dialect from elsewhere may look at the table.
    """
    columns = operation.columns
    return (
        type(target.dialect).__module__.startswith(_OF_SQLALCHEMY)
        and isinstance(operation.index_name, str)
        and isinstance(columns, list | tuple)
        and bool(columns)
        and all(isinstance(each, str) for each in columns)
        and not operation.kw
        # somebody may compile it otherwise, or name it by its columns
        and "_compiler_dispatcher" not in vars(CreateIndex)
        and throwaway_metadata(target).naming_convention is DEFAULT_NAMING_CONVENTION
        and not are_items_heard(_OF_MAKING)
    )


def are_items_heard(events: Sequence[str] = ()) -> bool:
    """Whether somebody listens to all tables, columns or constraints, and may change them.

    :param events: to which events; to any if none are named.
    """
    dispatch: Any = Table.dispatch
    names = events or dispatch._event_names
    kinds = [getattr(dispatch, name)._clslevel.values() for name in names]
    return any(
        getattr(listener, "__module__", "") not in _PLAIN_LISTENERS
        for kind in kinds
        for listeners in kind
        for listener in listeners
    )
