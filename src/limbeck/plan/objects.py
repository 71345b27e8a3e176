"""When views, routines, triggers and the like are created, replaced and dropped.

What leans on tables goes before they change and comes after. What tables lean on (extensions,
domains, functions of a default or a CHECK) comes before and goes after. What stays, but is in the
way of a change, is dropped and put back as it was, also when no model declares it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from limbeck.dialects.postgresql.where_found import created_where_found, dropped_where_found
from limbeck.diff.changes import Added, Changed, Removed
from limbeck.diff.object_order import (
    any_mentions,
    belongs_to,
    creation_order,
    leaning_on_columns,
    leans,
    leans_on_column,
    mentions,
    table_texts,
)
from limbeck.facts.objects import ColumnFact, TableFact
from limbeck.facts.rights import Domain, Extension, Grant
from limbeck.facts.routines import Function, Procedure
from limbeck.facts.schema_objects import ObjectKey, SchemaObject, View
from limbeck.operations import ops
from limbeck.plan.object_operations import created, regranted, replaced, written
from limbeck.plan.outlived import aside, outlived, put_aside, result
from limbeck.plan.step_aside import renewed_columns, retyped_columns

if TYPE_CHECKING:
    from limbeck.facts.objects import TableKey
    from limbeck.plan.situation import Situation

Operations = Iterator[ops.MigrateOperation]


class ObjectPlanner:
    """Plans the objects of one direction.

    :param situation: the direction.
    :param renames: whether tables and columns get their new names after what is dropped first.
    """

    def __init__(self, situation: Situation, *, renames: bool = False) -> None:
        self._situation = situation
        self._renames = renames
        changed = [
            (change.before, change.after)
            for change in situation.changes
            if isinstance(change, Changed)
            and isinstance(change.before, SchemaObject)
            and isinstance(change.after, SchemaObject)
        ]
        self._added = [c.after for c in situation.changes if isinstance(c, Added)]
        self._removed = [c.before for c in situation.changes if isinstance(c, Removed)]
        self._replaced = [pair for pair in changed if self._is_replaced(*pair)]
        self._renewed = [pair for pair in changed if pair not in self._replaced]
        self._outlived = {item.key for item in outlived(situation)}
        self._aside: set[ObjectKey] = set()
        self._step_aside()

    # ------------------------------------------------------------------------- what happens

    def extensions(self) -> Operations:
        """What is needed before anything else."""
        yield from self._created(e for e in self._new if isinstance(e, Extension))

    def drop_first(self) -> Operations:
        """What has to go before tables change, and get their new names."""
        for item in outlived(self._situation):
            yield put_aside(item, self._situation)
        first = (e for e in self._old if not self._goes_late(e))
        yield from self._dropped(first, by_old_names=self._situation.names_new)

    def create_first(self) -> Operations:
        """What tables may need, once types are there."""
        yield from self._created(e for e in self._new if e.key in self._early)

    def create_by_old_names(self) -> Operations:
        """What stays and is known under the old names of tables and columns only.

        No model has its text under the new ones, which only the database could say.
        """
        yield from self._created(e for e in self._new if e.key in self._known_by_old_names)

    def create_last(self) -> Operations:
        """What leans on tables, once they are as they shall be."""
        done = {*self._early, *self._known_by_old_names}
        late = (e for e in self._new if e.key not in done and not isinstance(e, Extension))
        yield from self._created(late)

    def drop_last(self) -> Operations:
        """What tables may have needed."""
        late = (e for e in self._old if self._goes_late(e) and not isinstance(e, Extension))
        yield from self._dropped(late)

    def drop_extensions(self) -> Operations:
        """What nothing needs any more."""
        yield from self._dropped(e for e in self._old if isinstance(e, Extension))

    def _created(self, objects: Iterator[SchemaObject]) -> Operations:
        standing = {after.key: before for before, after in self._replaced}
        put_back = {key for one in self._aside for key in (one, self._old_key(one))}
        for item in creation_order(objects):
            before, key = standing.get(item.key), item.key
            if not self._situation.names_new:
                # They are back by now.
                item = self._by_old_names(item)
                if isinstance(before, Grant) and isinstance(item, Grant):
                    before = replace(before, on=item.on, source=None)
            if before is None:
                further = item.further if item.key in put_back else ()
                yield from self._put_back(item, key, further)
            elif isinstance(before, Grant) and isinstance(item, Grant):
                yield from regranted(before, item)
            else:
                yield replaced(before, item)

    def _put_back(self, item: SchemaObject, key: ObjectKey, further: Sequence[str]) -> Operations:
        """What creates an object; one that another database may not have, where it was there."""
        steps = [*created(item), *(ops.ExecuteSQLOp(words) for words in further)]
        if steps and key in self._situation.strangers and key in self._aside:
            yield created_where_found(steps, key, self._situation.dialect)
        else:
            yield from steps

    def _dropped(
        self, objects: Iterator[SchemaObject], *, by_old_names: bool = False
    ) -> Operations:
        for item in reversed(creation_order(objects)):
            if item.key in self._outlived and isinstance(item, Domain | Function):
                yield ops.DropObjectOp(aside(item))
            elif not self._goes_along(item):
                gone = written(item)
                drop = ops.DropObjectOp(self._by_old_names(gone) if by_old_names else gone)
                if item.key in self._situation.strangers and item.key in self._aside:
                    yield dropped_where_found(drop, item.key, self._situation.dialect)
                else:
                    yield drop

    def _by_old_names(self, item: SchemaObject) -> SchemaObject:
        """What the database has, under the names that its table had before any renaming."""
        return self._situation.originals.get(item.key, item)

    def _old_key(self, key: ObjectKey) -> ObjectKey:
        original = self._situation.originals.get(key)
        return key if original is None else original.key

    @cached_property
    def _known_by_old_names(self) -> set[ObjectKey]:
        if not self._renames:
            return set()
        kinds = ("view", "materialized_view", "function")
        known = {item.key for item in self._situation.bystanders if item.kind in kinds}
        return known & self._aside

    # ------------------------------------------------------------------------- which objects

    @cached_property
    def _old(self) -> list[SchemaObject]:
        """What is dropped."""
        gone = [item for item in self._removed if isinstance(item, SchemaObject)]
        return [*gone, *(before for before, _ in self._renewed)]

    @cached_property
    def _new(self) -> list[SchemaObject]:
        """What is created or replaced."""
        new = [item for item in self._added if isinstance(item, SchemaObject)]
        pairs = (*self._renewed, *self._replaced)
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
        columns, tables = self._touched, self._gone_tables
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
    def _gone_tables(self) -> list[TableFact]:
        return [item for item in self._removed if isinstance(item, TableFact)]

    def _step_aside(self) -> None:
        """Take in what stays but is in the way, and whatever leans on it."""
        situation = self._situation
        if not situation.holds_leaning_objects and not situation.reads_every_view:
            return
        busy = {item.key for item in (*self._old, *(before for before, _ in self._replaced))}
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
            gone = [e for e in (*self._old, *going) if not isinstance(e, Extension | Grant)]
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
        self._aside = {item.key for item in going}
        self._renewed = [*self._renewed, *((item, after[item.key]) for item in going)]
        vars(self).pop("_old", None)
        vars(self).pop("_new", None)

    def _holds(self, item: SchemaObject, fallen: SchemaObject) -> bool:
        """Say whether an object that stays would not let another one go, or go with it."""
        if belongs_to(item, fallen.key) or any(need.key == fallen.key for need in item.needs):
            return True
        if self._situation.reads_every_view:
            return self._alters_tables and leans(item, fallen)
        # On the way back it leans on the function of the name that has the new arguments.
        name = replace(fallen.key, within="")
        return fallen.key in self._outlived and any(
            replace(need.key, within="") == name for need in item.needs
        )

    @cached_property
    def _alters_tables(self) -> bool:
        return any(change.table is not None for change in self._situation.changes)

    def _not_replaced_over(self, fallen: SchemaObject) -> list[SchemaObject]:
        """Take what was to be replaced, but leans on what goes, to what is dropped and created."""
        pairs = [pair for pair in self._replaced if self._holds(pair[0], fallen)]
        self._replaced = [pair for pair in self._replaced if pair not in pairs]
        self._renewed = [*self._renewed, *pairs]
        return [before for before, _ in pairs]

    # ------------------------------------------------------------------------- when

    @cached_property
    def _early(self) -> set[ObjectKey]:
        """What is created before tables: all that no table or view has to be there for."""
        candidates = [e for e in self._new if isinstance(e, Domain | Function | Procedure)]
        changing = self._changing_names()
        early = {
            item.key
            for item in candidates
            if not any(mentions(item, name) for name in changing)
            or any_mentions(self._texts_of_tables, item.key.name)
        }
        for item in reversed(creation_order(candidates)):
            if item.key in early:
                early |= {
                    other.key for other in candidates if other is not item and leans(item, other)
                }
        return early

    def _changing_names(self) -> set[str]:
        """The names of tables and views that a function may have to wait for."""
        tables = {
            change.table.name
            for change in self._situation.changes
            if change.table is not None and not isinstance(change, Removed)
        }
        later = {e.key.name for e in self._new if e.kind in ("view", "materialized_view")}
        return tables | later

    @cached_property
    def _texts_of_tables(self) -> list[str]:
        return [text for table in self._situation.after.tables for text in table_texts(table)]

    def _goes_late(self, item: SchemaObject) -> bool:
        """Say whether an object is dropped after tables, as one of them may lean on it."""
        if isinstance(item, Extension):
            return True
        if not isinstance(item, Domain | Function | Procedure):
            return False
        if item.key in self._outlived:
            return True
        if item.key in {new.key for new in self._new}:
            return False  # it comes again, and cannot be there twice
        if self._is_overridden(item):
            return False
        views = (other for other in self._old if other.kind in ("view", "materialized_view"))
        return not any(leans_on_column(item, table.key, "") for table in self._gone_tables) and (
            not any(leans(item, view) for view in views)
        )

    def _is_overridden(self, item: SchemaObject) -> bool:
        """Say whether a routine makes room for one of its name with other arguments.

        While both are there, what is created may find the old one.
        """
        new = [e for e in self._new if e.kind == item.kind and e.schema == item.schema]
        same = any(each.key.name == item.key.name for each in new)
        before = (text for table in self._situation.before.tables for text in table_texts(table))
        return same and not any_mentions(before, item.key.name)

    def _goes_along(self, item: SchemaObject) -> bool:
        """Say whether an object vanishes by itself with the one that it belongs to."""
        owners = [ObjectKey("table", t.key.schema, t.key.name) for t in self._gone_tables]
        if isinstance(item, Grant):
            owners += [other.key for other in self._old if not isinstance(other, Grant)]
        return any(belongs_to(item, owner) for owner in owners)


def _can_step_aside(item: SchemaObject) -> bool:
    return item.kind not in ("extension", "domain", "row_security")
