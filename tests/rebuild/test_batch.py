"""``batch_alter_table()`` and what its author may say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.engine import make_url

from limbeck.errors import CommandError
from limbeck.operations import BatchOperations, MigrateOperation, Operations
from limbeck.operations.registry import forget_implementation
from limbeck.runtime.migration import MigrationContext
from tests.rebuild.executor import directives, on_paper

if TYPE_CHECKING:
    from tests.rebuild.live import Live

TABLE = "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(10), b INT UNIQUE)"
ROWS = "INSERT INTO t VALUES (1, 'x', 2), (2, 'y', 3)"


def test_several_operations_are_one_copy(live: Live) -> None:
    live.execute(TABLE, ROWS)
    with live.transaction() as connection:
        op, done = directives(connection)
        with op.batch_alter_table("t") as batch:
            batch.alter_column("a", nullable=False, new_column_name="name")
            batch.add_column(sa.Column("c", sa.Integer, server_default="5"), insert_after="id")
            batch.create_unique_constraint("uq_name", ["name", "c"])
            batch.create_check_constraint("ck_c", "c > 0")
            batch.create_index("ix_low", [sa.text("lower(name)")], if_not_exists=True)
            batch.drop_column("b")
            assert done == []
    assert sum(line.startswith("CREATE TABLE") for line in done) == 1
    assert live.schema()["t"] == (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, c INTEGER DEFAULT '5', "
        "name VARCHAR(10) NOT NULL, CONSTRAINT uq_name UNIQUE (name, c), "
        "CONSTRAINT ck_c CHECK (c > 0))"
    )
    assert live.rows("SELECT * FROM t") == [(1, 5, "x"), (2, 5, "y")]
    live.check()


def test_statements_are_those_that_users_of_batches_know(live: Live) -> None:
    live.execute(TABLE)
    with live.transaction() as connection:
        op, done = directives(connection)
        with op.batch_alter_table("t") as batch:
            batch.alter_column("a", nullable=False)
    assert done == [
        "CREATE TABLE _alembic_tmp_t (id INTEGER PRIMARY KEY, a VARCHAR(10) NOT NULL, "
        "b INT UNIQUE)",
        "INSERT INTO _alembic_tmp_t (id, a, b) SELECT t.id, t.a, t.b FROM t",
        "DROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t",
    ]


@pytest.mark.parametrize("change", ["drop", "rename", "add with an expression as default"])
def test_what_sqlite_could_do_alone_is_copied_too(live: Live, change: str) -> None:
    live.execute(TABLE)
    with live.transaction() as connection:
        op, done = directives(connection)
        with op.batch_alter_table("t") as batch:
            if change == "drop":
                batch.drop_column("a")
            elif change == "rename":
                batch.alter_column("a", new_column_name="z")
            else:
                batch.add_column(sa.Column("c", sa.Integer, server_default=sa.text("1")))
    assert any(words.startswith("CREATE TABLE _alembic_tmp_t") for words in done)


def test_an_index_comes_back_with_its_column(live: Live) -> None:
    live.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER)")
    live.execute("CREATE INDEX ix_ab ON t (a, b)")
    live.execute("CREATE INDEX ix_b ON t (b)")
    live.execute("CREATE INDEX ix_a ON t (a)")
    with live.transaction() as connection:
        op, _ = directives(connection)
        with op.batch_alter_table("t") as batch:
            batch.drop_column("a")
            batch.drop_column("b")
            batch.add_column(sa.Column("b", sa.BigInteger))
        names = {index["name"] for index in sa.inspect(connection).get_indexes("t")}
    assert names == {"ix_b"}


def test_what_needs_no_copy_gets_none(live: Live) -> None:
    live.execute(TABLE)
    with live.transaction() as connection:
        op, done = directives(connection)
        with op.batch_alter_table("t") as batch:
            batch.add_column(sa.Column("c", sa.Integer, server_default="1"))
            batch.create_index("ix", ["c"])
    assert done == [
        "ALTER TABLE t ADD COLUMN c INTEGER DEFAULT '1'",
        "CREATE INDEX ix ON t (c)",
    ]


def test_a_copy_for_its_own_sake(live: Live) -> None:
    live.execute(TABLE, ROWS)
    with live.transaction() as connection:
        op, done = directives(connection)
        with op.batch_alter_table("t", recreate="always"):
            pass
        assert len(done) == 4
        with op.batch_alter_table("t"):
            pass
        assert len(done) == 4
    assert live.schema()["t"] == TABLE


def test_without_a_copy_sqlite_answers_for_itself(live: Live) -> None:
    live.execute(TABLE)
    with live.transaction() as connection:
        op, done = directives(connection)
        with (
            pytest.raises(CommandError, match="insert_before or insert_after"),
            op.batch_alter_table("t", recreate="never") as batch,
        ):
            batch.add_column(sa.Column("c", sa.Integer), insert_after="id")
    assert done == []


def test_execute_keeps_its_place(live: Live) -> None:
    live.execute(TABLE, ROWS)
    with live.transaction() as connection:
        op, _ = directives(connection)
        with op.batch_alter_table("t") as batch:
            batch.add_column(sa.Column("c", sa.Integer))
            batch.execute("UPDATE t SET c = b * 10 WHERE a <> ':no'")
            batch.alter_column("c", nullable=False)
            batch.drop_column("b")
    assert live.rows("SELECT * FROM t") == [(1, "x", 20), (2, "y", 30)]


def test_table_args_and_table_kwargs(live: Live) -> None:
    live.execute(
        "CREATE TABLE t (id INTEGER, a INT CHECK (a > 0), CONSTRAINT k PRIMARY KEY (id))",
        "INSERT INTO t VALUES (1, 2)",
    )
    with live.transaction() as connection:
        op, _ = directives(connection)
        with op.batch_alter_table(
            "t",
            table_args=[
                sa.UniqueConstraint("a", name="uq_a"),
                sa.CheckConstraint("a > 0"),
                sa.Index("ix_given", "a"),
            ],
            table_kwargs={"sqlite_autoincrement": True, "sqlite_strict": True},
        ) as batch:
            batch.alter_column("a", nullable=False)
    assert live.schema()["t"] == (
        "CREATE TABLE t (id INTEGER CONSTRAINT k PRIMARY KEY AUTOINCREMENT, "
        "a INT NOT NULL CHECK (a > 0), CONSTRAINT uq_a UNIQUE (a)) STRICT"
    )
    assert live.rows("SELECT * FROM t") == [(1, 2)]
    assert live.schema()["ix_given"] == "CREATE INDEX ix_given ON t (a)"


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([("c", "d", "a", "b")], ["c", "d", "a", "b"]),
        ([("d", "c"), ("b", "a")], ["b", "a", "d", "c"]),
        ([("d", "a")], ["d", "a", "b", "c"]),
        ([("a", "b")], ["a", "b", "c", "d"]),
    ],
)
def test_partial_reordering(live: Live, groups: list[Any], expected: list[str]) -> None:
    live.execute("CREATE TABLE t (a INT, b INT, c INT, d INT)", "INSERT INTO t VALUES (1, 2, 3, 4)")
    with live.transaction() as connection:
        op, _ = directives(connection)
        with op.batch_alter_table("t", recreate="always", partial_reordering=groups):
            pass
    assert [row[0] for row in live.rows("SELECT name FROM pragma_table_info('t')")] == expected
    assert live.rows("SELECT a, b, c, d FROM t") == [(1, 2, 3, 4)]


@pytest.mark.parametrize("groups", [[("a", "zz")], [("a", "b"), ("b", "a")]])
def test_an_order_that_cannot_be(live: Live, groups: list[Any]) -> None:
    live.execute("CREATE TABLE t (a INT, b INT)")
    with live.transaction() as connection:
        op, done = directives(connection)
        with (
            pytest.raises(CommandError),
            op.batch_alter_table("t", recreate="always", partial_reordering=groups),
        ):
            pass
    assert done == []


def test_reflect_args_say_what_the_database_does_not_know(live: Live) -> None:
    live.execute(
        "CREATE TABLE t (a INT, flag BOOLEAN NOT NULL, UNIQUE (a), CHECK (flag IN (0, 1)))"
    )
    with live.transaction() as connection:
        op, _ = directives(connection)
        with op.batch_alter_table(
            "t",
            reflect_args=[
                sa.Column("flag", sa.Boolean(create_constraint=True, name="ck_flag")),
                sa.UniqueConstraint("a", name="uq_a"),
            ],
        ) as batch:
            batch.drop_constraint("uq_a", type_="unique")
            batch.drop_constraint("ck_flag", type_="check")
    assert live.schema()["t"] == "CREATE TABLE t (a INT, flag BOOLEAN NOT NULL)"


def test_reflect_kwargs_can_listen(live: Live) -> None:
    live.execute("CREATE TABLE t (a VARCHAR(10) NOT NULL, b VARCHAR(10))")

    def listen(inspector: Any, table: Any, column: Any) -> None:
        if column["name"] == "a":
            column["type"] = sa.Text()

    with live.transaction() as connection:
        op, _ = directives(connection)
        with op.batch_alter_table(
            "t", reflect_kwargs={"listeners": [("column_reflect", listen)]}
        ) as batch:
            batch.alter_column("b", nullable=False)
    assert live.schema()["t"] == "CREATE TABLE t (a TEXT NOT NULL, b VARCHAR(10) NOT NULL)"


def test_a_naming_convention_for_this_batch(live: Live) -> None:
    live.execute(
        "CREATE TABLE p (id INTEGER PRIMARY KEY)",
        "CREATE TABLE t (a INT REFERENCES p (id), b INT, UNIQUE (b))",
    )
    convention = {
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
    with live.transaction() as connection:
        op, _ = directives(connection)
        with op.batch_alter_table("t", naming_convention=convention) as batch:
            batch.drop_constraint("fk_t_a_p", type_="foreignkey")
            batch.drop_constraint("uq_t_b", type_="unique")
    assert live.schema()["t"] == "CREATE TABLE t (a INT, b INT)"


def test_what_a_naming_convention_names_keeps_its_name(live: Live) -> None:
    live.execute(
        "CREATE TABLE p (id INTEGER PRIMARY KEY)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT REFERENCES p (id), b INT,\n"
        " UNIQUE (b), CHECK (b > 0), CONSTRAINT known UNIQUE (a, b),\n"
        " FOREIGN KEY (b) REFERENCES p (id) ON DELETE CASCADE)",
    )
    convention = {
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        # A CHECK has no name to put in here: it stays without one.
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
    with live.transaction() as connection:
        op, _ = directives(connection)
        with op.batch_alter_table("t", naming_convention=convention) as batch:
            batch.alter_column("a", nullable=False)
    assert live.schema()["t"] == (
        "CREATE TABLE t (id INTEGER CONSTRAINT pk_t PRIMARY KEY, "
        "a INT NOT NULL CONSTRAINT fk_t_a REFERENCES p (id), b INT,\n"
        " CONSTRAINT uq_t_b UNIQUE (b), CHECK (b > 0), CONSTRAINT known UNIQUE (a, b),\n"
        " CONSTRAINT fk_t_b FOREIGN KEY (b) REFERENCES p (id) ON DELETE CASCADE)"
    )


def test_an_index_is_dropped_after_its_column(live: Live) -> None:
    live.execute("CREATE TABLE t (a INT, b INT, c INT)", "CREATE UNIQUE INDEX i ON t (a, b)")
    with live.transaction() as connection:
        op, _ = directives(connection)
        with op.batch_alter_table("t") as batch:
            batch.drop_column("b")
            batch.drop_index("i")
    assert live.schema() == {"t": "CREATE TABLE t (a INT, c INT)"}


def given_table() -> sa.Table:
    return sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.String(10)),
        sa.Column("b", sa.Integer, index=True),
        sa.CheckConstraint("b > 0", name="ck_b"),
    )


def test_on_paper_the_author_says_what_the_table_is() -> None:
    op, done = on_paper(sqlite_dialect())
    with op.batch_alter_table("t", copy_from=given_table()) as batch:
        batch.alter_column("a", type_=sa.Integer(), new_column_name="z")
        batch.drop_constraint("ck_b", type_="check")
    assert [" ".join(line.split()) for line in done] == [
        "CREATE TABLE _alembic_tmp_t ( id INTEGER NOT NULL, a INTEGER, b INTEGER, "
        "PRIMARY KEY (id) )",
        "INSERT INTO _alembic_tmp_t (id, a, b) SELECT t.id, t.a, t.b FROM t",
        "DROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_t_b ON t (b)",
        "ALTER TABLE t RENAME COLUMN a TO z",
    ]


def test_on_paper_in_a_schema() -> None:
    table = given_table().to_metadata(sa.MetaData(), schema="other")
    op, done = on_paper(sqlite_dialect())
    with op.batch_alter_table("t", schema="other", copy_from=table) as batch:
        batch.alter_column("a", nullable=False)
    assert [" ".join(line.split()[:6]) for line in done] == [
        "CREATE TABLE other._alembic_tmp_t ( id INTEGER",
        "INSERT INTO other._alembic_tmp_t (id, a, b)",
        "DROP TABLE other.t",
        "ALTER TABLE other._alembic_tmp_t RENAME TO t",
        'CREATE INDEX "other".ix_t_b ON t (b)',
    ]


def test_on_paper_one_copy_can_follow_another() -> None:
    op, done = on_paper(sqlite_dialect())
    with op.batch_alter_table("t", copy_from=given_table()) as batch:
        batch.drop_constraint("ck_b", type_="check")
        batch.execute("UPDATE t SET b = 0 WHERE b IS NULL")
        batch.alter_column("b", nullable=False)
        batch.execute("UPDATE t SET a = 'x'")
    assert [" ".join(line.split()[:3]) for line in done] == [
        "CREATE TABLE _alembic_tmp_t",
        "INSERT INTO _alembic_tmp_t",
        "DROP TABLE t",
        "ALTER TABLE _alembic_tmp_t",
        "CREATE INDEX ix_t_b",
        "UPDATE t SET",
        "CREATE TABLE _alembic_tmp_t",
        "INSERT INTO _alembic_tmp_t",
        "DROP TABLE t",
        "ALTER TABLE _alembic_tmp_t",
        "CREATE INDEX ix_t_b",
        "UPDATE t SET",
    ]
    assert "ck_b" not in done[6]
    assert "b INTEGER NOT NULL" in done[6]


def test_on_paper_what_was_renamed_is_not_known_any_more() -> None:
    op, _ = on_paper(sqlite_dialect())
    with (
        pytest.raises(CommandError, match="This operation cannot proceed in --sql mode"),
        op.batch_alter_table("t", copy_from=given_table()) as batch,
    ):
        batch.alter_column("a", new_column_name="z")
        batch.create_check_constraint("ck_z", "z <> ''")


def test_with_a_connection_the_given_table_counts(live: Live) -> None:
    live.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT, old INT)",
        "CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END",
        "INSERT INTO t VALUES (1, 'x', 2, 9)",
    )
    with live.transaction() as connection:
        op, _ = directives(connection)
        with op.batch_alter_table("t", copy_from=given_table()) as batch:
            batch.alter_column("a", nullable=False)
    assert live.rows("SELECT * FROM t") == [(1, "x", 2)]
    assert set(live.schema()) == {"t", "tr", "ix_t_b"}


@pytest.mark.parametrize("batched", [True, False])
def test_on_paper_without_a_table_there_is_nothing_to_copy(batched: bool) -> None:
    op, done = on_paper(sqlite_dialect())
    with pytest.raises(CommandError, match="This operation cannot proceed in --sql mode"):
        if batched:
            with op.batch_alter_table("t") as batch:
                batch.alter_column("a", nullable=False)
        else:
            op.alter_column("t", "a", nullable=False)
    assert done == []


def test_other_tables_are_not_the_business_of_a_batch() -> None:
    op, _ = on_paper(sqlite_dialect())
    batch = BatchOperations(op, "t")
    assert not hasattr(batch, "rename_table")
    with pytest.raises(NotImplementedError, match="does not apply to a batch"):
        batch.invoke(_rename())


def _rename() -> MigrateOperation:
    from limbeck.operations.ops import RenameTableOp

    return RenameTableOp("t", "u")


def test_an_operation_of_ones_own_in_a_batch(live: Live) -> None:
    @BatchOperations.register_operation("double", "batch_double")
    class DoubleOp(MigrateOperation):
        def __init__(self, table: str, column: str) -> None:
            self.table, self.column = table, column

        @classmethod
        def batch_double(cls, operations: BatchOperations, column: str) -> Any:
            return operations.invoke(cls(operations.table_name, column))

    @Operations.implementation_for(DoubleOp)
    def carry_out(operations: Any, operation: DoubleOp) -> str:
        operations.execute(f"UPDATE {operation.table} SET {operation.column} = 2 * b")
        return "done"

    live.execute(TABLE, ROWS)
    try:
        with live.transaction() as connection:
            op, _ = directives(connection)
            with op.batch_alter_table("t") as batch:
                batch.alter_column("b", nullable=False)
                assert batch.double("b") == "done"
        assert live.rows("SELECT b FROM t ORDER BY b") == [(4,), (6,)]
    finally:
        forget_implementation(DoubleOp)
        del BatchOperations.double


def test_a_batch_can_be_undone(live: Live) -> None:
    live.execute(TABLE, ROWS)
    batch = BatchOperations(on_paper(sqlite_dialect())[0], "t")
    batch.alter_column("a", nullable=False, existing_nullable=True)
    batch.create_unique_constraint("uq", ["a"])
    operation = batch.as_operation()
    assert operation.describe() == ("alter column t.a: NOT NULL; add unique constraint uq on t (a)")
    with live.transaction() as connection:
        op, _ = directives(connection)
        op.invoke(operation)
        op.invoke(operation.reverse())
    assert live.schema()["t"] == TABLE


def test_an_index_may_be_dropped_after_its_column(live: Live) -> None:
    live.execute(TABLE, "CREATE INDEX ix_a ON t (a)")
    with live.transaction() as connection:
        op, _ = directives(connection)
        with op.batch_alter_table("t") as batch:
            batch.drop_column("a")
            batch.drop_index("ix_a")
        with (
            pytest.raises(CommandError, match="No such index: 'ix_a'"),
            op.batch_alter_table("t") as batch,
        ):
            batch.drop_column("b")
            batch.drop_index("ix_a")
    assert live.schema() == {"t": "CREATE TABLE t (id INTEGER PRIMARY KEY, b INT UNIQUE)"}


def test_every_method_of_a_batch_builds_its_operation() -> None:
    batch = BatchOperations(on_paper(sqlite_dialect())[0], "t", "s")
    batch.create_primary_key("pk", ["a"])
    batch.create_foreign_key("fk", "o", ["a"], ["b"], referent_schema="r", ondelete="CASCADE")
    batch.create_exclude_constraint("ex", ("a", "="), using="gist")
    batch.drop_constraint("fk", "foreignkey", if_exists=True)
    batch.drop_index("ix", if_exists=True)
    batch.drop_column("c", if_exists=True)
    batch.create_table_comment("new", existing_comment="old")
    batch.drop_table_comment(existing_comment="old")
    assert [operation.describe() for operation in batch.recorded] == [
        "add primary key pk on s.t (a)",
        "add foreign key fk from s.t (a) to r.o (b)",
        "add exclude constraint ex on s.t (a WITH =)",
        "drop foreign key fk from s.t",
        "drop index ix on s.t",
        "drop column s.t.c",
        "comment on table s.t: new",
        "drop comment of table s.t",
    ]


@pytest.mark.parametrize("name", ["postgresql", "mysql"])
def test_other_databases_alter_one_by_one(name: str) -> None:
    op, done = on_paper(make_url(f"{name}://").get_dialect()())
    with op.batch_alter_table("t", recreate="always") as batch:
        batch.add_column(sa.Column("c", sa.Integer))
        batch.drop_column("d")
    assert done == ["ALTER TABLE t ADD COLUMN c INTEGER", "ALTER TABLE t DROP COLUMN d"]


@pytest.mark.parametrize(
    "options",
    [
        {"table_args": [sa.UniqueConstraint("a")]},
        {"table_kwargs": {"mysql_engine": "InnoDB"}},
        {"partial_reordering": [("b", "a")]},
    ],
)
def test_what_only_a_copy_can_do_needs_the_table_elsewhere_too(options: dict[str, Any]) -> None:
    op, done = on_paper(make_url("postgresql://").get_dialect()())
    with (
        pytest.raises(CommandError, match="requires a live database connection"),
        op.batch_alter_table("t", recreate="always", **options),
    ):
        pass
    assert done == []


def test_a_batch_leaves_unnamed_checks_out_where_it_is_to_be_as_in_alembic(live: Live) -> None:
    live.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER CHECK (a > 0), b INTEGER, "
        "CHECK (b > 0), CONSTRAINT b_is_small CHECK (b < 9))"
    )
    with live.engine.begin() as connection:
        op = Operations(MigrationContext.configure(connection, opts={"batch": "alembic"}))
        with pytest.warns(UserWarning, match="Unnamed CHECK"), op.batch_alter_table("t") as batch:
            batch.alter_column("a", nullable=False)
        checks = sa.inspect(connection).get_check_constraints("t")
    assert [check["name"] for check in checks] == ["b_is_small"]


def test_the_foreign_key_of_a_new_column_can_be_told_by_its_name(live: Live) -> None:
    live.execute("CREATE TABLE p (id INTEGER PRIMARY KEY)", "CREATE TABLE t (a INTEGER)")
    with live.transaction() as connection:
        op, _ = directives(connection)
        with op.batch_alter_table("t") as batch:
            batch.add_column(sa.Column("b", sa.Integer, sa.ForeignKey("p.id", name="fk_b")))
        [key] = sa.inspect(connection).get_foreign_keys("t")
    assert key["name"] == "fk_b"


def test_there_are_three_ways_to_recreate() -> None:
    op, _ = on_paper(sqlite_dialect())
    with pytest.raises(ValueError, match="'auto', 'always', or 'never'"):  # noqa: SIM117  # it is the entering that fails
        with op.batch_alter_table("t", recreate="sometimes"):  # type: ignore[arg-type]  # the mistake at hand
            pass
