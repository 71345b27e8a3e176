"""Comparisons with a real SQLite."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from limbeck.database.compare import compare_database
from tests.compare.common_cases import CHANGES, SAME, everything
from tests.compare.runner import Case, compared, metadata_of, run_case, told
from tests.compare.sqlite_cases import CHANGES as SQLITE_CHANGES
from tests.compare.sqlite_cases import SAME as SQLITE_SAME
from tests.compare.sqlite_cases import WRITTEN, Written

pytestmark = pytest.mark.databases("sqlite")


@pytest.mark.parametrize("case", SAME + SQLITE_SAME, ids=lambda case: case.name)
def test_what_create_all_makes_is_equal_to_the_models(engine: sa.Engine, case: Case) -> None:
    run_case(engine, case)


@pytest.mark.parametrize("case", CHANGES + SQLITE_CHANGES, ids=lambda case: case.name)
def test_every_change_is_found_and_no_other(engine: sa.Engine, case: Case) -> None:
    # SQLite keeps no name for what has none in the models.
    expected = tuple(line.replace("{unnamed}", "(a)") for line in case.expected)
    run_case(engine, replace(case, expected=expected))


@pytest.mark.parametrize("written", WRITTEN, ids=lambda written: written.name)
def test_tables_written_by_hand(engine: sa.Engine, written: Written) -> None:
    with engine.begin() as connection:
        for statement in written.sql:
            connection.exec_driver_sql(statement)
    found = tuple(map(told, compared(engine, written.models).changes))
    assert found == written.expected


@pytest.mark.parametrize("case", SAME + SQLITE_SAME, ids=lambda case: case.name)
def test_what_is_removed_can_be_made_again(engine: sa.Engine, case: Case) -> None:
    """The objects behind reflected facts make tables that are equal to the models again."""
    metadata_of(case.before).create_all(engine)
    removed = compared(engine, lambda metadata: None).before
    sources = sa.MetaData()
    for fact in removed.tables:
        assert isinstance(fact.source, sa.Table)
        fact.source.to_metadata(sources)
    with engine.begin() as connection:
        for fact in removed.tables:
            connection.exec_driver_sql(f'DROP TABLE "{fact.key.name}"')
    sources.create_all(engine)
    assert compared(engine, case.after).changes == ()


def test_one_statement_reads_a_schema(engine: sa.Engine) -> None:
    metadata_of(everything).create_all(engine)
    statements: list[str] = []
    sa.event.listen(
        engine, "before_cursor_execute", lambda *event: statements.append(str(event[2]))
    )
    assert compared(engine, everything).changes == ()
    assert len([text for text in statements if "sqlite_master" in text]) == 1, statements


def test_attached_databases_are_schemas(engine: sa.Engine) -> None:
    metadata = sa.MetaData()
    parent = sa.Table("p", metadata, sa.Column("id", sa.Integer, primary_key=True), schema="other")
    child = sa.Table("c", metadata, sa.Column("id", sa.Integer), schema="other")
    child.append_column(sa.Column("p", sa.ForeignKey(parent.c.id)))
    with engine.connect() as connection:
        connection.exec_driver_sql("ATTACH ':memory:' AS other")
        metadata.create_all(connection)
        assert compare_database(connection, [metadata]).changes == ()
        child.append_column(sa.Column("new", sa.Integer))
        changes = compare_database(connection, [metadata]).changes
    assert [told(change) for change in changes] == ["add column other.c.new"]
