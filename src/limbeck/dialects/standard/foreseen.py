"""What a statement has found once, and is expected to find the next time."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Foreseen"]


class Foreseen(NamedTuple):
    """The objects that a statement names, as far as they are there.

    :param condition: SQL that is true where these are there, and no other that it could name.
    :param tables: the names of the tables, which the database describes when it is asked.
    :param filled: whether it is asked as well which of them hold rows.
    """

    condition: str
    tables: tuple[str, ...] = ()
    filled: bool = False
