"""What is dropped here and added there, and may be one thing under a new name.

Two facts are scored from 0 to 1; from :data:`ASK_FROM` on, somebody has to say what is meant. A
pair that cannot be one thing scores 0, whatever its names: columns of another family of types, one
that is computed and one that is not, one that numbers its rows or is in the primary key and one
that does not or is not.

A column's score is the sum of

======  ==============================================================================
0.35    the same type; 0.20 for one of the same family, such as a longer string
0.10    both may be NULL, or neither
0.05    the same default
0.15    the same part in keys, unique constraints, foreign keys and indexes
0.15    the same place: the same number, or a neighbour that is the same
0.20    how alike the names are
======  ==============================================================================

so that a column of the same definition is asked about whatever it is called (a wrong guess would
lose what it holds), and one of another definition only where its place or its name speak for it. A
table's score is

======  ==============================================================================
0.70    the share of its columns that are the same, or could be by the rule above
0.10    the same primary key and the same tables referred to
0.20    how alike the names are
======  ==============================================================================

Everything here is pure, and the same whatever the order of its arguments.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property

from limbeck.facts.objects import (
    ColumnFact,
    ForeignKeyFact,
    IndexFact,
    TableFact,
    UniqueFact,
)
from limbeck.value import Value

ASK_FROM = 0.6
"""The score from which on a pair is plausible."""

_FAMILIES = (
    ("text", r"(n|var|nvar|national )*char|(tiny|medium|long|n|ci)?text|n?clob|string"),
    ("boolean", r"bool|bit$"),
    ("integer", r"(tiny|small|medium|big)?(int(?!erval)|serial)"),
    ("number", r"num|dec|fixed|(small)?money|real|double|float|binary_(float|double)"),
    ("moment", r"timestamp|(small)?datetime"),
    ("date", r"date$"),
    ("time", r"time\b"),
    ("bytes", r"(tiny|medium|long)?blob|bytea|(var)?binary|image|(long )?raw"),
    ("json", r"json"),
    ("uuid", r"uuid|uniqueidentifier"),
)


def family(type_: str) -> str:
    """The family of a type, from a database's own word for it; its first word if it has none."""
    bare = re.sub(r"\(.*?\)", "", type_.lower()).strip()
    array = "[]" if bare.endswith("]") else ""
    for name, pattern in _FAMILIES:
        if re.match(pattern, bare):
            return name + array
    return bare


def name_likeness(before: str, after: str) -> float:
    """How alike two names are, from 0 to 1: by letters, or by the words they share."""
    from difflib import SequenceMatcher  # where something may have been renamed

    one, other = before.lower(), after.lower()
    first, second = sorted((one, other))
    letters: float = SequenceMatcher(None, first, second, autojunk=False).ratio()
    words, others = set(re.split(r"[\W_]+", one)), set(re.split(r"[\W_]+", other))
    shared = len(words & others) / min(len(words), len(others))
    return max(letters, 0.9 * shared)


class ColumnInTable(Value):
    """A column and where it stands."""

    column: ColumnFact
    table: TableFact

    @cached_property
    def is_key(self) -> bool:
        """Whether it is in the primary key."""
        key = self.table.primary_key
        return key is not None and self.column.name in key.columns

    @cached_property
    def roles(self) -> frozenset[object]:
        """Its part in unique constraints, foreign keys and indexes."""
        found: set[object] = set()
        name = self.column.name
        for fact in (*self.table.constraints, *self.table.indexes):
            match fact:
                case UniqueFact(columns=columns) if name in columns:
                    found.add(("unique", len(columns)))
                case ForeignKeyFact(columns=columns) if name in columns:
                    place = columns.index(name)
                    found.add(("refers", fact.referred, fact.referred_columns[place]))
                case IndexFact(elements=elements) if any(_first(e) == name for e in elements):
                    found.add(("index", fact.unique, len(elements)))
        return frozenset(found)

    @cached_property
    def place(self) -> tuple[int, str, str]:
        """Its number, and the names before and behind it."""
        names = [column.name for column in self.table.columns]
        number = names.index(self.column.name)
        padded = ["", *names, ""]
        return number, padded[number], padded[number + 2]

    @property
    def is_numbered(self) -> bool:
        """Whether it numbers the rows by itself."""
        return self.column.autoincrement or self.column.identity is not None


def column_score(before: ColumnInTable, after: ColumnInTable) -> float:
    """How plausible it is that a column became another, from 0 to 1."""
    old, new = before.column, after.column
    if (
        family(old.type) != family(new.type)
        or (old.computed is None) != (new.computed is None)
        or before.is_key != after.is_key
        or before.is_numbered != after.is_numbered
    ):
        return 0.0
    score = 0.35 if old.type == new.type else 0.2
    score += 0.1 * (old.nullable == new.nullable) + 0.05 * (old.default == new.default)
    score += 0.15 * (before.roles == after.roles)
    score += 0.15 * _same_place(before.place, after.place)
    return round(score + 0.2 * name_likeness(old.name, new.name), 4)


def table_score(before: TableFact, after: TableFact) -> float:
    """How plausible it is that a table became another, from 0 to 1."""
    if before.key.schema != after.key.schema or not before.columns or not after.columns:
        return 0.0
    names = 0.2 * name_likeness(before.key.name, after.key.name)
    if 0.7 * _most_alike(before, after) + 0.1 + names < ASK_FROM:
        return 0.0
    score = 0.7 * columns_alike(before, after)
    score += 0.05 * (_key_columns(before) == _key_columns(after))
    score += 0.05 * (_referred(before) == _referred(after))
    return round(score + names, 4)


def columns_alike(before: TableFact, after: TableFact) -> float:
    """The share of columns that are the same, or could be under another name, from 0 to 1."""
    later = {column.name: column for column in after.columns}
    same = {
        column.name
        for column in before.columns
        if column.name in later and family(column.type) == family(later[column.name].type)
    }
    old = [ColumnInTable(c, before) for c in before.columns if c.name not in same]
    new = [ColumnInTable(c, after) for c in after.columns if c.name not in same]
    pairs = sorted(
        ((-column_score(x, y), x.column.name, y.column.name) for x in old for y in new),
    )
    found, taken = float(len(same)), set[tuple[str, str]]()
    for score, one, other in pairs:
        if -score < ASK_FROM:
            break
        if ("old", one) not in taken and ("new", other) not in taken:
            taken |= {("old", one), ("new", other)}
            found += -score * 0.7
    return 2 * found / (len(before.columns) + len(after.columns))


def _most_alike(before: TableFact, after: TableFact) -> float:
    """What :func:`columns_alike` can be at most, counted quickly."""
    old, new = ({(c.name, family(c.type)) for c in t.columns} for t in (before, after))
    same = len(old & new)
    kinds = Counter(kind for _, kind in old - new) & Counter(kind for _, kind in new - old)
    return 2 * (same + 0.7 * kinds.total()) / (len(before.columns) + len(after.columns))


def _same_place(before: tuple[int, str, str], after: tuple[int, str, str]) -> bool:
    number = before[0] == after[0]
    neighbour = bool(before[1] and before[1] == after[1]) or bool(
        before[2] and before[2] == after[2]
    )
    return number or neighbour


def _first(element: str) -> str:
    return re.split(r"[ (]", element, maxsplit=1)[0]


def _key_columns(table: TableFact) -> tuple[str, ...]:
    return table.primary_key.columns if table.primary_key is not None else ()


def _referred(table: TableFact) -> frozenset[object]:
    """The tables that a table refers to; itself is "itself"."""
    return frozenset(
        "itself" if fact.referred == table.key else fact.referred
        for fact in table.constraints
        if isinstance(fact, ForeignKeyFact)
    )
