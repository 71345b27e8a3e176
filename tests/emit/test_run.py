"""Every operation, really run on every database, and undone again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.operations import ops
from limbeck.operations.ops import (
    AddColumnOp,
    AlterColumnOp,
    CreateCheckConstraintOp,
    CreateForeignKeyOp,
    CreateIndexOp,
    CreateTableCommentOp,
    CreateTableOp,
    CreateUniqueConstraintOp,
    DropColumnOp,
    DropConstraintOp,
    DropIndexOp,
    DropTableOp,
    MigrateOperation,
    RenameTableOp,
)
from tests.emit.emitting import at, look, run

ALL = ("sqlite", "postgresql", "mariadb")
SERVERS = ("postgresql", "mariadb")


@dataclass(frozen=True)
class Case:
    """One operation on the tables that :func:`build` makes.

    :param expected: paths into the table as it is looked at, and what must be there.
    :param again: True where undoing the operation must bring the table back as it was.
    """

    name: str
    operation: Callable[[], MigrateOperation]
    expected: dict[str, Any]
    table: str = "item"
    databases: Sequence[str] = ALL
    again: bool = True


def models() -> sa.MetaData:
    """Two tables that refer to one another, with rows to come."""
    metadata = sa.MetaData()
    sa.Table(
        "maker",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(10), nullable=False),
    )
    sa.Table(
        "item",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20), nullable=False, server_default="it's 5% :x"),
        sa.Column("size", sa.Integer),
        sa.Column("maker_id", sa.Integer),
        sa.Column("note", sa.String(30), comment="100% :noted"),
        sa.UniqueConstraint("name", "size", name="uq_item"),
        sa.ForeignKeyConstraint(["maker_id"], ["maker.id"], name="fk_item", ondelete="CASCADE"),
        sa.CheckConstraint("size > 0", name="ck_item"),
        sa.Index("ix_item", "size"),
    )
    sa.Table(
        "plain",
        metadata,
        sa.Column("a", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("b", sa.Numeric(10, 2), primary_key=True),
        sa.Column("item_id", sa.Integer, sa.ForeignKey("item.id", name="fk_plain"), unique=True),
    )
    return metadata


def existing(name: str) -> Any:
    """A constraint or index of ``item`` by its name."""
    table = models().tables["item"]
    return next(o for o in [*table.constraints, *table.indexes] if o.name == name)


CASES = [
    Case(
        "add a column",
        lambda: AddColumnOp("item", sa.Column("x", sa.String(5))),
        {"columns.x.nullable": True},
    ),
    Case(
        "add a column that is not null",
        lambda: AddColumnOp(
            "item", sa.Column("x", sa.String(20), nullable=False, server_default="a%b:c'd")
        ),
        {"columns.x.nullable": False},
    ),
    Case(
        "add a column with a comment",
        lambda: AddColumnOp("item", sa.Column("x", sa.Integer, comment="it's 5% :x")),
        {"columns.x.comment": "it's 5% :x"},
        databases=SERVERS,
    ),
    Case(
        "add a column with a foreign key",
        lambda: AddColumnOp(
            "item", sa.Column("x", sa.Integer, sa.ForeignKey("maker.id", name="fk_x"))
        ),
        {"foreign_keys.x.referred_table": "maker"},
        again=False,  # the key must go first where the database keeps it apart
    ),
    Case(
        "add a unique column",
        lambda: AddColumnOp("item", sa.Column("x", sa.Integer, unique=True)),
        {"columns.x.nullable": True},
    ),
    Case(
        "add an indexed column",
        lambda: AddColumnOp("item", sa.Column("x", sa.Integer, index=True)),
        {"indexes.ix_item_x.column_names": ["x"]},
    ),
    Case(
        "add a column with a check",
        lambda: AddColumnOp(
            "item", sa.Column("x", sa.Integer, sa.CheckConstraint("x > 5", name="ck_x"))
        ),
        {"columns.x.nullable": True},
    ),
    Case(
        "add a boolean with its check",
        lambda: AddColumnOp(
            "item",
            sa.Column(
                "x",
                sa.Boolean(create_constraint=True, name="ck_x"),
                nullable=False,
                server_default=sa.false(),
            ),
        ),
        {"columns.x.nullable": False},
        again=False,  # MariaDB drops a column only after the CHECK on it
    ),
    Case(
        "add a generated column",
        lambda: AddColumnOp(
            "item", sa.Column("x", sa.Integer, sa.Computed("size + 1", persisted=True))
        ),
        {"columns.x.computed.persisted": True},
    ),
    Case(
        "add a column with an expression for a default",
        lambda: AddColumnOp(
            "item", sa.Column("x", sa.DateTime, server_default=sa.text("CURRENT_TIMESTAMP"))
        ),
        {"columns.x.nullable": True},
    ),
    Case(
        "drop a column",
        lambda: DropColumnOp.from_column_and_tablename(
            None, "item", models().tables["item"].c.note
        ),
        {"columns.note": None},
    ),
    Case(
        "set not null",
        lambda: AlterColumnOp("item", "note", modify_nullable=False, existing_nullable=True),
        {"columns.note.nullable": False},
    ),
    Case(
        "set null",
        lambda: AlterColumnOp("item", "name", modify_nullable=True, existing_nullable=False),
        {"columns.name.nullable": True},
    ),
    Case(
        "alter a type",
        lambda: AlterColumnOp(
            "item", "name", modify_type=sa.String(50), existing_type=sa.String(20)
        ),
        {"columns.name.type": "VARCHAR(50)", "columns.name.nullable": False},
    ),
    Case(
        "alter a type from text to number",
        lambda: AlterColumnOp(
            "maker", "code", modify_type=sa.Integer(), existing_type=sa.String(10)
        ),
        {"columns.code.nullable": False},
        table="maker",
    ),
    Case(
        "alter a default",
        lambda: AlterColumnOp(
            "item", "name", modify_server_default="50% :y", existing_server_default="it's 5% :x"
        ),
        {"columns.name.nullable": False},
    ),
    Case(
        "drop a default",
        lambda: AlterColumnOp(
            "item", "name", modify_server_default=None, existing_server_default="it's 5% :x"
        ),
        {"columns.name.default": None},
    ),
    Case(
        "alter a comment",
        lambda: AlterColumnOp(
            "item", "note", modify_comment="it's 7% :y", existing_comment="100% :noted"
        ),
        {"columns.note.comment": "it's 7% :y"},
        databases=SERVERS,
    ),
    Case(
        "drop a comment",
        lambda: AlterColumnOp("item", "note", modify_comment=None, existing_comment="100% :noted"),
        {"columns.note.comment": None},
        databases=SERVERS,
    ),
    Case(
        "rename a column",
        lambda: AlterColumnOp("item", "note", modify_name="remark"),
        {"columns.note": None, "columns.remark.nullable": True},
    ),
    Case(
        "alter everything at once",
        lambda: AlterColumnOp(
            "item",
            "note",
            modify_name="remark",
            modify_type=sa.String(99),
            modify_nullable=False,
            modify_server_default="none",
            existing_type=sa.String(30),
            existing_nullable=True,
            existing_server_default=None,
        ),
        {
            "columns.note": None,
            "columns.remark.nullable": False,
            "columns.remark.type": "VARCHAR(99)",
        },
    ),
    Case(
        "add a unique constraint",
        lambda: CreateUniqueConstraintOp("uq_note", "item", ["note"]),
        {"uniques.uq_note.column_names": ["note"]},
    ),
    Case(
        "add a check",
        lambda: CreateCheckConstraintOp("ck_note", "item", "note <> '5% :x'"),
        {"checks.ck_note.name": "ck_note"},
    ),
    Case(
        "add a foreign key",
        lambda: CreateForeignKeyOp(
            "fk_size", "item", "maker", ["size"], ["id"], ondelete="CASCADE"
        ),
        {"foreign_keys.size.options.ondelete": "CASCADE"},
    ),
    Case(
        "drop a unique constraint",
        lambda: DropConstraintOp.from_constraint(existing("uq_item")),
        {"uniques.uq_item": None},
    ),
    Case(
        "drop a check",
        lambda: DropConstraintOp.from_constraint(existing("ck_item")),
        {"checks.ck_item": None},
    ),
    Case(
        "drop a foreign key",
        lambda: DropConstraintOp.from_constraint(existing("fk_item")),
        {"foreign_keys.maker_id": None},
    ),
    Case(
        "drop a constraint of unknown kind",
        lambda: DropConstraintOp("ck_item", "item"),
        {"checks.ck_item": None},
        databases=SERVERS,
        again=False,
    ),
    Case(
        "drop a foreign key of unknown kind",
        lambda: DropConstraintOp("fk_item", "item"),
        {"foreign_keys.maker_id": None},
        databases=SERVERS,
        again=False,
    ),
    Case(
        "drop a constraint that is not there",
        lambda: DropConstraintOp("nothing", "item", "check", if_exists=True),
        {"checks.ck_item.name": "ck_item"},
        databases=SERVERS,
        again=False,
    ),
    Case(
        "create an index",
        lambda: CreateIndexOp("ix_note", "item", ["note", "size"], unique=True),
        {"indexes.ix_note.column_names": ["note", "size"], "indexes.ix_note.unique": 1},
    ),
    Case(
        "create an index on an expression",
        lambda: CreateIndexOp("ix_note", "item", [sa.func.lower(sa.column("note"))]),
        {"columns.note.nullable": True},
        databases=("sqlite", "postgresql"),
        again=False,  # SQLAlchemy does not see such an index on SQLite
    ),
    Case(
        "drop an index",
        lambda: DropIndexOp.from_index(existing("ix_item")),
        {"indexes.ix_item": None},
    ),
    Case(
        "comment on a table",
        lambda: CreateTableCommentOp("item", "it's 5% :x"),
        {"comment": "it's 5% :x"},
        databases=SERVERS,
    ),
    Case(
        "rename a table",
        lambda: RenameTableOp("item", "thing"),
        {"columns.name.nullable": False},
        table="thing",
    ),
    Case(
        "create a table",
        lambda: CreateTableOp.from_table(_new_table()),
        {
            "columns.label.comment": "it's 5% :x",
            "comment": "all of it",
            "foreign_keys.maker_id.referred_table": "maker",
            "uniques.uq_new.column_names": ["label"],
        },
        table="new",
        databases=SERVERS,
    ),
    Case(
        "drop a table",
        lambda: DropTableOp.from_table(models().tables["plain"]),
        {},
    ),
]


def _new_table() -> sa.Table:
    metadata = models()
    return sa.Table(
        "new",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("label", sa.String(20), server_default="5% :x", comment="it's 5% :x"),
        sa.Column("mood", sa.Enum("good", "100%", name="mood")),
        sa.Column("maker_id", sa.Integer, sa.ForeignKey("maker.id", name="fk_new")),
        sa.UniqueConstraint("label", name="uq_new"),
        sa.CheckConstraint("label <> '5%'", name="ck_new"),
        comment="all of it",
    )


def build(connection: sa.Connection) -> None:
    """The tables, with a row in each."""
    metadata = models()
    metadata.create_all(connection)
    connection.execute(sa.insert(metadata.tables["maker"]), [{"id": 1, "code": "7"}])
    connection.execute(
        sa.insert(metadata.tables["item"]),
        [{"id": 1, "name": "a%b:c", "size": 1, "maker_id": 1, "note": "n"}],
    )


def snapshot(connection: sa.Connection) -> dict[str, Any]:
    tables = sorted(sa.inspect(connection).get_table_names())
    return {name: look(connection, name) for name in tables}


def _without_order(snapshot: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {**table, "columns": dict(sorted(table["columns"].items()))}
        for name, table in snapshot.items()
    }


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_operation_runs_and_can_be_undone(
    engine: sa.Engine, database_name: str, case: Case
) -> None:
    if not any(database_name.startswith(name) for name in case.databases):
        return
    with engine.connect() as connection:
        if database_name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        build(connection)
        connection.commit()
        before = snapshot(connection)
        rows = connection.execute(sa.text("SELECT COUNT(*) FROM maker")).scalar()
        operation = case.operation()
        run(connection, operation)
        after = look(connection, case.table)
        assert {path: at(after, path) for path in case.expected} == case.expected
        assert connection.execute(sa.text("SELECT COUNT(*) FROM maker")).scalar() == rows
        if not case.again:
            return
        changed = snapshot(connection)
        assert changed != before
        run(connection, operation.reverse())
        assert _without_order(snapshot(connection)) == _without_order(before)


def test_cases_name_each_kind_of_operation() -> None:
    """A new kind of operation does not go untested."""
    kinds = {type(case.operation()) for case in CASES}
    elsewhere = {"AddConstraintOp", "AlterTableOp", "MigrateOperation", "BulkInsertOp",
                 "ExecuteSQLOp", "DropTableCommentOp", "CreatePrimaryKeyOp",
                 "CreateExcludeConstraintOp",
                 # tests/emit/test_objects.py runs these, tests/loop/cases_*.py each kind of object
                 "CreateObjectOp", "ReplaceObjectOp", "DropObjectOp"}  # fmt: skip
    named = {name for name in ops.__all__ if name.endswith("Op")} - elsewhere
    assert named <= {kind.__name__ for kind in kinds}
