"""What only SQL Server has: warnings, versions, scripts. It is never run; see ``expected.sql``."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.dialects.backend import EmitTarget
from limbeck.dialects.registry import backend_for
from limbeck.errors import CommandError
from limbeck.operations import ops
from limbeck.operations.operations import Operations
from limbeck.runtime.migration import MigrationContext
from tests.emit.emitting import dialect_named, offline, text_of


def script(call: Callable[[Any], Any], **options: Any) -> str:
    """What a migration writes down in a transaction."""
    buffer = io.StringIO()
    opts = {"as_sql": True, "output_buffer": buffer, **options}
    context = MigrationContext.configure(dialect_name="mssql", opts=opts)
    with context.begin_transaction():
        call(Operations(context))
    return buffer.getvalue()


def test_a_script_ends_each_batch() -> None:
    assert script(lambda op: op.drop_table("t")) == (
        "BEGIN TRANSACTION;\n\nGO\n\nDROP TABLE t;\n\nGO\n\nCOMMIT;\n\nGO\n\n"
    )


@pytest.mark.parametrize(("separator", "ending"), [("BYE", "\n\nBYE\n\n"), ("", "\n\n")])
def test_the_separator_is_an_option(separator: str, ending: str) -> None:
    said = script(lambda op: op.drop_table("t"), mssql_batch_separator=separator)
    assert said == ending.join(["BEGIN TRANSACTION;", "DROP TABLE t;", "COMMIT;", ""])


def test_a_type_alone_may_make_a_column_nullable() -> None:
    operation = ops.AlterColumnOp("t", "x", modify_type=sa.Integer())
    with pytest.warns(UserWarning, match="should also specify a nullable= or existing_nullable="):
        assert text_of(operation, offline("mssql")) == ["ALTER TABLE t ALTER COLUMN x INTEGER"]


def test_what_is_missing_is_said() -> None:
    operation = ops.AlterColumnOp("t", "x", modify_nullable=False)
    with pytest.raises(CommandError, match="require the existing_type") as caught:
        text_of(operation, offline("mssql"))
    assert caught.value.hint == "give alter_column() existing_type"


@pytest.mark.parametrize(
    ("version", "words"), [((12, 0), ""), ((13, 0), "IF EXISTS "), (None, "IF EXISTS ")]
)
def test_drop_if_exists_since_2016(version: tuple[int, ...] | None, words: str) -> None:
    target = offline("mssql")
    target.dialect.server_version_info = version
    operation = ops.DropColumnOp("t", "x", if_exists=True)
    assert text_of(operation, target) == [f"ALTER TABLE t DROP COLUMN {words}x"]


def test_an_untouched_dialect() -> None:
    """What is written on paper leaves the dialect that speaks to the server as it was."""
    dialect = dialect_named("mssql")
    statement = sa.select(sa.literal("ж", sa.String()), sa.cast(sa.null(), sa.Text))
    paper = backend_for(dialect).text(statement, dialect)
    sent = str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    assert paper == "SELECT N'ж' AS anon_1, CAST(NULL AS VARCHAR(max)) AS anon_2"
    assert sent == "SELECT 'ж' AS anon_1, CAST(NULL AS TEXT) AS anon_2"


def test_who_listens_to_tables_is_told_of_a_guarded_one() -> None:
    told: list[str] = []

    def listen(table: sa.Table, *_: Any, **__: Any) -> None:
        told.append(table.name)

    sa.event.listen(sa.Table, "after_create", listen)
    try:
        script(lambda op: op.create_table("t", sa.Column("x", sa.Integer), if_not_exists=True))
    finally:
        sa.event.remove(sa.Table, "after_create", listen)
    assert told == ["t"]


def test_defaults_keep_their_characters_on_a_connection_too() -> None:
    columns = [sa.Column("x", sa.Unicode(9), server_default="it's 5% ж:x")]
    target = EmitTarget(dialect_named("mssql"))
    operations: list[ops.MigrateOperation] = [
        ops.CreateTableOp("t", columns),
        ops.AddColumnOp("t", columns[0]),
        ops.AlterColumnOp("t", "x", modify_server_default="it's 5% ж:x"),
    ]
    for operation in operations:
        (statement,) = backend_for("mssql").statements(operation, target)
        said = str(statement.compile(dialect=target.dialect))  # type: ignore[attr-defined]  # DDL
        assert " DEFAULT N'it''s 5% ж:x'" in said
    assert columns[0].server_default.arg == "it's 5% ж:x"  # type: ignore[union-attr]  # it is there


DROP = "alter table t drop constraint "
COMPLETED = [
    (
        ops.AlterColumnOp("t", "X", modify_type=sa.BigInteger()),
        [DROP, "BIGINT NOT NULL", "ADD DEFAULT 5"],
    ),
    (ops.AlterColumnOp("t", "x", modify_nullable=True), ["ALTER COLUMN x INTEGER NULL"]),
    (ops.AlterColumnOp("t", "x", modify_server_default="6"), [DROP, "ADD DEFAULT '6' FOR x"]),
    (ops.AlterColumnOp("t", "y", modify_type=sa.Text()), ["ALTER COLUMN y VARCHAR(max) NULL"]),
    (
        ops.AlterColumnOp("t", "x", modify_type=sa.Text(), existing_nullable=True),
        [DROP, "ALTER COLUMN x VARCHAR(max) NULL", "ADD DEFAULT 5 FOR x"],
    ),
    (ops.AlterColumnOp("t", "x", modify_name="z"), ["sp_rename"]),
]


@pytest.mark.parametrize(("operation", "expected"), COMPLETED)
def test_what_is_not_said_is_read(operation: ops.AlterColumnOp, expected: list[str]) -> None:
    """SQLite stands in for the server: SQLAlchemy reads a column of it in the same form."""
    dialect = dialect_named("mssql")
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x INTEGER NOT NULL DEFAULT 5, y CLOB)")
        target = EmitTarget(dialect, connection)
        backend = backend_for(dialect)
        said = [backend.text(s, dialect) for s in backend.statements(operation, target)]
    engine.dispose()
    assert len(said) == len(expected)
    assert all(words in statement for words, statement in zip(expected, said, strict=True)), said


def test_a_table_with_a_deferrable_key_is_refused() -> None:
    key = sa.ForeignKeyConstraint(["x"], ["u.y"], name="fk", deferrable=True)
    operation = ops.CreateTableOp("t", [sa.Column("x", sa.Integer), key])
    with pytest.raises(CommandError, match="SQL Server does not know the word DEFERRABLE"):
        text_of(operation, offline("mssql"))
