"""A row that is made of its form is the row that is chained as a whole."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from limbeck.revisions.history_row import HistoryRow, chained
from limbeck.revisions.row_forms import LATE, form_of

_TEXTS = st.text(max_size=20)
_ROW = HistoryRow(
    revision="r1",
    direction="upgrade",
    outcome="done",
    started="",
    finished="",
    who="",
    host="",
    tool="",
    driver="",
)


@given(
    source=st.none() | _TEXTS,
    who=_TEXTS,
    heads=st.lists(_TEXTS, max_size=3),
    number=st.integers(0, 10**6),
    milliseconds=st.integers(0, 10**9),
    previous=st.none() | _TEXTS,
)
def test_both_ways_give_the_same_hash(
    source: str | None,
    who: str,
    heads: list[str],
    number: int,
    milliseconds: int,
    previous: str | None,
) -> None:
    row = replace(_ROW, source=source, who=who, heads=tuple(heads), parents=("a", 'b"'))
    late = replace(row, started="from", finished="to", milliseconds=milliseconds)
    last = None if previous is None else replace(row, number=number, hash=previous)
    expected = chained(late, last)
    assert form_of(row).hash(getattr(expected, name) for name in LATE) == expected.hash
