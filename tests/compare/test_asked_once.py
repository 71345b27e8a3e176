"""What many tables have alike is worked out once, and only where nothing else can be meant."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, MetaData, Numeric, String, Table

from limbeck.database.compare import compare_database
from limbeck.dialects.standard.plain_types import PlainTypes


class Custom(sa.TypeDecorator[str]):
    """A type of the user's."""

    impl = String
    cache_ok = True


def test_only_types_of_equal_text_have_a_key_in_common() -> None:
    assert PlainTypes().key(String(20)) == PlainTypes().key(String(20))
    different = [String(20), String(21), String(20, "C"), sa.Text(20), Numeric(2), sa.Integer()]
    assert len({PlainTypes().key(kind) for kind in different}) == len(different)
    assert PlainTypes().key(Custom(20)) is None
    assert PlainTypes().key(String(20).with_variant(sa.Text(), "sqlite")) is None
    assert PlainTypes().key(sa.Enum("a", "b")) is None


@pytest.mark.databases("postgresql")
def test_a_condition_is_asked_for_each_type_of_its_columns(engine: sa.Engine) -> None:
    def models(condition: str) -> MetaData:
        metadata = MetaData()
        for name, kind in (("a", Numeric(9, 2)), ("b", sa.Integer()), ("c", sa.Float())):
            check = CheckConstraint(condition, name=f"ck_{name}")
            Table(name, metadata, Column("amount", kind), Column("label", String(9)), check)
        return metadata

    with engine.begin() as connection:
        models("amount >= 0 AND label <> 'x'").create_all(connection)
    with engine.connect() as connection:
        same = compare_database(connection, [models("amount>=0 AND label <> 'x'")])
        other = compare_database(connection, [models("amount >= 1 AND label <> 'x'")])
    assert (same.changes, same.notes) == ((), ())
    assert [str(change.table) for change in other.changes] == ["a", "b", "c"]
