"""Renames with rows in the tables, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from tests.loop.case import Build, Case, on

CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class RenameCase(Case):
    """A case of the closing loop in which things get new names.

    :param rows: what is in the tables before, by table.
    :param kept: what must be in them after, by table.
    :param renames: what is said by options.
    :param absent: parts that may not be in the second revision's text.
    """

    rows: Rows = field(default_factory=dict)
    kept: Rows = field(default_factory=dict)
    renames: tuple[str, ...] = ()
    absent: tuple[str, ...] = ("drop_table", "drop_column", "add_column", "create_table")


def was(name: str) -> dict[str, str]:
    """A hint of the models."""
    return {"renamed_from": name}


def users(name: str = "users", column: str = "name", **options: Any) -> Build:
    """A table with everything, and one that refers to it."""

    def build(m: MetaData) -> None:
        Table(
            name,
            m,
            Column("id", Integer, primary_key=True),
            Column(column, String(50), nullable=False, unique=True, info=options.get("hint", {})),
            Column("age", Integer, index=True),
            Column("boss_id", ForeignKey(f"{name}.id")),
            CheckConstraint(sa.text(f"{column} <> 'x' AND age > 1"), name="sensible"),
            *(() if options.get("named") else (CheckConstraint(sa.text("age < 200")),)),
            info=options.get("info", {}),
        )
        Table(
            "orders",
            m,
            Column("id", Integer, primary_key=True),
            Column("user_id", ForeignKey(f"{name}.id"), nullable=False, index=True),
        )

    return build


PEOPLE = (
    {"id": 1, "name": "ann", "age": 30, "boss_id": None},
    {"id": 2, "name": "bob", "age": 40, "boss_id": 1},
)
RENAMED_PEOPLE = tuple(
    {("full_name" if key == "name" else key): value for key, value in row.items()} for row in PEOPLE
)
ORDERS = ({"id": 7, "user_id": 2},)


def plain(
    *columns: Column[Any], name: str = "t", parts: Sequence[Any] = (), **options: Any
) -> Build:
    """One table."""

    def build(m: MetaData) -> None:
        Table(
            name, m, *(column._copy() for column in columns), *(part() for part in parts), **options
        )

    return build


ID: Column[int] = Column("id", Integer, primary_key=True)


def in_everything(column: str, info: Mapping[str, str] | None = None) -> Build:
    """A column in a key, an index, a partial one, a check and what is computed."""

    def build(m: MetaData) -> None:
        Table(
            "t",
            m,
            Column("id", Integer, primary_key=True),
            Column(column, Integer, nullable=False, server_default="3", info=dict(info or {})),
            Column("other", Integer),
            Column("twice", Integer, Computed(f"{column} * 2", persisted=True)),
            CheckConstraint(f"{column} > 0", name="positive"),
            UniqueConstraint(column, "other", name="both"),
            Index("over", column),
            Index(
                "partly",
                "other",
                postgresql_where=sa.text(f"{column} > 5"),
                sqlite_where=sa.text(f"{column} > 5"),
            ),
        )

    return build


def key_and_reference(parent: str, child: str, hints: bool = False) -> Build:
    """A composite key that is renamed where it is and where it is referred to."""

    def build(m: MetaData) -> None:
        Table(
            "parent",
            m,
            Column("region", Integer, primary_key=True, autoincrement=False),
            Column(
                parent,
                Integer,
                primary_key=True,
                autoincrement=False,
                info=was("code") if hints else {},
            ),
        )
        Table(
            "child",
            m,
            Column("id", Integer, primary_key=True),
            Column("region", Integer),
            Column(child, Integer, info=was("parent_code") if hints else {}),
            ForeignKeyConstraint(["region", child], ["parent.region", f"parent.{parent}"]),
        )

    return build


DIVIDED = MappingProxyType(
    {
        "postgresql_partition_by": "RANGE (n)",
        "mysql_partition_by": "HASH (n)",
        "mariadb_partition_by": "HASH (n)",
    }
)


def family(name: str, **options: Any) -> Build:
    """A table, and one that has the columns of it."""

    def build(m: MetaData) -> None:
        Table(name, m, Column("id", Integer), Column("n", Integer, nullable=False), **options)
        Table("children", m, Column("m", Integer, nullable=False), postgresql_inherits=name)

    return build


def moods(name: str, *values: str, default: str, **info: Any) -> Build:
    """A column of an enumerated type."""
    return lambda m: Table(
        "t",
        m,
        Column("id", Integer, primary_key=True),
        Column("m", sa.Enum(*values, name=name), server_default=default, info=info, nullable=False),
        Index("sad_ones", "id", postgresql_where=sa.text(f"m = '{default}'")),
    )


def left() -> list[Column[Any]]:
    """Columns of one table."""
    return [Column("x", Integer), Column("y", Integer, index=True)]


def right() -> list[Column[Any]]:
    """Columns of another one."""
    return [Column("n", String(9), unique=True)]


def two_tables(
    a: Callable[[], list[Column[Any]]],
    b: Callable[[], list[Column[Any]]],
    a_was: Mapping[str, str] = MappingProxyType({}),
    b_was: Mapping[str, str] = MappingProxyType({}),
) -> Build:
    """Two tables whose names may change places."""

    def build(m: MetaData) -> None:
        Table("a", m, Column("id", Integer, primary_key=True), *a(), info=dict(a_was))
        Table("b", m, Column("id", Integer, primary_key=True), *b(), info=dict(b_was))

    return build


def in_a_schema(name: str, column: str, **options: Any) -> Build:
    """A table in a schema, which refers to itself."""
    return lambda m: Table(
        name,
        m,
        Column("id", Integer, primary_key=True),
        Column(column, String(20), unique=True, info=options.get("hint", {})),
        Column("boss_id", ForeignKey(f"app.{name}.id"), index=True),
        schema="app",
        info=options.get("info", {}),
    )


CASES = (
    RenameCase(
        "rename a column by a hint",
        users(),
        users(column="full_name", hint=was("name")),
        rows={"users": PEOPLE, "orders": ORDERS},
        kept={"users": RENAMED_PEOPLE, "orders": ORDERS},
        expected=("new_column_name='full_name'".replace("'", '"'),),
        keeps_names_on=on("sqlite"),
    ),
    RenameCase(
        "rename a column with a convention",
        users(named=True),
        users(column="full_name", hint=was("name"), named=True),
        convention=CONVENTION,
        rows={"users": PEOPLE, "orders": ORDERS},
        kept={"users": RENAMED_PEOPLE, "orders": ORDERS},
    ),
    RenameCase(
        "rename a column by an option",
        users(),
        users(column="full_name"),
        renames=("users.name:full_name",),
        rows={"users": PEOPLE},
        kept={"users": RENAMED_PEOPLE},
        keeps_names_on=on("sqlite"),
    ),
    RenameCase(
        "rename a table that refers to itself",
        users(),
        users(name="people", info=was("users")),
        rows={"users": PEOPLE, "orders": ORDERS},
        kept={"people": PEOPLE, "orders": ORDERS},
        expected=('op.rename_table("users", "people")',),
        keeps_names_on=on("sqlite", "mariadb"),
    ),
    RenameCase(
        "rename a table with a convention",
        users(named=True),
        users(name="people", info=was("users"), named=True),
        convention=CONVENTION,
        rows={"users": PEOPLE, "orders": ORDERS},
        kept={"people": PEOPLE, "orders": ORDERS},
        expected=('op.rename_table("users", "people")',),
    ),
    RenameCase(
        "rename a table and its column together",
        users(),
        users(name="people", column="full_name", info=was("users"), hint=was("name")),
        rows={"users": PEOPLE, "orders": ORDERS},
        kept={"people": RENAMED_PEOPLE, "orders": ORDERS},
        keeps_names_on=on("sqlite", "mariadb"),
    ),
    RenameCase(
        "rename a table and its column by options",
        users(),
        users(name="people", column="full_name"),
        renames=("users:people", "people.name:full_name"),
        rows={"users": PEOPLE, "orders": ORDERS},
        kept={"people": RENAMED_PEOPLE, "orders": ORDERS},
        keeps_names_on=on("sqlite", "mariadb"),
    ),
    RenameCase(
        "rename a table and its column with a convention",
        users(named=True),
        users(name="people", column="full_name", named=True),
        convention=CONVENTION,
        renames=("users:people", "users.name:full_name"),
        rows={"users": PEOPLE, "orders": ORDERS},
        kept={"people": RENAMED_PEOPLE, "orders": ORDERS},
    ),
    RenameCase(
        "rename a column and change it",
        plain(ID, Column("n", String(20))),
        plain(
            ID, Column("title", String(80), server_default="none", nullable=False, info=was("n"))
        ),
        rows={"t": ({"id": 1, "n": "a"},)},
        kept={"t": ({"id": 1, "title": "a"},)},
    ),
    RenameCase(
        "rename a column that is in everything",
        in_everything("price"),
        in_everything("cost", was("price")),
        rows={"t": ({"id": 1, "price": 9, "other": 2},)},
        kept={"t": ({"id": 1, "cost": 9, "other": 2, "twice": 18},)},
    ),
    RenameCase(
        "rename the columns of a key and of what refers to it",
        key_and_reference("code", "parent_code"),
        key_and_reference("number", "parent_number", hints=True),
        rows={
            "parent": ({"region": 1, "code": 2},),
            "child": ({"id": 1, "region": 1, "parent_code": 2},),
        },
        kept={
            "parent": ({"region": 1, "number": 2},),
            "child": ({"id": 1, "region": 1, "parent_number": 2},),
        },
        keeps_names_on=on("sqlite", "mariadb"),
    ),
    RenameCase(
        "exchange two columns by hints",
        plain(ID, Column("a", Integer), Column("b", String(9))),
        plain(ID, Column("a", String(9), info=was("b")), Column("b", Integer, info=was("a"))),
        rows={"t": ({"id": 1, "a": 5, "b": "five"},)},
        kept={"t": ({"id": 1, "b": 5, "a": "five"},)},
    ),
    RenameCase(
        "hand names on",
        plain(ID, Column("a", Integer), Column("b", String(9))),
        plain(ID, Column("b", Integer, info=was("a")), Column("c", String(9), info=was("b"))),
        rows={"t": ({"id": 1, "a": 5, "b": "five"},)},
        kept={"t": ({"id": 1, "b": 5, "c": "five"},)},
    ),
    RenameCase(
        "rename the column that numbers the rows",
        plain(Column("id", Integer, primary_key=True), Column("v", Integer)),
        plain(Column("number", Integer, primary_key=True, info=was("id")), Column("v", Integer)),
        rows={"t": ({"id": 4, "v": 5},)},
        kept={"t": ({"number": 4, "v": 5},)},
    ),
    RenameCase(
        "rename to a name that has to be quoted",
        plain(ID, Column("n", Integer), parts=(lambda: CheckConstraint("n > 0", name="c"),)),
        plain(
            ID,
            Column("Order No", Integer, info=was("n")),
            parts=(lambda: CheckConstraint(sa.column("Order No") > 0, name="c"),),
        ),
        rows={"t": ({"id": 4, "n": 5},)},
        kept={"t": ({"id": 4, "Order No": 5},)},
    ),
    RenameCase(
        "rename an index and a unique constraint",
        plain(
            ID,
            Column("a", Integer),
            Column("b", Integer),
            parts=(lambda: Index("one", "a"), lambda: UniqueConstraint("b", name="two")),
        ),
        plain(
            ID,
            Column("a", Integer),
            Column("b", Integer),
            parts=(lambda: Index("uno", "a"), lambda: UniqueConstraint("b", name="due")),
        ),
        rows={"t": ({"id": 4, "a": 5, "b": 1},)},
        kept={"t": ({"id": 4, "a": 5, "b": 1},)},
    ),
    RenameCase(
        "rename a table and drop and add a column of it",
        plain(ID, Column("a", Integer), Column("b", Integer, index=True)),
        plain(ID, Column("a", Integer), Column("c", sa.Date, index=True), name="u", info=was("t")),
        rows={"t": ({"id": 4, "a": 5, "b": 1},)},
        kept={"u": ({"id": 4, "a": 5, "c": None},)},
        absent=("drop_table", "create_table"),
        keeps_names_on=on("sqlite"),
    ),
    RenameCase(
        "exchange two tables by hints",
        two_tables(left, right),
        two_tables(right, left, was("b"), was("a")),
        rows={"a": ({"id": 1, "x": 5},), "b": ({"id": 2, "n": "two"},)},
        kept={"b": ({"id": 1, "x": 5},), "a": ({"id": 2, "n": "two"},)},
        keeps_names_on=on("sqlite"),
    ),
    RenameCase(
        "rename a table of a schema by a hint",
        in_a_schema("users", "name"),
        in_a_schema("people", "full_name", info=was("users"), hint=was("name")),
        databases=on("postgresql"),
        expected=("RENAME CONSTRAINT users_name_key TO people_full_name_key",),
    ),
    RenameCase(
        "rename a table of a schema by an option",
        in_a_schema("users", "name"),
        in_a_schema("people", "full_name"),
        databases=on("postgresql"),
        renames=("app.users:people", "app.people.name:full_name"),
    ),
    RenameCase(
        "rename the column by which a table is divided",
        plain(Column("n", Integer), name="logs", **DIVIDED),
        plain(
            Column("number", Integer, info=was("n")),
            name="logs",
            **{option: by.replace("n", "number") for option, by in DIVIDED.items()},
        ),
    ),
    RenameCase(
        "rename a table from which another inherits",
        family("parents"),
        family("elders", info=was("parents")),
        databases=on("postgresql"),
        rows={"children": ({"id": 1, "n": 2, "m": 3},)},
        kept={"children": ({"id": 1, "n": 2, "m": 3},)},
        absent=("INHERIT",),
    ),
    RenameCase(
        "rename an enumerated type",
        moods("mood", "sad", "ok", default="sad"),
        moods("feeling", "sad", "ok", default="sad"),
        databases=on("postgresql"),
        rows={"t": ({"id": 1, "m": "ok"},)},
        kept={"t": ({"id": 1, "m": "ok"},)},
        absent=("CREATE TYPE", "DROP TYPE", "alter_column", "drop_index"),
    ),
    RenameCase(
        "rename a value of an enumerated type",
        moods("mood", "sad", "ok", default="sad"),
        moods("mood", "blue", "ok", default="blue"),
        databases=on("postgresql"),
        renames=("mood.sad:blue",),
        rows={"t": ({"id": 1, "m": "sad"}, {"id": 2, "m": "ok"})},
        kept={"t": ({"id": 1, "m": "blue"}, {"id": 2, "m": "ok"})},
        absent=("CREATE TYPE", "DROP TYPE", "alter_column", "drop_index"),
    ),
    RenameCase(
        "rename a value by a hint",
        moods("mood", "sad", "ok", default="sad"),
        moods("mood", "blue", "ok", default="blue", renamed_values={"sad": "blue"}),
        databases=on("postgresql"),
        rows={"t": ({"id": 1, "m": "sad"},)},
        kept={"t": ({"id": 1, "m": "blue"},)},
        absent=("CREATE TYPE", "DROP TYPE", "alter_column", "drop_index"),
    ),
)
