"""Indexes and unique constraints.

They are compared together, because one may take the other's name, and because some databases carry
out a unique constraint as an index and tell of both.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy import Index, UniqueConstraint

from limbeck.autogenerate.compare.constraint_names import ConstraintNames
from limbeck.dialects.standard.classic_constraints import column_names, sorted_columns
from limbeck.operations import ops
from limbeck.runtime.dispatch import PriorityDispatchResult

if TYPE_CHECKING:
    from sqlalchemy import Table

    from limbeck.autogenerate.compare.found_constraints import FoundConstraints
    from limbeck.autogenerate.context import AutogenContext
    from limbeck.runtime.plugins import Plugin

log = logging.getLogger("limbeck.autogenerate.compare.constraints")

Item = Index | UniqueConstraint


def setup(plugin: Plugin) -> None:
    """Add the comparator of indexes and unique constraints."""
    plugin.add_autogenerate_comparator(compare_indexes_and_uniques, "table", "indexes")


def compare_indexes_and_uniques(
    context: AutogenContext,
    modify_ops: ops.ModifyTableOps,
    schema: str | None,
    tname: str,
    conn_table: Table | None,
    metadata_table: Table | None,
) -> PriorityDispatchResult:
    """Compare the indexes and unique constraints of a table.

    The unique constraints of a table that is new or gone come and go with it.
    """
    from limbeck.autogenerate.compare.found_constraints import FoundConstraints, found_constraints

    found = FoundConstraints()
    if conn_table is not None:
        found = found_constraints(context, schema, conn_table)
    models = _ModelConstraints(context, metadata_table)
    _keep_one_of_doubles(found, models)
    context.migration_context.impl.correct_for_autogen_constraints(
        found.uniques, found.indexes, models.uniques, models.indexes
    )
    both = conn_table is not None and metadata_table is not None
    _Comparison(context, modify_ops, tname, found, models, with_uniques=both).run()
    return PriorityDispatchResult.CONTINUE


class _ModelConstraints:
    """What a table of the models has."""

    def __init__(self, context: AutogenContext, table: Table | None) -> None:
        self._names = ConstraintNames(context.dialect)
        self.indexes: set[Index] = set()
        self.uniques: set[UniqueConstraint] = set()
        if table is not None:
            self.indexes.update(self._names.created(table.indexes))
            uniques = (c for c in table.constraints if isinstance(c, UniqueConstraint))
            self.uniques.update(self._names.created(uniques))

    def named(self) -> dict[str, Item]:
        """All that have a name, by it."""
        items: list[Item] = sorted([*self.indexes, *self.uniques], key=column_names)
        names = ((self._names.name(item), item) for item in items)
        return {name: item for name, item in names if name is not None}

    def unnamed_uniques(self) -> list[UniqueConstraint]:
        """The unique constraints whose name the database chooses."""
        unnamed = [item for item in self.uniques if self._names.name(item) is None]
        return sorted(unnamed, key=sorted_columns)


def _keep_one_of_doubles(found: FoundConstraints, models: _ModelConstraints) -> None:
    """Of a unique constraint that is told as an index too, keep what the models have."""
    if not found.doubles:
        return
    by_name = {str(index.name): index for index in found.indexes}
    named = models.named()
    unnamed = {sorted_columns(unique) for unique in models.unnamed_uniques()}
    for name, unique in found.doubles.items():
        model = named.get(str(unique.name))
        is_unnamed = model is None and sorted_columns(unique) in unnamed
        if not is_unnamed and not isinstance(model, UniqueConstraint):
            found.uniques.discard(unique)
        elif name in by_name:
            found.indexes.discard(by_name[name])


class _Comparison:
    """The comparison of one table's indexes and unique constraints."""

    def __init__(
        self,
        context: AutogenContext,
        modify_ops: ops.ModifyTableOps,
        tname: str,
        found: FoundConstraints,
        models: _ModelConstraints,
        *,
        with_uniques: bool,
    ) -> None:
        self._context = context
        self._impl = context.migration_context.impl
        self._ops = modify_ops.ops
        self._tname = tname
        self._found = found
        self._models = models
        self._with_uniques = with_uniques
        self._gone: set[Item] = set()

    def run(self) -> None:
        """First what goes, then what changes, then what comes: a name may be taken over."""
        items: list[Item] = [*self._found.indexes, *self._found.uniques]
        before = {str(item.name): item for item in items if item.name is not None}
        after = self._models.named()
        unnamed = self._models.unnamed_uniques()
        for name in sorted(before.keys() - after.keys()):
            if not any(self._stands_for(before[name], unique) for unique in unnamed):
                self._remove(before[name])
        for name in sorted(before.keys() & after.keys()):
            self._compare(before[name], after[name], name)
        for name in sorted(after.keys() - before.keys()):
            self._add(after[name], name)
        kept = list(self._found.uniques - self._gone)
        for unique in unnamed:
            if not any(self._stands_for(item, unique) for item in kept):
                self._add(unique, None)
                kept.append(unique)

    def _stands_for(self, found: Item, model: UniqueConstraint) -> bool:
        """Whether a constraint of the database is the one that the models give no name."""
        return (
            isinstance(found, UniqueConstraint)
            and sorted_columns(found) == sorted_columns(model)
            and not self._impl.compare_unique_constraint(model, found).is_different
        )

    def _remove(self, item: Item) -> None:
        if isinstance(item, UniqueConstraint):
            if not self._with_uniques:
                return
        elif self._may_be_a_constraint(item):
            return
        if self._context.run_object_filters(item, str(item.name), _kind(item), True, None):
            log.info("Detected removed %s %r on %r", _words(item), str(item.name), self._tname)
            self._drop(item)

    def _add(self, item: Item, name: str | None) -> None:
        if isinstance(item, UniqueConstraint) and not (
            self._with_uniques and self._found.tells_uniques
        ):
            return
        if self._context.run_object_filters(item, name, _kind(item), False, None):
            log.info("Detected added %s %r on '%s'", _words(item), name, column_names(item))
            self._create(item)

    def _compare(self, found: Item, model: Item, name: str) -> None:
        if isinstance(found, Index) and isinstance(model, Index):
            result = self._impl.compare_indexes(model, found)
        elif isinstance(found, UniqueConstraint) and isinstance(model, UniqueConstraint):
            result = self._impl.compare_unique_constraint(model, found)
        else:
            if not self._may_be_a_constraint(found):
                self._remove(found)
                self._add(model, name)
            return
        words = _words(model)
        if result.is_skip:
            log.info(
                "Cannot compare %s %r, assuming equal and skipping. %s", words, name, result.message
            )
        if not result.is_different:
            return
        if self._context.run_object_filters(model, name, _kind(model), False, found):
            log.info("Detected changed %s %r on %r: %s", words, name, self._tname, result.message)
            self._drop(found)
            self._create(model)

    def _may_be_a_constraint(self, item: Item) -> bool:
        """Whether an index may be a unique constraint that the dialect tells as one."""
        return isinstance(item, Index) and bool(item.unique) and not self._found.tells_uniques

    def _drop(self, item: Item) -> None:
        self._gone.add(item)
        if isinstance(item, Index):
            self._ops.append(ops.DropIndexOp.from_index(item))
        else:
            self._ops.append(ops.DropConstraintOp.from_constraint(item))

    def _create(self, item: Item) -> None:
        if isinstance(item, Index):
            self._ops.append(ops.CreateIndexOp.from_index(item))
        else:
            self._ops.append(ops.AddConstraintOp.from_constraint(item))


def _kind(item: Item) -> str:
    """What filters call it."""
    return "index" if isinstance(item, Index) else "unique_constraint"


def _words(item: Item) -> str:
    return "index" if isinstance(item, Index) else "unique constraint"
