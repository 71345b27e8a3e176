"""Columns that get another name while their table is rebuilt.

``ALTER TABLE … RENAME COLUMN`` carries a new name into every index, trigger, view and foreign key
that uses it, which no copy can, so it comes after the copy. Operations that follow the renaming
may speak of the column by its old name or by its new one; until then it has its present one.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from limbeck.dialects.sqlite.sql_tokens import folded, mentions, same_name
from limbeck.operations.ops import (
    AddColumnOp,
    AlterColumnOp,
    CreateCheckConstraintOp,
    CreateIndexOp,
    DropColumnOp,
)

if TYPE_CHECKING:
    from sqlalchemy import Index

    from limbeck.operations.ops import MigrateOperation

_NAME_LISTS = ("columns", "local_cols")
_PLACES = ("insert_before", "insert_after")


class Renames:
    """New names in the order in which they are given."""

    def __init__(self) -> None:
        self.pairs: list[tuple[str, str]] = []
        self._present: dict[str, str] = {}

    def add(self, before: str, after: str) -> None:
        """A column gets a new name."""
        self._present[folded(after)] = self._present.pop(folded(before), before)
        self.pairs.append((before, after))

    def present(self, name: str) -> str:
        """The name that a column has before any renaming."""
        return self._present.get(folded(name), name)

    def stand_in_the_way_of(self, operation: MigrateOperation) -> bool:
        """Whether an operation must wait until the columns have their new names."""
        if isinstance(operation, AddColumnOp):
            name = operation.column.name
            return any(same_name(name, old) for old in self._present.values())
        if isinstance(operation, DropColumnOp):
            return self.present(operation.column_name) != operation.column_name
        if isinstance(operation, CreateCheckConstraintOp):
            return any(mentions(str(operation.condition), new) for new in self._present)
        return False

    def in_present_names(self, operation: MigrateOperation) -> MigrateOperation:
        """The operation in the words of the table as it is before the renaming."""
        renames = isinstance(operation, AlterColumnOp) and operation.modify_name is not None
        if isinstance(operation, CreateIndexOp) or not (self._present or renames):
            return operation  # an index is created after the renaming
        changed: Any = copy.copy(operation)
        if renames:
            changed.modify_name = None
        if isinstance(getattr(operation, "column_name", None), str):
            changed.column_name = self.present(changed.column_name)
        for key in _NAME_LISTS:
            names = getattr(operation, key, None)
            if names is not None:
                setattr(changed, key, [self.present(n) if isinstance(n, str) else n for n in names])
        if isinstance(getattr(operation, "kw", None), dict):
            changed.kw = {
                key: self.present(value) if key in _PLACES and value is not None else value
                for key, value in changed.kw.items()
            }
        return changed  # type: ignore[no-any-return]  # a copy of an operation is an operation

    def in_new_names(self, index: Index) -> Index:
        """An index over columns that may be known by the name they had."""
        for before, after in self.pairs:
            for column in index.columns if index.table is not None else ():
                if same_name(column.name, before) and not self._is_new(before):
                    column.name = after
        return index

    def _is_new(self, name: str) -> bool:
        return folded(name) in self._present
