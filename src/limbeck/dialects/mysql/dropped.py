"""What a DROP statement names itself: nothing else of what its words mean may be dropped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from limbeck.dialects.mysql.sql_tokens import tokens_of, unquoted
from limbeck.dialects.standard.recovery import first_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from limbeck.dialects.mysql.sql_tokens import Token

__all__ = ["Dropped", "dropped_by"]

# https://mariadb.com/kb/en/comment-syntax/
_COMMENT = re.compile(
    r"(?P<quoted>`(?:[^`]|``)*`|\"(?:[^\"]|\"\")*\")"
    r"|/\*(?!M?!).*?\*/|/\*M?!\d*|\*/|(?:--(?=\s|\Z)|\#)[^\n]*",
    re.DOTALL,
)
"""A comment; of one that is executed, what encloses it."""

_PLACE = re.compile(r"(?P<kind>\w+) `(?P<schema>(?:[^`]|``)*)`\.`(?P<name>(?:[^`]|``)*)`\Z")


class Dropped(NamedTuple):
    """Which of the objects that were there a statement drops.

    :param named: those that it names.
    :param doubtful: those whose names differ from what it says in upper and lower case only, which
        are the same on some servers: https://mariadb.com/kb/en/identifier-case-sensitivity/
    """

    named: frozenset[str]
    doubtful: frozenset[str]


def dropped_by(sql: str, keys: Iterable[str]) -> Dropped:
    """The objects that ``DROP TABLE`` or ``DROP VIEW`` drops.

    :param sql: the statement.
    :param keys: the objects that were there of all its words.
    """
    said = tokens_of(_COMMENT.sub(lambda found: found["quoted"] or " ", sql))
    names = set(_names(said[2:]))
    schemas = {schema for schema, _ in names} - {""}
    kind = first_words(sql, 2)[-1].lower().removesuffix("s")  # DROP TABLES
    found = [each for each in map(_PLACE.match, keys) if each and each["kind"] == kind]
    places = {each[0]: _places(each, schemas) for each in found}
    named = {key for key, place in places.items() if not names.isdisjoint(place)}
    known = _in_lower_case(each for key in named for each in places[key])
    spelled = _in_lower_case(names) - known
    doubtful = {
        key
        for key, place in places.items()
        if key not in named and not spelled.isdisjoint(_in_lower_case(place))
    }
    return Dropped(frozenset(named), frozenset(doubtful))


def _places(key: re.Match[str], schemas: set[str]) -> set[tuple[str, str]]:
    """How a statement may say an object, if it says some schemas."""
    schema, name = (key[part].replace("``", "`") for part in ("schema", "name"))
    return {(schema, name)} if schema in schemas else {(schema, name), ("", name)}


def _in_lower_case(places: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(schema.lower(), name.lower()) for schema, name in places}


def _names(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    """The names of a list, each with the schema before it, "" where there is none."""
    if [text.upper() for _, text in tokens[:2]] == ["IF", "EXISTS"]:
        tokens = tokens[2:]
    schema, name = "", ""
    for kind, text in tokens:
        if kind in ("word", "quoted", "double") and not name:
            name = text[1:-1].replace('""', '"') if kind == "double" else unquoted(text)
        elif text == "." and not schema:
            schema, name = name, ""
        else:
            yield schema, name
            schema, name = "", ""
            if text != ",":
                return
    yield schema, name
