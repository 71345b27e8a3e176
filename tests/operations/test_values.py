"""Operations as values: what they say, what undoes them, what they are as a difference."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import AddConstraint, CreateIndex, CreateTable

from limbeck.operations import ops
from limbeck.operations.ops import (
    AddColumnOp,
    AddConstraintOp,
    AlterColumnOp,
    BulkInsertOp,
    CreateCheckConstraintOp,
    CreateExcludeConstraintOp,
    CreateForeignKeyOp,
    CreateIndexOp,
    CreateObjectOp,
    CreatePrimaryKeyOp,
    CreateTableCommentOp,
    CreateTableOp,
    CreateUniqueConstraintOp,
    DowngradeOps,
    DropColumnOp,
    DropConstraintOp,
    DropIndexOp,
    DropObjectOp,
    DropTableCommentOp,
    DropTableOp,
    ExecuteSQLOp,
    MigrateOperation,
    MigrationScript,
    ModifyTableOps,
    RenameTableOp,
    ReplaceObjectOp,
    UpgradeOps,
)
from limbeck.schema import Function, Grant, RowSecurity, Trigger, View


def column(**keywords: Any) -> sa.Column[Any]:
    return sa.Column("email", sa.String(50), **keywords)


def index() -> sa.Index:
    return next(iter(models().tables["item"].indexes))


def models() -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table("maker", metadata, sa.Column("id", sa.Integer, primary_key=True), schema="s")
    sa.Table(
        "item",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("the_name", sa.String(20), key="name", unique=True),
        sa.Column("flag", sa.Boolean(create_constraint=True, name="ck_flag")),
        sa.Column("maker_id", sa.ForeignKey("s.maker.id", name="fk", ondelete="CASCADE")),
        sa.Column("parent", sa.ForeignKey("item.id", name="fk_self")),
        sa.CheckConstraint("id > 0", name="ck"),
        comment="things",
        info={"a": 1},
        prefixes=["TEMPORARY"],
        mysql_engine="InnoDB",
    )
    sa.Index("ix", metadata.tables["item"].c.name, sa.func.lower("x"), unique=True)
    return metadata


SAID: list[tuple[MigrateOperation, str]] = [
    (AddColumnOp("users", column(nullable=False)), "add column users.email VARCHAR(50) NOT NULL"),
    (AddColumnOp("users", column(), schema="s"), "add column s.users.email VARCHAR(50)"),
    (DropColumnOp("users", "email"), "drop column users.email"),
    (
        AlterColumnOp(
            "users",
            "email",
            existing_type=sa.Integer,
            modify_type=sa.String(5),
            modify_nullable=False,
            modify_server_default=sa.text("now()"),
            modify_comment="c",
            modify_name="mail",
            autoincrement=True,
        ),
        "alter column users.email: type from INTEGER to VARCHAR(5), NOT NULL, default now(), "
        "comment, name mail, autoincrement",
    ),
    (
        AlterColumnOp(
            "t", "x", modify_nullable=True, modify_server_default=None, modify_comment=None
        ),
        "alter column t.x: NULL, default none, no comment",
    ),
    (
        AlterColumnOp("t", "x", modify_server_default=sa.Identity()),
        "alter column t.x: default generated as identity",
    ),
    (
        AlterColumnOp("t", "x", modify_server_default=sa.Computed("a + 1")),
        "alter column t.x: default generated as (a + 1)",
    ),
    (AlterColumnOp("t", "x"), "alter column t.x: nothing"),
    (CreateTableOp("t", [column()]), "create table t with 1 column"),
    (CreateTableOp("t", [column(), sa.Column("x")], schema="s"), "create table s.t with 2 columns"),
    (DropTableOp("t", schema="s"), "drop table s.t"),
    (RenameTableOp("a", "b"), "rename table a to b"),
    (CreateTableCommentOp("t", "words"), "comment on table t: words"),
    (DropTableCommentOp("t"), "drop comment of table t"),
    (
        CreateIndexOp("ix", "t", ["a", sa.func.lower(sa.column("b"))], unique=True),
        "create unique index ix on t (a, lower(b))",
    ),
    (CreateIndexOp(None, "t", [sa.text("a DESC")]), "create index on t (a DESC)"),
    (DropIndexOp("ix", "t"), "drop index ix on t"),
    (DropIndexOp("ix"), "drop index ix"),
    (CreatePrimaryKeyOp("pk", "t", ["a", "b"]), "add primary key pk on t (a, b)"),
    (CreateUniqueConstraintOp(None, "t", ["a"]), "add unique constraint on t (a)"),
    (
        CreateForeignKeyOp("fk", "t", "u", ["a"], ["b"], source_schema="s", referent_schema="r"),
        "add foreign key fk from s.t (a) to r.u (b)",
    ),
    (CreateCheckConstraintOp("ck", "t", "a > 0"), "add check constraint ck on t: a > 0"),
    (
        CreateCheckConstraintOp("ck", "t", sa.column("a", sa.Integer) > 0),
        "add check constraint ck on t: a > 0",
    ),
    (
        CreateExcludeConstraintOp("ex", "t", [(sa.column("a"), "=")]),
        "add exclude constraint ex on t (a WITH =)",
    ),
    (DropConstraintOp("c", "t", "foreignkey"), "drop foreign key c from t"),
    (DropConstraintOp("c", "t"), "drop constraint c from t"),
    (BulkInsertOp(sa.table("t"), [{}]), "insert 1 row into t"),
    (BulkInsertOp(sa.table("t"), [{}, {}]), "insert 2 rows into t"),
    (ExecuteSQLOp("SELECT\n  1"), "execute SELECT 1"),
    (ExecuteSQLOp(sa.select(sa.literal(5))), "execute SELECT 5 AS anon_1"),
    (ExecuteSQLOp("x" * 100), f"execute {'x' * 71}…"),
    (
        ModifyTableOps("t", [DropColumnOp("t", "x"), RenameTableOp("t", "u")]),
        "modify table t: drop column t.x; rename table t to u",
    ),
    (CreateObjectOp(View("v", "SELECT 1", schema="s")), "create view s.v"),
    (ReplaceObjectOp(Function("f", "a integer", "RETURNS …")), "replace function f(a integer)"),
    (DropObjectOp(Trigger("g", "t", "AFTER UPDATE", "…")), "drop trigger g on t"),
    (CreateObjectOp(Grant(("SELECT",), "t", "app")), "grant SELECT on t to app"),
    (DropObjectOp(Grant(("SELECT",), "t", "app")), "revoke SELECT on t from app"),
    (DropObjectOp(RowSecurity("t")), "disable row security of t"),
    (MigrationScript("a1", UpgradeOps(), DowngradeOps()), "revision a1: empty message"),
]


@pytest.mark.parametrize(("operation", "said"), SAID, ids=lambda value: type(value).__name__)
def test_an_operation_says_what_it_does(operation: MigrateOperation, said: str) -> None:
    assert operation.describe() == said


def test_every_kind_is_said() -> None:
    said = {type(operation) for operation, _ in SAID}
    abstract = {ops.AddConstraintOp, ops.AlterTableOp, ops.MigrateOperation, ops.OpContainer}
    kinds = {getattr(ops, name) for name in ops.__all__} - abstract
    assert kinds - said <= {UpgradeOps, DowngradeOps}


def test_an_object_comes_back() -> None:
    there = CreateObjectOp(View("v", "SELECT 1", comment="words"))
    assert there.reverse().reverse().item == there.item
    before, after = View("v", "SELECT 1"), View("v", "SELECT 2", comment="words")
    back = ReplaceObjectOp(after, before).reverse()
    assert (back.item.definition, back.item.comment) == ("SELECT 1", "")  # type: ignore[attr-defined]  # a view


def test_what_was_dropped_by_name_alone_does_not_come_back() -> None:
    with pytest.raises(ValueError, match="the definition of view v is not known"):
        DropObjectOp(View("v", ""), is_whole=False).reverse()
    with pytest.raises(ValueError, match="is not known"):
        ReplaceObjectOp(View("v", "SELECT 1")).reverse()


@pytest.mark.parametrize("name", ["s.maker", "item"])
def test_a_table_comes_back_as_it_was(name: str) -> None:
    table = models().tables[name]
    once = CreateTableOp.from_table(table)
    back = once.reverse().reverse()
    made = [str(CreateTable(each.to_table())) for each in (once, once, back)]
    assert made == [str(CreateTable(table))] * 3
    again = back.to_table()
    assert (again.comment, dict(again.info), again.kwargs.get("mysql_engine")) == (
        table.comment,
        dict(table.info),
        table.kwargs.get("mysql_engine"),
    )
    assert not again.indexes


def test_an_operation_leaves_the_models_alone() -> None:
    metadata = models()
    table = metadata.tables["item"]
    constraints, tables = set(table.constraints), set(metadata.tables)
    CreateTableOp.from_table(table).reverse().reverse().to_table()
    for constraint in constraints:
        if constraint.__visit_name__ in AddConstraintOp.add_constraint_ops:
            AddConstraintOp.from_constraint(constraint).reverse().reverse()
    assert (set(table.constraints), set(metadata.tables)) == (constraints, tables)


def test_columns_keep_the_order_of_their_checks() -> None:
    checks = [sa.CheckConstraint(f"x > {n}", name=f"ck{n}") for n in range(20)]
    op = AddColumnOp("t", sa.Column("x", sa.Integer, *checks))
    made = CreateTableOp("t", [op.column]).to_table().c.x.constraints
    in_order = sorted(made, key=lambda constraint: constraint._creation_order)
    assert [constraint.name for constraint in in_order] == [f"ck{n}" for n in range(20)]


def test_each_constraint_comes_back() -> None:
    table = models().tables["item"]
    for constraint in table.constraints:
        there = AddConstraintOp.from_constraint(constraint)
        back = there.reverse().reverse()
        assert type(back) is type(there)
        assert back.describe() == there.describe()
        assert DropConstraintOp.from_constraint(constraint).reverse().describe() == (
            there.describe()
        )


def test_a_foreign_key_keeps_its_names_and_actions() -> None:
    table = models().tables["item"]
    keys = {key.name: key for key in table.foreign_key_constraints}
    made = AddConstraintOp.from_constraint(keys["fk"])
    assert isinstance(made, CreateForeignKeyOp)
    assert (made.referent_table, made.remote_cols, made.kw) == (
        "maker",
        ["id"],
        {"ondelete": "CASCADE", "referent_schema": "s"},
    )
    itself = AddConstraintOp.from_constraint(keys["fk_self"]).to_constraint()
    assert isinstance(itself, sa.ForeignKeyConstraint)
    assert itself.elements[0].column.table is itself.table


def test_a_foreign_key_goes_to_the_schema_of_its_metadata() -> None:
    metadata = sa.MetaData(schema="s")
    sa.Table("maker", metadata, sa.Column("id", sa.Integer, primary_key=True))
    item = sa.Table("item", metadata, sa.Column("maker", sa.ForeignKey("maker.id")))
    [key] = item.foreign_key_constraints
    made = AddConstraintOp.from_constraint(key)
    assert isinstance(made, CreateForeignKeyOp)
    assert made.kw == {"source_schema": "s", "referent_schema": "s"}


def test_a_condition_over_columns_of_a_model_keeps_its_table() -> None:
    table = sa.Table("item", sa.MetaData(), sa.Column("a", sa.Integer))
    check = sa.CheckConstraint(table.c.a > 5)
    table.append_constraint(check)
    made = AddConstraintOp.from_constraint(check).to_constraint()
    assert isinstance(made, sa.CheckConstraint)
    assert str(made.sqltext) == str(check.sqltext) == "item.a > :a_1"
    assert made.table is not table
    words = str(AddConstraint(made).compile())
    assert words == "ALTER TABLE item ADD CHECK (a > 5)"


def test_an_index_comes_back() -> None:
    made = CreateIndexOp.from_index(index())
    back = made.reverse().reverse()
    words = [str(CreateIndex(op.to_index())) for op in (made, back)]
    assert words == ["CREATE UNIQUE INDEX ix ON item (the_name, lower('x'))"] * 2


def test_an_operator_class_goes_by_the_columns_name() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("A", sa.Text, key="a"))
    there = sa.Index("ix", table.c.a, postgresql_ops={"a": "text_ops", "other": "x"})
    for made in (CreateIndexOp.from_index(there), DropIndexOp.from_index(there).reverse()):
        words = str(CreateIndex(made.to_index()).compile(dialect=postgresql.dialect()))
        assert words == 'CREATE INDEX ix ON t ("A" text_ops)'


def test_items_that_belong_to_no_table_yet_can_be_built_again() -> None:
    op = CreateTableOp(
        "t",
        [
            sa.Column("a", sa.Integer),
            sa.Column("b", sa.String(5), key="bb"),
            sa.Index("ix", "a", "bb", unique=True),
            sa.Index("ix2", sa.func.lower(sa.column("a"))),
            sa.Index("ix3", sa.text("a DESC")),
            sa.UniqueConstraint("a", "bb"),
            sa.CheckConstraint("a > 0"),
            sa.ForeignKeyConstraint(["a"], ["s.t.a"]),
            sa.PrimaryKeyConstraint("a", name="pk"),
        ],
    )
    seen = set()
    for _ in range(3):
        table = op.to_table()
        indexes = sorted(str(CreateIndex(index)) for index in table.indexes)
        seen.add((str(CreateTable(table)), *indexes))
    assert len(seen) == 1
    assert seen.pop()[1:] == (
        "CREATE INDEX ix2 ON t (lower(a))",
        "CREATE INDEX ix3 ON t (a DESC)",
        "CREATE UNIQUE INDEX ix ON t (a, b)",
    )


def test_an_index_knows_which_of_its_columns_may_be_empty() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer, nullable=False))
    index = CreateIndexOp.from_index(sa.Index("ix", table.c.a)).to_index()
    assert repr(index) == "Index('ix', Column('a', Integer(), table=<t>, nullable=False))"


INVERSE: list[tuple[MigrateOperation, dict[str, Any]]] = [
    (
        AlterColumnOp(
            "t",
            "x",
            schema="s",
            modify_name="y",
            modify_nullable=True,
            existing_nullable=False,
            modify_server_default="1",
            existing_server_default=None,
            modify_comment=None,
            existing_comment="old",
        ),
        {
            "column_name": "y",
            "modify_name": "x",
            "modify_nullable": False,
            "existing_nullable": True,
            "modify_server_default": None,
            "existing_server_default": "1",
            "modify_comment": "old",
            "existing_comment": None,
            "modify_type": None,
            "schema": "s",
        },
    ),
    (
        AlterColumnOp("t", "x", modify_nullable=True),
        {"modify_nullable": None, "existing_nullable": True, "modify_comment": False},
    ),
    (
        AlterColumnOp("t", "x", autoincrement=True, existing_autoincrement=False),
        {"kw": {"autoincrement": False, "existing_autoincrement": True}},
    ),
    (
        CreateTableCommentOp("t", "new", existing_comment="old"),
        {"comment": "old", "existing_comment": "new"},
    ),
    (CreateTableCommentOp("t", "new"), {"existing_comment": "new"}),
    (DropTableCommentOp("t", existing_comment="old"), {"comment": "old"}),
    (RenameTableOp("a", "b", schema="s"), {"table_name": "b", "new_table_name": "a"}),
    (AddColumnOp("t", column(), if_not_exists=True), {"column_name": "email", "if_exists": True}),
]


@pytest.mark.parametrize(("operation", "inverse"), INVERSE, ids=lambda value: type(value).__name__)
def test_inverse(operation: MigrateOperation, inverse: dict[str, Any]) -> None:
    undone = operation.reverse()
    assert {name: getattr(undone, name) for name in inverse} == inverse


IRREVERSIBLE: list[tuple[MigrateOperation, type[Exception], str]] = [
    (DropColumnOp("t", "x"), ValueError, "original column is not present"),
    (DropTableOp("t"), ValueError, "original table is not present"),
    (DropIndexOp("ix"), ValueError, "original index is not present"),
    (DropConstraintOp("c", "t"), ValueError, "original constraint is not present"),
    (ExecuteSQLOp("SELECT 1"), NotImplementedError, "ExecuteSQLOp cannot be reversed"),
    (BulkInsertOp(sa.table("t"), []), NotImplementedError, "BulkInsertOp cannot be reversed"),
]


@pytest.mark.parametrize(("operation", "error", "said"), IRREVERSIBLE)
def test_what_cannot_be_undone_says_so(
    operation: MigrateOperation, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        operation.reverse()


def test_differences_in_the_words_of_compare_metadata() -> None:
    table = models().tables["item"]
    key = next(iter(table.foreign_key_constraints))
    created = UpgradeOps(
        [
            CreateTableOp.from_table(table),
            ModifyTableOps(
                "item",
                [
                    AddColumnOp("item", column(), schema="s"),
                    CreateIndexOp.from_index(index()),
                    AddConstraintOp.from_constraint(key),
                    CreateUniqueConstraintOp("u", "item", ["id"]),
                    CreateTableCommentOp("item", "new", existing_comment="old"),
                ],
            ),
            ExecuteSQLOp("SELECT 1"),
        ]
    )
    there = [diff[0] for diff in created.as_diffs()]
    assert there == [
        "add_table",
        "add_column",
        "add_index",
        "add_fk",
        "add_constraint",
        "add_table_comment",
        "execute",
    ]
    created.ops.pop()
    back = [diff[0] for diff in created.reverse().as_diffs()]
    assert back == [
        "add_table_comment",
        "remove_constraint",
        "remove_fk",
        "remove_index",
        "remove_column",
        "remove_table",
    ]
    assert created.as_diffs()[1][1:3] == ("s", "item")


def test_an_altered_column_is_a_list_of_differences() -> None:
    old, new = sa.Integer(), sa.String(5)
    op = AlterColumnOp(
        "t",
        "x",
        existing_type=old,
        modify_type=new,
        existing_nullable=True,
        modify_nullable=False,
        existing_comment="c",
    )
    known = {"existing_server_default": False, "existing_comment": "c"}
    assert op.to_diff_tuple() == [
        ("modify_type", None, "t", "x", {"existing_nullable": True, **known}, old, new),
        ("modify_nullable", None, "t", "x", {"existing_type": old, **known}, True, False),
    ]
    assert op.has_changes()
    assert not AlterColumnOp("t", "x", existing_type=old).has_changes()
    assert AlterColumnOp("t", "x", modify_comment=None).has_changes()


def test_a_script_for_several_databases() -> None:
    script = MigrationScript("a1", [UpgradeOps(), UpgradeOps()], [DowngradeOps(), DowngradeOps()])
    with pytest.raises(ValueError, match="multiple-entry list for UpgradeOps"):
        _ = script.upgrade_ops
    with pytest.raises(ValueError, match="multiple-entry list for DowngradeOps"):
        _ = script.downgrade_ops
    one, back = UpgradeOps(upgrade_token="here"), DowngradeOps()
    script.upgrade_ops, script.downgrade_ops = one, back
    assert (script.upgrade_ops_list, script.downgrade_ops_list) == ([one], [back])
    assert (script.upgrade_ops, script.downgrade_ops) == (one, back)


def test_info_is_the_users() -> None:
    op, other = RenameTableOp("a", "b"), RenameTableOp("a", "b")
    op.info["mine"] = 1
    assert (op.info, other.info) == ({"mine": 1}, {})


def test_reverse_into_fills_what_is_there() -> None:
    down = DowngradeOps([ExecuteSQLOp("gone")], downgrade_token="there")
    made = UpgradeOps([RenameTableOp("a", "b"), RenameTableOp("c", "d")]).reverse_into(down)
    assert made is down
    assert [op.describe() for op in down.ops] == ["rename table d to c", "rename table b to a"]
    assert made.downgrade_token == "there"
    assert [op.describe() for op in down.reverse().ops] == [
        "rename table a to b",
        "rename table c to d",
    ]


def test_an_index_knows_the_types_of_its_columns() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", sa.String(5)))
    index = sa.Index("i", table.c.a, table.c.b.desc(), unique=True)
    for operation in (ops.CreateIndexOp.from_index(index), ops.DropIndexOp.from_index(index)):
        types = {column.name: str(column.type) for column in operation.to_index().columns}
        assert types == {"a": "INTEGER", "b": "VARCHAR(5)"}


def test_a_foreign_key_is_told_by_the_databases_names() -> None:
    metadata = sa.MetaData(schema="s")
    sa.Table("p", metadata, sa.Column("id_", sa.Integer, key="id", primary_key=True))
    child = sa.Table("c", metadata, sa.Column("p_id", sa.Integer, sa.ForeignKey("p.id")))
    loose = sa.Table("l", metadata, sa.Column("q_id", sa.Integer, sa.ForeignKey("q.id")))
    made = ops.CreateForeignKeyOp.from_constraint(next(iter(child.foreign_key_constraints)))
    assert (made.referent_table, made.remote_cols) == ("p", ["id_"])
    assert made.kw == {"source_schema": "s", "referent_schema": "s"}
    unknown = ops.CreateForeignKeyOp.from_constraint(next(iter(loose.foreign_key_constraints)))
    assert (unknown.referent_table, unknown.remote_cols) == ("q", ["id"])
    assert unknown.kw == {"source_schema": "s", "referent_schema": "s"}
