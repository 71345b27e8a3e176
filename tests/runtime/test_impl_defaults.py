"""What a dialect without a scratch, and without a server here, takes for the same default."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from limbeck.runtime.migration import MigrationContext

SAME = {
    "mssql": [
        (sa.Integer(), "5", "((5))"),
        (sa.Integer(), "'5'", "('5')"),
        (sa.Integer(), "'5'", "((5))"),
        (sa.String(), "'5'", "((5))"),
        (sa.Numeric(), "-1.5", "((-1.5))"),
        (sa.String(), "'a (b)'", "('a (b)')"),
        (sa.Unicode(), "N'ж'", "(N'ж')"),
        (sa.String(), "'it''s'", "('it''s')"),
        (sa.DateTime(), "getdate()", "(getdate())"),
        (sa.DateTime(), "CURRENT_TIMESTAMP", "(getdate())"),
        (sa.String(), "CONVERT(varchar(5), 1)", "(CONVERT([varchar](5),(1)))"),
        (sa.Integer(), None, None),
    ],
    "oracle": [
        (sa.Integer(), "'5'", "5 "),
        (sa.String(), "'x'", "'x'\n"),
        (sa.DateTime(), "sysdate", "SYSDATE"),
        (sa.Integer(), None, "NULL"),
        (sa.Integer(), "(1 + 2)", "1+2 "),
    ],
}
DIFFERENT = {
    "mssql": [
        (sa.String(), "'x'", "('X')"),
        (sa.String(), "'a b'", "('ab')"),
        (sa.Integer(), "5", "((6))"),
        (sa.Integer(), None, "((5))"),
        (sa.Integer(), "5", None),
    ],
    "oracle": [
        (sa.String(), "'x'", "'X'"),
        (sa.Integer(), "5", "NULL"),
        (sa.Integer(), None, "5 "),
    ],
}


def is_different(name: str, type_: sa.types.TypeEngine[object], model: str, stored: str) -> bool:
    """What the class that speaks for a dialect says of two defaults."""
    impl = MigrationContext.configure(dialect_name=name, opts={"as_sql": True}).impl
    column: sa.Column[object] = sa.Column("x", type_)
    return impl.compare_server_default(column, column, model, stored)


def cases(table: dict[str, list[tuple[object, str | None, str | None]]]) -> list[object]:
    """One case for each row of a table."""
    return [(name, *row) for name, rows in table.items() for row in rows]


@pytest.mark.parametrize(("name", "type_", "model", "stored"), cases(SAME))
def test_the_same_default(name: str, type_: object, model: str, stored: str) -> None:
    assert not is_different(name, type_, model, stored)  # type: ignore[arg-type]  # a type


@pytest.mark.parametrize(("name", "type_", "model", "stored"), cases(DIFFERENT))
def test_another_default(name: str, type_: object, model: str, stored: str) -> None:
    assert is_different(name, type_, model, stored)  # type: ignore[arg-type]  # a type
