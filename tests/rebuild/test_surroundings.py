"""What hangs on a table while it is copied: rows of others, triggers, views, counters."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from limbeck.dialects.backend import EmitTarget
from limbeck.dialects.sqlite.rebuild import rebuild_statements
from limbeck.errors import CommandError
from limbeck.operations.ops import (
    AddColumnOp,
    AlterColumnOp,
    CreateCheckConstraintOp,
    CreateForeignKeyOp,
    CreateUniqueConstraintOp,
    DropColumnOp,
    DropConstraintOp,
)
from tests.rebuild.live import run

if TYPE_CHECKING:
    from tests.rebuild.live import Live

SHOP = (
    "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, price REAL)",
    "CREATE TABLE child (id INTEGER PRIMARY KEY, t_id INT NOT NULL REFERENCES t (id) "
    "ON DELETE CASCADE)",
    "CREATE TABLE log (line TEXT)",
    "CREATE VIEW dear AS SELECT id, name FROM t WHERE price > 10",
    "CREATE VIEW dearest AS SELECT max(id) AS id FROM dear",
    "CREATE TRIGGER t_ai AFTER INSERT ON t BEGIN INSERT INTO log VALUES ('t: ' || NEW.name); END",
    'CREATE TRIGGER "t bu" BEFORE UPDATE OF price ON t WHEN NEW.price < 0 BEGIN '
    "SELECT RAISE(ABORT, 'no;'); END",
    "CREATE TRIGGER child_ai AFTER INSERT ON child BEGIN "
    "UPDATE t SET price = price + 1 WHERE id = NEW.t_id; END",
    "CREATE TRIGGER dear_ii INSTEAD OF INSERT ON dear BEGIN "
    "INSERT INTO t (name, price) VALUES (NEW.name, 100); END",
    "CREATE INDEX ix_name ON t (name)",
    "INSERT INTO t VALUES (1, 'a', 5), (7, 'b', 50)",
    "INSERT INTO child (t_id) VALUES (1), (7)",
)
NAME_NOT_NULL = AlterColumnOp("t", "name", modify_nullable=False)


def test_rows_of_children_and_everything_around_stay(live: Live) -> None:
    live.execute(*SHOP)
    schema, children = live.schema(), live.rows("SELECT * FROM child")
    rows = live.rows("SELECT * FROM t")
    live.migrate(NAME_NOT_NULL)
    after = live.schema()
    assert after.pop("t") == (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price REAL)"
    )
    schema.pop("t")
    assert after == schema
    assert live.rows("SELECT * FROM t") == rows
    assert live.rows("SELECT * FROM child") == children
    live.check()


def test_triggers_fire_and_views_read_still(live: Live) -> None:
    live.execute(*SHOP)
    live.migrate(NAME_NOT_NULL)
    live.execute("DELETE FROM log", "INSERT INTO t (name, price) VALUES ('c', 1)")
    assert live.rows("SELECT line FROM log") == [("t: c",)]
    live.execute("INSERT INTO child (t_id) VALUES (8)")
    assert live.rows("SELECT price FROM t WHERE id = 8") == [(2.0,)]
    live.execute("INSERT INTO dear (name) VALUES ('d')")
    assert live.rows("SELECT id FROM dearest") == [(9,)]
    with pytest.raises(IntegrityError, match="no;"):
        live.execute("UPDATE t SET price = -1 WHERE id = 1")
    live.execute("DELETE FROM t WHERE id = 1")
    assert live.rows("SELECT t_id FROM child ORDER BY 1") == [(7,), (8,)]


def test_autoincrement_goes_on_where_it_was(live: Live) -> None:
    live.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT)",
        "INSERT INTO t VALUES (41, 1), (42, 2)",
        "DELETE FROM t",
    )
    live.migrate(AlterColumnOp("t", "a", modify_nullable=False))
    live.execute("INSERT INTO t (a) VALUES (3)")
    assert live.rows("SELECT id, a FROM t") == [(43, 3)]
    assert live.rows("SELECT * FROM sqlite_sequence") == [("t", 43)]


def test_rowids_that_no_column_shows_stay(live: Live) -> None:
    live.execute("CREATE TABLE t (a INT, rowid TEXT)", "INSERT INTO t VALUES (1, 'x'), (2, 'y')")
    live.execute("DELETE FROM t WHERE a = 1", "INSERT INTO t (_rowid_, a) VALUES (900, 3)")
    live.migrate(AlterColumnOp("t", "a", modify_nullable=False))
    assert live.rows("SELECT _rowid_, a FROM t") == [(2, 2), (900, 3)]


@pytest.mark.parametrize(
    "operation",
    [
        CreateCheckConstraintOp("ck", "t", "price < 10"),
        CreateUniqueConstraintOp("uq", "t", ["kind"]),
        AlterColumnOp("t", "note", modify_nullable=False),
        AddColumnOp("t", sa.Column("new", sa.Integer, nullable=False)),
        CreateForeignKeyOp("fk", "t", "other", ["kind"], ["id"]),
    ],
    ids=lambda operation: operation.describe(),
)
def test_a_failure_leaves_everything_as_it_was(live: Live, operation: object) -> None:
    live.execute(
        "CREATE TABLE other (id INTEGER PRIMARY KEY)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, kind INT, price INT, note TEXT)",
        "CREATE VIEW v AS SELECT * FROM t",
        "CREATE INDEX ix ON t (kind)",
        "INSERT INTO t VALUES (1, 7, 50, NULL), (2, 7, 5, 'x')",
    )
    schema, rows = live.schema(), live.rows("SELECT * FROM t")
    with pytest.raises((IntegrityError, AssertionError)):  # foreign keys are checked at the end
        live.migrate(operation)  # type: ignore[arg-type]  # parametrized
    assert live.schema() == schema
    assert live.rows("SELECT * FROM t") == rows
    live.check()


def test_in_a_transaction_with_foreign_keys_on_a_referred_table_is_left_alone(live: Live) -> None:
    live.execute(*SHOP)
    with (
        pytest.raises(CommandError, match="foreign keys are on") as refused,
        live.transaction(foreign_keys=True) as connection,
    ):
        run(connection, [NAME_NOT_NULL])
    assert "PRAGMA foreign_keys=OFF" in (refused.value.hint or "")
    assert live.rows("SELECT count(*) FROM child") == [(2,)]


def test_in_a_transaction_with_foreign_keys_on_other_tables_can_be_copied(live: Live) -> None:
    live.execute(*SHOP)
    with live.transaction(foreign_keys=True) as connection:
        run(connection, [AlterColumnOp("child", "t_id", modify_type=sa.BigInteger())])
    assert live.rows("SELECT id, t_id FROM child") == [(1, 1), (2, 7)]
    live.check()


def test_outside_of_a_transaction_the_copy_is_one_of_its_own(live: Live) -> None:
    live.execute(*SHOP)
    with live.engine.connect() as connection:
        done = run(connection, [NAME_NOT_NULL])
        assert done[0] == "PRAGMA foreign_keys=OFF"
        assert done[1].startswith("SAVEPOINT")
        assert done[-2].startswith("RELEASE")
        assert done[-1] == "PRAGMA foreign_keys=ON"
    assert live.rows("SELECT count(*) FROM child") == [(2,)]
    live.check()


def test_outside_of_a_transaction_a_failure_leaves_nothing_behind(live: Live) -> None:
    live.execute("CREATE TABLE t (a INT)", "INSERT INTO t VALUES (NULL)")
    with pytest.raises(IntegrityError), live.engine.connect() as connection:
        run(connection, [AlterColumnOp("t", "a", modify_nullable=False)])
    assert list(live.schema()) == ["t"]
    live.check()


def test_outside_of_a_transaction_foreign_keys_are_checked_too(live: Live) -> None:
    live.execute(*SHOP, "CREATE TABLE far (id INTEGER PRIMARY KEY)")
    schema = live.schema()
    with (
        pytest.raises(CommandError, match="refer to rows that are not there"),
        live.engine.connect() as connection,
    ):
        run(connection, [CreateForeignKeyOp("fk", "t", "far", ["id"], ["id"])])
    assert live.schema() == schema


@pytest.mark.parametrize(
    ("around", "needing"),
    [
        ("CREATE VIEW v AS SELECT a, b FROM t", "view v"),
        ("CREATE VIEW v AS SELECT * FROM t WHERE b > 0", "view v"),
        (
            "CREATE TRIGGER tr AFTER INSERT ON t BEGIN DELETE FROM t WHERE b = NEW.b; END",
            "trigger tr",
        ),
        ("CREATE TRIGGER tr AFTER UPDATE OF b ON t BEGIN SELECT 1; END", "trigger tr"),
        ("CREATE TRIGGER tr AFTER DELETE ON o BEGIN UPDATE t SET b = 1; END", "trigger tr"),
    ],
)
def test_a_column_that_a_view_or_trigger_reads_is_not_dropped(
    live: Live, around: str, needing: str
) -> None:
    live.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT UNIQUE)",
        "CREATE TABLE o (x INT)",
        around,
    )
    schema = live.schema()
    with pytest.raises(CommandError, match=needing):
        live.migrate(DropColumnOp("t", "b"))
    assert live.schema() == schema
    live.migrate(DropColumnOp("t", "a")) if "a, b" not in around else None
    live.check()


def test_views_that_were_broken_before_are_no_hindrance(live: Live) -> None:
    live.execute(
        "CREATE TABLE t (a INT, b INT UNIQUE)",
        "CREATE VIEW broken AS SELECT missing FROM t",
        "CREATE TRIGGER on_broken INSTEAD OF UPDATE ON broken BEGIN SELECT 1; END",
        "CREATE VIEW older AS SELECT * FROM t JOIN gone",
    )
    live.migrate(DropColumnOp("t", "b"))
    live.execute("CREATE TABLE o (a INT)")
    live.migrate(AlterColumnOp("o", "a", modify_nullable=False))
    assert live.schema()["broken"] == "CREATE VIEW broken AS SELECT missing FROM t"


@pytest.mark.parametrize(
    ("table", "needing"),
    [
        ("CREATE TABLE t (a INT, b INT, CHECK (a < b))", "check"),
        ("CREATE TABLE t (a INT CHECK (a < b), b INT)", "CHECK of a"),
        ("CREATE TABLE t (a INT AS (b + 1), b INT)", "generated column a"),
        (
            "CREATE TABLE t (b INT PRIMARY KEY, a INT); CREATE TABLE o (x REFERENCES t)",
            "foreign key of table o",
        ),
        (
            "CREATE TABLE t (b INT UNIQUE, a INT); CREATE TABLE o (x REFERENCES t (B))",
            "foreign key of table o",
        ),
        ("CREATE TABLE t (a INT, b INT, PRIMARY KEY (a, b))", "without its primary key"),
        ("CREATE TABLE t (b INT)", "only one"),
    ],
)
def test_a_column_that_others_need_is_not_dropped(live: Live, table: str, needing: str) -> None:
    live.execute(*table.split("; "))
    schema = live.schema()
    with pytest.raises(CommandError, match=needing) as refused:
        live.migrate(DropColumnOp("t", "b"))
    assert refused.value.hint
    assert live.schema() == schema


def test_a_column_of_the_key_can_go_when_another_key_comes(live: Live) -> None:
    from limbeck.operations.ops import CreatePrimaryKeyOp

    live.execute("CREATE TABLE t (a INT, b INT, PRIMARY KEY (a, b))", "INSERT INTO t VALUES (1, 2)")
    live.migrate(DropColumnOp("t", "b"), CreatePrimaryKeyOp(None, "t", ["a"]))
    assert live.schema()["t"] == "CREATE TABLE t (a INT, PRIMARY KEY (a))"


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (AlterColumnOp("t", "zz", modify_nullable=True), "no column 'zz'"),
        (DropColumnOp("t", "zz"), "no column 'zz'"),
        (AddColumnOp("t", sa.Column("A", sa.Integer)), "a column 'A' already"),
        (CreateUniqueConstraintOp("uq", "t", ["zz"]), "no column 'zz'"),
        (DropConstraintOp("nope", "t", "unique"), "No such constraint: 'nope'"),
        (DropConstraintOp(None, "t", "unique"), "Constraint must have a name"),
        (AlterColumnOp("nowhere", "a", modify_nullable=True), "no table 'nowhere'"),
        (AlterColumnOp("fts", "a", modify_nullable=True), "'fts' cannot be altered"),
    ],
)
def test_mistakes_are_named_before_anything_is_done(
    live: Live, operation: AlterColumnOp, message: str
) -> None:
    live.execute("CREATE TABLE t (a INT)", "CREATE VIRTUAL TABLE fts USING fts5(a)")
    schema = live.schema()
    with pytest.raises(CommandError, match=message):
        live.migrate(operation)
    assert live.schema() == schema


def test_a_missing_constraint_is_a_value_error_too(live: Live) -> None:
    live.execute("CREATE TABLE t (a INT, CONSTRAINT there UNIQUE (a))")
    with pytest.raises(ValueError, match="No such constraint") as refused:
        live.migrate(DropConstraintOp("nope", "t", "unique"))
    assert '"there"' in str(refused.value.hint)  # type: ignore[attr-defined]  # a CommandError too


def test_a_leftover_of_an_interrupted_copy_is_not_overwritten(live: Live) -> None:
    live.execute("CREATE TABLE t (a INT)", "CREATE TABLE _alembic_tmp_t (a INT)")
    with pytest.raises(CommandError, match="_alembic_tmp_t"):
        live.migrate(AlterColumnOp("t", "a", modify_nullable=False))


def test_a_table_in_an_attached_database(live: Live) -> None:
    with live.engine.connect() as connection:
        connection.exec_driver_sql(f"ATTACH '{live.path}.2' AS \"the other\"")
        for statement in (
            "CREATE TABLE t (a INT)",
            'CREATE TABLE "the other".t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT UNIQUE)',
            'CREATE INDEX "the other".ix ON t (a)',
            'CREATE TRIGGER "the other".tr AFTER INSERT ON t BEGIN SELECT 1; END',
            'CREATE VIEW "the other".v AS SELECT a FROM t',
            'INSERT INTO "the other".t VALUES (5, 6)',
        ):
            connection.exec_driver_sql(statement)
        catalogue = "SELECT name, sql FROM \"the other\".sqlite_master WHERE name <> 't'"
        before = dict(connection.exec_driver_sql(catalogue).all())  # type: ignore[arg-type]  # pairs
        run(
            connection,
            [AlterColumnOp("t", "a", schema="the other", modify_nullable=False)],
        )
        after = dict(connection.exec_driver_sql(catalogue).all())  # type: ignore[arg-type]  # pairs
        assert after == before
        assert connection.exec_driver_sql('SELECT * FROM "the other".t').all() == [(5, 6)]
        assert "NOT NULL" in str(
            connection.exec_driver_sql('SELECT sql FROM "the other".sqlite_master').all()
        )
    assert live.schema() == {"t": "CREATE TABLE t (a INT)"}


@pytest.mark.parametrize("place", range(1, 9))
def test_a_failure_at_any_statement_leaves_everything_as_it_was(live: Live, place: int) -> None:
    live.execute(*SHOP)
    schema, rows = live.schema(), live.rows("SELECT * FROM t")
    with pytest.raises(ZeroDivisionError), live.transaction() as connection:
        target = EmitTarget(connection.dialect, connection)
        for number, statement in enumerate(rebuild_statements([NAME_NOT_NULL], target), 1):
            if number == place:
                raise ZeroDivisionError
            connection.execute(statement)
    assert live.schema() == schema
    assert live.rows("SELECT * FROM t") == rows
    with live.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA legacy_alter_table=OFF")
    live.check()


@pytest.mark.parametrize("place", range(1, 8))
def test_a_process_that_is_killed_leaves_the_old_table(live: Live, place: int) -> None:
    """Another connection looks at the file while the copy is going on, as after a crash."""
    live.execute(*SHOP)
    schema = live.schema()
    with live.transaction() as connection:
        target = EmitTarget(connection.dialect, connection)
        for number, statement in enumerate(rebuild_statements([NAME_NOT_NULL], target), 1):
            connection.execute(statement)
            if number == place:
                with closing(sqlite3.connect(live.path)) as other:
                    stored = other.execute(
                        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
                    )
                    assert dict(stored.fetchall()) == schema
    live.check()
