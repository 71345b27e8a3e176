"""The questions that are left: what is dropped, and what it may have become."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from limbeck.diff.changes import Added, Change, Changed, Removed
from limbeck.diff.rename_choices import Decision
from limbeck.diff.renames import (
    ASK_FROM,
    ColumnInTable,
    column_score,
    name_likeness,
    table_score,
)
from limbeck.facts.objects import ColumnFact, EnumFact, SchemaFact, TableFact, TableKey
from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.facts.new_names import NewNames


class Candidate(Value):
    """A name that something may have now.

    :param name: the new name.
    :param score: how plausible it is, from 0 to 1.
    :param reason: what speaks for it, in a few words.
    """

    name: str
    score: float
    reason: str


class RenameQuestion(Value):
    """Whether something was renamed or dropped.

    :param kind: ``table``, ``column`` or ``value``.
    :param owner: the table of a column, the type of a value, the key of a table.
    :param before: the name that is gone.
    :param candidates: what it may be called now, the most plausible first.
    """

    kind: str
    owner: TableKey
    before: str
    candidates: tuple[Candidate, ...]

    @property
    def path(self) -> str:
        """What is gone, as options name it."""
        return str(self.owner) if self.kind == "table" else f"{self.owner}.{self.before}"

    @property
    def rename_options(self) -> tuple[str, ...]:
        """The option for each candidate."""
        return tuple(f"--rename {self.path}:{each.name}" for each in self.candidates)

    @property
    def drop_option(self) -> str:
        """The option that says that it is gone."""
        return f"--drop {self.path}"

    def decided(self, name: str | None) -> Decision:
        """The answer.

        :param name: the new name, None for what is gone.
        """
        return Decision(self.kind, self.owner, self.before, name)


def open_questions(
    before: SchemaFact,
    after: SchemaFact,
    changes: Sequence[Change],
    dropped: Collection[Decision],
    names: NewNames,
) -> tuple[RenameQuestion, ...]:
    """What nobody has decided yet.

    :param before: what the database has, as far as it is renamed under its new names.
    :param changes: what differs; only what is in it is asked about.
    :param dropped: what is known to be gone.
    :param names: the new names that are decided.
    """
    gone = {(each.kind, each.owner, each.before) for each in dropped}
    gone |= {(each.kind, names.table(each.owner), each.before) for each in dropped}
    gone |= {(each.kind, names.enum(each.owner), each.before) for each in dropped}
    found = [
        *_about_tables(changes),
        *_about_columns(before, after, changes),
        *_about_values(changes),
    ]
    return tuple(
        each
        for each in found
        if each.candidates and (each.kind, each.owner, each.before) not in gone
    )


def asked_about(change: Change) -> Iterator[tuple[str, TableKey, str]]:
    """What a change drops, as the kind, owner and name of a question."""
    match change:
        case Removed(before=TableFact(key=key)):
            yield "table", key, key.name
        case Removed(table=TableKey() as table, before=ColumnFact(name=name)):
            yield "column", table, name
        case Changed(before=EnumFact(key=key, values=values)):
            yield from (("value", key, value) for value in values)


def still_open(
    questions: Sequence[RenameQuestion], changes: Sequence[Change]
) -> tuple[RenameQuestion, ...]:
    """The questions about what is dropped still.

    :param changes: what is left of the changes that they were asked about.
    """
    dropped = {key for change in changes for key in asked_about(change)}
    return tuple(each for each in questions if (each.kind, each.owner, each.before) in dropped)


def _about_tables(changes: Sequence[Change]) -> Iterator[RenameQuestion]:
    old = [c.before for c in changes if isinstance(c, Removed) and isinstance(c.before, TableFact)]
    new = [c.after for c in changes if isinstance(c, Added) and isinstance(c.after, TableFact)]
    for table in sorted(old, key=lambda table: table.key):
        scored = ((table_score(table, other), other) for other in new)
        candidates = [
            Candidate(other.key.name, score, _table_reason(table, other))
            for score, other in scored
            if score >= ASK_FROM
        ]
        yield RenameQuestion("table", table.key, table.key.name, _in_order(candidates))


def _about_columns(
    before: SchemaFact, after: SchemaFact, changes: Sequence[Change]
) -> Iterator[RenameQuestion]:
    tables = {table.key: table for table in before.tables}
    wanted = {table.key: table for table in after.tables}
    new: dict[TableKey, list[ColumnFact]] = {}
    for change in changes:
        if isinstance(change, Added) and isinstance(change.after, ColumnFact) and change.table:
            new.setdefault(change.table, []).append(change.after)
    for change in changes:
        if not isinstance(change, Removed) or not isinstance(change.before, ColumnFact):
            continue
        assert change.table is not None
        one = ColumnInTable(change.before, tables[change.table])
        candidates = []
        for column in new.get(change.table, ()):
            other = ColumnInTable(column, wanted[change.table])
            score = column_score(one, other)
            if score >= ASK_FROM:
                candidates.append(Candidate(column.name, score, _column_reason(one, other)))
        yield RenameQuestion("column", change.table, change.before.name, _in_order(candidates))


def _about_values(changes: Sequence[Change]) -> Iterator[RenameQuestion]:
    for change in changes:
        if not isinstance(change, Changed) or not isinstance(change.before, EnumFact):
            continue
        assert isinstance(change.after, EnumFact)
        old, new = change.before.values, change.after.values
        coming = [value for value in new if value not in old]
        for value in old:
            if value in new:
                continue
            candidates = [
                Candidate(
                    other,
                    0.5 * (old.index(value) == new.index(other))
                    + 0.5 * name_likeness(value, other),
                    "at the same place" if old.index(value) == new.index(other) else "new",
                )
                for other in coming
            ]
            yield RenameQuestion("value", change.before.key, value, _in_order(candidates))


def _in_order(candidates: list[Candidate]) -> tuple[Candidate, ...]:
    return tuple(sorted(candidates, key=lambda each: (-each.score, each.name)))


def _table_reason(old: TableFact, new: TableFact) -> str:
    names = {column.name for column in old.columns}
    same = sum(column.name in names for column in new.columns)
    return f"{same} of its {len(new.columns)} columns are the same"


def _column_reason(old: ColumnInTable, new: ColumnInTable) -> str:
    before, after = old.column, new.column
    if before.type == after.type:
        return f"{after.type} as well"
    return f"{before.type} becomes {after.type}"
