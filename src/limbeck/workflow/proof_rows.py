"""The second round of a proof: rows in the tables, and their values through up, down and up.

What is promised: in a table that the revision keeps, every row stays, and every column that is
there before and after with the same type keeps its values, through the upgrade, the downgrade and
the second upgrade. What an operation renames is followed to its new name. A column that becomes NOT
NULL may get values where it had none. A column whose type changes is looked at after the downgrade;
which of its values do not come back is said, and refutes nothing. What a statement of the author's
in the revision may have written is said too, and refutes nothing either
(:mod:`limbeck.workflow.own_writes`); that there is such a statement excuses no other loss. A
revision that fails on rows is tried with plainer rows; then the proof goes on without any, and that
is said: it ran without them, so it may be for their sake.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from limbeck.database.sample_rows import (
    empty,
    fill,
    is_empty,
    values_of,
)
from limbeck.errors import RevisionFailed
from limbeck.value import Value
from limbeck.workflow.followed_names import FollowedNames, followed_names
from limbeck.workflow.kept_values import Loss, losses, not_converted
from limbeck.workflow.overhearing import overheard
from limbeck.workflow.own_writes import OwnWrites, own_writes

if TYPE_CHECKING:
    from limbeck.facts.objects import SchemaFact, TableFact, TableKey
    from limbeck.script import Script
    from limbeck.workflow.kept_values import Values
    from limbeck.workflow.replay import Replay

_MOST_TABLES = 100
_MOST_WORDS = 8


class RowsProof(Value):
    """What came of it.

    :param is_at: where the scratch database is now: after the second "upgrade", or at the
        "parent", without rows.
    :param lost: values that are not what they were, a line each.
    :param remarks: what was not a part of the proof, a line each.
    :param limits: the same in a word or two, for the stamp.
    :param leaves_rows: whether there may be rows that the history has not put there.
    """

    is_at: Literal["upgraded", "parent"]
    lost: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    leaves_rows: bool = False


class OwnStatements(Value):
    """What is known of the statements that an author has put into a revision.

    :param surroundings: triggers and routines that they may run, as texts.
    :param unheard: the text of the revision, where it also talks to the driver itself.
    """

    surroundings: tuple[str, ...] = ()
    unheard: str | None = None


def prove_rows(
    replay: Replay,
    script: Script,
    parent: SchemaFact,
    after: SchemaFact,
    *,
    own: OwnStatements | None,
) -> RowsProof:
    """Run a revision with rows in the tables that it touches.

    :param replay: a scratch database at the parent.
    :param script: the revision, which has run up and down without rows.
    :param parent: the schema before it.
    :param after: the schema after it.
    :param own: what is known of the author's own statements, None where limbeck is the author.
    """
    keys = touched(script, parent, after)
    if not keys:
        return RowsProof("parent")
    remarks: list[str] = []
    for odd in (True, False):
        round_ = _Round(replay, script, parent, after, own)
        try:
            lost = round_.run(keys, odd=odd)
        except _RowsRefused as refused:
            kind = "odd" if odd else "plain"
            remarks.append(f"with {kind} values in its tables {refused}")
            round_.back_to_parent()
            continue
        remarks += round_.remarks
        limits: tuple[str, ...] = () if odd else ("plain values only",)
        leaves = round_.wrote or not round_.take_rows_out()
        changed = [each.words for each in lost if each.is_own][:_MOST_WORDS]
        if changed:
            remarks += [f"by statements of its own: {line}" for line in changed]
            limits = (*limits, "changes data")
        refuting = [each.words for each in lost if not each.is_own][:_MOST_WORDS]
        return RowsProof("upgraded", tuple(refuting), tuple(remarks), limits, leaves)
    return RowsProof("parent", (), tuple(remarks), ("empty tables only",))


class _RowsRefused(Exception):  # goes from one round to the next, and is never shown as an error
    """The revision fails with rows."""


class _Round:
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

        :raises _RowsRefused: the revision fails.
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
            raise _RowsRefused(f"the {direction} fails: {reason}") from error
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


def touched(script: Script, parent: SchemaFact, after: SchemaFact) -> frozenset[TableKey]:
    """The tables of the parent that a revision changes, or speaks of.

    :param script: the revision.
    :param parent: the schema before it.
    :param after: the schema after it.
    """
    from limbeck.project.files import read_text

    source = read_text(Path(script.path))
    now = {table.key: table for table in after.tables}
    found = [
        table.key
        for table in parent.tables
        if now.get(table.key) != table or table.key.name in source
    ]
    return frozenset(found[:_MOST_TABLES])
