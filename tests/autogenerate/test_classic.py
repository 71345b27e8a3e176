"""``compare="alembic"`` on real databases: order, both directions, filters, words, queries."""

from __future__ import annotations

import logging
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.autogenerate import compare_metadata, produce_migrations
from limbeck.operations import Operations, ops
from limbeck.runtime.migration import MigrationContext

CLASSIC: dict[str, Any] = {"compare": "alembic", "compare_server_default": True}


def stored() -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table("a_parent", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table(
        "b_changed",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(10), nullable=False),
        sa.Column("gone", sa.Integer, index=True),
        sa.Column("count", sa.Integer, server_default="1"),
    )
    sa.Table(
        "c_old_child",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("of", sa.Integer, sa.ForeignKey("d_old.id", name="fk_old")),
    )
    sa.Table("d_old", metadata, sa.Column("id", sa.Integer, primary_key=True))
    return metadata


def models() -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table("a_parent", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table(
        "b_changed",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20)),
        sa.Column("count", sa.Integer, server_default="2"),
        sa.Column("of", sa.Integer, sa.ForeignKey("a_parent.id", name="fk_new")),
        sa.UniqueConstraint("name", name="uq_name"),
    )
    sa.Table(
        "a_new_child",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("of", sa.Integer, sa.ForeignKey("new.id", name="fk_of")),
    )
    sa.Table("new", metadata, sa.Column("id", sa.Integer, primary_key=True))
    return metadata


def context_on(connection: sa.Connection, **opts: Any) -> MigrationContext:
    return MigrationContext.configure(connection, opts=CLASSIC | opts)


def flat(container: ops.OpContainer | None) -> list[str]:
    assert container is not None
    found = []
    for operation in container.ops:
        found += flat(operation) if isinstance(operation, ops.OpContainer) else [kind(operation)]
    return found


def kind(operation: ops.MigrateOperation) -> str:
    name = getattr(operation, "column_name", None) or getattr(operation, "constraint_name", None)
    if isinstance(operation, ops.AddColumnOp):
        name = operation.column.name
    if isinstance(operation, ops.CreateTableOp | ops.DropTableOp):
        name = operation.table_name
    return f"{type(operation).__name__.removesuffix('Op')} {name or ''}".strip()


ORDER = [
    "CreateTable new",
    "CreateTable a_new_child",
    "DropTable c_old_child",
    "DropTable d_old",
    "AddColumn of",
    "AlterColumn name",
    "AlterColumn count",
    "DropIndex",
    "CreateUniqueConstraint uq_name",
    "CreateForeignKey fk_new",
    "DropColumn gone",
]
OPPOSITE = {"Create": "Drop", "Drop": "Create", "Add": "Drop"}


def test_the_order_of_operations_and_of_their_reverses(engine: sa.Engine) -> None:
    stored().create_all(engine)
    with engine.connect() as connection:
        script = produce_migrations(context_on(connection), models())
    assert flat(script.upgrade_ops) == ORDER
    names = [line.partition(" ")[2] for line in flat(script.downgrade_ops)]
    assert names == [line.partition(" ")[2] for line in reversed(ORDER)]
    assert flat(script.downgrade_ops)[0] == "AddColumn gone"
    assert flat(script.downgrade_ops)[-1] == "DropTable new"


def test_up_and_down_leave_nothing_over(engine: sa.Engine) -> None:
    stored().create_all(engine)
    with engine.connect() as connection:
        context = context_on(connection)
        script = produce_migrations(context, models())
        run(context, script.upgrade_ops)
        assert compare_metadata(context, models()) == []
        run(context, script.downgrade_ops)
        assert compare_metadata(context, stored()) == []


def run(context: MigrationContext, container: ops.OpContainer | None) -> None:
    assert container is not None
    operations = Operations(context)
    with context.begin_transaction():
        for operation in container.ops:
            inner = operation.ops if isinstance(operation, ops.ModifyTableOps) else [operation]
            for each in inner:
                operations.invoke(each)


def test_names_are_filtered_before_objects(engine: sa.Engine) -> None:
    stored().create_all(engine)
    names: list[tuple[str | None, str, dict[str, Any]]] = []
    objects: list[tuple[str | None, str, bool, bool]] = []

    def include_name(name: str | None, type_: str, parents: dict[str, Any]) -> bool:
        names.append((name, type_, parents))
        return name not in ("d_old", "gone")

    def include_object(item: Any, name: Any, type_: str, reflected: bool, other: Any) -> bool:
        objects.append((name, type_, reflected, other is not None))
        return name != "a_new_child"

    with engine.connect() as connection:
        context = context_on(connection, include_name=include_name, include_object=include_object)
        script = produce_migrations(context, models())
    made = flat(script.upgrade_ops)
    assert "DropTable d_old" not in made
    assert "DropColumn gone" not in made
    assert "CreateTable a_new_child" not in made
    assert "DropTable c_old_child" in made
    assert (None, "schema", {}) in names
    table = {"schema_name": None, "schema_qualified_table_name": "b_changed"}
    assert ("b_changed", "table", table) in names
    assert ("name", "column", {**table, "table_name": "b_changed"}) in names
    assert ("new", "table", False, False) in objects
    assert ("c_old_child", "table", True, False) in objects
    assert ("b_changed", "table", False, True) in objects
    assert ("name", "column", False, True) in objects
    assert ("of", "column", False, False) in objects
    assert "d_old" not in [name for name, *_ in objects]


def test_what_is_found_is_logged(engine: sa.Engine, caplog: pytest.LogCaptureFixture) -> None:
    stored().create_all(engine)
    with engine.connect() as connection, caplog.at_level(logging.INFO, "limbeck"):
        compare_metadata(context_on(connection), models())
    told = {(record.name, record.getMessage()) for record in caplog.records}
    compare = "limbeck.autogenerate.compare"
    assert {
        ("limbeck.runtime.plugins", "setting up autogenerate plugin alembic.autogenerate.tables"),
        (f"{compare}.tables", "Detected added table 'new'"),
        (f"{compare}.tables", "Detected removed table 'd_old'"),
        (f"{compare}.tables", "Detected added column 'b_changed.of'"),
        (f"{compare}.tables", "Detected removed column 'b_changed.gone'"),
        (f"{compare}.constraints", "Detected NULL on column 'b_changed.name'"),
    } <= told
    assert any(text.startswith("Detected type change from VARCHAR(length=10)") for _, text in told)


@pytest.mark.databases("postgresql", "mariadb")
def test_comments(engine: sa.Engine) -> None:
    def table(comment: str | None, column_comment: str | None) -> sa.MetaData:
        metadata = sa.MetaData()
        column = sa.Column("id", sa.Integer, primary_key=True, comment=column_comment)
        sa.Table("t", metadata, column, comment=comment)
        return metadata

    table("one", "two").create_all(engine)
    with engine.connect() as connection:
        context = context_on(connection)
        assert compare_metadata(context, table("one", "two")) == []
        changed = compare_metadata(context, table("three", None))
        gone = compare_metadata(context, table("", "two"))
    [[column], [name, commented, before]] = changed
    assert (column[0], column[5:]) == ("modify_comment", ("two", None))
    assert (name, commented.comment, before) == ("add_table_comment", "three", "one")
    assert [each[0] for each in gone] == ["remove_table_comment"]


@pytest.mark.databases("postgresql")
def test_the_number_of_queries_does_not_grow(engine: sa.Engine) -> None:
    assert queries(engine, range(3)) >= queries(engine, range(3, 30))


def queries(engine: sa.Engine, numbers: range) -> int:
    """How many queries it takes to compare these tables, and those before them."""
    metadata = sa.MetaData()
    for number in range(numbers.stop):
        of = sa.ForeignKey("t0.id", name=f"fk{number}")
        sa.Table(
            f"t{number}",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("x", sa.Integer, of, index=True, unique=True),
        )
    metadata.create_all(engine)
    seen: list[str] = []
    with engine.connect() as connection:
        sa.event.listen(connection, "before_cursor_execute", lambda *given: seen.append(given[2]))
        opts = {"compare": "alembic"}
        assert compare_metadata(MigrationContext.configure(connection, opts=opts), metadata) == []
    return len(seen)


@pytest.mark.databases("postgresql15")
def test_schemas(engine: sa.Engine) -> None:
    def tables(*schemas: str | None) -> sa.MetaData:
        metadata = sa.MetaData()
        for schema in schemas:
            sa.Table("t", metadata, sa.Column("id", sa.Integer), schema=schema)
        return metadata

    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA one")
        connection.exec_driver_sql("CREATE SCHEMA two")
        tables(None, "one", "two").create_all(connection)
    with engine.connect() as connection:
        everywhere = context_on(connection, include_schemas=True)
        assert compare_metadata(everywhere, tables("public", "one", "two")) == []
        [gone] = compare_metadata(everywhere, tables(None, "one"))
        assert (gone[0], gone[1].schema) == ("remove_table", "two")
        [again] = compare_metadata(context_on(connection), tables(None, "one"))
        assert (again[0], again[1].schema) == ("add_table", "one")
        one_only = context_on(
            connection,
            include_schemas=True,
            include_name=lambda name, type_, parents: type_ != "schema" or name == "one",
        )
        assert compare_metadata(one_only, tables("one")) == []


def test_views_are_neither_added_nor_dropped(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (id INTEGER)")
        connection.exec_driver_sql("CREATE VIEW seen AS SELECT id FROM t")
    metadata = sa.MetaData()
    table = sa.Table("t", metadata, sa.Column("id", sa.Integer))
    if hasattr(sa, "CreateView"):  # SQLAlchemy 2.1
        sa.CreateView(sa.select(table.c.id), "wanted", metadata=metadata)
    with engine.connect() as connection:
        assert compare_metadata(context_on(connection), metadata) == []


@pytest.mark.databases("sqlite")
def test_a_table_in_two_metadata(engine: sa.Engine) -> None:
    with (
        engine.connect() as connection,
        pytest.raises(
            ValueError, match='Duplicate table keys across multiple MetaData objects: "a_parent"'
        ),
    ):
        context = context_on(connection)
        one = sa.MetaData()
        sa.Table("a_parent", one, sa.Column("id", sa.Integer))
        compare_metadata(context, [one, models()])


def test_a_table_that_is_left_out_has_a_stand_in(engine: sa.Engine) -> None:
    stored().create_all(engine)
    referred: list[list[str]] = []

    def include_object(item: Any, name: Any, type_: str, reflected: bool, other: Any) -> bool:
        if type_ == "foreign_key_constraint" and reflected:
            referred.append(item.referred_table.columns.keys())
        return True

    with engine.connect() as connection:
        context = context_on(
            connection,
            include_name=lambda name, type_, parents: name != "d_old",
            include_object=include_object,
        )
        metadata = sa.MetaData()
        sa.Table(
            "c_old_child",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("of", sa.Integer),
        )
        diffs = compare_metadata(context, metadata)
    assert "remove_fk" in [each[0] for each in diffs]
    assert referred == [["id"]]
