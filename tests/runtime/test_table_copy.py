"""Batches that copy their table: on real databases, and for a dialect of somebody else's."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import default

from limbeck.ddl.impl import DefaultImpl
from limbeck.errors import CommandError
from limbeck.operations import Operations
from limbeck.runtime.migration import MigrationContext

CLASSIC = {"batch": "alembic"}


def operations(connection: sa.Connection, **options: Any) -> Operations:
    return Operations(MigrationContext.configure(connection, opts=options))


def create_item(connection: sa.Connection) -> None:
    """A table with something of everything, and two rows."""
    metadata = sa.MetaData()
    sa.Table("shop", metadata, sa.Column("id", sa.Integer, primary_key=True))
    item = sa.Table(
        "item",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20), nullable=False, server_default="new"),
        sa.Column("amount", sa.Integer, comment="pieces"),
        sa.Column("shop_id", sa.Integer, sa.ForeignKey("shop.id", name="fk_shop")),
        sa.Column("parent_id", sa.Integer, sa.ForeignKey("item.id", name="fk_parent")),
        sa.UniqueConstraint("name", name="uq_name"),
        sa.CheckConstraint("amount > 0", name="ck_amount"),
        sa.Index("ix_amount", "amount"),
    )
    metadata.create_all(connection)
    connection.execute(sa.text("INSERT INTO shop (id) VALUES (7)"))
    connection.execute(
        item.insert(),
        [
            {"name": "a", "amount": 1, "shop_id": 7, "parent_id": None},
            {"name": "b", "amount": 2, "shop_id": None, "parent_id": 1},
        ],
    )


@pytest.mark.databases("postgresql15", "mariadb")
@pytest.mark.parametrize("options", [{}, CLASSIC], ids=["limbeck", "alembic"])
def test_a_copy_keeps_everything(engine: sa.Engine, options: dict[str, Any]) -> None:
    with engine.begin() as connection:
        create_item(connection)
        op = operations(connection, **options)
        with op.batch_alter_table("item", recreate="always") as batch:
            batch.add_column(sa.Column("code", sa.String(5), server_default="x"), insert_after="id")
            batch.alter_column(
                "amount", new_column_name="pieces", type_=sa.String(9), existing_type=sa.Integer()
            )
            batch.drop_constraint("ck_amount", type_="check")
            batch.create_check_constraint("ck_code", "code <> ''")
            batch.create_index("ix_code", ["code"])
        inspector = sa.inspect(connection)
        assert [c["name"] for c in inspector.get_columns("item")] == [
            "id", "code", "name", "pieces", "shop_id", "parent_id",
        ]  # fmt: skip
        rows = connection.execute(sa.text("SELECT * FROM item ORDER BY id")).all()
        assert rows == [(1, "x", "a", "1", 7, None), (2, "x", "b", "2", None, 1)]
        assert {u["name"] for u in inspector.get_unique_constraints("item")} == {"uq_name"}
        assert {c["name"] for c in inspector.get_check_constraints("item")} == {"ck_code"}
        assert {(k["name"], k["referred_table"]) for k in inspector.get_foreign_keys("item")} == {
            ("fk_shop", "shop"),
            ("fk_parent", "item"),
        }
        assert {"ix_amount", "ix_code"} <= {str(i["name"]) for i in inspector.get_indexes("item")}
        comments = {c["name"]: c["comment"] for c in inspector.get_columns("item")}
        assert comments["pieces"] == "pieces"
        assert sorted(inspector.get_table_names()) == ["item", "shop"]
        connection.execute(sa.text("INSERT INTO item (code) VALUES ('y')"))
        assert connection.execute(sa.text("SELECT max(id) FROM item")).scalar() == 3


@pytest.mark.databases("postgresql15", "postgresql18")
@pytest.mark.parametrize("options", [(), (sa.Identity(always=True),), (sa.Identity(),)])
def test_a_copy_goes_on_counting(engine: sa.Engine, options: tuple[Any, ...]) -> None:
    columns = [
        sa.Column("id", sa.Integer, *(each._copy() for each in options), primary_key=True),
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.Integer, sa.Computed("a * 2", persisted=True)),
    ]
    sa.Table("t", metadata := sa.MetaData(), *columns)
    with engine.begin() as connection:
        metadata.create_all(connection)
        connection.execute(sa.text("INSERT INTO t (a) VALUES (1), (2), (3)"))
        connection.execute(sa.text("DELETE FROM t WHERE a = 3"))
        with operations(connection).batch_alter_table("t", recreate="always") as batch:
            batch.alter_column("id", new_column_name="key", insert_after="a")
        connection.execute(sa.text("INSERT INTO t (a) VALUES (4)"))
        rows = connection.execute(sa.text("SELECT * FROM t ORDER BY key")).all()
        assert rows == [(1, 1, 2), (2, 2, 4), (4, 4, 8)]
        identity = sa.inspect(connection).get_columns("t")[1].get("identity")
    assert bool(identity and identity["always"]) == bool(options and options[0].always)


@pytest.mark.databases("mariadb")
def test_a_copy_that_fails_leaves_the_table_as_it_was(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        create_item(connection)
        with (
            pytest.raises(sa.exc.DBAPIError),
            operations(connection, **CLASSIC).batch_alter_table("item", recreate="always") as batch,
        ):
            batch.create_unique_constraint("uq_shop", ["shop_id", "amount"])
            batch.add_column(sa.Column("code", sa.String(5), nullable=False), insert_before="id")
            batch.create_check_constraint("ck_few", "amount < 2")
        inspector = sa.inspect(connection)
        assert sorted(inspector.get_table_names()) == ["item", "shop"]
        assert {k["name"] for k in inspector.get_foreign_keys("item")} == {"fk_shop", "fk_parent"}


@pytest.mark.databases("postgresql15", "mariadb")
def test_recreate_alone_is_no_reason_for_a_copy(engine: sa.Engine) -> None:
    sent: list[str] = []
    with engine.begin() as connection:
        create_item(connection)

        @sa.event.listens_for(connection, "before_cursor_execute")
        def record(_: Any, __: Any, statement: str, *___: Any) -> None:
            sent.append(statement)

        with operations(connection).batch_alter_table("item", recreate="always") as batch:
            batch.add_column(sa.Column("code", sa.String(5)))
    assert not [each for each in sent if "_alembic_tmp_" in each]


@pytest.mark.databases("postgresql15", "mariadb")
def test_the_order_of_columns_that_is_asked_for(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        create_item(connection)
        op = operations(connection)
        with op.batch_alter_table(
            "item", recreate="always", partial_reordering=[("amount", "name"), ("id", "shop_id")]
        ) as batch:
            batch.drop_column("parent_id")
            batch.drop_constraint("uq_name", type_="unique")
        assert {str(i["name"]) for i in sa.inspect(connection).get_indexes("item")} >= {"ix_amount"}
        assert sa.inspect(connection).get_unique_constraints("item") == []
        names = [c["name"] for c in sa.inspect(connection).get_columns("item")]
    assert names.index("amount") < names.index("name")
    assert names.index("id") < names.index("shop_id")
    assert "parent_id" not in names


def test_a_statement_of_the_users_stands_between_two_copies() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    written = io.StringIO()
    opts = {"as_sql": True, "output_buffer": written, **CLASSIC}
    op = Operations(MigrationContext.configure(dialect_name="postgresql", opts=opts))
    with (
        pytest.raises(CommandError, match="requires a live database connection"),
        op.batch_alter_table("t", recreate="always", copy_from=table) as batch,
    ):
        batch.add_column(sa.Column("b", sa.Integer))
        batch.execute("UPDATE t SET b = 1")
        batch.alter_column("b", nullable=False)
    assert written.getvalue().index("RENAME TO t") < written.getvalue().index("UPDATE t")


class ChiselDialect(default.DefaultDialect):
    """A database that cannot alter what it has."""

    name = "chisel"
    supports_statement_cache = True


class ChiselImpl(DefaultImpl):
    """What the authors of such a dialect write."""

    __dialect__ = "chisel"
    seen: list[Any]

    def requires_recreate_in_batch(self, batch_op: Any) -> bool:
        self.seen = batch_op.batch
        return any(method not in ("add_column", "create_index") for method, _, _ in batch_op.batch)

    def prep_table_for_batch(self, batch_impl: Any, table: sa.Table) -> None:
        self._exec(f"FREEZE {table.name} FOR {', '.join(batch_impl.named_constraints)}")

    def cast_for_batch_migrate(
        self, existing: Any, existing_transfer: dict[str, Any], new_type: Any
    ) -> None:
        existing_transfer["expr"] = sa.func.convert(existing_transfer["expr"])


def on_chisel(table: sa.Table, change: Any) -> tuple[list[str], Any]:
    written = io.StringIO()
    context = MigrationContext.configure(
        dialect=ChiselDialect(), opts={"as_sql": True, "output_buffer": written}
    )
    with Operations(context).batch_alter_table("t", copy_from=table) as batch:
        change(batch)
    statements = [" ".join(each.split()) for each in written.getvalue().split(";")]
    return [each for each in statements if each], context.impl


def test_a_dialect_says_when_and_how_a_batch_copies() -> None:
    table = sa.Table(
        "t", sa.MetaData(), sa.Column("a", sa.Integer), sa.UniqueConstraint("a", name="uq_a")
    )
    done, impl = on_chisel(table, lambda batch: batch.alter_column("a", type_=sa.String(9)))
    assert done == [
        "FREEZE t FOR uq_a",
        "CREATE TABLE _alembic_tmp_t ( a VARCHAR(9), CONSTRAINT uq_a UNIQUE (a) )",
        "INSERT INTO _alembic_tmp_t (a) SELECT convert(t.a) AS a FROM t",
        "DROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t",
    ]
    [(method, arguments, options)] = impl.seen
    assert (method, arguments) == ("alter_column", ("t", "a"))
    assert isinstance(options["type_"], sa.String)


def test_a_dialect_says_when_a_batch_does_not_copy() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    done, _ = on_chisel(table, lambda batch: batch.add_column(sa.Column("b", sa.Integer)))
    assert done == ["ALTER TABLE t ADD COLUMN b INTEGER"]
