"""The name of a constraint that nobody has named: the one that PostgreSQL gives by itself.

https://www.postgresql.org/docs/current/sql-createtable.html says only "the system generates a
name"; the pattern is that of ``makeObjectName`` in its source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from limbeck.facts.names import cut_name
from limbeck.facts.objects import (
    CheckFact,
    ConstraintFact,
    ExcludeFact,
    ForeignKeyFact,
    IndexFact,
    PrimaryKeyFact,
    TableFact,
    UniqueFact,
)

Nameable = PrimaryKeyFact | ConstraintFact | IndexFact

_LABELS: dict[type[Nameable], str] = {
    PrimaryKeyFact: "pkey",
    UniqueFact: "key",
    ForeignKeyFact: "fkey",
    CheckFact: "check",
    ExcludeFact: "excl",
    IndexFact: "idx",
}


def usual_name(table: TableFact, fact: Nameable, number: int = 0) -> str:
    """Return the name that a constraint or index of a table would have.

    :param number: 0 for the first of that name, 1 for the next one.
    """
    label = _LABELS[type(fact)] + (str(number) if number else "")
    return cut_name(table.key.name, "_".join(_columns(table, fact)), label)


def _columns(table: TableFact, fact: Nameable) -> Iterable[str]:
    match fact:
        case UniqueFact() | ForeignKeyFact():
            return fact.columns
        case CheckFact():
            mentioned = _mentioned(fact.condition, [column.name for column in table.columns])
            return mentioned if len(mentioned) == 1 else ()
        case IndexFact():
            known = {column.name for column in table.columns}
            return [element if element in known else "expr" for element in fact.elements]
        case _:
            return ()


def _mentioned(condition: str, columns: list[str]) -> list[str]:
    """Return the columns whose names stand in a condition, outside of its string literals."""
    words = re.sub(r"'(?:[^']|'')*'", " ", condition)
    return [
        column
        for column in columns
        if re.search(rf"(?<!\w){re.escape(column)}(?!\w)", words, re.IGNORECASE)
    ]
