"""What is said of operations, and where it is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

from limbeck.autogenerate import render_python_code
from limbeck.operations import ops
from limbeck.operations.batch_value import BatchAlterTable
from limbeck.plan.data_loss import data_risks, loses_data
from tests.cli.project import Project

POSTGRESQL = postgresql.dialect()
MYSQL = mysql.dialect()
SQLITE = sqlite.dialect()

AGE = sa.Column("age", sa.Integer(), nullable=False)
TOTAL = sa.Column("total", sa.Integer(), sa.Computed("a + b"))

TABLE = [
    (ops.DropTableOp("t"), "loses data: the table t and its rows"),
    (ops.DropTableOp("t", schema="s"), "loses data: the table s.t and its rows"),
    (ops.DropColumnOp("t", "a"), "loses data: the column t.a and its values"),
    (ops.DropColumnOp.from_column_and_tablename(None, "t", TOTAL), None),
    (ops.AddColumnOp("t", sa.Column("a", sa.Integer())), None),
    (ops.AddColumnOp("t", sa.Column("a", sa.Integer(), server_default="1", nullable=False)), None),
    (
        ops.AddColumnOp("t", AGE),
        "can fail: where t has rows: give age a server_default, or add it nullable, fill it, and "
        "make it NOT NULL",
    ),
    (ops.AlterColumnOp("t", "a", modify_nullable=False), "can fail: where t.a is NULL"),
    (ops.AlterColumnOp("t", "a", modify_nullable=True), None),
    (ops.AlterColumnOp("t", "a", existing_nullable=False, modify_nullable=False), None),
    (ops.AlterColumnOp("t", "a", modify_name="b"), None),
    (
        ops.AlterColumnOp("t", "a", modify_server_default=sa.Computed("b + 1")),
        "loses data: the values of t.a, which is computed from now on",
    ),
    (
        ops.AlterColumnOp("t", "a", modify_type=sa.Integer()),
        "can fail: where t.a holds values that are no INTEGER",
    ),
    (
        ops.AlterColumnOp(
            "t",
            "a",
            existing_type=sa.Text(),
            modify_type=sa.String(3),
            postgresql_using="left(a, 3)::varchar(3)",
        ),
        "loses data: what is beyond 3 characters in t.a",
    ),
    (
        ops.AlterColumnOp(
            "t",
            "a",
            existing_type=postgresql.ENUM("x", "y", name="e"),
            modify_type=postgresql.ENUM("x", name="e"),
        ),
        "can fail: where t.a holds 'y'",
    ),
    (ops.RenameTableOp("t", "u"), None),
    (ops.CreateUniqueConstraintOp("u", "t", ["a"]), None),
    (ops.ExecuteSQLOp("UPDATE t SET a = 'DROP TABLE x'"), None),
    (ops.ExecuteSQLOp("-- DROP TABLE x\nSELECT 1"), None),
    (ops.ExecuteSQLOp("DROP TABLE IF EXISTS t CASCADE"), "loses data: the table t and its rows"),
    (ops.ExecuteSQLOp(sa.text("drop table t")), "loses data: the table t and its rows"),
    (
        ops.ExecuteSQLOp('SELECT 1; DROP SEQUENCE "s"."n"'),
        "loses data: the sequence s.n and the number it has come to",
    ),
    (ops.ExecuteSQLOp("TRUNCATE t"), "loses data: rows of t"),
    (ops.ExecuteSQLOp("DELETE FROM t WHERE a = 1"), "loses data: rows of t"),
    (ops.ExecuteSQLOp(sa.delete(sa.table("t"))), "loses data: rows of t"),
    (
        ops.ExecuteSQLOp("ALTER TABLE t DROP COLUMN a"),
        "loses data: the column t.a and its values",
    ),
    (ops.ExecuteSQLOp("ALTER TABLE t DROP CONSTRAINT a"), None),
    (ops.ExecuteSQLOp("ALTER TABLE t ALTER COLUMN a DROP NOT NULL"), None),
    (ops.ExecuteSQLOp("ALTER TABLE t ALTER COLUMN a DROP DEFAULT"), None),
    (ops.ExecuteSQLOp("DROP INDEX a"), None),
    (
        BatchAlterTable("t", [ops.DropColumnOp("t", "a")]),
        "loses data: the column t.a and its values",
    ),
    (
        ops.ModifyTableOps("t", [ops.DropColumnOp("t", "a")]),
        "loses data: the column t.a and its values",
    ),
]


@pytest.mark.parametrize(("operation", "line"), TABLE, ids=lambda value: str(value)[:40])
def test_what_is_said(operation: ops.MigrateOperation, line: str | None) -> None:
    assert [risk.line for risk in data_risks(operation, POSTGRESQL)] == ([line] if line else [])
    assert loses_data(operation, POSTGRESQL) == (line or "").startswith("loses")


def test_mysql_fills_what_has_no_default() -> None:
    assert not data_risks(ops.AddColumnOp("t", AGE), MYSQL)
    assert data_risks(ops.AddColumnOp("t", AGE), SQLITE)


def test_a_comment_stands_above_the_call() -> None:
    container = ops.UpgradeOps([ops.ModifyTableOps("t", [ops.DropColumnOp("t", "a")])])
    marked = '# loses data: the column t.a and its values\n    op.drop_column("t", "a")'
    assert marked in render_python_code(container)
    assert "loses data" in render_python_code(container, render_as_batch=True)
    assert "loses" not in render_python_code(container, layout="alembic")


MODELS = """\
import sqlalchemy as sa

metadata = sa.MetaData()
sa.Table("a", metadata, sa.Column("id", sa.Integer, primary_key=True), {columns})
"""


def test_it_is_told_when_a_revision_is_written(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.settings(models="shop.models:metadata")
    project.models(MODELS.format(columns='sa.Column("b", sa.String(9)), sa.Column("c", sa.Text)'))
    project.ok("revision", "--autogenerate", "-m", "first")
    project.ok("upgrade", "head")
    project.models(MODELS.format(columns='sa.Column("b", sa.String(9)), sa.Column("d", sa.Text)'))
    second = ("revision", "--autogenerate", "-m", "second", "--drop", "a.c")
    told = project.run(*second, "--rev-id", "x1")
    assert told.code == 0
    assert "  loses data: the column a.c and its values\n" in told.stderr
    assert "  the downgrade loses data in 1 place, marked in the file\n" in told.stderr
    file = next((tmp_path / "migrations/versions").glob("x1*"))
    text = file.read_text()
    assert "# loses data: the column a.c and its values\n" in text
    assert "# loses data: the column a.d and its values\n" in text
    file.unlink()
    answer = json.loads(project.ok("--json", *second))
    revision = answer["revisions"][0]
    assert revision["loses_data"] == ["the column a.c and its values"]
    assert revision["downgrade_loses_data"] == ["the column a.d and its values"]
    assert revision["can_fail"] == revision["downgrade_can_fail"] == []
