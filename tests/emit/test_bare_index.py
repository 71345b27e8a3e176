"""An index that is nothing but names is created without a table, by the very same text."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import mysql, oracle, postgresql, sqlite
from sqlalchemy.ext.compiler import compiles, deregister
from sqlalchemy.schema import CreateIndex
from sqlalchemy.sql import quoted_name

from limbeck.ddl.impl import SQLiteImpl
from limbeck.dialects.backend import EmitTarget
from limbeck.dialects.registry import backend_for
from limbeck.dialects.standard.bare_index import CreateBareIndex
from limbeck.operations import ops
from limbeck.operations.operations import Operations
from limbeck.runtime.migration import MigrationContext

_DIALECTS: list[Any] = [
    sqlite.dialect(),
    postgresql.dialect(),  # type: ignore[no-untyped-call]  # SQLAlchemy's
    postgresql.psycopg.dialect(),
    mysql.dialect(),  # type: ignore[no-untyped-call]  # SQLAlchemy's
    mysql.pymysql.dialect(),
]
_NAMES = (
    *("plain", "Mixed Case", "select", "per%cent", 'quo"te', "back`tick", "co:lon", "ümlaut"),
    *(quoted_name("forced", True), quoted_name("Never", False), sa.sql.elements.conv("made")),
    "x" * 60,
)
_MAPS: list[dict[Any, Any] | None] = [None, {"s": "other"}, {None: "other"}]


def made(
    op: ops.CreateIndexOp, dialect: Any, opts: dict[str, Any] | None = None
) -> CreateIndex | None:
    target = EmitTarget(dialect, as_sql=True, opts=opts or {})
    (statement,) = backend_for(dialect).statements(op, target)
    assert isinstance(statement, CreateIndex)
    return statement


def text(statement: Any, dialect: Any, translated: Any = None) -> str:
    options = {"schema_translate_map": translated, "render_schema_translate": True}
    return str(statement.compile(dialect=dialect, **(options if translated else {})))


def operations() -> Iterator[ops.CreateIndexOp]:
    names = itertools.cycle(_NAMES)
    for name, schema, unique, exists in itertools.product(
        _NAMES, (None, "s", "Big S"), (False, True), (None, True)
    ):
        columns = [next(names) for _ in range(1 + len(name) % 3)]
        yield ops.CreateIndexOp(
            name, next(names), columns, schema=schema, unique=unique, if_not_exists=exists
        )


@pytest.mark.parametrize("dialect", _DIALECTS, ids=lambda each: f"{each.name}-{each.driver}")
def test_the_text_is_the_same(dialect: Any) -> None:
    count = 0
    for op in operations():
        target = EmitTarget(dialect, as_sql=True, opts={})
        usual = CreateIndex(op.to_index(target), if_not_exists=bool(op.if_not_exists))
        bare = CreateBareIndex(op, target)
        for translated in _MAPS:
            assert text(bare, dialect, translated) == text(usual, dialect, translated)
        count += isinstance(made(op, dialect), CreateBareIndex)
    assert count


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()])  # type: ignore[no-untyped-call]  # SQLAlchemy's
def test_what_is_more_than_names_has_its_table(dialect: Any) -> None:
    columns: list[Any] = ["a", sa.text("lower(b)")]
    convention = {"ix": "i_%(column_0_name)s"}
    models = sa.MetaData(naming_convention=convention)  # type: ignore[arg-type]  # as in models
    for op, opts in (
        (ops.CreateIndexOp("i", "t", columns), {}),
        (ops.CreateIndexOp("i", "t", []), {}),
        (ops.CreateIndexOp(None, "t", ["a"]), {"target_metadata": models}),
        (ops.CreateIndexOp("i", "t", ["a"]), {"target_metadata": models}),
        (ops.CreateIndexOp("i", "t", ["a"], postgresql_where=sa.text("a > 0")), {}),
        (ops.CreateIndexOp("i", "t", ["a"], quote=True), {}),
    ):
        try:
            statement = made(op, dialect, opts)
        except sa.exc.CompileError:
            continue
        assert type(statement) is CreateIndex
        assert isinstance(statement.element.table, sa.Table)
    assert isinstance(made(ops.CreateIndexOp("i", "t", ["a"]), dialect), CreateBareIndex)


def test_other_databases_get_the_usual_statement() -> None:
    op = ops.CreateIndexOp("i", "t", ["a"])
    assert not isinstance(made(op, oracle.dialect()), CreateBareIndex)  # type: ignore[no-untyped-call]  # SQLAlchemy's

    class Own(sqlite.dialect):  # type: ignore[misc]  # of somebody's own
        pass

    assert not isinstance(made(op, Own()), CreateBareIndex)


def test_whoever_compiles_it_otherwise_gets_the_table() -> None:
    op = ops.CreateIndexOp("i", "t", ["a"])
    seen: list[Any] = []

    def compiled(element: CreateIndex, compiler: Any, **kw: Any) -> str:
        seen.append(element.element.table)
        return str(compiler.visit_create_index(element, **kw))

    compiles(CreateIndex, "sqlite")(compiled)
    try:
        statement = made(op, sqlite.dialect())
        assert text(statement, sqlite.dialect()) == "CREATE INDEX i ON t (a)"
    finally:
        deregister(CreateIndex)
    assert isinstance(seen[0], sa.Table)
    assert list(seen[0].c.keys()) == ["a"]


@pytest.mark.parametrize("cls", [sa.Index, sa.Table, sa.Column])
def test_whoever_listens_hears_of_it(cls: Any) -> None:
    op = ops.CreateIndexOp("i", "t", ["a"])
    heard: list[Any] = []

    def hear(*given: Any) -> None:
        heard.append(given)

    event.listen(cls, "after_parent_attach", hear)
    try:
        statement = made(op, sqlite.dialect())
    finally:
        event.remove(cls, "after_parent_attach", hear)
    assert type(statement) is CreateIndex
    assert heard


def test_who_creates_indexes_himself_is_handed_the_whole_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[sa.Index] = []
    usual = SQLiteImpl.create_index

    def create_index(self: Any, index: sa.Index, **kw: Any) -> None:
        seen.append(index)
        usual(self, index, **kw)

    monkeypatch.setattr(SQLiteImpl, "create_index", create_index)
    engine = sa.create_engine("sqlite://", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a INTEGER)")
        context = MigrationContext.configure(connection)
        Operations(context).create_index("i", "t", ["a"])
        assert [each["name"] for each in sa.inspect(connection).get_indexes("t")] == ["i"]
    assert isinstance(seen[0].table, sa.Table)
    assert list(seen[0].table.c.keys()) == ["a"]
