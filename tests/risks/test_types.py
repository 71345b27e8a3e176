"""What is said of a change of type is what the database does to the value."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from limbeck.operations.operations import Operations
from limbeck.operations.ops import AlterColumnOp
from limbeck.plan.casts import cast_text
from limbeck.plan.data_loss import data_risks
from limbeck.runtime.migration import MigrationContext
from tests.risks.cases import CASES, Retyped


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_becomes_of_a_value(case: Retyped, database_name: str, engine: sa.Engine) -> None:
    kind = database_name.rstrip("0123456789")
    verdict = case.expected[kind]
    risks = data_risks(AlterColumnOp("t", "x", **types(case, engine.dialect)), engine.dialect)
    assert [risk.kind for risk in risks] == ([] if verdict is None else [verdict])
    table = sa.Table("t", sa.MetaData(), sa.Column("x", case.before))
    with engine.begin() as connection:
        table.create(connection)
        connection.exec_driver_sql(f"INSERT INTO t (x) VALUES ({case.value})")
        before = value(connection)
        assert before is not None
    if verdict == "fails" or (kind == "mariadb" and verdict == "loses"):
        # A strict server refuses some of what another one cuts.
        try:
            alter(case, engine)
        except sa.exc.DBAPIError:
            return
        assert verdict == "loses", "the database did not refuse the value"
    else:
        alter(case, engine)
    with engine.connect() as connection:
        after = value(connection)
        same = is_same(before, after) if verdict is None else before == after
    # SQLite keeps what does not look like a number, and says only that others may change.
    assert same == (verdict is None) or (kind == "sqlite" and case.value == "'abc'")


def types(case: Retyped, dialect: sa.Dialect) -> dict[str, object]:
    """What ``alter_column`` is told."""
    given: dict[str, object] = {"existing_type": case.before}
    using = cast_text("x", case.before, case.after, dialect) if dialect.name == "postgresql" else 0
    if using:
        given["postgresql_using"] = using
    return {**given, "modify_type": case.after}


def alter(case: Retyped, engine: sa.Engine) -> None:
    """Give the column its new type."""
    told = types(case, engine.dialect)
    told["type_"] = told.pop("modify_type")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        with context.begin_transaction(), Operations.context(context) as op:
            op.alter_column("t", "x", **told)  # type: ignore[arg-type]  # as a revision says it


def value(connection: sa.Connection) -> str | None:
    """The value as text, whatever its type is."""
    sql = "CAST(x AS CHAR(80000))" if connection.dialect.name == "mariadb" else "CAST(x AS TEXT)"
    found: str | bytes | None = connection.exec_driver_sql(f"SELECT {sql} FROM t").scalar()
    return found.decode() if isinstance(found, bytes) else found


def is_same(before: str | None, after: str | None) -> bool:
    """Whether both texts mean one value: 12.50 is 12.5000, and a day is its midnight."""
    assert before is not None
    assert after is not None
    words = {"true": "1", "false": "0"}
    before, after = (words.get(text, text).removesuffix(" 00:00:00") for text in (before, after))
    try:
        return Decimal(before) == Decimal(after)
    except ArithmeticError:
        return before == after
