"""Keeping to what the project's own revisions have created.

A table that nobody's revision has created belongs to somebody else: an application beside this one,
an extension, a time before the migrations. Its absence from the models says nothing about it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from limbeck.database.compare import default_schema
from limbeck.diff.ownership import Owner, may_drop, owned_changes

if TYPE_CHECKING:
    from limbeck.autogenerate.context import AutogenContext
    from limbeck.database.compare import Comparison
    from limbeck.facts.new_names import NewNames
    from limbeck.facts.objects import TableKey
    from limbeck.operations.creations import Creations, Key
    from limbeck.script import ScriptDirectory


class OwnedOnly:
    """Leaves out of comparisons what the history has not created.

    The history is read when the first comparison wants to drop something, and not before.

    :param script: the project's revisions.
    """

    def __init__(self, script: ScriptDirectory) -> None:
        self._script = script
        self._creations: Creations | None = None
        self.left_alone: list[str] = []
        """What was left out so far, for people: ``table legacy``, ``column users.fax``."""

    def narrowed(self, comparison: Comparison, context: AutogenContext) -> Comparison:
        """The comparison without what is dropped and not owned.

        :param comparison: what differs.
        :param context: the run.
        """
        if not may_drop(comparison.changes):
            return comparison
        assert context.connection is not None
        owner = self._owner(context, default_schema(context.connection), comparison.names)
        changes, left = owned_changes(comparison.changes, owner)
        self.left_alone += left
        return replace(comparison, changes=changes)

    def _owner(self, context: AutogenContext, default: str, names: NewNames) -> Owner:
        from limbeck.script.history import creations_of, first_to_last

        if self._creations is None:
            scripts = first_to_last(self._script.walk_revisions())
            self._creations = creations_of(scripts, context.dialect)
        known = self._creations

        def keys(key: TableKey) -> set[Key]:
            key = names.original(key)  # the history does not know the new name yet
            schemas = {key.schema} if key.schema else {"", default}
            return {(schema.lower(), key.name.lower()) for schema in schemas}

        return Owner(
            table=lambda key: not known.tables.isdisjoint(keys(key)),
            column=lambda key, name: any((k, name.lower()) in known.columns for k in keys(key)),
            sequence=lambda key: not known.sequences.isdisjoint(keys(key)),
            enum=lambda key: key.name.lower() in known.types,
        )
