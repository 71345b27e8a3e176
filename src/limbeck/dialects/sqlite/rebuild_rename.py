"""Columns that get another name while their table is rebuilt.

``ALTER TABLE … RENAME COLUMN`` carries a new name into every index, trigger, view and foreign key
that uses it, which no copy can, so it comes after the copy; where nothing but the column itself has
the name, the copy gives the new one at once. Operations that follow the renaming
may speak of the column by its old name or by its new one; until then it has its present one.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from limbeck.dialects.sqlite.sql_tokens import folded, mentions, same_name, tokens_of
from limbeck.operations.ops import (
    AddColumnOp,
    AlterColumnOp,
    CreateCheckConstraintOp,
    CreateIndexOp,
    DropColumnOp,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Index

    from limbeck.dialects.sqlite.rebuild_draft import Draft
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

    def in_new_names(self, indexes: tuple[Index, ...]) -> tuple[Index, ...]:
        """Indexes over columns that may be known by the name they had."""
        for index in indexes:
            for before, after in self.pairs:
                for column in index.columns if index.table is not None else ():
                    if same_name(column.name, before) and not self._is_new(before):
                        column.name = after
        return indexes

    def _is_new(self, name: str) -> bool:
        return folded(name) in self._present


def renamed_in_text(
    draft: Draft, pairs: list[tuple[str, str]], quote: Callable[[str], str]
) -> Draft | None:
    """The draft with new names of columns in it.

    :param quote: a name as an identifier.
    :return: None where something else speaks of one of the columns.
    """
    for before, after in pairs:
        column = draft.table.column(before)
        if column is None or _is_spoken_of(draft, before):
            return None
        name = tokens_of(column.name_text)[-1].text
        spelled = column.name_text.removesuffix(name) + quote(after)
        renamed = dict(draft.renamed)
        renamed[folded(after)] = renamed.pop(folded(before), before)
        columns = tuple(
            replace(each, name=after, name_text=spelled) if each is column else each
            for each in draft.table.columns
        )
        added = draft.added
        if folded(before) in added:
            added = added - {folded(before)} | {folded(after)}
        draft = replace(
            draft, table=replace(draft.table, columns=columns), renamed=renamed, added=added
        )
    return draft


def _is_spoken_of(draft: Draft, column: str) -> bool:
    """Whether anything but its own definition has a column's name in it."""
    name = folded(column)
    live = draft.live
    inside = sum(
        token.kind in ("word", "quoted") and folded(token.name) == name
        for token in tokens_of(draft.table.text)
    )
    around = (*draft.indexes, *live.triggers, *live.dependents)
    return (
        inside != 1
        or any(mentions(each.sql, column) for each in around)
        or any(name in referring.columns for referring in live.referring)
    )
