"""What SQL of the user's own makes of constraints and indexes, as far as its words say so.

As tolerant as :mod:`limbeck.operations.sql_creations`. What has a name counts as soon as a text
says it, in whatever statement, block or string; of what leaves its name to the database the columns
count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from limbeck.operations.sql_creations import (
    EXISTS,
    FLAGS,
    NAME,
    WORD,
    address,
    bare,
    inside,
    pieces,
    statements_in,
)
from limbeck.value import Value

_MAKES = re.compile(r"\b(?:create|alter|add|rename)\b", re.IGNORECASE)
_DROPPED = re.compile(
    rf"\bdrop\s+(index|constraint|key|foreign\s+key|check)\s+(?:concurrently\s+)?{EXISTS}{NAME}",
    FLAGS,
)
_TABLE = re.compile(rf"create\s+(?:unlogged\s+|foreign\s+)?table\s+{EXISTS}{NAME}\s*(\(.*)", FLAGS)
_ALTER = re.compile(rf"alter\s+table\s+{EXISTS}(?:only\s+)?{NAME}\s+(.*)", FLAGS)
_CHANGES_COLUMN = re.compile(
    rf"(?:add|modify)\s+(?:column\s+)?{EXISTS}|change\s+(?:column\s+)?{WORD}\s+", FLAGS
)
_INDEX = re.compile(
    rf"create\s+(unique\s+)?index\s+(?:concurrently\s+)?on\s+(?:only\s+)?{NAME}"
    rf"\s*(?:using\s+\w+\s*)?(\(.*)",
    FLAGS,
)
_PLAIN = re.compile(
    rf"({WORD})\s*(?:\(\s*\d+\s*\))?(?:\s+(?:asc|desc|nulls\s+first|nulls\s+last))*", FLAGS
)
_CONDITION = re.compile(r"\)[^()]*\bwhere\b|\bwhere\s*\(", FLAGS)
_STRING = re.compile(r"'(?:[^']|'')*'")
_OF_TABLE = re.compile(
    r"(primary\s+key|unique|foreign\s+key|check|exclude|index|key)\b[^(]*(\(.*)?", FLAGS
)
_OF_COLUMN = re.compile(r"\b(primary\s+key|unique|references|check)\b", FLAGS)
_KINDS = {
    "primary key": "primary_key",
    "unique": "unique",
    "foreign key": "foreign_key",
    "references": "foreign_key",
    "check": "check",
    "exclude": "exclude",
    "index": "index",
    "key": "index",
}


class UnnamedPart(Value, slots=True):
    """A constraint or index that leaves its name to the database.

    :param kind: as in a change: ``unique``, ``foreign_key``, …
    :param words: of an index over an expression, or with a condition, the words of its elements.
    """

    schema: str | None
    table: str
    kind: str
    columns: tuple[str, ...]
    words: frozenset[str] = frozenset()


def names_dropped(sql: str) -> Iterator[tuple[str, bool]]:
    """The names of the constraints and indexes that a text drops, and whether it says index."""
    for found in _DROPPED.finditer(sql):
        yield address(found[2])[1], found[1].lower() in ("index", "key")


def words_made(sql: str) -> frozenset[str]:
    """The words of a text that makes or renames anything, in small letters; none of any other.

    What is dropped in the same text is not among them.
    """
    if _MAKES.search(sql) is None:
        return frozenset()
    rest = _DROPPED.sub(" ", sql).lower()
    return frozenset(re.findall(r"[\w$]+", rest)) | frozenset(
        quoted[1:-1] for quoted in re.findall(r"\"[^\"]+\"|`[^`]+`", rest)
    )


def unnamed_parts(sql: str) -> Iterator[UnnamedPart]:
    """What a text makes without a name."""
    for words in statements_in(sql):
        if found := _TABLE.match(words):
            for piece in pieces(inside(found[2])):
                yield from _of_piece(piece.strip(), *address(found[1]))
        elif found := _ALTER.match(words):
            for piece in pieces(found[2]):
                added = _CHANGES_COLUMN.match(piece.strip())
                if added is not None:
                    yield from _of_piece(piece.strip()[added.end() :], *address(found[1]))
        elif found := _INDEX.match(words):
            kind = "unique" if found[1] else "index"
            yield _index(*address(found[2]), kind, found[3])


def _of_piece(words: str, schema: str | None, table: str) -> Iterator[UnnamedPart]:
    if found := _OF_TABLE.match(words):
        kind = _KINDS[" ".join(found[1].lower().split())]
        is_index = kind in ("index", "unique")
        made = _index if is_index else _over_columns
        yield made(schema, table, kind, found[2] or "")
        return
    name = re.match(WORD, words)
    if name is None or name[0].lower() == "constraint":
        return
    for part in _OF_COLUMN.finditer(words, name.end()):
        kind = _KINDS[" ".join(part[1].lower().split())]
        yield UnnamedPart(schema, table, kind, (bare(name[0]),))


def _index(schema: str | None, table: str, kind: str, body: str) -> UnnamedPart:
    """An index or a unique constraint.

    :param body: its elements in parentheses, and what follows.
    """
    elements = [piece.strip() for piece in pieces(inside(body))]
    if all(map(_PLAIN.fullmatch, elements)) and _CONDITION.search(body) is None:
        return _over_columns(schema, table, kind, body)
    words = re.findall(r"\w+", _STRING.sub(" ", " ".join(elements)).lower())
    return UnnamedPart(schema, table, kind, (), frozenset(words) - {"asc", "desc"})


def _over_columns(schema: str | None, table: str, kind: str, body: str) -> UnnamedPart:
    return UnnamedPart(schema, table, kind, _columns(body))


def _columns(body: str) -> tuple[str, ...]:
    """The plain columns in the parentheses with which a text begins."""
    found = (re.match(WORD, piece.strip()) for piece in pieces(inside(body)))
    return tuple(bare(name[0]) for name in found if name is not None)
