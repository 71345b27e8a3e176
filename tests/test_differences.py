"""The page about differences from Alembic lists what the measure lists."""

from __future__ import annotations

from measures.conformance.results import differences
from measures.environments import ROOT

PAGE = ROOT / "docs" / "differences-from-alembic.md"


def test_the_page_lists_every_test_that_does_not_pass() -> None:
    listed = [test for difference in differences() for test in difference.tests]
    assert listed
    lines = PAGE.read_text().splitlines()
    assert [test for test in listed if f"  - `{test}`" not in lines] == []


def test_the_page_lists_no_other() -> None:
    listed = {test for difference in differences() for test in difference.tests}
    shown = [line[5:-1] for line in PAGE.read_text().splitlines() if line.startswith("  - `test_")]
    assert sorted(shown) == sorted(listed)
