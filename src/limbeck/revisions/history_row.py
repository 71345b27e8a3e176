"""One row of the table that says what was applied when, and the chain that the rows form.

Each row carries the number over its own fields and over the number of the row before, so that a row
which is changed, taken out or put in later does not fit the ones after it.
"""

from __future__ import annotations

import json
from dataclasses import fields, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from limbeck.value import Value, field_names

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "HASHED",
    "LISTS",
    "HistoryRow",
    "Outcome",
    "RowDirection",
    "broken_at",
    "chained",
    "row_of",
]

LISTS = frozenset({"parents", "requires", "heads"})
"""The fields that a column holds as a list in JSON."""

RowDirection: TypeAlias = Literal["upgrade", "downgrade", "stamp", "adopt", "accept", "forget"]
"""``adopt``: found applied; ``accept``: taken as its file is now; ``forget``: its file is gone."""

Outcome: TypeAlias = Literal["done", "failed", "partly", "interrupted", "adopted", "accepted"]
"""``partly``: failed, and a part of it could not be rolled back."""


class HistoryRow(Value, slots=True, kw_only=True):
    """What happened to one revision.

    :param number: its place, from 1.
    :param revision: the id; None where a stamp only removes rows.
    :param direction: what was done.
    :param outcome: what came of it.
    :param parents: ids right before the revision, as its file said then.
    :param requires: ids that it depends on.
    :param heads: what the version table holds afterwards, sorted.
    :param checksum: the number over the syntax tree of the file, None where there is none.
    :param file_checksum: the number over the text of the file.
    :param started: when it began, in UTC as in ``2026-01-31T23:59:59.123456Z``.
    :param finished: when it was done.
    :param milliseconds: how long it took.
    :param who: the user of the operating system who ran it.
    :param host: the machine on which it ran.
    :param tool: what ran it, with its version.
    :param driver: the driver and the database, with their versions.
    :param error: why it failed, in one line.
    :param source: the text of the file, as it is kept; None too where it was not read.
    :param previous: the hash of the row before, None for the first.
    :param hash: the number over all of the above.
    """

    number: int = 0
    revision: str | None
    direction: RowDirection
    outcome: Outcome
    parents: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    checksum: str | None = None
    file_checksum: str | None = None
    started: str
    finished: str
    milliseconds: int = 0
    who: str
    host: str
    tool: str
    driver: str
    error: str | None = None
    source: str | None = None
    previous: str | None = None
    hash: str = ""

    @property
    def all_parents(self) -> tuple[str, ...]:
        """Ids right before, and those depended on."""
        if not self.requires:
            return self.parents
        return tuple(dict.fromkeys((*self.parents, *self.requires)))

    @property
    def has_succeeded(self) -> bool:
        """Whether it has changed what is applied."""
        return self.outcome not in ("failed", "partly", "interrupted")

    def facts(self) -> dict[str, Any]:
        """The row as plain values, without the text of the file."""
        return {
            each.name: list(value) if isinstance(value, tuple) else value
            for each in fields(self)
            if each.name != "source"
            for value in (getattr(self, each.name),)
        }


def row_of(found: Any) -> HistoryRow:
    """A row from what its columns hold.

    :param found: that, by their names.
    """
    values = dict(found)
    for name in LISTS:
        values[name] = _list(values[name])
    return HistoryRow(**values)


@lru_cache(maxsize=1 << 14)  # the heads of a row are mostly the parents of the next one
def _list(text: str | None) -> tuple[str, ...]:
    """A list; what somebody has made of it by hand is a list that fits no hash."""
    try:
        found = json.loads(text or "[]")
    except ValueError:
        found = None
    return tuple(str(each) for each in found) if isinstance(found, list) else (str(text),)


def chained(row: HistoryRow, last: HistoryRow | None) -> HistoryRow:
    """A row with its place behind another one.

    :param row: the row.
    :param last: the newest row so far, None for the first.
    """
    number = 1 if last is None else last.number + 1
    place: dict[str, Any] = {"number": number, "previous": None if last is None else last.hash}
    return replace(row, **place, hash=_hash(row, **place))


def broken_at(rows: Sequence[HistoryRow]) -> tuple[int, str] | None:
    """The first row that does not fit.

    :param rows: all rows, by their numbers, with the texts of their files.
    :return: its number and what is wrong with it; None where the chain is whole.
    """
    last: HistoryRow | None = None
    for row in rows:
        expected = 1 if last is None else last.number + 1
        if row.number != expected:
            is_one = row.number == expected + 1
            gone = f"row {expected} is" if is_one else f"rows {expected} to {row.number - 1} are"
            return expected, f"{gone} missing"
        if row.previous != (None if last is None else last.hash):
            return row.number, "it does not follow the row before it, which was changed"
        if row.hash != _hash(row):
            return row.number, "it was changed after it was written"
        last = row
    return None


def _hash(row: HistoryRow, **place: Any) -> str:
    from hashlib import sha256  # which loads a large library, and nobody needs it to read

    said = {name: getattr(row, name) for name in HASHED} | place
    return sha256(_ENCODER.encode(said).encode()).hexdigest()


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)

HASHED = tuple(name for name in field_names(HistoryRow) if name != "hash")
"""The fields that the hash is taken over, by their names in the order of the alphabet."""
