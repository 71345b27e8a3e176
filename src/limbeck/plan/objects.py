"""When views, routines, triggers and the like are created, replaced and dropped.

What leans on tables goes before they change and comes after. What tables lean on (extensions,
domains, functions of a default or a CHECK) comes before and goes after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from limbeck.diff.changes import Removed
from limbeck.diff.object_order import (
    any_mentions,
    belongs_to,
    creation_order,
    leans,
    leans_on_column,
    mentions,
    table_texts,
)
from limbeck.facts.rights import Domain, Extension, Grant
from limbeck.facts.routines import Function, Procedure
from limbeck.facts.schema_objects import ObjectKey, SchemaObject
from limbeck.operations import ops
from limbeck.plan.changing_objects import ChangingObjects
from limbeck.plan.object_operations import created, regranted, replaced, written
from limbeck.plan.outlived import aside, outlived, put_aside

if TYPE_CHECKING:
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
        self._which = ChangingObjects(situation)

    # ------------------------------------------------------------------------- what happens

    def extensions(self) -> Operations:
        """What is needed before anything else."""
        yield from self._created(e for e in self._which.new if isinstance(e, Extension))

    def drop_first(self) -> Operations:
        """What has to go before tables change, and get their new names."""
        for item in outlived(self._situation):
            yield put_aside(item, self._situation)
        first = (e for e in self._which.old if not self._goes_late(e))
        yield from self._dropped(first, by_old_names=self._situation.names_new)

    def create_first(self) -> Operations:
        """What tables may need, once types are there."""
        yield from self._created(e for e in self._which.new if e.key in self._early)

    def create_by_old_names(self) -> Operations:
        """What stays and is known under the old names of tables and columns only.

        No model has its text under the new ones, which only the database could say.
        """
        yield from self._created(e for e in self._which.new if e.key in self._known_by_old_names)

    def create_last(self) -> Operations:
        """What leans on tables, once they are as they shall be."""
        done = {*self._early, *self._known_by_old_names}
        late = (e for e in self._which.new if e.key not in done and not isinstance(e, Extension))
        yield from self._created(late)

    def drop_last(self) -> Operations:
        """What tables may have needed."""
        late = (e for e in self._which.old if self._goes_late(e) and not isinstance(e, Extension))
        yield from self._dropped(late)

    def drop_extensions(self) -> Operations:
        """What nothing needs any more."""
        yield from self._dropped(e for e in self._which.old if isinstance(e, Extension))

    def _created(self, objects: Iterator[SchemaObject]) -> Operations:
        standing = {after.key: before for before, after in self._which.replaced}
        put_back = {key for one in self._which.stepping_aside for key in (one, self._old_key(one))}
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
        if steps and key in self._situation.strangers and key in self._which.stepping_aside:
            # Only in PostgreSQL does what another database may not have step aside.
            from limbeck.dialects.postgresql.where_found import created_where_found

            yield created_where_found(steps, key, self._situation.dialect)
        else:
            yield from steps

    def _dropped(
        self, objects: Iterator[SchemaObject], *, by_old_names: bool = False
    ) -> Operations:
        for item in reversed(creation_order(objects)):
            if item.key in self._which.outlived and isinstance(item, Domain | Function):
                yield ops.DropObjectOp(aside(item))
            elif not self._goes_along(item):
                gone = written(item)
                drop = ops.DropObjectOp(self._by_old_names(gone) if by_old_names else gone)
                if item.key in self._situation.strangers and item.key in self._which.stepping_aside:
                    from limbeck.dialects.postgresql.where_found import dropped_where_found

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
        return known & self._which.stepping_aside

    # ------------------------------------------------------------------------- when

    @cached_property
    def _early(self) -> set[ObjectKey]:
        """What is created before tables: all that no table or view has to be there for."""
        candidates = [e for e in self._which.new if isinstance(e, Domain | Function | Procedure)]
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
        later = {e.key.name for e in self._which.new if e.kind in ("view", "materialized_view")}
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
        if item.key in self._which.outlived:
            return True
        if item.key in {new.key for new in self._which.new}:
            return False  # it comes again, and cannot be there twice
        if self._is_overridden(item):
            return False
        views = (other for other in self._which.old if other.kind in ("view", "materialized_view"))
        return not any(
            leans_on_column(item, table.key, "") for table in self._which.gone_tables
        ) and (not any(leans(item, view) for view in views))

    def _is_overridden(self, item: SchemaObject) -> bool:
        """Say whether a routine makes room for one of its name with other arguments.

        While both are there, what is created may find the old one.
        """
        new = [e for e in self._which.new if e.kind == item.kind and e.schema == item.schema]
        same = any(each.key.name == item.key.name for each in new)
        before = (text for table in self._situation.before.tables for text in table_texts(table))
        return same and not any_mentions(before, item.key.name)

    def _goes_along(self, item: SchemaObject) -> bool:
        """Say whether an object vanishes by itself with the one that it belongs to."""
        owners = [ObjectKey("table", t.key.schema, t.key.name) for t in self._which.gone_tables]
        if isinstance(item, Grant):
            owners += [other.key for other in self._which.old if not isinstance(other, Grant)]
        return any(belongs_to(item, owner) for owner in owners)
