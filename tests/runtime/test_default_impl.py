"""A dialect of somebody else's, with a ``DefaultImpl`` and DDL elements of its own."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import default
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import GenericTypeCompiler
from sqlalchemy.sql.elements import quoted_name

from limbeck.autogenerate import compare_metadata, render_python_code
from limbeck.ddl import base
from limbeck.ddl.base import AddColumn, ColumnType
from limbeck.ddl.impl import DefaultImpl, PostgresqlImpl, SQLiteImpl
from limbeck.operations import Operations, ops
from limbeck.runtime.migration import MigrationContext

if TYPE_CHECKING:
    from collections.abc import Iterator


class WarehouseTypes(GenericTypeCompiler):
    """Its words for types."""

    def visit_REAL(self, type_: Any, **kw: Any) -> str:  # noqa: N802  # SQLAlchemy's name
        return "FLOAT4"


class WarehouseDialect(default.DefaultDialect):
    """A database that nobody else knows, named as before SQLAlchemy 2."""

    name = "warehouse"
    type_compiler = WarehouseTypes
    supports_statement_cache = True


class WarehouseImpl(DefaultImpl):
    """What the authors of such a dialect write."""

    __dialect__ = "warehouse"
    transactional_ddl = True
    command_terminator = " GO"

    def add_constraint(self, const: Any, **kw: Any) -> None:
        if isinstance(const, sa.CheckConstraint):
            return  # this database has none
        super().add_constraint(const, **kw)

    def drop_column(self, table_name: str, column: sa.Column[Any], **kw: Any) -> None:
        self._exec(f"ALTER TABLE {table_name} FORGET {column.name}")

    def alter_column(self, table_name: str, column_name: str, **kw: Any) -> None:
        if kw.pop("nullable", None) is not None:
            self._exec(f"-- {table_name}.{column_name} is always nullable\nSELECT 1")
        super().alter_column(table_name, column_name, **kw)

    def create_table(self, table: sa.Table, **kw: Any) -> None:
        super().create_table(table, **kw)
        self._exec(f"ANALYZE {table.name}")

    def create_index(self, index: sa.Index, **kw: Any) -> None:
        assert index.table is not None
        self._exec(f"SORT {index.table.name} FOR {index.name}")

    def drop_constraint(self, const: Any, **kw: Any) -> None:
        super().drop_constraint(const, **kw)


@compiles(AddColumn, "warehouse")
def _add_column(element: AddColumn, compiler: Any, **kw: Any) -> str:
    return f"WIDEN {element.table_name} BY {element.column.name}"


@compiles(ColumnType, "warehouse")
def _column_type(element: ColumnType, compiler: Any, **kw: Any) -> str:
    return f"RETYPE {element.table_name}.{element.column_name}"


@pytest.fixture
def buffer() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def op(buffer: io.StringIO) -> Iterator[Operations]:
    context = MigrationContext.configure(
        dialect=WarehouseDialect(), opts={"as_sql": True, "output_buffer": buffer}
    )
    with Operations.context(context) as operations:
        yield operations


def words(buffer: io.StringIO) -> list[str]:
    """The statements that were written down."""
    return [part.strip() for part in buffer.getvalue().split(" GO") if part.strip()]


def test_class_attributes_speak_for_the_database(op: Operations) -> None:
    context = op.get_context()
    assert isinstance(context, MigrationContext)
    assert type(context.impl) is WarehouseImpl
    assert context.impl.name == "WarehouseImpl"
    assert context.impl.transactional_ddl


def test_types_in_the_dialects_words(op: Operations, buffer: io.StringIO) -> None:
    op.alter_column("t", "c", type_=sa.REAL())
    op.execute(sa.schema.CreateTable(sa.Table("t", sa.MetaData(), sa.Column("c", sa.REAL))))
    assert " ".join(buffer.getvalue().split()) == "RETYPE t.c GO CREATE TABLE t ( c FLOAT4 ) GO"


def test_method_put_into_the_general_class(
    op: Operations, buffer: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rename_table(self: Any, before: str, after: str, schema: str | None = None) -> None:
        self._exec(f"CALL RENAME {before} {after}")

    monkeypatch.setattr(DefaultImpl, "rename_table", rename_table)
    op.rename_table("a", "b")
    assert words(buffer) == ["CALL RENAME a b"]


def test_parts_for_compile_functions() -> None:
    dialect = sa.make_url("postgresql+psycopg://").get_dialect()()
    compiler = dialect.ddl_compiler(dialect, None)  # type: ignore[arg-type]  # as dialects do
    column: sa.Column[Any] = sa.Column("Col", sa.Integer, nullable=False)
    quote = dialect.identifier_preparer.quote
    assert base.alter_table(compiler, "T", "a.b") == 'ALTER TABLE a.b."T"'
    assert base.alter_column(compiler, "Col") == 'ALTER COLUMN "Col"'
    assert base.add_column(compiler, column) == 'ADD COLUMN "Col" INTEGER NOT NULL'
    assert base.drop_column(compiler, "c", if_exists=True) == "DROP COLUMN IF EXISTS c"
    assert base.format_table_name(compiler, "t", None) == "t"
    assert base.format_type(compiler, sa.String(5)) == "VARCHAR(5)"
    assert base.format_server_default(compiler, sa.text("now()")) == "now()"
    assert base.quote_dotted(quoted_name("a.b", True), quote) == '"a.b"'
    with pytest.raises(TypeError, match="no server default"):
        base.format_server_default(compiler, None)


def test_option_outweighs_class_attribute() -> None:
    context = MigrationContext.configure(
        dialect=WarehouseDialect(), opts={"as_sql": True, "transactional_ddl": False}
    )
    assert context.impl.transactional_ddl is False


def test_overridden_method_carries_the_operation_out(op: Operations, buffer: io.StringIO) -> None:
    op.drop_column("t", "c")
    op.create_index("ix", "t", ["c"])
    assert words(buffer) == ["ALTER TABLE t FORGET c", "SORT t FOR ix"]


def test_engine_carries_out_what_nobody_overrides(op: Operations, buffer: io.StringIO) -> None:
    op.rename_table("t", "u")
    op.drop_table("u")
    assert [" ".join(each.split()) for each in words(buffer)] == [
        "ALTER TABLE t RENAME TO u",
        "DROP TABLE u",
    ]


def test_elements_compile_in_the_dialects_words(op: Operations, buffer: io.StringIO) -> None:
    op.add_column("t", sa.Column("c", sa.Integer))
    op.alter_column("t", "c", type_=sa.BigInteger(), nullable=False)
    assert words(buffer) == [
        "WIDEN t BY c",
        "-- t.c is always nullable\nSELECT 1",
        "RETYPE t.c",
    ]


def test_parts_of_an_operation_go_through_the_methods(op: Operations, buffer: io.StringIO) -> None:
    op.add_column("t", sa.Column("c", sa.Integer, sa.ForeignKey("u.id"), index=True))
    op.create_check_constraint("ck", "t", "c > 0")
    op.create_unique_constraint("uq", "t", ["c"])
    assert words(buffer) == [
        "WIDEN t BY c",
        "ALTER TABLE t ADD FOREIGN KEY(c) REFERENCES u (id)",
        "SORT t FOR ix_t_c",
        "ALTER TABLE t ADD CONSTRAINT uq UNIQUE (c)",
    ]


def test_super_is_the_engine_once(op: Operations, buffer: io.StringIO) -> None:
    op.create_table("t", sa.Column("id", sa.Integer, primary_key=True, index=True))
    op.drop_constraint("uq", "t", type_="unique")
    op.drop_constraint("ck", "t")
    first, *rest = words(buffer)
    assert first.startswith("CREATE TABLE t")
    assert rest == [
        "SORT t FOR ix_t_id",
        "ANALYZE t",
        "ALTER TABLE t DROP CONSTRAINT uq",
        "ALTER TABLE t DROP CONSTRAINT ck",
    ]


def test_batch_goes_through_the_methods(op: Operations, buffer: io.StringIO) -> None:
    with op.batch_alter_table("t") as batch_op:
        batch_op.drop_column("c")
        batch_op.create_unique_constraint("uq", ["d"])
    assert words(buffer) == ["ALTER TABLE t FORGET c", "ALTER TABLE t ADD CONSTRAINT uq UNIQUE (d)"]


def test_dialect_that_builds_on_another_gets_its_class() -> None:
    class Fork(SQLiteDialect_pysqlite):
        name = "sqlite_fork"

    assert DefaultImpl.get_by_dialect(Fork()) is SQLiteImpl
    assert DefaultImpl.get_by_dialect(sa.make_url("postgresql://").get_dialect()()) is (
        PostgresqlImpl
    )


def test_parameters_are_sent_once_or_refused(tmp_path: Any) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.connect() as connection:
        impl = MigrationContext.configure(connection).impl
        found = impl._exec(sa.text("select :x"), params={"x": 5})
        assert found is not None
        assert found.scalar() == 5
        with pytest.raises(TypeError, match="at the same time"):
            impl._exec(sa.text("select :x"), params={"x": 5}, multiparams=[])


def test_parameters_cannot_be_written_down(op: Operations) -> None:
    context = op.get_context()
    assert isinstance(context, MigrationContext)
    with pytest.raises(TypeError, match="not allowed with as_sql"):
        context.impl._exec(sa.text("select :x"), params={"x": 5})


def test_autogenerate_asks_the_dialects_own_comparison(monkeypatch: Any, tmp_path: Any) -> None:
    asked = []

    class CarefulImpl(DefaultImpl):
        def compare_type(self, inspector_column: Any, metadata_column: Any) -> bool:
            asked.append(metadata_column.name)
            if metadata_column.name == "same":
                return False
            return super().compare_type(inspector_column, metadata_column)

    engine = sa.create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("same", sa.Text), sa.Column("other", sa.Text))
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (same INTEGER, other INTEGER)")
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        monkeypatch.setattr(context.impl, "__class__", CarefulImpl)
        changes = compare_metadata(context, metadata)
    assert asked == ["same", "other"]
    assert [change[0][3] for change in changes] == ["other"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [("'a'", "'a'", False), ("'a'", "'b'", True), (None, "'a'", True), ("':x'", "':x'", False)],
)
def test_defaults_are_compared_without_a_database(
    before: str | None, after: str | None, expected: bool
) -> None:
    impl = MigrationContext.configure(dialect_name="mysql").impl
    column: sa.Column[Any] = sa.Column("c", sa.String(10))
    assert impl.compare_server_default(column, column, after, before) is expected


def test_types_are_compared_without_a_database() -> None:
    impl = MigrationContext.configure(dialect_name="postgresql").impl
    narrow: sa.Column[Any] = sa.Column("c", sa.String(10))
    assert impl.compare_type(narrow, sa.Column("c", sa.String(20)))
    assert not impl.compare_type(narrow, sa.Column("c", sa.VARCHAR(10)))
    # PostgreSQL says DOUBLE PRECISION of a float(53), whatever the models call it.
    double: sa.Column[Any] = sa.Column("c", DOUBLE_PRECISION(precision=53))
    assert not impl.compare_type(double, sa.Column("c", sa.Float(53)))
    assert not impl.compare_type(double, sa.Column("c", sa.Float()))
    assert impl.compare_type(double, sa.Column("c", sa.Integer()))


class LedgerDialect(SQLiteDialect_pysqlite):
    """SQLite for people who want their version table in their own way."""

    name = "ledger"
    supports_statement_cache = True


class LedgerImpl(SQLiteImpl):
    __dialect__ = "ledger"

    def version_table_impl(self, *, version_table: str, **kw: Any) -> sa.Table:
        return sa.Table(
            version_table,
            sa.MetaData(),
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("version_num", sa.String(32), nullable=False),
        )

    def start_migrations(self) -> None:
        self.static_output("-- here we go")


def test_dialect_has_a_version_table_of_its_own(buffer: io.StringIO) -> None:
    context = MigrationContext.configure(
        dialect=LedgerDialect(),
        opts={"as_sql": True, "output_buffer": buffer, "fn": lambda heads, context: ()},
    )
    context.ensure_version_table()
    context.run_migrations()
    written = " ".join(buffer.getvalue().split())
    assert "CREATE TABLE alembic_version ( id INTEGER NOT NULL, version_num" in written
    assert written.endswith("-- here we go")


def test_unknown_kind_of_constraint_is_refused(op: Operations) -> None:
    with pytest.raises(TypeError, match="'typo' is no kind of constraint"):
        op.drop_constraint("c", "t", type_="typo")


class MasonDialect(default.DefaultDialect):
    """A database that wants its expressions in brackets."""

    name = "mason"
    supports_statement_cache = True


class MasonImpl(DefaultImpl):
    """What the authors of such a dialect write."""

    __dialect__ = "mason"

    def render_ddl_sql_expr(
        self, expr: Any, is_server_default: bool = False, is_index: bool = False, **kw: Any
    ) -> str:
        words = super().render_ddl_sql_expr(expr, **kw)
        return f"[{words}]" if is_index else f"<{words}>" if is_server_default else words


def test_a_dialect_writes_its_expressions_for_a_file() -> None:
    column = sa.Column("a", sa.Integer, server_default=sa.func.next_one("x"))
    table = sa.Table("t", sa.MetaData(), column, sa.Index("ix", sa.func.lower(column)))
    upgrade = ops.UpgradeOps([ops.CreateTableOp.from_table(table)])
    upgrade.ops += [ops.CreateIndexOp.from_index(index) for index in table.indexes]
    context = MigrationContext.configure(dialect=MasonDialect())
    text = render_python_code(upgrade, migration_context=context)
    assert """server_default=sa.text("<next_one('x')>")""" in text
    assert 'sa.literal_column("[lower(a)]")' in text
