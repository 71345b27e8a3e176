"""What the version table holds after a step."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from limbeck.revisions.rows import RowChanges

_IDS = st.sampled_from("abcdef")
_SOME = st.lists(_IDS, max_size=2, unique=True).map(tuple)


@given(
    heads=st.lists(_IDS, max_size=4),
    deleted=st.just(()) | _SOME,
    inserted=st.just(()) | _SOME,
    updated=st.lists(st.tuples(_IDS, _IDS), max_size=2).map(tuple),
)
def test_all_that_goes_is_gone_before_anything_comes(
    heads: list[str],
    deleted: tuple[str, ...],
    inserted: tuple[str, ...],
    updated: tuple[tuple[str, str], ...],
) -> None:
    rows = RowChanges(deleted, inserted, updated)
    found = set(heads) - {*deleted, *(before for before, _ in updated)}
    found |= {*inserted, *(after for _, after in updated)}
    assert rows.applied_to(heads) == rows.applied_to(frozenset(heads)) == frozenset(found)
