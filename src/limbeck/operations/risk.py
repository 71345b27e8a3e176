"""What a step may do to the rows that are there: take data away, or fail because of it."""

from __future__ import annotations

from typing import Literal

from limbeck.value import Value

Kind = Literal["loses", "fails"]


class Risk(Value, slots=True):
    """One thing that may go wrong with rows.

    :param kind: ``loses`` where data is gone afterwards, and no error says so; ``fails`` where the
        database refuses the step if there are such rows, and keeps them.
    :param words: what is lost, or which rows make it fail, as it stands behind the colon.
    """

    kind: Kind
    words: str

    @property
    def line(self) -> str:
        """The risk in one line, such as ``loses data: the table users and its rows``."""
        return f"{'loses data' if self.kind == 'loses' else 'can fail'}: {self.words}"


def loses(words: str) -> Risk:
    """The risk that something is lost."""
    return Risk("loses", words)


def fails(words: str) -> Risk:
    """The risk that rows make it fail."""
    return Risk("fails", words)
