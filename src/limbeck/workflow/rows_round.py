"""Up, down and up with rows in the tables, and what of their values is lost on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from limbeck.database.sample_rows import empty, fill, is_empty, values_of
from limbeck.errors import RevisionFailed
from limbeck.workflow.followed_names import FollowedNames, followed_names
from limbeck.workflow.kept_values import Loss, losses, not_converted
from limbeck.workflow.overhearing import overheard
from limbeck.workflow.own_writes import OwnWrites, own_writes

if TYPE_CHECKING:
    from limbeck.facts.objects import SchemaFact, TableFact, TableKey
    from limbeck.script import Script
    from limbeck.workflow.kept_values import Values
    from limbeck.workflow.proof_rows import OwnStatements
    from limbeck.workflow.replay import Replay

__all__ = ["Round", "RowsRefused"]


class RowsRefused(Exception):  # goes from one round to the next, and is never shown as an error
    """The revision fails with rows."""


class Round:
    """Up, down and up with rows."""

    def __init__(
        self,
        replay: Replay,
        script: Script,
        parent: SchemaFact,
        after: SchemaFact,
        own: OwnStatements | None,
    ) -> None:
        self.own = own
        self.wrote = False
        self.replay = replay
        self.script = script
        self.parent = {table.key: table for table in parent.tables}
        self.after = {table.key: table for table in after.tables}
        self.parent_schema = parent
        self.after_schema = after
        self.remarks: list[str] = []
        self.filled_after: frozenset[TableKey] = frozenset()
        self._was_empty = False

    def run(self, keys: frozenset[TableKey], *, odd: bool) -> list[Loss]:
        """What is lost on the way.

        :raises RowsRefused: the revision fails.
        """
        engine = self.replay.scratch.engine
        with engine.connect() as connection:
            self._was_empty = is_empty(connection, self.parent)
            filled = fill(connection, self.parent_schema, keys, odd=odd)
        for key in sorted(keys - filled):
            self.remarks.append(f"no row that limbeck can think of fits into {key}")
        start = self._read(self.parent, filled)
        own, names = self._step("upgrade")
        self.filled_after = filled_after = frozenset(names.tables.get(key, key) for key in filled)
        up = self._read(self.after, filled_after)
        before, after = (start, self.parent), (up, self.after)
        lost = list(losses("by the upgrade", before, after, own, names))
        own, names = self._step("downgrade")
        down = self._read(self.parent, filled)
        lost += losses("by the downgrade", after, (down, self.parent), own, names)
        self.remarks += not_converted(start, down, self.parent, self.after)
        own, names = self._step("upgrade")
        again = self._read(self.after, filled_after)
        before, after = (down, self.parent), (again, self.after)
        lost += losses("by the second upgrade", before, after, own, names)
        return lost

    def take_rows_out(self) -> bool:
        """Delete the rows that were put in.

        :return: whether none is left.
        """
        if not self._was_empty:
            return False  # nobody knows which are the history's own
        with self.replay.scratch.engine.connect() as connection:
            if not empty(connection, self.after_schema, self.filled_after & self.after.keys()):
                return False
            return is_empty(connection, self.after)

    def back_to_parent(self) -> None:
        """A fresh start: what a failed revision has left is not looked into."""
        self.replay.start_over()
        self.replay.to_parent(self.script)

    def _step(self, direction: str) -> tuple[OwnWrites, FollowedNames]:
        """Run the revision; what its own statements may have written, and what it renames."""
        try:
            with overheard() as heard:
                if direction == "upgrade":
                    self.replay.upgrade([self.script.revision])
                else:
                    self.replay.downgrade(self.script.revision)
        except RevisionFailed as error:
            reason = error.message.partition(" failed: ")[2] or error.message
            raise RowsRefused(f"the {direction} fails: {reason}") from error
        tables = (self.parent, self.after)
        names = followed_names(heard, *(tables if direction == "upgrade" else tables[::-1]))
        if self.own is None:
            return OwnWrites(), names
        schemas = (self.parent_schema, self.after_schema)
        found = own_writes(heard, schemas, self.own.surroundings, self.own.unheard)
        self.wrote = self.wrote or bool(found)
        return found, names

    def _read(self, tables: Mapping[TableKey, TableFact], keys: Iterable[TableKey]) -> Values:
        wanted = [tables[key] for key in sorted(keys) if key in tables]
        with self.replay.scratch.engine.connect() as connection:
            return {each.key: each for each in values_of(connection, wanted)}
