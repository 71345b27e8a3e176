"""What stays, but must step aside while something that it leans on changes.

It is dropped first and created again last, as a change whose two sides are the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from limbeck.diff.changes import Added, Changed
from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
    EnumFact,
    ExcludeFact,
    ForeignKeyFact,
    IndexFact,
    PrimaryKeyFact,
    TableFact,
    TableKey,
    UniqueFact,
)
from limbeck.plan.enum_values import is_made_anew

if TYPE_CHECKING:
    from limbeck.diff.changes import Change
    from limbeck.plan.situation import Situation

_Columns = tuple[str, ...]
Part = PrimaryKeyFact | UniqueFact | CheckFact | ExcludeFact | IndexFact


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
        later = situation.tables_after[table.key].constraints
        for fact in table.constraints:
            if not isinstance(fact, ForeignKeyFact) or (table.key, fact) in busy:
                continue
            leans = _leans(fact, table.key, keys, situation.mysql) or _touches(
                fact, table.key, columns
            )
            if leans and fact.referred in situation.tables_after:
                after = next((new for new in later if alike(new, fact)), fact)
                yield Changed("foreign_key", table.key, fact, after, ())


def with_computed_columns(situation: Situation) -> tuple[Change, ...]:
    """Return the changes, in which what is computed from a column that gets another type is new.

    PostgreSQL refuses to alter a column that a generated one is computed from.
    """
    retyped = retyped_columns(situation)
    changes = list(situation.changes)
    for key, names in retyped.items():
        if key not in situation.tables_after or key not in situation.tables_before:
            continue
        later = {column.name: column for column in situation.tables_after[key].columns}
        for before in situation.tables_before[key].columns:
            after = later.get(before.name)
            if after is None or not after.computed or not is_computed_from(before, names):
                continue
            known = [c for c in changes if isinstance(c, Changed) and _is_of(c, key, before)]
            fields = tuple(dict.fromkeys(("computed", *(f for c in known for f in c.fields))))
            changes = [change for change in changes if change not in known]
            changes.append(Changed("column", key, before, after, fields))
    return tuple(changes)


def retyped_columns(situation: Situation) -> dict[TableKey, set[str]]:
    """Return the columns that get another type, by their tables."""
    retyped: dict[TableKey, set[str]] = defaultdict(set)
    for change in situation.changes:
        if not isinstance(change, Changed):
            continue
        before, after = change.before, change.after
        if isinstance(before, EnumFact) and isinstance(after, EnumFact):
            # Only the catalogue knows the users, and it is on either side.
            for table, name in (*before.users, *after.users):
                if is_made_anew(change, situation):
                    retyped[table].add(name)
        elif isinstance(before, ColumnFact) and {"type", "collation"} & set(change.fields):
            assert change.table is not None
            retyped[change.table].add(before.name)
    return retyped


def _is_of(change: Changed, table: TableKey, column: ColumnFact) -> bool:
    before = change.before
    same = isinstance(before, ColumnFact) and before.name == column.name
    return same and change.table == table


def is_computed_from(column: ColumnFact, names: set[str]) -> bool:
    """Say whether a column is computed from one of some columns of its table."""
    if column.computed is None:
        return False
    words = column.computed.expression
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) for name in names)


def renews(change: Change) -> bool:
    """Say whether a column is dropped and added again, as nothing can alter it."""
    return isinstance(change, Changed) and "computed" in change.fields


def parts_of_renewed_columns(situation: Situation) -> Iterator[Changed]:
    """Yield what hangs on a column that is dropped and added again, and would go with it.

    Its foreign keys are not among it: :func:`foreign_keys_in_the_way` has them.
    """
    renewed = renewed_columns(situation)
    busy = {(c.table, c.before) for c in situation.changes if not isinstance(c, Added)}
    for key, names in renewed.items():
        table, later = situation.tables_before[key], situation.tables_after[key]
        for kind, fact in parts_of(table):
            if (key, fact) in busy or not any(mentions(fact, name) for name in names):
                continue
            after = next((new for _, new in parts_of(later) if alike(new, fact)), fact)
            yield Changed(kind, key, fact, after, ())


def renewed_columns(situation: Situation) -> dict[TableKey, set[str]]:
    """Return the columns that are dropped and added again, by their tables."""
    renewed: dict[TableKey, set[str]] = defaultdict(set)
    for change in situation.of_kind("column"):
        if isinstance(change, Changed) and "computed" in change.fields and change.table:
            assert isinstance(change.before, ColumnFact)
            renewed[change.table].add(change.before.name)
    return renewed


def parts_of(table: TableFact) -> Iterator[tuple[str, Part]]:
    """Yield the constraints and indexes of a table but its foreign keys, each with its kind."""
    if table.primary_key is not None:
        yield "primary_key", table.primary_key
    for fact in table.constraints:
        if isinstance(fact, UniqueFact):
            yield "unique", fact
        elif isinstance(fact, CheckFact):
            yield "check", fact
        elif isinstance(fact, ExcludeFact):
            yield "exclude", fact
    for index in table.indexes:
        yield "index", index


def alike(one: Part | ForeignKeyFact, other: Part | ForeignKeyFact) -> bool:
    """Say whether two constraints or indexes are the same but for their names."""
    return type(one) is type(other) and replace(one, name=None) == replace(other, name=None)


def mentions(fact: Part, column: str) -> bool:
    """Say whether a constraint or index is about a column."""
    match fact:
        case PrimaryKeyFact(columns=columns) | UniqueFact(columns=columns):
            return column in columns
        case CheckFact(condition=text) | ExcludeFact(definition=text):
            words = text
        case IndexFact():
            words = " ".join((*fact.elements, fact.where or "", *(v for _, v in fact.options)))
    return re.search(rf"(?<!\w){re.escape(column)}(?!\w)", words) is not None


def keys_that_move(situation: Situation) -> dict[TableKey, frozenset[str]]:
    """The columns to which a foreign key of another table refers in vain before the tables that
    stay are altered, or which it holds: new ones, ones of another type, and those of keys that
    change."""
    found: dict[TableKey, set[str]] = defaultdict(set)
    for change in situation.changes:
        if change.table is None:
            continue
        for side in (getattr(change, "before", None), getattr(change, "after", None)):
            match side:
                case ColumnFact(name=name) if not isinstance(change, Changed) or (
                    {"type", "collation", "computed", "nullable"} & set(change.fields)
                ):
                    found[change.table].add(name)
                case PrimaryKeyFact(columns=names) | UniqueFact(columns=names):
                    found[change.table].update(names)
                case IndexFact(elements=names, unique=True):
                    found[change.table].update(names)
    return {table: frozenset(names) for table, names in found.items()}


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
        if kept or "computed" in change.fields or _is_of_another_kind(change, situation):
            found.add((change.table, change.before.name))
    return found


_COMPARED = ({"smallint", "integer", "bigint"}, {"text", "character varying"})
"""Types that a foreign key of PostgreSQL lets refer to each other, both ways."""


def _is_of_another_kind(change: Changed, situation: Situation) -> bool:
    """Say whether a foreign key of PostgreSQL could not refer to the column for a moment.

    "Key columns … are of incompatible types": while one side has its new type, and the other has
    not, there has to be an operator that compares them.
    """
    before, after = change.before, change.after
    if situation.dialect.name != "postgresql" or "type" not in change.fields:
        return False
    assert isinstance(before, ColumnFact)
    assert isinstance(after, ColumnFact)
    from limbeck.dialects.postgresql.types import base_type

    kinds = {base_type(before.type), base_type(after.type)}
    return len(kinds) > 1 and not any(kinds <= group for group in _COMPARED)


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
