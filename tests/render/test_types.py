"""A type that is written down and evaluated is the type that it was."""

from __future__ import annotations

import enum
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, oracle, postgresql, sqlite
from sqlalchemy.types import TypeDecorator, TypeEngine

import tests.render.mytypes
from limbeck.render.context import Rendering
from limbeck.render.layout import one_line
from limbeck.render.types import type_expression
from tests.render import mytypes


class Mood(enum.Enum):
    GOOD = 1
    BAD = 2


POSTGRESQL: list[TypeEngine[Any]] = [
    postgresql.JSONB(),
    postgresql.JSONB(astext_type=sa.Text(collation="C")),
    postgresql.ARRAY(sa.String(5), dimensions=2),
    postgresql.ARRAY(postgresql.ENUM("a", "b", name="m", create_type=False)),
    postgresql.ENUM("a", "it's", name="mood", schema="s"),
    postgresql.ENUM("a", name="mood", create_type=False),
    postgresql.INTERVAL(fields="DAY TO SECOND", precision=3),
    postgresql.TIMESTAMP(timezone=True, precision=3),
    postgresql.TIME(precision=2),
    postgresql.BIT(5, varying=True),
    postgresql.HSTORE(),
    postgresql.TSVECTOR(),
    postgresql.INT4RANGE(),
    postgresql.TSTZMULTIRANGE(),
    postgresql.UUID(),
    postgresql.INET(),
    postgresql.DOMAIN("posint", sa.Integer(), check="VALUE > 0", not_null=True),
    postgresql.DOUBLE_PRECISION(precision=53),
    postgresql.CITEXT(),
    sa.Enum(Mood, name="mood"),
    sa.ARRAY(sa.Integer, dimensions=1),
    sa.Interval(second_precision=3),
]
MYSQL: list[TypeEngine[Any]] = [
    mysql.INTEGER(11, unsigned=True),
    mysql.TINYINT(1),
    mysql.BIGINT(unsigned=True, zerofill=True),
    mysql.VARCHAR(50, charset="latin1", collation="latin1_bin"),
    mysql.VARCHAR(50, binary=True),
    mysql.ENUM("a", "b", charset="latin1"),
    mysql.SET("a", "b"),
    mysql.DATETIME(fsp=6),
    mysql.DOUBLE(10, 2),
    mysql.DECIMAL(10, 2, unsigned=True),
    mysql.YEAR(),
    mysql.BIT(4),
    mysql.LONGTEXT(collation="utf8mb4_bin"),
    mysql.NCHAR(4),
    mysql.TIMESTAMP(fsp=2),
]
ANY: list[TypeEngine[Any]] = [
    sa.String(50),
    sa.String(50, collation="NOCASE"),
    sa.Text(),
    sa.Unicode(7),
    sa.Numeric(10, 2),
    sa.Numeric(10, 2, asdecimal=False),
    sa.Float(53),
    sa.Double(),
    sa.DateTime(timezone=True),
    sa.Boolean(),
    sa.LargeBinary(100),
    sa.Uuid(as_uuid=False),
    sa.JSON(none_as_null=True),
    sa.PickleType(),
    sa.Interval(),
    sa.TIMESTAMP(timezone=True),
    sa.Enum("a", "b", name="mood"),
    sa.Enum("a", "b", native_enum=False, length=40),
    sa.Enum("a", "b", native_enum=False, create_constraint=True, name="ck"),
    sa.Enum(Mood),
    sa.String(5).with_variant(mysql.TEXT(), "mysql"),
    sa.String(5).with_variant(sa.Text(), "sqlite").with_variant(mysql.TEXT(), "mysql", "mariadb"),
    sqlite.DATETIME(truncate_microseconds=True),
    mytypes.Money(10, 2),
    mytypes.Fixed(),
    mytypes.Kept(30, strict=True),
    mytypes.Strict(9),
    mytypes.Point(3),
    mytypes.Outer.Inner(),
]


def written(type_: TypeEngine[Any], dialect: sa.Dialect) -> tuple[str, Rendering]:
    rendering = Rendering(dialect)
    return one_line(type_expression(type_, rendering)), rendering


def same_again(type_: TypeEngine[Any], dialect: sa.Dialect) -> str:
    text, rendering = written(type_, dialect)
    names: dict[str, Any] = {"sa": sa}
    for line in rendering.imports:
        exec(line, names)
    again = eval(text, names)
    assert type(again) is type(type_), text
    assert again.compile(dialect=dialect) == type_.compile(dialect=dialect), text
    for name, variant in type_._variant_mapping.items():
        assert repr(again._variant_mapping[name]) == repr(variant)
    assert not rendering.remarks
    return text


@pytest.mark.parametrize("type_", POSTGRESQL, ids=repr)
def test_types_for_postgresql(type_: TypeEngine[Any]) -> None:
    same_again(type_, postgresql.dialect())


@pytest.mark.parametrize("type_", MYSQL, ids=repr)
def test_types_for_mysql(type_: TypeEngine[Any]) -> None:
    same_again(type_, mysql.dialect())


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=lambda d: d.name)
@pytest.mark.parametrize("type_", ANY, ids=repr)
def test_types_for_every_database(type_: TypeEngine[Any], dialect: sa.Dialect) -> None:
    same_again(type_, dialect)


def test_an_oracle_type_brings_its_own_import() -> None:
    text, rendering = written(oracle.VARCHAR2(5), oracle.dialect())
    assert text == "oracle.VARCHAR2(length=5)"
    assert rendering.imports == {"from sqlalchemy.dialects import oracle"}


def test_how_they_look() -> None:
    dialect = postgresql.dialect()
    assert written(sa.String(50), dialect)[0] == "sa.String(length=50)"
    assert written(sa.Enum(Mood, name="mood"), dialect)[0] == 'sa.Enum("GOOD", "BAD", name="mood")'
    text, rendering = written(mytypes.Kept(3), dialect)
    assert text == "tests.render.mytypes.Kept(size=3)"
    assert rendering.imports == {"import tests.render.mytypes"}
    assert tests.render.mytypes is mytypes


def test_the_users_prefix() -> None:
    rendering = Rendering(sqlite.dialect(), user_prefix="my.", sqlalchemy_prefix="alchemy.")
    assert one_line(type_expression(mytypes.Kept(3), rendering)) == "my.Kept(size=3)"
    assert one_line(type_expression(sa.String(3), rendering)) == "alchemy.String(length=3)"
    assert not rendering.imports


def test_a_type_that_cannot_be_constructed_again_is_written_as_what_it_stands_for() -> None:
    text, rendering = written(mytypes.Lost("secret"), sqlite.dialect())
    assert text == "sa.String(length=6)"
    assert rendering.remarks == [
        "stands for tests.render.mytypes.Lost, which cannot be constructed from here"
    ]


def test_a_type_that_cannot_be_imported_is_written_as_what_it_stands_for() -> None:
    class Local(TypeDecorator[Any]):
        impl = sa.String
        cache_ok = True

    text, rendering = written(Local(7), sqlite.dialect())
    assert text == "sa.String(length=7)"
    assert len(rendering.remarks) == 1


def test_a_library_writes_its_type_by_its_repr() -> None:
    class Written(postgresql.ENUM):
        __module__ = "sqlalchemy.dialects.postgresql"

        def __repr__(self) -> str:
            return f"ENUM({self.enums[0]!r}, name={self.name!r}, create_type=False)"

    text, rendering = written(Written("a", name="m"), postgresql.dialect())
    assert text == "postgresql.ENUM('a', name='m', create_type=False)"
    assert rendering.imports == {"from sqlalchemy.dialects import postgresql"}


def test_the_hook_is_asked_first() -> None:
    def hook(kind: str, item: Any, context: Any) -> Any:
        assert kind == "type"
        return "my.Own( 'x' )" if isinstance(item, mytypes.Point) else False

    rendering = Rendering(sqlite.dialect(), render_item=hook)
    assert one_line(type_expression(mytypes.Point(), rendering)) == 'my.Own("x")'
    assert one_line(type_expression(sa.Integer(), rendering)) == "sa.Integer()"
