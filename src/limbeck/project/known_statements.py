"""The statements that revisions were seen to send, kept beside their files.

What a revision sends depends on more than its text, see :mod:`limbeck.runtime.resent.ground`. So
statements are kept for one ground, which is a number, and for a few of them: a project may be
tested on several databases.
"""

from __future__ import annotations

from typing import Any

from limbeck.project.kept_facts import KeptFacts

__all__ = ["keep_statements", "known_grounds", "note_statements"]

_GROUNDS = 6
"""Of how many grounds a file's statements are kept."""


def known_grounds(path: str, text: str) -> dict[str, list[str]]:
    """What a revision has sent, by grounds.

    :param path: its file.
    :param text: the number over the file's text.
    """
    found: dict[str, list[str]] | None = _kept.find(path, text)
    return found or {}


def note_statements(path: str, text: str, ground: str, statements: tuple[str, ...]) -> bool:
    """Remember what a revision has sent.

    :param path: its file.
    :param text: the number over the file's text.
    :param ground: on what ground.
    :param statements: its statements, in order.
    :returns: whether that is news.
    """
    known = known_grounds(path, text)
    if known.get(ground) == list(statements):
        return False
    others = [each for each in known.items() if each[0] != ground]
    newest = others[max(0, len(others) - _GROUNDS + 1) :]
    _kept.note(path, text, {**dict(newest), ground: list(statements)})
    return True


def keep_statements() -> None:
    """Write down what was seen in this process, for the next one."""
    _kept.write()


def _is_fact(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(each, list) and all(isinstance(statement, str) for statement in each)
        for each in value.values()
    )


_kept = KeptFacts("statements", _is_fact)
