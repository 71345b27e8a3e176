"""Prints operations as Python; run under the real Alembic and under limbeck-alembic."""

from __future__ import annotations

import warnings

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from alembic.autogenerate import render_python_code
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext

warnings.simplefilter("ignore")

TABLE = sa.Table(
    "t",
    sa.MetaData(),
    sa.Column("q", sa.Integer, sa.Computed("a\nb", persisted=True), comment="a\nb"),
    sa.Column("text", sa.Text(), server_default='it\'s "x"'),
    sa.Column("now", sa.DateTime(timezone=True), server_default=sa.func.now()),
    sa.Column("flag", sa.Boolean(), server_default=sa.false()),
    sa.Column("e", sa.Enum("a", "b", name="e", schema="z")),
    sa.Column("v", sa.String(5).with_variant(mysql.VARCHAR(9, charset="utf8"), "mysql")),
    sa.UniqueConstraint("q", name="uu", deferrable=True, initially="DEFERRED"),
    sa.PrimaryKeyConstraint("q", name=sa.sql.elements.conv("pp")),
    sa.ForeignKeyConstraint(["e"], ["other.id"]),
    sa.CheckConstraint("a:b > 3", name="cc"),
    comment="cm",
    schema="sch",
    prefixes=["P"],
    info={"a": "b"},
    mysql_engine="I",
    sqlite_strict=True,
)

NESTED = sa.Table(
    "nested",
    sa.MetaData(),
    sa.Column("j", postgresql.JSONB()),
    sa.Column("ar", postgresql.ARRAY(sa.String(3), dimensions=2)),
)

ALTER = ops.AlterColumnOp(
    "t",
    "c",
    existing_type=sa.Integer(),
    modify_type=sa.String(3),
    existing_nullable=True,
    existing_comment="x",
    existing_server_default="4",
    autoincrement=False,
    schema="s",
)

CHANGES = [
    ALTER,
    ops.AlterColumnOp("t", "c", modify_comment=None, modify_name="d", modify_nullable=False),
    ops.AddColumnOp("t", sa.Column("x", sa.Integer(), sa.Identity(start=3)), schema="s"),
    ops.DropColumnOp("t", "x", schema="s"),
    ops.CreateTableCommentOp("t", "it's"),
    ops.DropTableCommentOp("t", existing_comment="old", schema="s"),
    ops.CreateIndexOp(
        "i",
        "t",
        [sa.text("lower(x)"), sa.func.lower(sa.column("y")).desc()],
        unique=True,
        schema="s",
        postgresql_where=sa.text("x > 3"),
        postgresql_include=["a"],
        if_not_exists=True,
    ),
    ops.DropIndexOp(sa.sql.elements.conv("i"), "t", postgresql_where=sa.text("x>3")),
    ops.CreateForeignKeyOp(
        "f",
        "t",
        "b",
        ["x"],
        ["y"],
        source_schema="s",
        referent_schema="r",
        onupdate="CASCADE",
        ondelete="CASCADE",
        deferrable=True,
        initially="DEFERRED",
        match="FULL",
    ),
    ops.CreateUniqueConstraintOp("u", "t", ["a"], schema="s", deferrable=True),
    ops.DropConstraintOp("x", "t", schema="s", type_="check"),
    ops.DropConstraintOp(None, "t", type_="foreignkey"),
    ops.ExecuteSQLOp("select 'it''s'"),
]

DEFAULTS = sa.Table(
    "defaults",
    sa.MetaData(),
    *(
        sa.Column(f"c{number}", sa.String(30), server_default=default)
        for number, default in enumerate(
            [
                *map(sa.text, ["CURRENT_TIMESTAMP", "(1+2)", "1", "-1", "'x'", "NULL"]),
                *map(sa.text, ["random()", "datetime('now')", "(datetime('now'))"]),
                *[sa.func.lower("X"), sa.literal(5), sa.false(), "CURRENT_TIMESTAMP", "1", ""],
            ]
        )
    ),
)


def show(operations: list[ops.MigrateOperation], *, batch: bool, dialect: str) -> None:
    context = MigrationContext.configure(dialect_name=dialect)
    container = ops.UpgradeOps(ops=operations)
    text = render_python_code(container, render_as_batch=batch, migration_context=context)
    print(f"{dialect}, batch {batch}:\n    {text}")


if __name__ == "__main__":
    for dialect in ("sqlite", "postgresql", "mysql"):
        for batch in (False, True):
            show([], batch=batch, dialect=dialect)
            show([ops.ModifyTableOps("u", [])], batch=batch, dialect=dialect)
            show([ops.CreateTableOp.from_table(TABLE)], batch=batch, dialect=dialect)
            show([ops.DropTableOp("x", schema="f")], batch=batch, dialect=dialect)
            show([ops.ModifyTableOps("t", CHANGES)], batch=batch, dialect=dialect)
            show([ops.ModifyTableOps("t", CHANGES, schema="s")], batch=batch, dialect=dialect)
        show([ops.CreateTableOp.from_table(DEFAULTS)], batch=False, dialect=dialect)
    # Alembic writes what is inside such types for PostgreSQL only.
    show([ops.CreateTableOp.from_table(NESTED)], batch=False, dialect="postgresql")
