"""Statements of no dialect in particular, as others' ``DefaultImpl`` classes hand them over."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import limbeck.dialects.mssql.comments
import limbeck.dialects.mssql.ddl
import limbeck.dialects.oracle.ddl
from limbeck.ddl import base
from limbeck.dialects.registry import backend_for
from tests.emit.emitting import dialect_named

assert limbeck.dialects.mssql.ddl
assert limbeck.dialects.mssql.comments
assert limbeck.dialects.oracle.ddl


def column() -> sa.Column[int]:
    made: sa.Column[int] = sa.Column("x", sa.Integer, sa.ForeignKey("u.id"))
    sa.Table("u", table := sa.MetaData(), sa.Column("id", sa.Integer))
    sa.Table("t", table, made)
    return made


INTEGER = sa.Integer()
CASES: list[tuple[base.AlterTable, str, str]] = [
    (
        base.AddColumn("t", column(), schema="s", inline_references=True),
        "ALTER TABLE s.t ADD x INTEGER NULL REFERENCES u (id)",
        "ALTER TABLE s.t ADD x INTEGER REFERENCES u (id)",
    ),
    (
        base.DropColumn("t", column(), schema="s"),
        "ALTER TABLE s.t DROP COLUMN x",
        "ALTER TABLE s.t DROP COLUMN x",
    ),
    (
        base.ColumnNullable("t", "x", False, existing_type=INTEGER),
        "ALTER TABLE t ALTER COLUMN x INTEGER NOT NULL",
        "ALTER TABLE t MODIFY x NOT NULL",
    ),
    (
        base.ColumnType("t", "x", INTEGER),
        "ALTER TABLE t ALTER COLUMN x INTEGER",
        "ALTER TABLE t MODIFY x INTEGER",
    ),
    (
        base.ColumnDefault("t", "x", "5"),
        "ALTER TABLE t ADD DEFAULT '5' FOR x",
        "ALTER TABLE t MODIFY x DEFAULT '5'",
    ),
    (
        base.ColumnName("t", "x", "y", schema="s"),
        "EXEC sp_rename 's.t.x', y, 'COLUMN'",
        "ALTER TABLE s.t RENAME COLUMN x TO y",
    ),
    (
        base.RenameTable("t", "u", schema="s"),
        "EXEC sp_rename 's.t', u",
        "ALTER TABLE s.t RENAME TO u",
    ),
    (
        base.ColumnComment("t", "x", "c", existing_comment="b"),
        "exec sp_updateextendedproperty 'MS_Description', N'c', 'schema', dbo, 'table', t, "
        "'column', x",
        "COMMENT ON COLUMN t.x IS 'c'",
    ),
]


@pytest.mark.parametrize(("element", "mssql", "oracle"), CASES)
def test_plain_elements(element: base.AlterTable, mssql: str, oracle: str) -> None:
    for name, expected in (("mssql", mssql), ("oracle", oracle)):
        dialect = dialect_named(name)
        assert backend_for(dialect).text(element, dialect) == expected
