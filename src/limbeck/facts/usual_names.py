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
        case ExcludeFact():
            return [_element_name(element) for element in _excluded(fact.definition)]
        case _:
            return ()


def _excluded(definition: str) -> Iterable[str]:
    """The columns and expressions of an EXCLUDE constraint."""
    depth, start = 0, definition.find("(") + 1
    for place, letter in enumerate(definition[start:], start):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth < 0 or (letter == "," and depth == 0):
            yield definition[start:place].strip().rpartition(" WITH ")[0]
            start = place + 1
        if depth < 0:
            return


def _element_name(element: str) -> str:
    """What PostgreSQL calls an element of an index: a column, a function, or just ``expr``."""
    found = re.match(r'"([^"]+)"|(\w+)', element)
    return (found[1] or found[2]) if found else "expr"


def _mentioned(condition: str, columns: list[str]) -> list[str]:
    """Return the columns whose names stand in a condition, outside of its string literals."""
    words = re.sub(r"'(?:[^']|'')*'", " ", condition)
    return [
        column
        for column in columns
        if re.search(rf"(?<!\w){re.escape(column)}(?!\w)", words, re.IGNORECASE)
    ]
