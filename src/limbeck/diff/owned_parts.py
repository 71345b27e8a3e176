"""Which constraints and indexes the project's own history never created, and can be left alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from limbeck.diff.changes import Added, Change, Changed, Fact, Removed
from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
    ExcludeFact,
    ForeignKeyFact,
    IndexFact,
    PrimaryKeyFact,
    TableKey,
    UniqueFact,
)

PartFact = PrimaryKeyFact | UniqueFact | ForeignKeyFact | CheckFact | ExcludeFact | IndexFact
OwnsPart = Callable[[TableKey, PartFact], bool]

_ORDER = re.compile(r"\s+(?:ASC|DESC|NULLS\s+(?:FIRST|LAST))\b|\(\d+\)", re.IGNORECASE)

PARTS = frozenset({"primary_key", "unique", "foreign_key", "check", "exclude", "index"})
"""The kinds of changes that are about a part of a table other than a column."""

_WORDS = {
    PrimaryKeyFact: "primary key",
    UniqueFact: "unique constraint",
    ForeignKeyFact: "foreign key",
    CheckFact: "check",
    ExcludeFact: "exclude constraint",
    IndexFact: "index",
}


def parts_left_alone(changes: Sequence[Change], owns: OwnsPart) -> list[Removed]:
    """The dropped constraints and indexes that nobody of the history has created.

    What would not let another change happen is not among them: what is over a column that goes, a
    foreign key to a table or key that goes, and what has the name that something new is to have.

    :param changes: what is to be done.
    :param owns: says of a part of a table whether the history has created it.
    """
    strange = [
        change
        for change in changes
        if isinstance(change, Removed)
        and change.table is not None
        and isinstance(change.before, PartFact)
        and not owns(change.table, change.before)
    ]
    if not strange:
        return []
    rest = [change for change in changes if change not in strange]
    obstacles = _Obstacles(rest)
    return [change for change in strange if not obstacles.include(change)]


class _Obstacles:
    """What has to go for other changes to happen."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self._columns: dict[TableKey, set[str]] = {}
        self._tables: set[TableKey] = set()
        self._keys: set[tuple[TableKey, frozenset[str]]] = set()
        self._names: set[tuple[str, str]] = set()
        for change in changes:
            if change.table is not None:
                self._add(change, change.table)

    def _add(self, change: Change, table: TableKey) -> None:
        if not isinstance(change, Added):
            before = change.before
            if isinstance(change, Removed) and change.kind == "table":
                self._tables.add(table)
            elif isinstance(change, Removed) and isinstance(before, ColumnFact):
                self._columns.setdefault(table, set()).add(before.name)
            elif _is_key(before) and not (isinstance(change, Changed) and _keeps(change)):
                self._keys.add((table, frozenset(columns_of(before))))
        if not isinstance(change, Removed) and isinstance(change.after, PartFact):
            name = change.after.name
            if name is not None:
                self._names.add((table.schema, name.lower()))

    def include(self, change: Removed) -> bool:
        fact, table = change.before, change.table
        assert table is not None
        if columns_of(fact) & self._columns.get(table, set()):
            return True
        if (table.schema, str(getattr(fact, "name", None)).lower()) in self._names:
            return True
        if not isinstance(fact, ForeignKeyFact):
            return False
        referred = (fact.referred, frozenset(fact.referred_columns))
        return (
            fact.referred in self._tables
            or referred in self._keys
            or bool(set(fact.referred_columns) & self._columns.get(fact.referred, set()))
        )


def _keeps(change: Changed) -> bool:
    """Whether no more than the name of a key changes."""
    return change.fields == ("name",)


def _is_key(fact: Fact) -> bool:
    unique = isinstance(fact, IndexFact) and fact.unique
    return unique or isinstance(fact, PrimaryKeyFact | UniqueFact)


def columns_of(fact: object) -> set[str]:
    """The columns that a part of a table is over; of an expression every word.

    :param fact: a constraint or an index.
    """
    match fact:
        case IndexFact():
            words = " ".join((*fact.elements, fact.where or ""))
        case CheckFact():
            words = fact.condition
        case ExcludeFact():
            words = fact.definition
        case _:
            return set(getattr(fact, "columns", ())) - {None}
    return set(re.findall(r"\w+", words)) | set(getattr(fact, "elements", ()))


def plain_columns(fact: PartFact) -> set[str] | None:
    """The columns of a part of a table, without the order in which an index has them.

    :param fact: a constraint or an index.
    :return: None for an index over an expression, or with a condition.
    """
    if not isinstance(fact, IndexFact):
        return columns_of(fact)
    names = {_ORDER.sub("", element) for element in fact.elements}
    # The names of PostgreSQL's operator classes end so; a name of a column may have blanks.
    is_plain = all(re.fullmatch(r"(?!.*\s\w+_ops\b)[\w$ ]+", name) for name in names)
    return names if is_plain and fact.where is None else None


def element_words(fact: PartFact) -> set[str]:
    """Every word of what a part of a table is over; the condition of an index is left out.

    :param fact: a constraint or an index.
    """
    return columns_of(replace(fact, where=None) if isinstance(fact, IndexFact) else fact)


def part_words(change: Added | Removed) -> str:
    """A constraint or index, for people: ``index by_name on users``."""
    fact = change.after if isinstance(change, Added) else change.before
    assert isinstance(fact, PartFact)
    words = _WORDS[type(fact)]
    if fact.name is not None:
        return f"{words} {fact.name} on {change.table}"
    if isinstance(fact, CheckFact):
        return f"{words} ({fact.condition}) on {change.table}"
    return f"{words} ({', '.join(sorted(columns_of(fact)))}) on {change.table}"
