"""Which object has to be there before which other one."""

from __future__ import annotations

import heapq
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from limbeck.facts.kind_words import KINDS
from limbeck.facts.schema_objects import ObjectKey, SchemaObject

if TYPE_CHECKING:
    from limbeck.facts.objects import TableFact, TableKey
    from limbeck.facts.rights import Grant

_WORD = re.compile(r"[\w$]+")
_MENTIONED = frozenset(("domain", "function", "procedure", "view", "materialized_view"))
"""Kinds whose names stand in texts."""

_RELATIONS = frozenset(("table", "view", "materialized_view"))
"""Kinds that triggers, policies and grants can be about."""

_RANKS = {kind: rank for rank, kind in enumerate(KINDS)}


def creation_order(objects: Iterable[SchemaObject]) -> list[SchemaObject]:
    """Order objects, each after those that it leans on; else by kind and address.

    Where they lean on each other in a circle, as a function and a view may that only mention one
    another, the one whose kind usually comes first is first.
    """
    waiting = {item.key: item for item in objects}
    needs = _needs(list(waiting.values()))
    needed_by: dict[ObjectKey, list[ObjectKey]] = defaultdict(list)
    for key, needed in needs.items():
        for other in needed:
            needed_by[other].append(key)
    free = [_place(key) for key, needed in needs.items() if not needed]
    heapq.heapify(free)
    ordered: list[SchemaObject] = []
    while waiting:
        chosen = heapq.heappop(free)[1] if free else min(map(_place, waiting))[1]
        if chosen not in waiting:
            continue
        ordered.append(waiting.pop(chosen))
        for key in needed_by[chosen]:
            needs[key].discard(chosen)
            if not needs[key] and key in waiting:
                heapq.heappush(free, _place(key))
    return ordered


def _place(key: ObjectKey) -> tuple[int, ObjectKey]:
    # Rights come right after what they are about: what comes later may be read with them.
    return -1 if key.kind == "grant" else _RANKS[key.kind], key


def _needs(items: Sequence[SchemaObject]) -> dict[ObjectKey, set[ObjectKey]]:
    """What each object leans on among the others; only those that it names are looked at."""
    by_name: dict[str, list[SchemaObject]] = defaultdict(list)
    for item in items:
        name = item.key.name.lower()
        by_name[name if _WORD.fullmatch(name) else ""].append(item)
    return {
        item.key: {
            other.key
            for word in (*_words_of(item), "")
            for other in by_name.get(word, ())
            if other is not item and leans(item, other)
        }
        for item in items
    }


def _words_of(item: SchemaObject) -> set[str]:
    """Every word by which an object may mean another one."""
    named = {need.key.name for need in item.needs} | set(item.depends_on)
    named |= {str(getattr(item, "table", "")), str(getattr(item, "on", "")).partition("(")[0]}
    words = {name.lower() for name in named if name}
    return words.union(*map(_words, item.texts))


def leans(item: SchemaObject, other: SchemaObject) -> bool:
    """Say whether an object needs another one to be there."""
    if any(need.key == other.key for need in item.needs):
        return True
    if belongs_to(item, other.key):
        return True
    if item.kind == "grant":  # of a routine whose arguments are spelled in another way
        item = cast("Grant", item)
        return item.on_kind == "function" and item.on.partition("(")[0] == other.key.name
    return other.kind in _MENTIONED and mentions(item, other.key.name)


def belongs_to(item: SchemaObject, owner: ObjectKey) -> bool:
    """Say whether an object is a part of another one or of a table, and would go with it."""
    if (item.schema or "") != owner.schema:
        return False
    if item.kind == "grant":
        item = cast("Grant", item)
        name, brackets, arguments = item.on.partition("(")
        if item.on_kind == "function":
            same = not brackets or arguments.rstrip(")") == owner.within
            return name == owner.name and owner.kind in ("function", "procedure") and same
        return item.on_kind == "table" and item.on == owner.name and owner.kind in _RELATIONS
    return getattr(item, "table", None) == owner.name and owner.kind in _RELATIONS


def mentions(item: SchemaObject, name: str) -> bool:
    """Say whether an object's texts have a word, whatever it means there."""
    return name in item.depends_on or any_mentions(item.texts, name)


def any_mentions(texts: Iterable[str], name: str) -> bool:
    """Say whether one of some texts has a word, whatever it means there."""
    wanted = name.lower()
    if _WORD.fullmatch(wanted):
        return any(wanted in _words(text) for text in texts)
    return any(wanted in text.lower() for text in texts)


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def table_texts(table: TableFact) -> Iterator[str]:
    """Everything in a table that may mention functions and types."""
    for column in table.columns:
        yield column.type
        if column.default is not None:
            yield column.default
        if column.computed is not None:
            yield column.computed.expression
    for constraint in table.constraints:
        yield str(getattr(constraint, "condition", "") or getattr(constraint, "definition", ""))
    for index in table.indexes:
        yield from (*index.elements, index.where or "")


def leaning_on_columns(
    objects: Sequence[SchemaObject], columns: Mapping[TableKey, set[str]]
) -> Iterator[SchemaObject]:
    """Yield the objects that lean on one of some columns, as the catalogue says.

    Where it does not say (an object that is not in the database), its text tells.
    """
    for item in objects:
        if any(leans_on_column(item, table, name) for table in columns for name in columns[table]):
            yield item


def leans_on_column(item: SchemaObject, table: TableKey, column: str) -> bool:
    """Say whether an object leans on a column; "" is the whole table."""
    key = ObjectKey("table", table.schema, table.name)
    if item.needs:
        return any(need.key == key and column in ("", need.column) for need in item.needs)
    if not mentions(item, table.name) and getattr(item, "table", None) != table.name:
        return False
    return not column or mentions(item, column) or any("*" in text for text in item.texts)
