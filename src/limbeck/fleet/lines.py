"""Lines that name tenants: an address each, or a name before it and a schema behind it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import field

from limbeck.errors import ConfigurationError
from limbeck.project.settings import expand_environment
from limbeck.value import Value

__all__ = ["Words", "words_of_lines", "words_of_row"]

_HINT = "it holds an address; before it there may be a name, and behind it a schema"


class Words(Value, slots=True):
    """What a line says.

    :param place: the line, for messages.
    :param name: the tenant's name, None where it says none.
    :param address: the address.
    :param schema: the schema within, None for the whole database.
    """

    place: str
    name: str | None
    address: str = field(repr=False)
    schema: str | None = None


def words_of_lines(text: str, where: str, *, expand: bool = False) -> list[Words]:
    """What lines say. Empty ones, and what stands behind a ``#``, say nothing.

    The words of a line that has a tab in it are parted by tabs, of any other by blanks.

    :param text: the lines.
    :param where: where they are, for messages.
    :param expand: put environment variables where ``${NAME}`` stands.
    :raises ConfigurationError: a line makes no sense; it is not shown.
    """
    return list(_words(text, where, expand=expand))


def _words(text: str, where: str, *, expand: bool) -> Iterator[Words]:
    for number, line in enumerate(text.splitlines(), 1):
        said = f" {line}".partition(" #")[0].strip()
        if not said:
            continue
        words = said.split("\t") if "\t" in said else said.split()
        words = [word.strip() for word in words if word.strip()]
        if expand:
            words = [expand_environment(word, os.environ) for word in words]
        yield _of(words, f"line {number} of {where}")


def words_of_row(row: Sequence[object], number: int) -> Words:
    """What a row of a query's answer says.

    :param row: the address; or the name and the address, and then the schema if there is one.
    :param number: which row it is, from 1.
    :raises ConfigurationError: it makes no sense.
    """
    place = f"row {number} of the query's answer"
    return _of([str(each) for each in row if each is not None], place)


def _of(words: Sequence[str], place: str) -> Words:
    at = next((number for number, word in enumerate(words) if "://" in word), None)
    if at is None or at > 1 or len(words) > at + 2:
        raise ConfigurationError(f"{place} makes no sense", hint=_HINT)
    name = words[0] if at else None
    return Words(place, name, words[at], words[at + 1] if len(words) > at + 1 else None)
