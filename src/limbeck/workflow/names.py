"""Refuse what the history alone shows to be wrong, before any database is opened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limbeck.script import ScriptDirectory

_FROM_WHERE_THE_DATABASE_IS = re.compile(r"(?:.+@)?[+-]\d+")


def refuse_unknown(script: ScriptDirectory, name: str) -> None:
    """Look a name up, unless only the database can say what it means.

    :param script: the project's revisions.
    :param name: the revision that was asked for.
    :raises RevisionError: it is unknown or ambiguous, or the files form no history.
    """
    if _FROM_WHERE_THE_DATABASE_IS.fullmatch(name):
        _ = script.revision_map.graph
    else:
        script.get_revisions(name)
