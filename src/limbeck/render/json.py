"""Differences as plain values for machines."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from limbeck.diff.changes import Added, Changed
from limbeck.facts.objects import TableKey
from limbeck.render.words import DATABASE_AND_MODELS, NOTHING_MORE, Sides, change_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from limbeck.diff.changes import Change


def difference_values(
    changes: Iterable[Change],
    more: Mapping[Change, str] = NOTHING_MORE,
    sides: Sides = DATABASE_AND_MODELS,
) -> list[dict[str, Any]]:
    """Return changes as dictionaries that ``json.dumps`` takes.

    Each has ``change`` (added, removed or changed), ``kind``, ``table``, ``words`` and, as far
    as there is one, ``before``, ``after`` and ``fields``.

    :param changes: what differs.
    :param more: what else there is to be said of a change, put behind its words.
    :param sides: between what it differs, for the words.
    """
    return [_value_of(change, more.get(change, ""), sides) for change in changes]


def _value_of(change: Change, more: str, sides: Sides) -> dict[str, Any]:
    found: dict[str, Any] = {
        "change": type(change).__name__.lower(),
        "kind": change.kind,
        "table": None if change.table is None else str(change.table),
        "words": change_words(change, sides) + more,
    }
    if not isinstance(change, Added):
        found["before"] = _plain(change.before)
    if isinstance(change, Added | Changed):
        found["after"] = _plain(change.after)
    if isinstance(change, Changed):
        found["fields"] = list(change.fields)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, TableKey):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {
            each.name: _plain(getattr(value, each.name))
            for each in fields(value)
            if each.name != "source"
        }
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value
