"""The numbers over what revision files do, kept beside the files.

Such a number is taken of the syntax tree, which costs more than all else that is written down of a
revision. One that was taken before is believed for the very text that it was taken of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.project.kept_facts import KeptFacts

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["keep_checksums", "known_checksum"]

_kept = KeptFacts("checksums", lambda fact: isinstance(fact, str))


def known_checksum(path: str, text: str, make: Callable[[], str]) -> str:
    """The number over what a file does, taken before or now.

    :param path: the file.
    :param text: a number over its text.
    :param make: takes the number.
    """
    found: str | None = _kept.find(path, text)
    if found is None:
        found = make()
        _kept.note(path, text, found)
    return found


def keep_checksums() -> None:
    """Write down what was taken in this process, for the next one."""
    _kept.write()
