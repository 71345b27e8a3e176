"""The columns of a table, however they are written elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.dialects.sqlite.sql_tokens import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from limbeck.dialects.sqlite.schema_text import TableText

__all__ = ["ColumnNames"]


class ColumnNames:
    """The columns of a table as their definitions write them; elsewhere the case may differ."""

    def __init__(self, table: TableText) -> None:
        self._names = frozenset([column.name for column in table.columns])

    def real(self, columns: Sequence[str]) -> tuple[str, ...]:
        """The same columns, written as in their definitions."""
        if self._names.issuperset(columns):
            return tuple(columns)  # as most are, and no two differ in their case alone
        names = {folded(name): name for name in self._names}
        return tuple(names.get(folded(column), column) for column in columns)
