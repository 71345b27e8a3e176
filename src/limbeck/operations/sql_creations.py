"""What SQL of the user's own creates, renames and drops, as far as its words say so.

A tolerant reading, not a parser: what it does not understand has created nothing, and what nothing
has created is not dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

What = Literal[
    "create table",
    "drop table",
    "rename table",
    "add column",
    "drop column",
    "rename column",
    "create sequence",
    "create type",
    "rename type",
    "create object",
    "drop object",
]

_WORD = r"(?:[\w$]+|\"[^\"]+\"|`[^`]+`|\[[^\]]+\])"
_NAME = rf"({_WORD}(?:\s*\.\s*{_WORD})?)"
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_STRING = re.compile(r"'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$", re.DOTALL)
_EXISTS = r"(?:if\s+(?:not\s+)?exists\s+)?"
_FLAGS = re.IGNORECASE | re.DOTALL
_CREATE_TABLE = re.compile(
    rf"create\s+(?:unlogged\s+|foreign\s+)?table\s+{_EXISTS}{_NAME}\s*(\(.*)?", _FLAGS
)
_DROP_TABLE = re.compile(rf"drop\s+table\s+{_EXISTS}{_NAME}", _FLAGS)
_CREATE_OTHER = re.compile(rf"create\s+(sequence|type)\s+{_EXISTS}{_NAME}", _FLAGS)
_RENAME_TYPE = re.compile(rf"alter\s+type\s+{_NAME}\s+rename\s+to\s+{_NAME}", _FLAGS)
_OBJECT = re.compile(
    rf"(create|drop)\s+(?:or\s+replace\s+)?(?:\w+\s*=\s*\S+\s+)*(?:constraint\s+|recursive\s+)?"
    rf"(materialized\s+view|view|function|procedure|trigger|domain|extension)\s+{_EXISTS}{_NAME}",
    _FLAGS,
)
_ALTER_TABLE = re.compile(rf"alter\s+table\s+{_EXISTS}(?:only\s+)?{_NAME}\s+(.*)", _FLAGS)
_MYSQL_RENAME = re.compile(rf"rename\s+table\s+{_NAME}\s+to\s+{_NAME}", _FLAGS)
_RENAME_TO = re.compile(rf"rename\s+(?:to|as)\s+{_NAME}", _FLAGS)
_RENAME_COLUMN = re.compile(rf"rename\s+(?:column\s+)?({_WORD})\s+to\s+({_WORD})", _FLAGS)
_CHANGE = re.compile(rf"change\s+(?:column\s+)?({_WORD})\s+({_WORD})\s", _FLAGS)
_COLUMN = re.compile(rf"(add|drop)\s+(?:column\s+)?{_EXISTS}({_WORD})", _FLAGS)
_NO_COLUMNS = frozenset(
    {
        "constraint",
        "primary",
        "unique",
        "foreign",
        "check",
        "exclude",
        "key",
        "index",
        "fulltext",
        "spatial",
        "like",
        "partition",
        "period",
        "system",
        "default",
        "not",
    }
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a statement does.

    :param name: the table, sequence, type or object.
    :param columns: the columns that it is about; the new name of a renamed table or type; the old
        and the new one of a renamed column; the kind of an object.
    """

    what: What
    schema: str | None
    name: str
    columns: tuple[str, ...] = ()


def steps_of(sql: str) -> Iterator[Step]:
    """Say what statements create, rename and drop.

    :param sql: one statement or several.
    """
    text = _STRING.sub("''", _COMMENT.sub(" ", sql))
    for statement in text.split(";"):
        yield from _steps(statement.strip())


def _steps(words: str) -> Iterator[Step]:
    if found := _CREATE_TABLE.match(words):
        yield Step("create table", *_address(found[1]), tuple(_columns(found[2] or "")))
    elif found := _DROP_TABLE.match(words):
        yield Step("drop table", *_address(found[1]))
    elif found := _CREATE_OTHER.match(words):
        what: What = "create sequence" if found[1].lower() == "sequence" else "create type"
        yield Step(what, *_address(found[2]))
    elif found := _RENAME_TYPE.match(words):
        yield Step("rename type", *_address(found[1]), (_address(found[2])[1],))
    elif found := _OBJECT.match(words):
        what = "create object" if found[1].lower() == "create" else "drop object"
        yield Step(what, *_address(found[3]), ("_".join(found[2].lower().split()),))
    elif found := _MYSQL_RENAME.match(words):
        yield Step("rename table", *_address(found[1]), (_address(found[2])[1],))
    elif found := _ALTER_TABLE.match(words):
        for clause in _pieces(found[2]):
            yield from _clause(clause.strip(), *_address(found[1]))


def _clause(words: str, schema: str | None, name: str) -> Iterator[Step]:
    if found := _RENAME_TO.match(words):
        yield Step("rename table", schema, name, (_address(found[1])[1],))
    elif found := _RENAME_COLUMN.match(words) or _CHANGE.match(words):
        if found[1].lower() not in _NO_COLUMNS:
            yield Step("rename column", schema, name, (_bare(found[1]), _bare(found[2])))
    elif (found := _COLUMN.match(words)) and found[2].lower() not in _NO_COLUMNS:
        what: What = "add column" if found[1].lower() == "add" else "drop column"
        yield Step(what, schema, name, (_bare(found[2]),))


def _columns(body: str) -> Iterator[str]:
    """The names of the columns in what stands between the outer parentheses."""
    if not body:
        return
    for piece in _pieces(_inside(body)):
        found = re.match(_WORD, piece.strip())
        if found is not None and found[0].lower() not in _NO_COLUMNS:
            yield _bare(found[0])


def _inside(body: str) -> str:
    depth = 0
    for place, letter in enumerate(body):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return body[1:place]
    return body[1:]


def _pieces(text: str) -> Iterator[str]:
    """What stands between the commas that are in no parentheses."""
    depth, start = 0, 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            yield text[start:place]
            start = place + 1
    yield text[start:]


def _address(name: str) -> tuple[str | None, str]:
    parts = [_bare(part) for part in re.findall(_WORD, name)]
    return (parts[0], parts[1]) if len(parts) == 2 else (None, parts[0])


def _bare(name: str) -> str:
    return name[1:-1] if name[0] in '"`[' else name
