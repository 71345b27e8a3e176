"""Foreign keys that stay, but must step aside while something they lean on changes.

They are dropped first and created again last, as a change whose two sides are the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from limbeck.diff.changes import Added, Changed
from limbeck.facts.objects import (
    ColumnFact,
    ForeignKeyFact,
    IndexFact,
    PrimaryKeyFact,
    TableKey,
    UniqueFact,
)

if TYPE_CHECKING:
    from limbeck.plan.situation import Situation

_Columns = tuple[str, ...]


def foreign_keys_in_the_way(situation: Situation) -> Iterator[Changed]:
    """Yield the foreign keys to drop and create again, each as a change without a difference."""
    keys, columns = _gone_keys(situation), _altered_columns(situation)
    if not keys and not columns:
        return
    busy = {
        (change.table, change.before)
        for change in situation.of_kind("foreign_key")
        if not isinstance(change, Added)
    }
    for table in situation.before.tables:
        if table.key not in situation.tables_after:
            continue
        for fact in table.constraints:
            if not isinstance(fact, ForeignKeyFact) or (table.key, fact) in busy:
                continue
            leans = _leans(fact, table.key, keys, situation.mysql) or _touches(
                fact, table.key, columns
            )
            if leans and fact.referred in situation.tables_after:
                yield Changed("foreign_key", table.key, fact, fact, ())


def _gone_keys(situation: Situation) -> dict[TableKey, list[_Columns]]:
    """The columns of primary keys, unique constraints and indexes that do not stay as they are."""
    found: dict[TableKey, list[_Columns]] = defaultdict(list)
    for change in situation.changes:
        if isinstance(change, Added) or change.table is None:
            continue
        match change.before:
            case PrimaryKeyFact(columns=columns) | UniqueFact(columns=columns):
                found[change.table].append(columns)
            case IndexFact(elements=elements, unique=unique) if unique or situation.mysql:
                found[change.table].append(elements)
    return found


def _altered_columns(situation: Situation) -> set[tuple[TableKey, str]]:
    """The columns that cannot be altered, or dropped and added, under a foreign key."""
    found: set[tuple[TableKey, str]] = set()
    for change in situation.of_kind("column"):
        if not isinstance(change, Changed) or change.table is None:
            continue
        assert isinstance(change.before, ColumnFact)
        # MySQL: "Cannot change column: used in a foreign key constraint" (error 1832, 1833).
        kept = situation.mysql and {"type", "collation", "nullable"} & set(change.fields)
        if kept or "computed" in change.fields:
            found.add((change.table, change.before.name))
    return found


def _leans(
    fact: ForeignKeyFact, table: TableKey, keys: dict[TableKey, list[_Columns]], mysql: bool
) -> bool:
    """Say whether one of the keys is the one that a foreign key refers to.

    MySQL and MariaDB also want an index over its own columns, and take any that begins with
    them: https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html
    """
    if any(set(key) == set(fact.referred_columns) for key in keys.get(fact.referred, ())):
        return True
    if not mysql:
        return False
    mine = any(key[: len(fact.columns)] == fact.columns for key in keys.get(table, ()))
    theirs = keys.get(fact.referred, ())
    return mine or any(key[: len(fact.columns)] == fact.referred_columns for key in theirs)


def _touches(fact: ForeignKeyFact, table: TableKey, columns: set[tuple[TableKey, str]]) -> bool:
    return any((table, name) in columns for name in fact.columns) or any(
        (fact.referred, name) in columns for name in fact.referred_columns
    )
