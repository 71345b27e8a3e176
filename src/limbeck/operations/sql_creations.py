"""What SQL of the user's own creates, renames and drops, as far as its words say so.

A tolerant reading, not a parser: what it does not understand has created nothing, and what nothing
has created is not dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from limbeck.value import Value

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

WORD = r"(?:[\w$]+|\"[^\"]+\"|`[^`]+`|\[[^\]]+\])"
NAME = rf"({WORD}(?:\s*\.\s*{WORD})?)"
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_STRING = re.compile(r"'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$", re.DOTALL)
EXISTS = r"(?:if\s+(?:not\s+)?exists\s+)?"
FLAGS = re.IGNORECASE | re.DOTALL
_CREATE_TABLE = re.compile(
    rf"create\s+(?:unlogged\s+|foreign\s+)?table\s+{EXISTS}{NAME}\s*(\(.*)?", FLAGS
)
_DROP_TABLE = re.compile(rf"drop\s+table\s+{EXISTS}{NAME}", FLAGS)
_CREATE_OTHER = re.compile(rf"create\s+(sequence|type)\s+{EXISTS}{NAME}", FLAGS)
_RENAME_TYPE = re.compile(rf"alter\s+type\s+{NAME}\s+rename\s+to\s+{NAME}", FLAGS)
_OBJECT = re.compile(
    rf"(create|drop)\s+(?:or\s+replace\s+)?(?:\w+\s*=\s*\S+\s+)*(?:constraint\s+|recursive\s+)?"
    rf"(materialized\s+view|view|function|procedure|trigger|domain|extension)\s+{EXISTS}{NAME}",
    FLAGS,
)
_ALTER_TABLE = re.compile(rf"alter\s+table\s+{EXISTS}(?:only\s+)?{NAME}\s+(.*)", FLAGS)
_MYSQL_RENAME = re.compile(rf"rename\s+table\s+{NAME}\s+to\s+{NAME}", FLAGS)
_RENAME_TO = re.compile(rf"rename\s+(?:to|as)\s+{NAME}", FLAGS)
_RENAME_COLUMN = re.compile(rf"rename\s+(?:column\s+)?({WORD})\s+to\s+({WORD})", FLAGS)
_CHANGE = re.compile(rf"change\s+(?:column\s+)?({WORD})\s+({WORD})\s", FLAGS)
_COLUMN = re.compile(rf"(add|drop)\s+(?:column\s+)?{EXISTS}({WORD})", FLAGS)
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


class Step(Value, slots=True):
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
    for statement in statements_in(sql):
        yield from _steps(statement)


def statements_in(sql: str) -> Iterator[str]:
    """The statements of a text, without comments and with empty strings.

    :param sql: one statement or several.
    """
    text = _STRING.sub("''", _COMMENT.sub(" ", sql))
    for statement in text.split(";"):
        yield statement.strip()


def _steps(words: str) -> Iterator[Step]:
    if found := _CREATE_TABLE.match(words):
        yield Step("create table", *address(found[1]), tuple(_columns(found[2] or "")))
    elif found := _DROP_TABLE.match(words):
        yield Step("drop table", *address(found[1]))
    elif found := _CREATE_OTHER.match(words):
        what: What = "create sequence" if found[1].lower() == "sequence" else "create type"
        yield Step(what, *address(found[2]))
    elif found := _RENAME_TYPE.match(words):
        yield Step("rename type", *address(found[1]), (address(found[2])[1],))
    elif found := _OBJECT.match(words):
        what = "create object" if found[1].lower() == "create" else "drop object"
        yield Step(what, *address(found[3]), ("_".join(found[2].lower().split()),))
    elif found := _MYSQL_RENAME.match(words):
        yield Step("rename table", *address(found[1]), (address(found[2])[1],))
    elif found := _ALTER_TABLE.match(words):
        for clause in pieces(found[2]):
            yield from _clause(clause.strip(), *address(found[1]))


def _clause(words: str, schema: str | None, name: str) -> Iterator[Step]:
    if found := _RENAME_TO.match(words):
        yield Step("rename table", schema, name, (address(found[1])[1],))
    elif found := _RENAME_COLUMN.match(words) or _CHANGE.match(words):
        if found[1].lower() not in _NO_COLUMNS:
            yield Step("rename column", schema, name, (bare(found[1]), bare(found[2])))
    elif (found := _COLUMN.match(words)) and found[2].lower() not in _NO_COLUMNS:
        what: What = "add column" if found[1].lower() == "add" else "drop column"
        yield Step(what, schema, name, (bare(found[2]),))


def _columns(body: str) -> Iterator[str]:
    """The names of the columns in what stands between the outer parentheses."""
    if not body:
        return
    for piece in pieces(inside(body)):
        found = re.match(WORD, piece.strip())
        if found is not None and found[0].lower() not in _NO_COLUMNS:
            yield bare(found[0])


def inside(body: str) -> str:
    """What stands between the outer parentheses of a text that begins with one."""
    depth = 0
    for place, letter in enumerate(body):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return body[1:place]
    return body[1:]


def pieces(text: str) -> Iterator[str]:
    """What stands between the commas that are in no parentheses."""
    depth, start = 0, 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            yield text[start:place]
            start = place + 1
    yield text[start:]


def address(name: str) -> tuple[str | None, str]:
    """Schema and name, without their quotes."""
    parts = [bare(part) for part in re.findall(WORD, name)]
    return (parts[0], parts[1]) if len(parts) == 2 else (None, parts[0])


def bare(name: str) -> str:
    """A name without its quotes."""
    return name[1:-1] if name[0] in '"`[' else name
