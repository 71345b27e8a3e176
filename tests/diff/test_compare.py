"""Comparing facts, without a database and without SQLAlchemy."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

from limbeck.diff.changes import Added, Changed, Removed
from limbeck.diff.compare import DiffOptions, compare
from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
    EnumFact,
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

T = TableKey("", "t")
ID = ColumnFact("id", "integer", nullable=False, autoincrement=True)
NAME = ColumnFact("name", "text", nullable=True)
TABLE = TableFact(T, (ID, NAME), PrimaryKeyFact("t_pkey", ("id",)))


def schema(*tables: TableFact, enums: tuple[EnumFact, ...] = ()) -> SchemaFact:
    return SchemaFact(tables, enums)


def with_constraints(*constraints: UniqueFact | CheckFact | ForeignKeyFact) -> SchemaFact:
    return schema(replace(TABLE, constraints=constraints))


def with_column(column: ColumnFact) -> SchemaFact:
    return schema(replace(TABLE, columns=(ID, column)))


def test_equal_schemas_have_no_changes() -> None:
    assert compare(schema(TABLE), schema(TABLE)) == ()


def test_sources_take_no_part() -> None:
    assert compare(schema(TABLE), schema(replace(TABLE, source=object()))) == ()


def test_a_table_is_added_and_removed_whole() -> None:
    assert compare(schema(), schema(TABLE)) == (Added("table", T, TABLE),)
    assert compare(schema(TABLE), schema()) == (Removed("table", T, TABLE),)


def test_added_columns_come_before_constraints_and_removed_columns_last() -> None:
    unique = UniqueFact("u", ("mail",))
    mail = ColumnFact("mail", "text", nullable=True)
    after = replace(TABLE, columns=(ID, mail), constraints=(unique,))
    assert compare(schema(TABLE), schema(after)) == (
        Added("column", T, mail),
        Added("unique", T, unique),
        Removed("column", T, NAME),
    )


def test_a_column_names_the_fields_that_differ() -> None:
    after = replace(NAME, type="integer", nullable=False, comment="c")
    (change,) = compare(schema(TABLE), with_column(after))
    assert change == Changed("column", T, NAME, after, ("type", "nullable", "comment"))


def test_the_order_of_columns_is_no_difference() -> None:
    assert compare(schema(TABLE), schema(replace(TABLE, columns=(NAME, ID)))) == ()


def test_types_and_defaults_can_be_left_out() -> None:
    after = with_column(replace(NAME, type="integer", default="5", collation="C"))
    assert compare(schema(TABLE), after, DiffOptions(types=False, defaults=False)) == ()
    (change,) = compare(schema(TABLE), after, DiffOptions(types=False))
    assert isinstance(change, Changed)
    assert change.fields == ("default",)


def test_verdicts_overrule() -> None:
    after = with_column(replace(NAME, type="integer"))
    equal = DiffOptions(verdicts={(T, "name", "type"): False})
    different = DiffOptions(verdicts={(T, "name", "default"): True})
    assert compare(schema(TABLE), after, equal) == ()
    (change,) = compare(schema(TABLE), schema(TABLE), different)
    assert isinstance(change, Changed)
    assert change.fields == ("default",)


def test_a_constraint_without_a_name_is_any_of_equal_content() -> None:
    assert (
        compare(
            with_constraints(UniqueFact("t_name_key", ("name",)), CheckFact("t_check", "id > 0")),
            with_constraints(UniqueFact(None, ("name",)), CheckFact(None, "id > 0")),
        )
        == ()
    )


def test_a_name_of_the_models_must_match() -> None:
    before, after = UniqueFact("one", ("name",)), UniqueFact("two", ("name",))
    assert compare(with_constraints(before), with_constraints(after)) == (
        Changed("unique", T, before, after, ("name",)),
    )


def test_a_database_that_keeps_no_name_has_any() -> None:
    before, after = with_constraints(CheckFact(None, "a")), with_constraints(CheckFact("n", "a"))
    assert compare(before, after) == ()


def test_named_constraints_choose_before_unnamed_ones() -> None:
    before = with_constraints(CheckFact("x", "id > 0"), CheckFact("y", "id > 0"))
    after = with_constraints(CheckFact(None, "id > 0"), CheckFact("x", "id > 0"))
    assert compare(before, after) == ()


def test_each_constraint_is_paired_once() -> None:
    twice = CheckFact("b", "id > 0")
    before = with_constraints(CheckFact("a", "id > 0"), twice)
    assert compare(before, with_constraints(CheckFact(None, "id > 0"))) == (
        Removed("check", T, twice),
    )


def test_a_named_constraint_changes_in_place() -> None:
    before, after = CheckFact("c", "id > 0"), CheckFact("c", "id > 1")
    assert compare(with_constraints(before), with_constraints(after)) == (
        Changed("check", T, before, after, ("condition",)),
    )


def test_constraints_of_different_kinds_do_not_mix() -> None:
    unique, index = UniqueFact("n", ("name",)), IndexFact("n", ("name",), unique=True)
    after = schema(replace(TABLE, indexes=(index,)))
    assert compare(with_constraints(unique), after) == (
        Removed("unique", T, unique),
        Added("index", T, index),
    )


def test_a_foreign_key_names_the_fields_that_differ() -> None:
    before = ForeignKeyFact("f", ("name",), TableKey("", "u"), ("id",))
    after = replace(before, referred=TableKey("s", "u"), ondelete="CASCADE")
    assert compare(with_constraints(before), with_constraints(after)) == (
        Changed("foreign_key", T, before, after, ("referred", "ondelete")),
    )


def test_a_primary_key_that_the_models_do_not_name_keeps_its_name() -> None:
    unnamed = replace(TABLE, primary_key=PrimaryKeyFact(None, ("id",)))
    named = replace(TABLE, primary_key=PrimaryKeyFact("pk", ("id",)))
    assert compare(schema(TABLE), schema(unnamed)) == ()
    assert compare(schema(unnamed), schema(named)) == ()
    (change,) = compare(schema(TABLE), schema(named))
    assert isinstance(change, Changed)
    assert change.fields == ("name",)


def test_models_that_want_numbers_are_content_with_an_identity() -> None:
    numbered = replace(ID, autoincrement=False, identity=IdentityFact(False))
    before = schema(replace(TABLE, columns=(numbered, NAME)))
    assert compare(before, schema(TABLE)) == ()
    (change,) = compare(schema(TABLE), before)
    assert isinstance(change, Changed)
    assert "identity" in change.fields


def test_models_that_want_numbers_are_content_with_any_sequence() -> None:
    numbered = replace(ID, autoincrement=False, default="nextval('s'::regclass)")
    other = schema(replace(TABLE, columns=(numbered, NAME)))
    assert compare(other, schema(TABLE)) == ()
    assert compare(schema(TABLE), other) == ()


def test_an_enum_stays_while_something_uses_it() -> None:
    enum = EnumFact(TableKey("", "mood"), ("a",), users=((T, "name"),))
    assert compare(schema(TABLE, enums=(enum,)), schema(TABLE)) == ()
    retyped = with_column(replace(NAME, type="integer"))
    assert compare(schema(TABLE, enums=(enum,)), retyped)[-1] == Removed("enum", None, enum)
    assert compare(schema(TABLE, enums=(enum,)), schema())[-1] == Removed("enum", None, enum)
    held = replace(enum, held=True)
    assert len(compare(schema(TABLE, enums=(held,)), schema())) == 1


def test_an_enum_that_is_created_by_hand_is_not_added() -> None:
    enum = EnumFact(TableKey("", "mood"), ("a",), managed=False)
    assert compare(schema(TABLE), schema(TABLE, enums=(enum,))) == ()


def test_a_sequence_stays_while_something_needs_it() -> None:
    free = SequenceFact(TableKey("", "s"))
    assert compare(SchemaFact(sequences=(free,)), SchemaFact()) == (
        Removed("sequence", None, free),
    )
    assert compare(SchemaFact(sequences=(replace(free, held=True),)), SchemaFact()) == ()


_PROGRAM = """
import sys
from limbeck.diff.compare import compare
from limbeck.facts.objects import *
def schema(step):
    return SchemaFact(tuple(
        TableFact(TableKey("", f"t{n}"), tuple(
            ColumnFact(f"c{c}", "integer", nullable=bool(c % step)) for c in range(n, n + 9)),
            constraints=in_order(UniqueFact(f"u{c * step}", (f"c{c}",)) for c in range(5)))
        for n in range(0, 20, step)))
print(compare(schema(1), schema(2)))
assert "sqlalchemy" not in sys.modules
"""


def test_the_result_is_the_same_in_every_process_and_needs_no_sqlalchemy() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", _PROGRAM],
            env={"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(outputs) == 1
    assert "Removed" in outputs.pop()
