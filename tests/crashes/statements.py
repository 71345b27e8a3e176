"""Statements on a database, without anything of limbeck's."""

from __future__ import annotations

import sqlalchemy as sa


def statements_on(url: str, *statements: str) -> list[tuple[object, ...]]:
    """Run statements, each a transaction of its own, and give the rows of the last."""
    engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    rows: list[tuple[object, ...]] = []
    with engine.connect() as connection:
        for statement in statements:
            found = connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
            rows = [tuple(row) for row in found] if found.returns_rows else []
    return rows
