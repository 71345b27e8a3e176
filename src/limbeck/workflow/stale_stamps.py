"""Revisions whose files were edited after they were proved.

Only files that carry a stamp are parsed: a history without stamps costs a look at each file.
"""

from __future__ import annotations

from collections.abc import Iterable

from limbeck.light_typing import TYPE_CHECKING, NamedTuple
from limbeck.project.files import read_text

if TYPE_CHECKING:
    from limbeck.script import Script

__all__ = ["MOST_STAMPS", "StaleStamp", "stale_stamps", "stale_words"]

MOST_STAMPS = 200
"""So many revisions, the newest, are looked at where many are pending: each takes a millisecond."""

_MARK = "# Proved: "


class StaleStamp(NamedTuple):
    """A revision whose file no longer does what was proved.

    :param revision: its id.
    :param engines: the databases of the stamps that no longer fit, as in ``postgresql 15``.
    """

    revision: str
    engines: tuple[str, ...]


def stale_stamps(scripts: Iterable[Script]) -> tuple[StaleStamp, ...]:
    """The revisions of some whose stamps no longer fit their files.

    :param scripts: the revisions.
    """
    found = (_stale(script) for script in scripts)
    return tuple(stale for stale in found if stale is not None)


def stale_words(stale: Iterable[StaleStamp]) -> str | None:
    """The same in a line, None where there is nothing to say.

    :param stale: the revisions.
    """
    names = [each.revision for each in stale]
    if not names:
        return None
    few = names if len(names) <= _MOST_NAMES else [*names[:_MOST_NAMES], "…"]
    which = names[0] if len(names) == 1 else "--all" if len(names) > _MOST_NAMES else " ".join(few)
    return f"edited since proved: {', '.join(few)} (`limbeck prove {which}` proves again)"


_MOST_NAMES = 5


def _text(script: Script) -> str | None:
    """The text of a revision's file; None where no stamp is in it."""
    if script.planned is not None:  # what was sent is what this said
        source = script.planned.content.source
        return source if _MARK in source else None
    with open(script.path, "rb") as file:
        if _MARK.encode() not in file.read():
            return None
    return read_text(script.path)


def _stale(script: Script) -> StaleStamp | None:
    if not script.path.endswith(".py"):
        return None
    try:
        source = _text(script)
    except OSError:  # whoever has to read the file says so
        return None
    if source is None:
        return None
    from limbeck.project.proof_stamp import is_valid, stamps_of

    engines = tuple(each.engine for each in stamps_of(source) if not is_valid(each, source))
    return StaleStamp(script.revision, engines) if engines else None
