"""The second round of a proof: rows in the tables, and their values through up, down and up.

What is promised: in a table that the revision keeps under its name, every row stays, and every
column that is there before and after with the same type keeps its values, through the upgrade, the
downgrade and the second upgrade. A column that becomes NOT NULL may get values where it had
none. A column whose type changes is looked at after the downgrade; which of its values do not
come back is said, and refutes nothing, and neither does what a revision does to data by statements
of its own. A revision that fails on rows has failed for their sake, as it ran without them: it is
tried with plainer rows, and then without any, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from limbeck.database.sample_rows import (
    NULL,
    TableValues,
    empty,
    fill,
    is_empty,
    values_of,
)
from limbeck.errors import RevisionFailed

if TYPE_CHECKING:
    from limbeck.facts.objects import ColumnFact, SchemaFact, TableFact, TableKey
    from limbeck.script import Script
    from limbeck.workflow.replay import Replay

_MOST_TABLES = 100
_MOST_WORDS = 8
Values = Mapping["TableKey", TableValues]


@dataclass(frozen=True)
class RowsProof:
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


def prove_rows(
    replay: Replay,
    script: Script,
    parent: SchemaFact,
    after: SchemaFact,
    *,
    changes_data: bool,
) -> RowsProof:
    """Run a revision with rows in the tables that it touches.

    :param replay: a scratch database at the parent.
    :param script: the revision, which has run up and down without rows.
    :param parent: the schema before it.
    :param after: the schema after it.
    :param changes_data: values may change by statements of its own.
    """
    keys = _touched(script, parent, after)
    if not keys:
        return RowsProof("parent")
    remarks: list[str] = []
    for odd in (True, False):
        round_ = _Round(replay, script, parent, after)
        try:
            lost = round_.run(keys, odd=odd)
        except _RowsRefused as refused:
            kind = "odd" if odd else "plain"
            remarks.append(f"with {kind} values in its tables {refused}")
            round_.back_to_parent()
            continue
        remarks += round_.remarks
        limits: tuple[str, ...] = () if odd else ("plain values only",)
        leaves = changes_data or not round_.take_rows_out()
        if lost and changes_data:
            remarks += [f"by statements of its own: {line}" for line in lost]
            limits = (*limits, "changes data")
            lost = []
        return RowsProof("upgraded", tuple(lost), tuple(remarks), limits, leaves)
    return RowsProof("parent", (), tuple(remarks), ("empty tables only",))


class _RowsRefused(Exception):  # goes from one round to the next, and is never shown as an error
    """The revision fails with rows."""


class _Round:
    """Up, down and up with rows."""

    def __init__(
        self, replay: Replay, script: Script, parent: SchemaFact, after: SchemaFact
    ) -> None:
        self.replay = replay
        self.script = script
        self.parent = {table.key: table for table in parent.tables}
        self.after = {table.key: table for table in after.tables}
        self.parent_schema = parent
        self.after_schema = after
        self.remarks: list[str] = []
        self.filled: frozenset[TableKey] = frozenset()
        self._was_empty = False

    def run(self, keys: frozenset[TableKey], *, odd: bool) -> list[str]:
        """What is lost on the way.

        :raises _RowsRefused: the revision fails.
        """
        engine = self.replay.scratch.engine
        with engine.connect() as connection:
            self._was_empty = is_empty(connection, self.parent)
            filled = fill(connection, self.parent_schema, keys, odd=odd)
        self.filled = filled
        for key in sorted(keys - filled):
            self.remarks.append(f"no row that limbeck can think of fits into {key}")
        start = self._read(self.parent, filled)
        self._step("upgrade")
        up = self._read(self.after, filled)
        lost = list(_lost("by the upgrade", start, up, self.parent, self.after))
        self._step("downgrade")
        down = self._read(self.parent, filled)
        kept = {key: self.after[key] for key in filled if key in self.after}
        lost += _lost("by the downgrade", up, down, kept, self.parent)
        self.remarks += _not_converted(start, down, self.parent, self.after)
        self._step("upgrade")
        again = self._read(self.after, filled)
        lost += _lost("by the second upgrade", down, again, self.parent, self.after)
        return lost[:_MOST_WORDS]

    def take_rows_out(self) -> bool:
        """Delete the rows that were put in.

        :return: whether none is left.
        """
        if not self._was_empty:
            return False  # nobody knows which are the history's own
        with self.replay.scratch.engine.connect() as connection:
            if not empty(connection, self.after_schema, self.filled & self.after.keys()):
                return False
            return is_empty(connection, self.after)

    def back_to_parent(self) -> None:
        """A fresh start: what a failed revision has left is not looked into."""
        self.replay.start_over()
        self.replay.upgrade(self.replay.before(self.script.revision).targets)

    def _step(self, direction: str) -> None:
        try:
            if direction == "upgrade":
                self.replay.upgrade([self.script.revision])
            else:
                self.replay.downgrade(self.script.revision)
        except RevisionFailed as error:
            reason = error.message.partition(" failed: ")[2] or error.message
            raise _RowsRefused(f"the {direction} fails: {reason}") from error

    def _read(self, tables: Mapping[TableKey, TableFact], keys: Iterable[TableKey]) -> Values:
        wanted = [tables[key] for key in sorted(keys) if key in tables]
        with self.replay.scratch.engine.connect() as connection:
            return {each.key: each for each in values_of(connection, wanted)}


def _touched(script: Script, parent: SchemaFact, after: SchemaFact) -> frozenset[TableKey]:
    """The tables of the parent that the revision changes, or speaks of."""
    from limbeck.project.files import read_text

    source = read_text(Path(script.path))
    now = {table.key: table for table in after.tables}
    found = [
        table.key
        for table in parent.tables
        if now.get(table.key) != table or table.key.name in source
    ]
    return frozenset(found[:_MOST_TABLES])


def _lost(
    when: str,
    before: Values,
    after: Values,
    tables_before: Mapping[TableKey, TableFact],
    tables_after: Mapping[TableKey, TableFact],
) -> Iterator[str]:
    """What is not kept between two readings."""
    for key, values in before.items():
        if key not in after or key not in tables_before or key not in tables_after:
            continue
        old, new = tables_before[key], tables_after[key]
        kept = [pair for pair in _pairs(old, new) if _is_unchanged(*pair)]
        if len(values.rows) != len(after[key].rows):
            yield f"{key}: {len(values.rows)} rows before, {len(after[key].rows)} {when}"
            continue
        yield from (f"{key}.{words} {when}" for words in _changed(values, after[key], old, kept))


def _pairs(old: TableFact, new: TableFact) -> Iterator[tuple[ColumnFact, ColumnFact]]:
    columns = {column.name: column for column in new.columns}
    return ((column, columns[column.name]) for column in old.columns if column.name in columns)


def _is_unchanged(old: ColumnFact, new: ColumnFact) -> bool:
    return (old.type, old.collation, old.computed) == (new.type, new.collation, new.computed)


def _changed(
    before: TableValues,
    after: TableValues,
    table: TableFact,
    kept: list[tuple[ColumnFact, ColumnFact]],
) -> Iterator[str]:
    """The columns whose values are not what they were."""
    names = [old.name for old, _ in kept]
    fillable = {old.name for old, new in kept if old.nullable and not new.nullable}
    keys = table.primary_key.columns if table.primary_key is not None else ()
    if not keys or not set(keys) <= set(names):
        # without a key that stays, rows can only be counted: by each column for itself
        for name in names:
            one = sorted(row[name] for row in before.rows)
            other = sorted(row[name] for row in after.rows)
            if one != other and not (name in fillable and NULL in one):
                yield f"{name}: {_example(one, other)}"
        return
    found = {tuple(row[key] for key in keys): row for row in after.rows}
    for name in names:
        for row in before.rows:
            other_row = found.get(tuple(row[key] for key in keys))
            if other_row is None:
                yield f"{', '.join(keys)}: the row {[row[key] for key in keys]} is gone"
                return
            was, now = row[name], other_row[name]
            if was != now and not (name in fillable and was == NULL):
                yield f"{name}: {_short(was)} became {_short(now)}"
                break


def _example(one: list[str], other: list[str]) -> str:
    was = next((value for value in one if one.count(value) > other.count(value)), "a value")
    now = next((value for value in other if other.count(value) > one.count(value)), "another")
    return f"{_short(was)} became {_short(now)}"


def _short(value: str) -> str:
    return value if len(value) <= 40 else f"{value[:39]}…"


def _not_converted(
    start: Values,
    down: Values,
    parent: Mapping[TableKey, TableFact],
    after: Mapping[TableKey, TableFact],
) -> Iterator[str]:
    """The columns of another type after the upgrade whose values do not come back."""
    for key, values in start.items():
        if key not in down or key not in after or len(values.rows) != len(down[key].rows):
            continue
        changed = [
            (old, old)
            for old, new in _pairs(parent[key], after[key])
            if not _is_unchanged(old, new) and old.computed is None
        ]
        own = parent[key].primary_key
        keys = [
            (column, column)
            for column in parent[key].columns
            if own is not None and column.name in own.columns
        ]
        for words in _changed(values, down[key], parent[key], [*changed, *keys]):
            yield f"{key}.{words} after up and down, as its type changes"
