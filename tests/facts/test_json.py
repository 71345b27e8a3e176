"""Facts written as JSON and read again."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

from limbeck.facts.json import from_json, to_json
from limbeck.facts.object_kinds import OBJECT_KINDS
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
from limbeck.facts.schema_objects import Need, ObjectKey
from limbeck.schema import (
    Domain,
    Extension,
    Function,
    Grant,
    MaterializedView,
    Policy,
    Procedure,
    RowSecurity,
    Trigger,
    View,
    ViewIndex,
)

T = TableKey("s", "t")
COLUMNS = (
    ColumnFact(
        "id",
        "integer",
        nullable=False,
        autoincrement=True,
        sequence_type="bigint",
        sequence="s.t_id_seq",
    ),
    ColumnFact("a", "text", True, default="'x'", collation="C", comment="c", options=(("o", "1"),)),
    ColumnFact("b", "text", True, computed=ComputedFact("a || 'b'", False), inherited=True),
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
            defaults=(("mysql_engine", "InnoDB"),),
            comment="t",
            options=(("mysql_engine", "InnoDB"),),
        ),
    ),
    enums=(EnumFact(T, ("a", "b"), users=((T, "a"),), held=True, managed=False),),
    sequences=(SequenceFact(T, (("start", "5"),), held=True),),
    objects=(
        Extension("citext", "1.6", schema="s", comment="c"),
        Domain("d", "text", "'x'", nullable=False, checks={"c": "VALUE > 'a'"}),
        Function("f", "a integer", "RETURNS void", "integer", owner="o", only_on=("postgresql",)),
        Procedure("p", "", "LANGUAGE sql", depends_on=("f",)),
        View(
            "v",
            "SELECT 1 AS a",
            {"security_barrier": True},
            ("a integer",),
            needs=(Need(ObjectKey("table", "", "t"), "a"),),
            further=("COMMENT ON …",),
        ),
        MaterializedView("m", "SELECT 1", (ViewIndex("i", "(a)", True),), with_data=False),
        Trigger("g", "t", "AFTER UPDATE", "EXECUTE FUNCTION f()", constraint=True),
        Policy("l", "t", "SELECT", "a > 0", "a > 1", ("app", "b"), permissive=False),
        RowSecurity("t", forced=True),
        Grant(("SELECT", "UPDATE"), "t", "app", "sequence", grantable=True),
    ),
)


def test_a_schema_survives_json() -> None:
    data = json.loads(json.dumps(to_json(EVERYTHING)))
    read = from_json(data)
    assert read == EVERYTHING
    assert read.objects[4].needs == EVERYTHING.objects[4].needs
    assert read.enums[0].users == ((T, "a"),)
    assert (read.enums[0].held, read.enums[0].managed) == (True, False)


def test_every_field_of_the_sample_is_set_somewhere() -> None:
    """A new field must be added to the sample above, or it is not known to survive."""
    said = json.dumps(to_json(EVERYTHING))
    kinds = (TableFact, ColumnFact, UniqueFact, IndexFact, EnumFact, SequenceFact, CheckFact)
    for kind in (*kinds, *OBJECT_KINDS.values()):
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
