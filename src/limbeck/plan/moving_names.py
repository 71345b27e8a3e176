"""Names that go from one table to another.

The indexes of a schema share their names, those that serve a constraint among them; on MySQL and
MariaDB only those of a table do: https://www.postgresql.org/docs/current/sql-createindex.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from limbeck.diff.changes import Added, Removed
from limbeck.facts.objects import (
    ExcludeFact,
    IndexFact,
    PrimaryKeyFact,
    TableFact,
    TableKey,
    UniqueFact,
)

if TYPE_CHECKING:
    from limbeck.plan.situation import Situation

Indexed = IndexFact | UniqueFact | ExcludeFact | PrimaryKeyFact


def parts_in_the_way(situation: Situation) -> Iterator[tuple[TableKey, Indexed]]:
    """What goes from a table that stays, while another table gets something of its name."""
    if situation.mysql:
        return
    coming: dict[tuple[str, str], set[TableKey]] = defaultdict(set)
    for change in situation.changes:
        if isinstance(change, Added) and change.table is not None:
            for part in _parts(change.after):
                if part.name is not None:
                    coming[change.table.schema, part.name].add(change.table)
    for change in situation.changes:
        if isinstance(change, Removed) and isinstance(change.before, Indexed):
            assert change.table is not None
            name = situation.old_name(change.table, change.before)
            if coming[change.table.schema, name] - {change.table}:
                yield change.table, change.before


def names_added_inside(situation: Situation) -> set[tuple[str, str | None]]:
    """The names of what tables that stay get, each with its schema."""
    if situation.mysql:
        return set()
    return {
        (change.table.schema, change.after.name)
        for change in situation.changes
        if isinstance(change, Added)
        and change.table is not None
        and isinstance(change.after, Indexed)
        and change.after.name is not None
    }


def _parts(fact: object) -> Iterator[Indexed]:
    if isinstance(fact, Indexed):
        yield fact
    elif isinstance(fact, TableFact):
        yield from filter(None, (fact.primary_key,))
        yield from (part for part in fact.constraints if isinstance(part, Indexed))
        yield from fact.indexes
