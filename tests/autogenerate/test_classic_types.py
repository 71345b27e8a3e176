"""``DefaultImpl.compare_type``: the documented rules, and what Alembic itself answers."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from alembic.runtime.migration import MigrationContext as AlembicsContext
from limbeck.runtime.migration import MigrationContext


class Money(sa.TypeDecorator[str]):
    impl = sa.String(20)
    cache_ok = True


ANYWHERE: list[Any] = [
    sa.Integer(),
    sa.BigInteger(),
    sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
    sa.String(),
    sa.String(10),
    sa.String(20),
    sa.String(20, collation="C"),
    sa.Text(),
    sa.CHAR(3),
    sa.Numeric(),
    sa.Numeric(10),
    sa.Numeric(10, 2),
    sa.DECIMAL(10, 3),
    sa.Float(),
    sa.Float(53),
    sa.Double(),
    sa.Boolean(),
    sa.DateTime(),
    sa.DateTime(timezone=True),
    sa.TIMESTAMP(),
    sa.Time(),
    sa.JSON(),
    sa.LargeBinary(),
    sa.Enum("a", "b", name="letters"),
    sa.Enum("b", "a", name="letters"),
    sa.Enum("a", "c", name="letters"),
    sa.Enum("a", "b", "c", name="more"),
    sa.Uuid(),
    Money(),
]
OWN: dict[str, list[Any]] = {
    "postgresql": [
        postgresql.ARRAY(sa.String(10)),
        postgresql.ARRAY(sa.String(20)),
        postgresql.TIMESTAMP(precision=3),
        postgresql.TIMESTAMP(precision=3, timezone=True),
        postgresql.BIT(3, varying=True),
        postgresql.JSONB(),
    ],
    "mysql": [
        mysql.TINYINT(1),
        mysql.INTEGER(unsigned=True),
        mysql.INTEGER(display_width=10, unsigned=True),
        mysql.VARCHAR(20, charset="utf8"),
        mysql.VARCHAR(20, charset="latin1", collation="latin1_bin"),
        mysql.LONGTEXT(),
        mysql.DATETIME(fsp=6),
        mysql.SET("a", "b"),
        mysql.ENUM("a", "b", charset="utf8"),
    ],
}
OWN["mariadb"] = OWN["mysql"]


@pytest.mark.parametrize("name", ["sqlite", "postgresql", "mysql", "mariadb", "mssql", "oracle"])
def test_types_differ_where_alembic_says_so(name: str) -> None:
    ours = MigrationContext.configure(dialect_name=name, opts={"as_sql": True}).impl
    theirs = AlembicsContext.configure(dialect_name=name, opts={"as_sql": True}).impl
    types = [*ANYWHERE, *OWN.get(name, [])]
    others = [
        (before, after)
        for before, after in itertools.product(types, repeat=2)
        if answer(ours, before, after) != answer(theirs, before, after)
    ]
    assert others == []


def answer(impl: Any, before: Any, after: Any) -> object:
    """Whether types differ; what is raised where a database has no such type."""
    try:
        return impl.compare_type(sa.Column("x", before), sa.Column("x", after))
    except (sa.exc.CompileError, sa.exc.ArgumentError) as error:
        return type(error)


@pytest.mark.parametrize(
    ("before", "after", "differs"),
    [
        (sa.VARCHAR(30), sa.String(40), True),
        (sa.VARCHAR(30), sa.String(), False),
        (sa.DECIMAL(10, 2), sa.Numeric(10), False),
        (sa.DECIMAL(10, 2), sa.Numeric(10, 3), True),
        (sa.VARCHAR(20), Money(), False),
        (sa.INTEGER(), Money(), True),
    ],
)
def test_what_is_not_said_is_no_difference(before: Any, after: Any, differs: bool) -> None:
    impl = MigrationContext.configure(dialect_name="sqlite", opts={"as_sql": True}).impl
    assert impl.compare_type(sa.Column("x", before), sa.Column("x", after)) is differs


def test_an_enumeration_becomes_text_on_mysql() -> None:
    impl = MigrationContext.configure(dialect_name="mysql", opts={"as_sql": True}).impl
    before, after = sa.Enum("a", "b"), sa.Enum("a", "b", native_enum=False)
    assert impl.compare_type(sa.Column("x", before), sa.Column("x", after))
