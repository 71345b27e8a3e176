"""Cases of comparisons with a real PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.schema import CreateSequence, DropSequence, sort_tables

from limbeck.database.compare import CompareOptions
from tests.compare.postgresql_different import DIFFERENT
from tests.compare.postgresql_same import SAME, Point
from tests.compare.runner import Case, compared, metadata_of, run_case

pytestmark = pytest.mark.databases("postgresql")


@pytest.mark.parametrize("case", SAME, ids=lambda case: case.name)
@pytest.mark.filterwarnings("ignore:Computed column")
def test_what_create_all_makes_is_equal_to_the_models(emptied: sa.Engine, case: Case) -> None:
    run_case(emptied, case)


@pytest.mark.parametrize("case", DIFFERENT, ids=lambda case: case.name)
def test_what_changes_is_found_and_nothing_else(emptied: sa.Engine, case: Case) -> None:
    run_case(emptied, case)


@pytest.mark.parametrize("case", SAME, ids=lambda case: case.name)
@pytest.mark.filterwarnings("ignore:Computed column")
def test_what_was_found_can_be_made_again(emptied: sa.Engine, case: Case) -> None:
    """The objects behind reflected facts carry everything a downgrade needs."""
    metadata_of(case.before).create_all(emptied)
    everything = CompareOptions(include_schemas=True)
    found = compared(emptied, lambda metadata: None, everything).before
    tables: list[Any] = [table.source for table in found.tables]
    with emptied.begin() as connection:
        for table in reversed(sort_tables(tables)):
            table.drop(connection)
        for sequence in found.sequences:
            connection.execute(DropSequence(sequence.source))
            connection.execute(CreateSequence(sequence.source))
        for table in sort_tables(tables):
            for column in table.columns:
                if isinstance(column.type, sa.types.NullType):
                    column.type = Point()  # the one type here that SQLAlchemy cannot reflect
            table.create(connection)
    assert compared(emptied, case.after).changes == ()
