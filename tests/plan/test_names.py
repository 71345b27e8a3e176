"""The names that constraints get when the models leave them out."""

from __future__ import annotations

import sqlalchemy as sa

from limbeck.dialects.mysql.settle import settle
from limbeck.diff.changes import Added, Changed
from limbeck.facts.names import cut_name
from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
    ConstraintFact,
    ForeignKeyFact,
    IndexFact,
    PrimaryKeyFact,
    SchemaFact,
    TableFact,
    TableKey,
    UniqueFact,
)
from limbeck.plan.names import Names

KEY = TableKey("", "users")
NOTHING = SchemaFact()


def schema(*constraints: ConstraintFact, key: PrimaryKeyFact | None = None) -> SchemaFact:
    columns = tuple(ColumnFact(name, "INTEGER", True) for name in ("id", "email", "team_id"))
    return SchemaFact(
        (TableFact(KEY, columns, key, constraints, (IndexFact(None, ("lower(email)",)),)),)
    )


def test_the_pattern_of_each_kind() -> None:
    unique = UniqueFact(None, ("email", "team_id"))
    foreign = ForeignKeyFact(None, ("team_id",), TableKey("", "team"), ("id",))
    on_one = CheckFact(None, "email <> 'team_id'")
    on_two = CheckFact(None, "email <> team_id")
    key = PrimaryKeyFact(None, ("id",))
    after = schema(unique, foreign, on_one, on_two, key=key)
    names = Names(NOTHING, after, ())
    assert names.of(KEY, unique) == "users_email_team_id_key"
    assert names.of(KEY, foreign) == "users_team_id_fkey"
    assert names.of(KEY, on_one) == "users_email_check"
    assert names.of(KEY, on_two) == "users_check"
    assert names.of(KEY, key) == "users_pkey"
    assert names.of(KEY, after.tables[0].indexes[0]) == "users_expr_idx"


def test_a_foreign_key_is_called_like_the_index_that_it_brings() -> None:
    foreign = ForeignKeyFact(None, ("team_id",), TableKey("", "team"), ("id",))
    brought = IndexFact("users_team_id_fkey", ("team_id",))
    table = TableFact(KEY, (), None, (foreign,), (brought,))
    names = Names(NOTHING, SchemaFact((table,)), ())
    assert names.of(KEY, foreign) == "users_team_id_fkey"


def settled_indexes(*columns: str) -> tuple[IndexFact, ...]:
    """The indexes that a new foreign key brings to a MySQL table that has these columns."""
    there, wanted = (
        TableFact(KEY, tuple(ColumnFact(name, "int(11)", True) for name in names), None, keys, ())
        for names, keys in (
            (columns, ()),
            (
                ("id", "team_id"),
                (ForeignKeyFact(None, ("team_id",), TableKey("", "team"), ("id",)),),
            ),
        )
    )
    _, after = settle(SchemaFact((there,)), SchemaFact((wanted,)))
    return after.tables[0].indexes


def test_an_index_is_said_aloud_only_where_it_would_stay_behind() -> None:
    assert settled_indexes("id", "team_id") == (IndexFact("users_team_id_fkey", ("team_id",)),)
    assert settled_indexes("id") == ()


def test_names_in_use_are_not_taken_again() -> None:
    first, second = CheckFact(None, "email > 1"), CheckFact(None, "email > 2")
    names = Names(schema(CheckFact("users_email_check", "email > 3")), schema(first, second), ())
    assert {names.of(KEY, first), names.of(KEY, second)} == {
        "users_email_check1",
        "users_email_check2",
    }


def test_what_the_database_calls_it_is_its_name() -> None:
    there = UniqueFact("odd", ("email",))
    names = Names(schema(there), schema(UniqueFact(None, ("email",))), ())
    assert names.of(KEY, UniqueFact(None, ("email",))) == "odd"


def test_of_two_in_the_same_words_the_one_that_comes_gets_a_new_name() -> None:
    one, two = (sa.CheckConstraint("email > 1") for _ in "ab")
    there = CheckFact("users_email_check", "email > 1")
    for coming, staying in ((one, two), (two, one)):
        comes, stays = (CheckFact(None, "email > 1", source=c) for c in (coming, staying))
        changes = (Added("check", KEY, comes),)
        names = Names(schema(there), schema(comes, stays), changes)
        assert names.of(KEY, stays) == "users_email_check"
        assert names.of(KEY, comes) == "users_email_check1"


def test_a_constraint_that_changes_keeps_its_name() -> None:
    old, new = CheckFact("odd", "email > 1"), CheckFact(None, "email > 2")
    changes = (Changed("check", KEY, old, new, ("condition",)),)
    assert Names(schema(old), schema(new), changes).of(KEY, new) == "odd"


def test_a_long_name_is_cut_where_it_is_longest() -> None:
    name = cut_name("t" * 50, "c" * 50, "key")
    assert name == f"{'t' * 29}_{'c' * 29}_key"
    assert len(cut_name("é" * 50, "c", "fkey").encode()) <= 63
    assert cut_name("t" * 70, "", "pkey") == f"{'t' * 58}_pkey"
