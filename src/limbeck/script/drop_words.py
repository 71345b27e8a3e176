"""What the texts of revisions say of what they create and drop, without running them.

Few drop anything but in their way down, and of most tables the text says that they are created.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from limbeck.errors import HistoryError
from limbeck.project.files import read_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from limbeck.script.script import Script

__all__ = ["speaks_of_drops", "surely_created"]

_DROP = re.compile(r"d\W*r\W*o\W*p|reverse|downgrade", re.IGNORECASE)
"""The word of all directives and all SQL that drop something, be it in texts that are joined; and
what undoes a creation."""

_DOWNGRADE = re.compile(r"^def downgrade\(.*\n(?:(?:[ \t].*)?\n)*", re.MULTILINE)
"""The way down, as far as its lines are indented."""


def speaks_of_drops(script: Script) -> bool:
    """Whether it says anywhere but in its way down that something is dropped.

    :param script: the revision.
    :returns: True also where only what the revision does can tell.
    """
    source = _but_for_downgrade(script)
    return source is None or _DROP.search(source) is not None


_UPGRADE = re.compile(r"^def upgrade\(\).*\n((?:(?:[ \t)].*)?\n)*)", re.MULTILINE)
_CREATES = re.compile(
    r"^(?: {4}|\t)(?:\w+\.)?create_table\(\s*([\"'])([^\"'\\\n]+)\1,", re.MULTILINE
)
_UNDOES = re.compile(
    r"drop(?:\\[a-z]|[\W_])*(?:table|schema)|rename|reverse|downgrade", re.IGNORECASE
)
_SCHEMA = re.compile(r"\bschema\s*=")


def surely_created(scripts: Iterable[Script], names: Collection[str]) -> set[str]:
    """Tell by the texts of revisions which tables of the default schema they create.

    A table that a text names which drops or renames any is not told of, nor is one that a text
    creates which says schemas.

    :param scripts: the revisions.
    :param names: the tables that are asked for.
    :returns: those of which it is certain; of the others only what the revisions do can tell.
    """
    created: set[str] = set()
    undone: set[str] = set()
    for script in scripts:
        source = _but_for_downgrade(script)
        if source is None:
            return set()
        upgrade = _UPGRADE.search(source)
        if upgrade is not None and _runs_as_it_stands(upgrade[1]) and not _SCHEMA.search(source):
            created.update(found[2] for found in _CREATES.finditer(upgrade[1]))
        if _UNDOES.search(source) is not None:
            words = {*re.findall(r"\w+", source)}
            undone.update(name for name in names if words.issuperset(re.findall(r"\w+", name)))
    return (created & set(names)) - undone


def _runs_as_it_stands(body: str) -> bool:
    """Whether each line of a function that looks like a call is one, and is reached."""
    has_long_texts = any(line.count(quotes) % 2 for line in body.splitlines() for quotes in _QUOTES)
    return not has_long_texts and _ENDS.search(body) is None


_QUOTES = ('"""', "'''")
_ENDS = re.compile(r"^(?: {4}|\t)(?:return|raise)\b", re.MULTILINE)


def _but_for_downgrade(script: Script) -> str | None:
    """The text of a revision without its way down; None where there is no text."""
    try:
        source = read_text(script.path)
    except HistoryError:  # a compiled file, or none any more
        return None
    is_one = source.count("\ndef downgrade(") == 1
    return _DOWNGRADE.sub("", source) if is_one else source
