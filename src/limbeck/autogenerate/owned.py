"""Keeping to what the project's own revisions have created.

A table that nobody's revision has created belongs to somebody else: an application beside this one,
an extension, a time before the migrations. Its absence from the models says nothing about it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from limbeck.database.compare_scope import default_schema
from limbeck.diff.changes import Removed
from limbeck.diff.compare import KINDS
from limbeck.diff.owned_parts import element_words, plain_columns
from limbeck.diff.ownership import Owner, may_drop, owned_changes
from limbeck.facts.new_names import NO_NEW_NAMES
from limbeck.facts.objects import IndexFact, TableKey
from limbeck.facts.schema_objects import SchemaObject

if TYPE_CHECKING:
    from collections.abc import Collection

    from limbeck.autogenerate.context import AutogenContext
    from limbeck.database.comparison import Comparison
    from limbeck.diff.owned_parts import PartFact
    from limbeck.facts.new_names import NewNames
    from limbeck.facts.schema_objects import ObjectKey
    from limbeck.operations.creations import Creations, Key
    from limbeck.script import ScriptDirectory


class OwnedOnly:
    """Leaves out of comparisons what the history has not created.

    The history is read when the first comparison wants to drop something, and not before.

    :param script: the project's revisions.
    :param drops: tables and columns that are to be dropped whoever has created them, as in
        ``users`` and ``users.name``.
    """

    def __init__(self, script: ScriptDirectory, drops: Collection[str] = ()) -> None:
        self._script = script
        self._drops = frozenset(drops)
        self._creations: Creations | None = None
        self._seen: list[tuple[Comparison, AutogenContext, str]] = []
        self.left_alone: list[str] = []
        """What was left out so far, for people: ``table legacy``, ``column users.fax``."""

    def narrowed(self, comparison: Comparison, context: AutogenContext) -> Comparison:
        """The comparison without what is dropped and not owned.

        What is left alone may stand in the way of what is not, as any other bystander.

        :param comparison: what differs.
        :param context: the run.
        """
        assert context.connection is not None
        default = default_schema(context.connection)
        self._seen.append((comparison, context, default))
        if not may_drop(comparison.changes):
            return self.with_strangers(comparison, context)
        from limbeck.diff.freed_domains import without_held_domains

        changes, left = owned_changes(comparison.changes, self._owner(context, comparison.names))
        changes = without_held_domains(changes, comparison.before)
        self.left_alone += left
        staying = tuple(
            change.before
            for change in comparison.changes
            if isinstance(change, Removed)
            and isinstance(change.before, SchemaObject)
            and change not in changes
        )
        before = tuple(item for item in comparison.before.objects if item not in staying)
        narrowed = replace(
            comparison,
            changes=changes,
            before=replace(comparison.before, objects=before),
            bystanders=(*comparison.bystanders, *staying),
        )
        return self.with_strangers(narrowed, context)

    def with_strangers(self, comparison: Comparison, context: AutogenContext) -> Comparison:
        """The comparison that says which bystanders no revision has created.

        :param comparison: what differs.
        :param context: the run.
        """
        if not comparison.bystanders or not (comparison.changes or comparison.names):
            return comparison
        owner = self._owner(context, comparison.names)
        strangers = (item.key for item in comparison.bystanders if not owner.item(item.key))
        return replace(comparison, strangers=frozenset(strangers))

    def never_created(self) -> tuple[str, ...]:
        """The tables that models and database have and no revision has created, where it matters.

        It does where nothing differs, as somebody has expected a revision that creates them, and
        where a revision is to change them.
        """
        found: list[str] = []
        for comparison, context, default in self._seen:
            both = {each.key for each in comparison.before.tables}
            both &= {each.key for each in comparison.after.tables}
            if comparison.changes:
                both &= {change.table for change in comparison.changes if change.table is not None}
            both -= self._surely_created(both)
            if both:
                owner = self._owner_in(default, context, comparison.names)
                found += [str(key) for key in sorted(both) if not owner.table(key)]
        return tuple(dict.fromkeys(found))

    def _surely_created(self, keys: Collection[TableKey]) -> set[TableKey]:
        """Those of some tables of which the texts of the revisions say that they are created."""
        if self._creations is not None:
            return set()
        from limbeck.script.drop_words import surely_created

        names = {key.name for key in keys if not key.schema}
        found = surely_created(self._script.walk_revisions(), names) if names else set()
        return {key for key in keys if not key.schema and key.name in found}

    def _owner(self, context: AutogenContext, names: NewNames) -> Owner:
        assert context.connection is not None
        return self._owner_in(default_schema(context.connection), context, names)

    def _owner_in(self, default: str, context: AutogenContext, names: NewNames) -> Owner:
        from limbeck.script.history import creations_of, first_to_last

        if self._creations is None:
            scripts = first_to_last(self._script.walk_revisions())
            self._creations = creations_of(scripts, context.dialect, _convention(context))
        return owner_of(self._creations, default, names, self._drops)


def _convention(context: AutogenContext) -> dict[str, Any]:
    return {"target_metadata": context.metadatas}


def owner_of(
    known: Creations,
    default: str,
    names: NewNames = NO_NEW_NAMES,
    drops: Collection[str] = (),
) -> Owner:
    """What a history has created, as a comparison of one database asks for it.

    :param known: what it has created.
    :param default: the database's default schema.
    :param names: what is about to be renamed.
    :param drops: what is taken as created by it, as in ``users`` and ``users.name``.
    """

    def keys(key: TableKey | ObjectKey) -> set[Key]:
        if isinstance(key, TableKey):
            key = names.original(key)  # the history does not know the new name yet
        schemas = {key.schema} if key.schema else {"", default}
        return {(schema.lower(), key.name.lower()) for schema in schemas}

    def is_named(key: TableKey, column: str = "") -> bool:
        paths = (str(key), str(names.original(key)))
        return any(f"{path}{column and '.'}{column}" in drops for path in paths)

    def owns_column(key: TableKey, name: str) -> bool:
        mine = any((each, name.lower()) in known.columns for each in keys(key))
        return mine or is_named(key, name)

    def owns_part(key: TableKey, fact: PartFact) -> bool:
        new_names = names.columns_of(names.original(key))
        old_names = {after: before for before, after in new_names.items()}
        plain = plain_columns(fact)
        words = element_words(fact) if plain is None else plain
        columns = [old_names.get(column, column) for column in words]
        is_unique = isinstance(fact, IndexFact) and fact.unique
        kind = "unique" if is_unique else KINDS[type(fact)]
        is_plain = plain is not None
        return known.parts.owns(keys(key), kind, fact.name, columns, is_plain=is_plain)

    return Owner(
        table=lambda key: is_named(key) or not known.tables.isdisjoint(keys(key)),
        column=owns_column,
        sequence=lambda key: not known.sequences.isdisjoint(keys(key)),
        enum=lambda key: key.name.lower() in known.types,
        item=lambda key: any((key.kind, k) in known.objects for k in keys(key)),
        part=owns_part,
    )
