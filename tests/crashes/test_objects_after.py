"""After a statement, what it names is described as it would be if nothing were known."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from limbeck.dialects.registry import backend_for

_KEEPS = (
    "ALTER TABLE t ADD COLUMN c INTEGER",
    "ALTER TABLE t MODIFY b VARCHAR(20)",
    "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (b) REFERENCES other (id)",
    "ALTER TABLE t ADD INDEX ix (b)",
    "ALTER TABLE t COMMENT 'drop to rename'",
)
_MOVES = (
    "ALTER TABLE t RENAME TO u",
    "ALTER TABLE t RENAME COLUMN b TO c",
    "ALTER TABLE t DROP COLUMN b",
    "CREATE TABLE u AS SELECT * FROM t",
    "DROP TABLE t",
)


@pytest.mark.databases("mariadb")
@pytest.mark.parametrize("sql", [*_KEEPS, *_MOVES])
def test_objects_after_are_those_that_are_there(engine: sa.Engine, sql: str) -> None:
    recovery = backend_for(engine.dialect).recovery
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE other (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY, b INTEGER)")
        before = recovery.objects(connection, sql)
        connection.exec_driver_sql(sql)
        sa.event.listen(connection, "before_cursor_execute", note)
        after = recovery.objects_after(connection, sql, before)
        lists = [each for each in asked if "information_schema" in each]
        assert after == recovery.objects(connection, sql)
        assert after.definitions != before.definitions
        assert bool(lists) == (sql in _MOVES)


@pytest.mark.databases("mariadb")
def test_a_table_that_somebody_has_dropped_meanwhile_is_not_there(engine: sa.Engine) -> None:
    recovery = backend_for(engine.dialect).recovery
    sql = "ALTER TABLE t ADD COLUMN c INTEGER"
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY)")
        before = recovery.objects(connection, sql)
        connection.exec_driver_sql("DROP TABLE t")
        assert recovery.objects_after(connection, sql, before).definitions == {}


@pytest.mark.databases("mariadb")
@pytest.mark.parametrize(
    ("sql", "remedy"),
    [
        ("DROP TABLE a -- b has its rows", ()),
        ("DROP TABLE IF EXISTS a /* not `b`, */ # nor b", ()),
        ("DROP TABLE /*!50000 IF EXISTS */ a, b CASCADE", ("DROP TABLE IF EXISTS {}`b`",)),
        ("DROP TABLES `a` , b;", ("DROP TABLES IF EXISTS {}`b`",)),
        ("DROP TABLE a, B", None),
    ],
)
def test_only_what_a_statement_drops_is_dropped_with_the_rest(
    engine: sa.Engine, sql: str, remedy: tuple[str, ...] | None
) -> None:
    recovery = backend_for(engine.dialect).recovery
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE a (id INTEGER)")
        connection.exec_driver_sql("CREATE TABLE b (id INTEGER)")
        before = recovery.objects(connection, sql)
        connection.exec_driver_sql("DROP TABLE a")
        found = recovery.verdict(sql, before, recovery.objects(connection, sql))
    assert len(before.definitions) == 2
    if remedy is None:  # on some servers B is the same table, on others it is none
        assert found.happened is None
        return
    schema = f"`{engine.url.database}`."
    assert found.happened
    assert found.remedy == tuple(each.format(schema) for each in remedy)
