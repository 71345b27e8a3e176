"""Facts written as JSON and read again."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

from limbeck.facts.json import from_json, to_json
from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
    ComputedFact,
    EnumFact,
    ExcludeFact,
    ForeignKeyFact,
    IdentityFact,
    IndexFact,
    PrimaryKeyFact,
    SchemaFact,
    SequenceFact,
    TableFact,
    TableKey,
    UniqueFact,
)

T = TableKey("s", "t")
COLUMNS = (
    ColumnFact("id", "integer", nullable=False, autoincrement=True),
    ColumnFact("a", "text", True, default="'x'", collation="C", comment="c", options=(("o", "1"),)),
    ColumnFact("b", "text", True, computed=ComputedFact("a || 'b'", persisted=False)),
    ColumnFact("c", "bigint", False, identity=IdentityFact(True, (("start", "5"),))),
)
EVERYTHING = SchemaFact(
    tables=(
        TableFact(
            T,
            COLUMNS,
            PrimaryKeyFact("pk", ("id",), (("deferrable", "true"),)),
            (
                UniqueFact("u", ("a", "b")),
                ForeignKeyFact(
                    None, ("a",), TableKey("", "p"), ("x",), "CASCADE", "SET NULL", True, "DEFERRED"
                ),
                CheckFact("ck", "a <> ''"),
                ExcludeFact("x", "EXCLUDE USING gist (a WITH =)"),
            ),
            (IndexFact("i", ("a DESC",), True, "a > 'b'", (("postgresql_using", "gin"),)),),
            comment="t",
            options=(("mysql_engine", "InnoDB"),),
        ),
    ),
    enums=(EnumFact(T, ("a", "b"), users=((T, "a"),), held=True, managed=False),),
    sequences=(SequenceFact(T, (("start", "5"),), held=True),),
)


def test_a_schema_survives_json() -> None:
    data = json.loads(json.dumps(to_json(EVERYTHING)))
    read = from_json(data)
    assert read == EVERYTHING
    assert read.enums[0].users == ((T, "a"),)
    assert (read.enums[0].held, read.enums[0].managed) == (True, False)


def test_every_field_of_the_sample_is_set_somewhere() -> None:
    """A new field must be added to the sample above, or it is not known to survive."""
    said = json.dumps(to_json(EVERYTHING))
    kinds = (TableFact, ColumnFact, UniqueFact, IndexFact, EnumFact, SequenceFact, CheckFact)
    for kind in kinds:
        for field in fields(kind):
            assert field.name == "source" or f'"{field.name}"' in said, (kind, field.name)


def test_defaults_and_sources_are_left_out() -> None:
    fact = TableFact(T, (ColumnFact("a", "text", True, source=object()),), source=object())
    (table,) = to_json(SchemaFact((fact,)))["tables"]
    assert table == {
        "key": {"schema": "s", "name": "t"},
        "columns": [{"name": "a", "type": "text", "nullable": True}],
    }


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"version": 2},
        {"version": 1, "tables": [{"nonsense": 1}]},
        {"version": 1, "tables": [5]},
        {"version": 1, "tables": [{"key": {"schema": "", "name": "t"}, "columns": [],
                                   "constraints": [{"kind": "magic"}]}]},
    ],
)  # fmt: skip
def test_other_data_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="schema"):
        from_json(data)
