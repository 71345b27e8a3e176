"""Whether the text of a revision says that it drops something; few do but in their way down."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from limbeck.errors import HistoryError
from limbeck.project.files import read_text

if TYPE_CHECKING:
    from limbeck.script.script import Script

__all__ = ["speaks_of_drops"]

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
    try:
        source = read_text(script.path)
    except HistoryError:  # a compiled file, or none any more
        return True
    if source.count("\ndef downgrade(") == 1:
        source = _DOWNGRADE.sub("", source)
    return _DROP.search(source) is not None
