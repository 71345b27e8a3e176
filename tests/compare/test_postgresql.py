"""Cases of comparisons with a real PostgreSQL."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.compare.postgresql_different import DIFFERENT
from tests.compare.postgresql_same import SAME
from tests.compare.runner import Case, run_case

pytestmark = pytest.mark.databases("postgresql")


@pytest.mark.parametrize("case", SAME, ids=lambda case: case.name)
@pytest.mark.filterwarnings("ignore:Computed column")
def test_what_create_all_makes_is_equal_to_the_models(emptied: sa.Engine, case: Case) -> None:
    run_case(emptied, case)


@pytest.mark.parametrize("case", DIFFERENT, ids=lambda case: case.name)
def test_what_changes_is_found_and_nothing_else(emptied: sa.Engine, case: Case) -> None:
    run_case(emptied, case)
