"""Comparisons with a real MariaDB."""

from __future__ import annotations

import secrets
from dataclasses import replace

import pytest
import sqlalchemy as sa

from limbeck.autogenerate import compare_metadata
from limbeck.database.compare import compare_database
from limbeck.database.comparison import CompareOptions
from limbeck.dialects.mysql.exact_defaults import text_of_table
from limbeck.dialects.standard.scratch_database import PREFIX
from limbeck.operations.operations import Operations
from limbeck.runtime.migration import MigrationContext
from tests.compare.common_cases import CHANGES, SAME, table
from tests.compare.mariadb_cases import CHANGES as MARIADB_CHANGES
from tests.compare.mariadb_cases import SAME as MARIADB_SAME
from tests.compare.mariadb_cases import WITH_INDEX
from tests.compare.runner import Case, compared, metadata_of, run_case, told

pytestmark = [
    pytest.mark.databases("mariadb"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
]


@pytest.mark.parametrize("case", SAME + MARIADB_SAME, ids=lambda case: case.name)
def test_what_create_all_makes_is_equal_to_the_models(engine: sa.Engine, case: Case) -> None:
    """And the objects behind reflected facts make the same tables again."""
    run_case(engine, case)
    removed = compared(engine, lambda metadata: None).before
    sources = sa.MetaData()
    for fact in removed.tables:
        assert isinstance(fact.source, sa.Table)
        fact.source.to_metadata(sources)
    metadata_of(case.before).drop_all(engine)
    sources.create_all(engine)
    assert compared(engine, case.after).changes == ()


@pytest.mark.parametrize("case", CHANGES + MARIADB_CHANGES, ids=lambda case: case.name)
def test_every_change_is_found_and_no_other(engine: sa.Engine, case: Case) -> None:
    # A unique constraint without a name gets that of its first column.
    expected = tuple(line.replace("{unnamed}", "a") for line in case.expected)
    run_case(engine, replace(case, expected=expected + WITH_INDEX.get(case.name, ())))


@pytest.mark.parametrize("tables", [1, 30])
def test_as_many_statements_for_many_tables(engine: sa.Engine, tables: int) -> None:
    def models(metadata: sa.MetaData) -> None:
        for number in range(tables):
            table(sa.Column("a", sa.String(9), server_default="x"), name=f"t{number}")(metadata)

    metadata_of(models).create_all(engine)
    sent: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *event: sent.append(str(event[2])))
    assert compared(engine, models).changes == ()
    assert len([text for text in sent if "information_schema" in text]) == 7, sent
    assert not [text for text in sent if "SCRATCH" in text.upper()]


def test_nothing_outlives_the_comparison_and_nothing_is_committed(engine: sa.Engine) -> None:
    metadata = metadata_of(table(sa.Column("a", sa.Integer, sa.CheckConstraint("a+1>0"))))
    metadata.create_all(engine)
    (models,) = metadata.tables.values()
    with engine.connect() as connection:
        connection.execute(models.insert().values(a=1))
        assert compare_database(connection, [metadata]).changes == ()
        connection.rollback()
        assert connection.execute(sa.select(sa.func.count()).select_from(models)).scalar() == 0


def test_other_schemas(engine: sa.Engine) -> None:
    name = f"{engine.url.database}_other"
    metadata = sa.MetaData()
    parent = sa.Table("p", metadata, sa.Column("id", sa.Integer, primary_key=True), schema=name)
    child = sa.Table("c", metadata, sa.Column("id", sa.Integer, primary_key=True))
    child.append_column(sa.Column("p", sa.ForeignKey(parent.c.id)))
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        metadata.create_all(engine)
        with engine.connect() as connection:
            assert compare_database(connection, [metadata]).changes == ()
            parent.append_column(sa.Column("new", sa.Integer))
            changes = compare_database(connection, [metadata]).changes
        assert [told(change) for change in changes] == [f"add column {name}.p.new"]
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE IF EXISTS c")
            connection.exec_driver_sql(f"DROP DATABASE {name}")


def test_a_scratch_database_of_another_run_is_not_looked_into(engine: sa.Engine) -> None:
    name = PREFIX + secrets.token_hex(8)

    def only(found: str | None, kind: str, _parents: object) -> bool:
        return kind != "schema" or found in (None, name)

    options = CompareOptions(include_schemas=True, include_name=only)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        try:
            connection.exec_driver_sql(f"CREATE TABLE {name}.t (id integer)")
            assert compare_database(connection, [sa.MetaData()], options).before.tables == ()
            context = MigrationContext.configure(
                connection,
                opts={"compare": "alembic", "include_schemas": True, "include_name": only},
            )
            assert compare_metadata(context, sa.MetaData()) == []
        finally:
            connection.exec_driver_sql(f"DROP DATABASE {name}")


def test_a_user_without_temporary_tables_gets_a_note(engine: sa.Engine) -> None:
    name = f"u{engine.url.database}"
    models = table(
        sa.Column("a", sa.Integer), sa.CheckConstraint("a + 1 > 0 and (a < 9)", name="k")
    )
    metadata_of(models).create_all(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE USER {name} IDENTIFIED BY 'x'")
        connection.exec_driver_sql(f"GRANT SELECT ON {engine.url.database}.* TO {name}")
    guest = sa.create_engine(engine.url.set(username=name, password="x"))
    try:
        comparison = compared(guest, models, CompareOptions())
    finally:
        guest.dispose()
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP USER {name}")
    assert len(comparison.notes) == 1
    assert "may not create temporary tables" in comparison.notes[0]


@pytest.mark.parametrize("null", ["NULL", "NOT NULL"])
@pytest.mark.parametrize(
    ("kind", "default"),
    [("varbinary", "x'00ff'"), ("varbinary", "'a?b'"), ("varbinary", "'😀'"), ("varchar", "'😀'")],
)
def test_a_column_that_is_altered_keeps_its_default(
    engine: sa.Engine, kind: str, default: str, null: str
) -> None:
    """``information_schema`` has question marks for what is no text, or takes four bytes."""
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE t (a {kind}(9) {null} DEFAULT {default})")
        context = MigrationContext.configure(connection)
        Operations(context).alter_column("t", "a", comment="is kept")
        connection.exec_driver_sql("INSERT INTO t VALUES ()")
        assert connection.exec_driver_sql(f"SELECT a = {default} FROM t").scalar() == 1


def test_a_column_that_is_altered_keeps_its_values(engine: sa.Engine) -> None:
    """Those of an ENUM have question marks there too, and so have the texts of its CHECK."""
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE t (a enum('😀', 'b?', 'it''s') COLLATE utf8mb4_bin NOT NULL "
            "DEFAULT '😀' CHECK (a <> '😁'), b varchar(9) AS (concat(a, '😁')))"
        )
        context = MigrationContext.configure(connection)
        Operations(context).alter_column("t", "a", comment="is kept")
        Operations(context).alter_column("t", "b", comment="is kept")
        connection.exec_driver_sql("INSERT INTO t (a) VALUES (DEFAULT), ('b?'), ('it''s')")
        found = connection.exec_driver_sql("SELECT a, b FROM t").all()
        text = text_of_table(connection, "t")
    assert [tuple(row) for row in found] == [("😀", "😀😁"), ("b?", "b?😁"), ("it's", "it's😁")]
    assert "CHECK (`a` <> '😁')" in text
