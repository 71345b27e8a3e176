"""One revision on the quick road, worked out once for all tenants that begin at the same place."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from limbeck.revisions.row_forms import LATE, RowForm, form_of
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from limbeck.fleet.quick.recorder import SentStep
    from limbeck.fleet.quick.texts import Texts
    from limbeck.revisions.history_row import HistoryRow
    from limbeck.revisions.step import PlanStep

__all__ = ["Leg", "Place", "Way", "way_of"]


class Place(Value, slots=True):
    """The newest row of a history.

    :param number: its number, 0 where there is none.
    :param hash: its hash.
    """

    number: int = 0
    hash: str | None = None


class Leg(Value, slots=True):
    """One revision.

    :param id: its id.
    :param doc: its message.
    :param words: what the log says of it.
    :param statements: what it sends.
    :param changes: the statements that change the version table; with each, whether it has to match
        one row.
    :param before: what the version table holds before.
    :param after: what it holds after.
    :param form: its row in the history, None where no history is kept.
    :param values: what the columns of that row hold.
    :param may_dangle: a row may refer to no row afterwards, though none did before.
    """

    id: str
    doc: str
    words: str
    statements: tuple[str, ...]
    changes: tuple[tuple[str, bool], ...]
    before: frozenset[str]
    after: frozenset[str]
    form: RowForm | None
    values: tuple[Any, ...]
    may_dangle: bool

    def placed(
        self, last: Place, times: tuple[str, int, str], places: Mapping[str, int]
    ) -> tuple[Place, list[Any]]:
        """Its row behind another one.

        :param last: the newest row so far.
        :param times: when it was done, in how many milliseconds, and when it began.
        :param places: where the columns stand.
        :returns: where the row is, and what its columns hold.
        """
        assert self.form is not None
        finished, milliseconds, started = times
        late = (finished, milliseconds, last.number + 1, last.hash, started)
        placed = Place(last.number + 1, self.form.hash(late))
        values = list(self.values)
        for name, value in zip((*LATE, "hash"), (*late, placed.hash), strict=True):
            values[places[name]] = value
        return placed, values


class Way(Value, slots=True):
    """All revisions from one place on.

    :param legs: those that are known, up to the first one that is not.
    :param total: how many there are.
    """

    legs: tuple[Leg, ...]
    total: int

    @property
    def is_whole(self) -> bool:
        """Whether each of them is known."""
        return len(self.legs) == self.total


def way_of(
    plan: Iterable[PlanStep], heads: Iterable[str], sent: Mapping[str, SentStep], texts: Texts
) -> Way:
    """The way from one place.

    :param plan: the revisions.
    :param heads: what the version table holds.
    :param sent: what revisions are known to send.
    :param texts: the statements about limbeck's own tables.
    """
    steps, here, legs = tuple(plan), frozenset(heads), []
    for step in steps:
        known = sent.get(step.id or "")
        if known is None or step.id is None:
            break
        after = step.rows.applied_to(here)
        row = None if known.row is None else _reaching(known.row, after)
        legs.append(
            Leg(
                id=step.id,
                doc=step.doc,
                words=str(step),
                statements=known.statements,
                changes=texts.changes(step.rows),
                before=here,
                after=after,
                form=None if row is None else form_of(row),
                values=() if row is None else texts.values(row),
                may_dangle=not all(_KEEPS_REFERENCES.fullmatch(each) for each in known.statements),
            )
        )
        here = after
    return Way(tuple(legs), len(steps))


# A column without REFERENCES, or an index, leaves every reference as it is. A new table may not: a
# row may have referred to the table that was missing, and that is told as another kind of error.
_KEEPS_REFERENCES = re.compile(
    r"\s*(?:ALTER\s+TABLE\s+\S+\s+ADD\s+COLUMN|CREATE\s+(?:UNIQUE\s+)?INDEX)\s"
    r"(?:(?!REFERENCES).)*",
    re.IGNORECASE | re.DOTALL,
)


def _reaching(row: HistoryRow, heads: frozenset[str]) -> HistoryRow:
    return replace(row, heads=tuple(sorted(heads)))
