"""A row of the history for many databases: all but its place and its times is fixed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from limbeck.revisions.history_row import HASHED, HistoryRow
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["LATE", "RowForm", "form_of"]

LATE = ("finished", "milliseconds", "number", "previous", "started")
"""The fields that each database has its own values for, in the order in which a hash takes them."""


# As limbeck.revisions.history_row.chained says a value.
_said = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True).encode


class RowForm(Value, slots=True):
    """A row without the fields of :data:`LATE`.

    :param row: the row; what these fields hold says nothing.
    :param pieces: the text that its hash is taken over, cut where these fields stand, in JSON.
    """

    row: HistoryRow
    pieces: tuple[str, ...]

    def hash(self, values: Iterable[str | int | None]) -> str:
        """The hash of the row.

        :param values: those of :data:`LATE`, in that order.
        """
        from hashlib import sha256  # which loads a large library

        first, *rest = self.pieces
        said = [first]
        for value, piece in zip(values, rest, strict=True):
            said += (_said(value), piece)
        return sha256("".join(said).encode()).hexdigest()


def form_of(row: HistoryRow) -> RowForm:
    """The form of a row.

    :param row: the row.
    """
    pieces, piece = [], "{"
    for number, name in enumerate(sorted(HASHED)):
        piece += f'{"," if number else ""}"{name}":'
        if name in LATE:
            pieces.append(piece)
            piece = ""
        else:
            piece += _said(getattr(row, name))
    return RowForm(row, (*pieces, piece + "}"))
