"""On SQL Server a column with a default goes only when its default has gone."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from limbeck.autogenerate import render_python_code
from limbeck.operations import ops
from limbeck.runtime.migration import MigrationContext


@pytest.mark.parametrize(
    ("dialect", "layout", "default", "expected"),
    [
        ("mssql", "limbeck", "5", 'op.drop_column("t", "x", mssql_drop_default=True)'),
        ("mssql", "limbeck", None, 'op.drop_column("t", "x")'),
        ("mssql", "limbeck", sa.Computed("1"), 'op.drop_column("t", "x")'),
        ("mssql", "alembic", "5", "op.drop_column('t', 'x')"),
        ("postgresql", "limbeck", "5", 'op.drop_column("t", "x")'),
    ],
)
def test_default_first(dialect: str, layout: str, default: object, expected: str) -> None:
    items = [default] if isinstance(default, sa.Computed) else []
    plain = None if items else default
    column: sa.Column[int] = sa.Column("x", sa.Integer, *items, server_default=plain)
    operation = ops.AddColumnOp("t", column).reverse()
    context = MigrationContext.configure(
        dialect_name=dialect, opts={"as_sql": True, "layout": layout}
    )
    said = render_python_code(ops.UpgradeOps([operation]), migration_context=context)
    assert expected in [line.strip() for line in said.splitlines()]
