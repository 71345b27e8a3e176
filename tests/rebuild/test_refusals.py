"""``refusals="alembic"``: what Alembic refuses on SQLite is refused where somebody counts on it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.operations import Operations
from limbeck.runtime.migration import MigrationContext

TABLES = (
    "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
    "CREATE TABLE t (a INTEGER, b TEXT, CONSTRAINT u UNIQUE (b))",
)


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        for statement in TABLES:
            connection.exec_driver_sql(statement)
        yield connection
    engine.dispose()


def operations(connection: sa.Connection, refusals: str | None = "alembic") -> Operations:
    return Operations(MigrationContext.configure(connection, opts={"refusals": refusals}))


def table(connection: sa.Connection) -> str:
    found = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 't'").scalar()
    return " ".join(str(found).replace('"', "").split())


def foreign_key(op: Operations) -> None:
    op.create_foreign_key("fk", "t", "parent", ["a"], ["id"])


def in_a_batch(op: Operations) -> None:
    with op.batch_alter_table("t", recreate="never") as batch:
        batch.create_unique_constraint("other", ["a"])


DIRECTIVES: dict[str, Callable[[Operations], object]] = {
    "foreign key": foreign_key,
    "unique": lambda op: op.create_unique_constraint("other", "t", ["a"]),
    "check": lambda op: op.create_check_constraint("other", "t", "a > 1"),
    "primary key": lambda op: op.create_primary_key("other", "t", ["a"]),
    "drop": lambda op: op.drop_constraint("u", "t", type_="unique"),
    "drop what is not there": lambda op: op.drop_constraint("none", "t", type_="unique"),
    "batch without a copy": in_a_batch,
}


@pytest.mark.parametrize("directive", list(DIRECTIVES.values()), ids=list(DIRECTIVES))
def test_who_catches_the_refusal_gets_it(
    connection: sa.Connection, directive: Callable[[Operations], object]
) -> None:
    op, said = operations(connection), ""
    try:
        directive(op)
    except NotImplementedError as error:
        said = str(error)
    assert said.startswith("No support for ALTER of constraints in SQLite dialect. Please refer to")
    assert table(connection) == TABLES[1]


def test_who_does_not_catch_it_gets_the_constraint(connection: sa.Connection) -> None:
    foreign_key(operations(connection))
    assert "CONSTRAINT fk FOREIGN KEY(a) REFERENCES parent (id)" in table(connection)


def test_in_a_project_of_limbecks_everybody_gets_the_constraint(
    connection: sa.Connection,
) -> None:
    try:
        foreign_key(operations(connection, None))
    except NotImplementedError:
        pytest.fail("it was refused")
    assert "CONSTRAINT fk" in table(connection)


@pytest.mark.parametrize("keys", [{"unique": True}, {}], ids=["unique", "foreign key"])
def test_a_new_column_comes_without_its_keys(
    connection: sa.Connection, keys: dict[str, Any]
) -> None:
    op, refused = operations(connection), False
    referred = () if keys else (sa.ForeignKey("parent.id"),)
    try:
        op.add_column("t", sa.Column("c", sa.Integer, *referred, **keys))
    except NotImplementedError:
        refused = True
    assert refused
    assert table(connection) == TABLES[1].replace(" CONSTRAINT", " c INTEGER, CONSTRAINT")


class Own(Exception):
    pass


EXPECTED = (Own, NotImplementedError)


def every(op: Operations) -> None:
    try:
        foreign_key(op)
    except:  # noqa: E722  # this is what is tried
        op.execute("SELECT 1")


def base(op: Operations) -> None:
    try:
        op.execute("SELECT 1")
        if op:
            foreign_key(op)
    except Own:
        raise
    except (KeyError, Exception):
        pass


def by_name(op: Operations) -> None:
    try:
        foreign_key(op)
    except EXPECTED:
        op.execute("SELECT 1")


def suppressing(op: Operations) -> None:
    with suppress(KeyError, NotImplementedError):
        foreign_key(op)


def suppressing_by_module(op: Operations) -> None:
    with contextlib.suppress(RuntimeError):
        foreign_key(op)


def from_within_the_block(op: Operations) -> None:
    try:
        with op.batch_alter_table("t", recreate="never") as batch:
            batch.create_foreign_key("fk", "parent", ["a"], ["id"])
    except NotImplementedError:
        pass


@pytest.mark.parametrize(
    "caller", [every, base, by_name, suppressing, suppressing_by_module, from_within_the_block]
)
def test_there_are_many_ways_to_catch_it(
    connection: sa.Connection, caller: Callable[[Operations], None]
) -> None:
    caller(operations(connection))
    assert table(connection) == TABLES[1]


def other_error(op: Operations) -> None:
    try:
        foreign_key(op)
    except (Own, sa.exc.OperationalError):
        op.execute("SELECT 1")


def raised_again(op: Operations) -> None:
    try:
        foreign_key(op)
    except Exception:
        op.execute("SELECT 1")
        raise


def at_last(op: Operations) -> None:
    try:
        foreign_key(op)
    finally:
        op.execute("SELECT 1")


def in_the_handler(op: Operations) -> None:
    try:
        raise Own
    except Own:
        foreign_key(op)
    except NotImplementedError:
        pass


def within_a_function_made_there(op: Operations) -> None:
    try:

        def inner() -> None:
            foreign_key(op)

    except NotImplementedError:
        pass
    inner()


@pytest.mark.parametrize(
    "caller", [other_error, raised_again, at_last, in_the_handler, within_a_function_made_there]
)
def test_what_would_let_it_through_catches_nothing(
    connection: sa.Connection, caller: Callable[[Operations], None]
) -> None:
    caller(operations(connection))
    assert "CONSTRAINT fk" in table(connection)


def test_on_paper_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    given = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    opts = {"refusals": "alembic", "as_sql": True}
    op = Operations(MigrationContext.configure(dialect_name="sqlite", opts=opts))
    with suppress(NotImplementedError), op.batch_alter_table("t", copy_from=given) as batch:
        batch.create_unique_constraint("uq", ["a"])
    assert "CONSTRAINT uq UNIQUE (a)" in capsys.readouterr().out
