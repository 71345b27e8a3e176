"""A ``CREATE INDEX`` text taken apart: https://www.sqlite.org/lang_createindex.html."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from limbeck.dialects.sqlite.sql_tokens import Token, text_of, tokens_of
from limbeck.value import Value

_NAME = r'(?:[A-Za-z_]\w*|"[^"]+")'
_USUAL = re.compile(
    rf"CREATE (?P<unique>UNIQUE )?INDEX {_NAME} ON {_NAME} \("
    r"(?P<columns>[A-Za-z_]\w*(?:, [A-Za-z_]\w*)*)\)"
)
"""An index of columns as SQLAlchemy writes it, which need not be cut into tokens."""


class ElementText(Value, slots=True):
    """One element of an index.

    :param column: the column's name where the element is nothing else, perhaps with an order.
    :param expression: the element as written, without ASC or DESC.
    """

    expression: str
    column: str | None
    descending: bool = False


class IndexText(Value, slots=True):
    """An index in its own words. ``where`` is the condition of a partial index."""

    name: str
    unique: bool
    elements: tuple[ElementText, ...]
    where: str | None = None


def read_index(name: str, sql: str) -> IndexText:
    """Take the text of an index apart.

    :param name: the index's name, as ``sqlite_master`` has it.
    :param sql: ``CREATE [UNIQUE] INDEX … ON table (…) [WHERE …]``.
    """
    usual = _USUAL.fullmatch(sql)
    if usual is not None:
        columns = usual["columns"].split(", ")
        return IndexText(name, usual["unique"] is not None, tuple(map(_plain_element, columns)))
    tokens = list(tokens_of(sql))
    meant = [place for place, token in enumerate(tokens) if not token.is_trivia]
    unique = tokens[meant[1]].is_word("UNIQUE")
    opening = next(place for place in meant if tokens[place].text == "(")
    closing = _closing(tokens, opening)
    rest = [place for place in meant if place > closing]
    where = text_of(tokens[rest[0] + 1 :]).strip() if rest else None
    elements = tuple(_element(part) for part in _parts(tokens[opening + 1 : closing]))
    return IndexText(name, unique, elements, where)


@lru_cache(maxsize=1024)
def _plain_element(column: str) -> ElementText:
    return ElementText(column, column)


def _closing(tokens: list[Token], opening: int) -> int:
    depth = 0
    for place in range(opening, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[place].text, 0)
        if depth == 0:
            return place
    raise ValueError("a bracket is not closed")


def _parts(tokens: list[Token]) -> Iterator[list[Token]]:
    """The tokens between the commas that stand in no further brackets."""
    part: list[Token] = []
    depth = 0
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.text == "," and depth == 0:
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _element(tokens: list[Token]) -> ElementText:
    meant = [token for token in tokens if not token.is_trivia]
    descending = meant[-1].is_word("DESC")
    if meant[-1].is_word("ASC", "DESC"):
        while tokens.pop() is not meant[-1]:
            pass
        meant.pop()
    column = meant[0].name if len(meant) == 1 and meant[0].can_be_name else None
    return ElementText(text_of(tokens).strip(), column, descending)
