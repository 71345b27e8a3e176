"""How many statements a revision takes beside its own: nobody adds one unnoticed."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateSchema

from limbeck.database.version_table import VersionTable
from limbeck.database.version_update import VersionUpdate
from limbeck.revisions.rows import RowChanges
from tests.applied.projects import Project

FEW, MANY = 2, 6
OF_EACH = {
    # One of the revision's own, the version, and the row of the history.
    "postgresql": {"ALTER": 1, "UPDATE": 1, "INSERT": 1},
    # Each transaction takes the lock, so that each has to look at what others may have written.
    "sqlite": {"BEGIN": 1, "SELECT": 2, "ALTER": 1, "UPDATE": 1, "INSERT": 1, "PRAGMA": 1},
    # The journal writes its header, and a row before and after each statement that commits; it asks
    # the catalogue what the statement is about, and SHOW CREATE TABLE before and after it.
    "mariadb": {"ALTER": 1, "UPDATE": 2, "INSERT": 3, "SELECT": 1, "SHOW": 2, "DELETE": 1},
}


def words_of(project: Project, count: int) -> Counter[str]:
    """The first words of all statements of an upgrade by some revisions."""
    said: Counter[str] = Counter()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said[statement.split()[0]] += 1

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        project.upgrade(f"r{count}")
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    return said


def test_each_revision_takes_as_many(project: Project) -> None:
    project.write("r0")
    for number in range(1, 2 * MANY):
        column = f'op.add_column("t_r0", sa.Column("c{number}", sa.Integer))'
        project.write(f"r{number}", f"r{number - 1}", column)
    project.upgrade("r1")
    few = words_of(project, 1 + FEW)
    many = words_of(project, 1 + FEW + MANY)
    name = sa.make_url(project.url).get_backend_name()
    each = {word: (many[word] - few[word]) / (MANY - FEW) for word in many | few}
    assert {word: count for word, count in each.items() if count} == OF_EACH[name]


@pytest.mark.parametrize(
    "dialect",
    [
        sqlite.dialect(),
        postgresql.dialect(),
        postgresql.psycopg.dialect(),
        mysql.pymysql.dialect(),
        mssql.dialect(),
        oracle.dialect(),
    ],
    ids=lambda dialect: f"{dialect.name}-{dialect.driver}",
)
@pytest.mark.parametrize("id_", ["0123456789ab", "it's", "100%", "a\\b", "<id before>", ":x"])
def test_the_version_moves_in_the_words_of_sqlalchemy(dialect: Dialect, id_: str) -> None:
    versions = VersionTable("strange name", "some.schema")
    said = VersionUpdate(versions.table, dialect).text("before", id_)
    ((statement, _),) = versions.changes(RowChanges(updated=(("before", id_),)))
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    assert said == str(compiled)


@pytest.mark.databases("postgresql18")
def test_the_version_moves_in_the_schema_that_a_map_says(engine: sa.Engine) -> None:
    versions = VersionTable()
    with engine.connect() as plain, plain.begin():
        plain.execute(CreateSchema("tenant"))
        mapped = plain.execution_options(schema_translate_map={None: "tenant"})
        mapped.execute(versions.create())
        mapped.execute(versions.table.insert(), {"version_num": "a"})
        versions.carry_out(mapped, RowChanges(updated=(("a", "b"),)))
        assert versions.read(mapped, is_there=True) == ("b",)
        assert plain.exec_driver_sql("SELECT version_num FROM tenant.alembic_version").all() == [
            ("b",)
        ]
