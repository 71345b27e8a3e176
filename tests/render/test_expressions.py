"""Expressions as the databases read them, inside what is written."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

from limbeck.operations import ops
from limbeck.render.context import Rendering
from limbeck.render.layout import one_line
from limbeck.render.python import operation_lines
from limbeck.render.types import type_expression


def written(operation: ops.MigrateOperation, dialect: sa.Dialect | None = None) -> str:
    rendering = Rendering() if dialect is None else Rendering(dialect)
    return "\n".join(operation_lines(operation, rendering))


def test_a_foreign_key_that_names_a_key_is_written_by_name() -> None:
    metadata = sa.MetaData()
    sa.Table("a", metadata, sa.Column("id", sa.Integer, key="aid", primary_key=True))
    table = sa.Table("b", metadata, sa.Column("a_id", sa.ForeignKey("a.aid")))
    assert '["a_id"], ["a.id"]' in written(ops.CreateTableOp.from_table(table))


def test_a_foreign_key_has_the_schema_of_its_metadata() -> None:
    metadata = sa.MetaData(schema="foo")
    table = sa.Table("b", metadata, sa.Column("a_id", sa.Integer, sa.ForeignKey("a.id")))
    assert '["a_id"], ["foo.a.id"]' in written(ops.CreateTableOp.from_table(table))


X = sa.Column("x", sa.Integer)
TABLE = sa.Table("t", sa.MetaData(), X, sa.Column("y", sa.Integer))


@pytest.mark.parametrize(
    ("dialect", "element", "text"),
    [
        (mysql.dialect(), X > 5, "(x > 5)"),
        (mysql.dialect(), X.desc(), "x DESC"),
        (postgresql.dialect(), sa.func.lower(X), "lower(x)"),
        (sqlite.dialect(), X > 5, "x > 5"),
    ],
)
def test_an_index_expression_has_the_parentheses_it_needs(
    dialect: sa.Dialect, element: Any, text: str
) -> None:
    operation = ops.CreateIndexOp("i", "t", [element])
    assert f'sa.literal_column("{text}")' in written(operation, dialect)


def test_an_expression_as_default_has_parentheses_on_sqlite() -> None:
    column = sa.Column("c", sa.DateTime(), server_default=sa.func.now())
    operation = ops.AddColumnOp("t", column)
    assert 'sa.text("(CURRENT_TIMESTAMP)")' in written(operation, sqlite.dialect())
    assert 'sa.text("now()")' in written(operation, postgresql.dialect())


def test_a_function_in_exclude_is_not_its_first_column() -> None:
    columns = [sa.Column("a", sa.DateTime()), sa.Column("b", sa.DateTime())]
    exclude = postgresql.ExcludeConstraint((sa.func.tsrange(*columns), "&&"), name="e")
    table = sa.Table("t", sa.MetaData(), *columns, exclude)
    text = written(ops.CreateTableOp.from_table(table), postgresql.dialect())
    assert '(sa.text("tsrange(a, b)"), "&&")' in text


def test_a_domain_is_written_as_it_was_given() -> None:
    domain = postgresql.DOMAIN("d", sa.Integer(), check="VALUE > 0", create_type=False)
    node = type_expression(domain, Rendering(postgresql.dialect()))
    assert one_line(node) == (
        'postgresql.DOMAIN("d", sa.Integer(), check="VALUE > 0", create_type=False)'
    )
