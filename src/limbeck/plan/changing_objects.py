"""Which views, routines, triggers and the like are dropped, created and replaced.

Those that differ, and what stays but is in the way of a change: it is dropped, and put back as it
was, also when no model declares it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from limbeck.diff.changes import Added, Changed, Removed
from limbeck.diff.object_order import (
    belongs_to,
    leaning_on_columns,
    leans,
    leans_on_column,
)
from limbeck.facts.objects import ColumnFact, TableFact
from limbeck.facts.rights import Domain, Extension, Grant
from limbeck.facts.routines import Function, Procedure
from limbeck.facts.schema_objects import ObjectKey, SchemaObject, View
from limbeck.plan.outlived import outlived, result
from limbeck.plan.step_aside import renewed_columns, retyped_columns

if TYPE_CHECKING:
    from limbeck.facts.objects import TableKey
    from limbeck.plan.situation import Situation

__all__ = ["ChangingObjects"]


class ChangingObjects:
    """The objects of one direction.

    :param situation: the direction.
    """

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        changed = [
            (change.before, change.after)
            for change in situation.changes
            if isinstance(change, Changed)
            and isinstance(change.before, SchemaObject)
            and isinstance(change.after, SchemaObject)
        ]
        self._added = [c.after for c in situation.changes if isinstance(c, Added)]
        self._removed = [c.before for c in situation.changes if isinstance(c, Removed)]
        self.replaced = [pair for pair in changed if self._is_replaced(*pair)]
        """What gets its new form in place: as it is, and as it shall be."""
        self._renewed = [pair for pair in changed if pair not in self.replaced]
        self.outlived = {item.key for item in outlived(situation)}
        """What is dropped last of all, after what is created in its place."""
        self.stepping_aside: set[ObjectKey] = set()
        """What stays, but is dropped and put back."""
        self._step_aside()

    @cached_property
    def old(self) -> list[SchemaObject]:
        """What is dropped."""
        gone = [item for item in self._removed if isinstance(item, SchemaObject)]
        return [*gone, *(before for before, _ in self._renewed)]

    @cached_property
    def new(self) -> list[SchemaObject]:
        """What is created or replaced."""
        new = [item for item in self._added if isinstance(item, SchemaObject)]
        pairs = (*self._renewed, *self.replaced)
        return [*new, *(after for _, after in pairs)]

    def _is_replaced(self, before: SchemaObject, after: SchemaObject) -> bool:
        """Say whether an object can get its new form in place."""
        situation = self._situation
        if isinstance(before, Grant):
            return before.grantable == after.grantable if isinstance(after, Grant) else False
        if after.kind not in situation.features.replaces:
            return False
        if not situation.holds_leaning_objects:
            return True
        if self._is_touched(before) or before.key in {i.key for i in outlived(situation)}:
            return False
        match before, after:
            case View(), View():
                known = len(before.columns)
                return bool(known) and after.columns[:known] == before.columns
            case Function() | Procedure(), Function() | Procedure():
                same = result(before) == result(after)
                return same and before.arguments == after.arguments
            case Domain(), Domain():
                return before.type == after.type
            case _:
                return True

    def _is_touched(self, item: SchemaObject) -> bool:
        """Say whether an object leans on a column or a table that does not stay as it is."""
        columns, tables = self._touched, self.gone_tables
        return any(leaning_on_columns([item], columns)) or any(
            leans_on_column(item, table.key, "") for table in tables
        )

    @cached_property
    def _touched(self) -> dict[TableKey, set[str]]:
        """Columns that cannot be altered or dropped under an object that leans on them."""
        found = self._held_columns
        for change in self._situation.of_kind("column"):
            if isinstance(change, Removed) and change.table is not None:
                assert isinstance(change.before, ColumnFact)
                found = {**found, change.table: {*found.get(change.table, ()), change.before.name}}
        return found

    @cached_property
    def _held_columns(self) -> dict[TableKey, set[str]]:
        """Columns that stay, but get another type or are made anew."""
        found = dict(retyped_columns(self._situation))
        for table, names in renewed_columns(self._situation).items():
            found[table] = {*found.get(table, ()), *names}
        return found

    @cached_property
    def gone_tables(self) -> list[TableFact]:
        """The tables that are dropped."""
        return [item for item in self._removed if isinstance(item, TableFact)]

    def _step_aside(self) -> None:
        """Take in what stays but is in the way, and whatever leans on it."""
        situation = self._situation
        if not situation.holds_leaning_objects and not situation.reads_every_view:
            return
        busy = {item.key for item in (*self.old, *(before for before, _ in self.replaced))}
        after = {item.key: item for item in (*situation.after.objects, *situation.bystanders)}
        staying = [
            item
            for item in (*situation.before.objects, *situation.bystanders)
            if item.key not in busy and item.key in after and _can_step_aside(item)
        ]
        going: list[SchemaObject] = []
        gone = [before for before, _ in self._renewed]
        if situation.holds_leaning_objects:
            going += leaning_on_columns(staying, self._held_columns)
            gone = [e for e in (*self.old, *going) if not isinstance(e, Extension | Grant)]
        else:  # what another database may not have cannot be put back only where it was
            staying = [item for item in staying if item.key not in situation.strangers]
        fallen_keys = {item.key for item in going}
        waiting = [item for item in staying if item.key not in fallen_keys]
        while gone:
            fallen = gone.pop()
            leaning = [item for item in waiting if self._holds(item, fallen)]
            if leaning:
                waiting = [item for item in waiting if not self._holds(item, fallen)]
            gone += [*leaning, *self._not_replaced_over(fallen)]
            going += leaning
        self.stepping_aside = {item.key for item in going}
        self._renewed = [*self._renewed, *((item, after[item.key]) for item in going)]
        vars(self).pop("old", None)
        vars(self).pop("new", None)

    def _holds(self, item: SchemaObject, fallen: SchemaObject) -> bool:
        """Say whether an object that stays would not let another one go, or go with it."""
        if belongs_to(item, fallen.key) or any(need.key == fallen.key for need in item.needs):
            return True
        if self._situation.reads_every_view:
            return self._alters_tables and leans(item, fallen)
        # On the way back it leans on the function of the name that has the new arguments.
        name = replace(fallen.key, within="")
        return fallen.key in self.outlived and any(
            replace(need.key, within="") == name for need in item.needs
        )

    @cached_property
    def _alters_tables(self) -> bool:
        return any(change.table is not None for change in self._situation.changes)

    def _not_replaced_over(self, fallen: SchemaObject) -> list[SchemaObject]:
        """Take what was to be replaced, but leans on what goes, to what is dropped and created."""
        pairs = [pair for pair in self.replaced if self._holds(pair[0], fallen)]
        self.replaced = [pair for pair in self.replaced if pair not in pairs]
        self._renewed = [*self._renewed, *pairs]
        return [before for before, _ in pairs]


def _can_step_aside(item: SchemaObject) -> bool:
    return item.kind not in ("extension", "domain", "row_security")
