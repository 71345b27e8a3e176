"""Cases of comparisons with a real PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.schema import CreateSequence, DropSequence, sort_tables
from sqlalchemy.types import UserDefinedType

from limbeck.database.comparison import CompareOptions
from limbeck.facts.objects import ColumnFact
from tests.compare.postgresql_different import DIFFERENT
from tests.compare.postgresql_same import SAME
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
        for table in found.tables:  # without their enums, which other tables may use
            connection.exec_driver_sql(f"DROP TABLE {table.key} CASCADE")
            for column in table.columns:
                say_unknown_type(column)
        for sequence in found.sequences:
            connection.execute(DropSequence(sequence.source))
            connection.execute(CreateSequence(sequence.source))
        for source in sort_tables(tables):
            source.create(connection, checkfirst=True)
    assert compared(emptied, case.after).changes == ()


def say_unknown_type(column: ColumnFact) -> None:
    """Give a column whose type this SQLAlchemy cannot reflect the type that it has."""
    source: Any = column.source
    if isinstance(source.type, sa.types.NullType):
        source.type = Spelled(column.type)


class Spelled(UserDefinedType[str]):
    """A type that is nothing but its text."""

    cache_ok = True

    def __init__(self, text: str) -> None:
        self.text = text

    def get_col_spec(self, **_: object) -> str:
        return self.text
