"""``%(name)s`` in settings, and a ``%`` that means nothing but itself.

An address of a database may hold a ``%`` (``p%40ss`` for ``p@ss``). A ``%`` that begins no
``%(name)s`` and is not doubled is taken as it stands, so such an address just works, and
one that was written with ``%%`` for Alembic works too.
"""

from __future__ import annotations

from limbeck.light_typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["UnresolvedReference", "interpolated", "interpolated_deeply"]

#: How far references may lead to further ones, as in :mod:`configparser`.
_DEEPEST = 10


class UnresolvedReference(Exception):
    """A reference stands for nothing, or leads round.

    :param name: what it refers to; None where references lead round.
    :param value: the value that it stands in.
    """

    def __init__(self, name: str | None, value: str) -> None:
        super().__init__(name, value)
        self.name = name
        self.value = value


def interpolated(value: str, names: Mapping[str, str]) -> str:
    """A value of a TOML file with ``%(here)s`` and the like replaced.

    :param value: the value as written.
    :param names: what the references stand for.
    :raises KeyError: a reference stands for nothing.
    """
    return _replaced(value, names.__getitem__)


def interpolated_deeply(
    value: str, names: Mapping[str, str], key: Callable[[str], str] = str.lower
) -> str:
    """A value of an ini file with references replaced, those in what they stand for as well.

    :param value: the value as written.
    :param names: what the references stand for, by key.
    :param key: the key of a name.
    :raises UnresolvedReference: a reference stands for nothing, or leads round.
    """
    return _deeply(value, names, key, 1) if "%" in value else value


def _deeply(value: str, names: Mapping[str, str], key: Callable[[str], str], depth: int) -> str:
    if depth > _DEEPEST:
        raise UnresolvedReference(None, value)

    def meaning(name: str) -> str:
        if key(name) not in names:
            raise UnresolvedReference(key(name), value)
        return _deeply(names[key(name)], names, key, depth + 1)

    return _replaced(value, meaning)


def _replaced(value: str, meaning: Callable[[str], str]) -> str:
    # by hand: a regular expression for the one %(here)s of most files costs more than all of them
    before, sign, rest = value.partition("%")
    if not sign:
        return value
    pieces = [before]
    while sign:
        name, closing, beyond = rest[1:].partition(")s")
        if rest[:1] == "%":
            pieces.append("%")
            rest = rest[1:]
        elif rest[:1] == "(" and name and closing and not set("()\n") & set(name):
            pieces.append(meaning(name))
            rest = beyond
        else:
            pieces.append("%")
        before, sign, rest = rest.partition("%")
        pieces.append(before)
    return "".join(pieces)
