"""A usual index is read as one is whose every token is looked at."""

from __future__ import annotations

import pytest

from limbeck.dialects.sqlite.index_text import read_index


@pytest.mark.parametrize(
    "rest",
    [
        "INDEX ix ON t (a)",
        'INDEX "ix x" ON "t ""u" (a, b_2)',
        'UNIQUE INDEX ix ON t ("a b", c)',
        "UNIQUE INDEX ix ON t (a, ж)",
        "INDEX ix ON t (a DESC, b)",
        "INDEX ix ON t (lower(a))",
        "INDEX ix ON t (a) WHERE a > 1",
        "INDEX ix ON t (a COLLATE NOCASE)",
    ],
)
def test_index(rest: str) -> None:
    assert read_index("ix", f"CREATE {rest}") == read_index("ix", f"create  {rest}")
