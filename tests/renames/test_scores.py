"""Which pairs are plausible, and that the answer never depends on an order."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limbeck.diff.changes import Added, Change, Removed
from limbeck.diff.chosen_names import chosen
from limbeck.diff.compare import compare
from limbeck.diff.rename_choices import Choices, Decision, Hints
from limbeck.diff.rename_questions import open_questions
from limbeck.diff.rename_said import accepted
from limbeck.diff.renames import (
    ASK_FROM,
    ColumnInTable,
    column_score,
    family,
    name_likeness,
    table_score,
)
from limbeck.facts.name_steps import name_steps
from limbeck.facts.new_names import NO_NEW_NAMES, NewNames
from limbeck.facts.objects import (
    ColumnFact,
    ComputedFact,
    ForeignKeyFact,
    PrimaryKeyFact,
    SchemaFact,
    TableFact,
    TableKey,
)

T = TableKey("", "t")
ID = ColumnFact("id", "integer", nullable=False, autoincrement=True)
NAME = ColumnFact("name", "varchar(50)", nullable=True)


def table(*columns: ColumnFact, name: str = "t", schema: str = "", **parts: object) -> TableFact:
    """A table with a key."""
    key = PrimaryKeyFact(None, ("id",))
    return TableFact(TableKey(schema, name), (ID, *columns), key, **parts)  # type: ignore[arg-type]  # parts are the fields


def score(before: ColumnFact, after: ColumnFact, *others: ColumnFact) -> float:
    """The score of two columns, each the last of its table."""
    return column_score(
        ColumnInTable(before, table(*others, before)), ColumnInTable(after, table(*others, after))
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (NAME, replace(NAME, name="full_name")),
        (NAME, replace(NAME, name="zzz")),
        (NAME, replace(NAME, name="full_name", type="varchar(80)")),
        (NAME, replace(NAME, name="full_name", type="text", nullable=False)),
        (replace(NAME, type="integer"), replace(NAME, name="names", type="bigint")),
    ],
)
def test_plausible_columns(before: ColumnFact, after: ColumnFact) -> None:
    assert score(before, after) >= ASK_FROM


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (NAME, replace(NAME, name="names", type="integer")),
        (NAME, replace(NAME, name="names", computed=ComputedFact("id + 1"))),
        (replace(NAME, type="integer"), replace(ID, name="names", nullable=True)),
        (replace(NAME, type="point"), replace(NAME, name="names", type="integer")),
        (replace(NAME, type="integer[]"), replace(NAME, name="names", type="integer")),
        (replace(NAME, type="mood"), replace(NAME, name="names", type="size")),
    ],
)
def test_another_nature_is_no_rename(before: ColumnFact, after: ColumnFact) -> None:
    assert score(before, after) == 0


def test_a_reference_to_something_else_elsewhere_is_no_rename() -> None:
    old = replace(NAME, name="author_id", type="integer")
    new = replace(NAME, name="shop", type="integer", nullable=False)
    to = TableKey("", "author")
    before = table(old, NAME, constraints=(ForeignKeyFact(None, ("author_id",), to, ("id",)),))
    after = table(NAME, replace(NAME, name="more"), new)
    assert column_score(ColumnInTable(old, before), ColumnInTable(new, after)) < ASK_FROM


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("character varying(20)", "text"),
        ("VARCHAR(20)", "text"),
        ("longtext", "text"),
        ("tinyint(1)", "integer"),
        ("interval", "interval"),
        ("numeric(10, 2)", "number"),
        ("double precision", "number"),
        ("timestamp without time zone", "moment"),
        ("time without time zone", "time"),
        ("date", "date"),
        ("daterange", "daterange"),
        ("jsonb", "json"),
        ("integer[]", "integer[]"),
        ("enum('a','b')", "enum"),
    ],
)
def test_families(word: str, wanted: str) -> None:
    assert family(word) == wanted


def test_a_word_in_common_makes_names_alike() -> None:
    assert name_likeness("name", "full_name") > 0.8
    assert name_likeness("name", "zzz") < 0.2
    assert name_likeness("a_b", "b_a") == name_likeness("b_a", "a_b")


def test_plausible_tables() -> None:
    one = table(NAME, name="users")
    assert table_score(one, replace(one, key=TableKey("", "people"))) >= ASK_FROM
    other = table(replace(NAME, name="full_name"), name="people")
    assert table_score(one, other) >= ASK_FROM
    assert table_score(one, replace(one, key=TableKey("other", "users"))) == 0
    unlike = table(ColumnFact("at", "date", nullable=True), ColumnFact("n", "json", nullable=True))
    assert table_score(one, unlike) < ASK_FROM


def questions(before: SchemaFact, after: SchemaFact) -> list[tuple[str, tuple[str, ...]]]:
    """What is asked, and the candidates."""
    changes = compare(before, after)
    found = open_questions(before, after, changes, (), NO_NEW_NAMES)
    return [(each.path, tuple(c.name for c in each.candidates)) for each in found]


def test_all_candidates_are_listed_the_most_plausible_first() -> None:
    before = SchemaFact((table(NAME, replace(NAME, name="nick")),))
    after = SchemaFact((table(replace(NAME, name="full_name"), replace(NAME, name="nickname")),))
    assert questions(before, after) == [
        ("t.name", ("full_name", "nickname")),
        ("t.nick", ("nickname", "full_name")),
    ]


NAMES = st.sampled_from(["a", "b", "name", "full_name", "n"])
TYPES = st.sampled_from(["integer", "bigint", "varchar(5)", "text", "date"])
COLUMNS = st.lists(
    st.builds(ColumnFact, NAMES, TYPES, nullable=st.booleans()),
    max_size=4,
    unique_by=lambda column: column.name,
)
TABLES = st.lists(
    st.builds(
        lambda name, columns: TableFact(TableKey("", name), tuple(columns)),
        st.sampled_from(["users", "people", "x"]),
        COLUMNS,
    ),
    max_size=3,
    unique_by=lambda table: table.key,
)


@settings(deadline=None)  # the machine may be busy
@given(TABLES, TABLES, st.randoms(use_true_random=False))
def test_the_order_of_changes_means_nothing(
    before: list[TableFact], after: list[TableFact], chance: random.Random
) -> None:
    old, new = SchemaFact(tuple(before)), SchemaFact(tuple(after))
    changes: list[Change] = list(compare(old, new))
    found = set(open_questions(old, new, changes, (), NO_NEW_NAMES))
    chance.shuffle(changes)
    assert set(open_questions(old, new, changes, (), NO_NEW_NAMES)) == found
    dropped = [c for c in changes if isinstance(c, Removed)]
    assert len(found) <= len(dropped)
    added = {
        getattr(c.after, "name", c.table and c.table.name) for c in changes if isinstance(c, Added)
    }
    assert all(each.name in added for question in found for each in question.candidates)


@settings(deadline=None)  # the machine may be busy
@given(st.permutations("abcde"), st.integers(0, 5))
def test_every_name_is_free_when_it_is_given(names: list[str], more: int) -> None:
    pairs = [(old, new) for old, new in zip("abcde", names, strict=True) if old != new]
    pairs = [(old, new if place < more else f"{new}2") for place, (old, new) in enumerate(pairs)]
    there = {name: name for name in "abcde"}
    for before, after in name_steps(pairs, list("abcde")):
        assert after not in there
        there[after] = there.pop(before)
    wanted = dict(pairs)
    assert there == {wanted.get(name, name): name for name in "abcde"}


@settings(deadline=None)  # the machine may be busy
@given(st.permutations(["a", "b", "c", "d"]), st.permutations([("a", "b"), ("b", "c"), ("c", "a")]))
def test_a_circle_is_accepted_whatever_the_order(
    names: list[str], pairs: list[tuple[str, str]]
) -> None:
    said = accepted(pairs, names, names, lambda circle: True)
    assert said == {"a": "b", "b": "c", "c": "a"}
    assert accepted(pairs, names, names, lambda circle: False) == {}


def test_a_hint_says_nothing_once_it_is_applied() -> None:
    before = SchemaFact((table(NAME),))
    after = SchemaFact((table(replace(NAME, name="full_name")),))
    hints = Hints(columns=((T, "full_name", "name"),))
    assert chosen(before, after, Choices(), hints).names == NewNames(
        columns=((T, "name", "full_name"),)
    )
    assert not chosen(after, after, Choices(), hints).names
    later = SchemaFact((table(replace(NAME, name="full_name"), NAME),))
    assert not chosen(later, later, Choices(), hints).names
    assert not chosen(after, later, Choices(), hints).names


def test_an_option_counts_more_than_a_hint() -> None:
    before = SchemaFact((table(NAME, replace(NAME, name="nick")),))
    after = SchemaFact((table(replace(NAME, name="full_name"), replace(NAME, name="nick")),))
    hints = Hints(columns=((T, "full_name", "name"),))
    assert not chosen(before, after, Choices(drops=("t.name",)), hints).names
    decided = Choices(decisions=(Decision("column", T, "name", None),))
    assert not chosen(before, after, decided, hints).names


def test_tables_and_columns_of_schemas_are_found() -> None:
    before = SchemaFact((table(NAME, name="users", schema="app"),))
    after = SchemaFact((table(replace(NAME, name="full_name"), name="people", schema="app"),))
    choices = Choices(renames=("app.users:app.people", "app.users.name:full_name"))
    key = TableKey("app", "users")
    found = chosen(before, after, choices, Hints())
    assert not found.refused
    assert found.names == NewNames(((key, "people"),), ((key, "name", "full_name"),))
    by_default = [
        SchemaFact(tuple(replace(t, key=TableKey("", t.key.name)) for t in side.tables))
        for side in (before, after)
    ]
    said = Choices(renames=("public.users:people", "public.people.name:full_name"))
    found = chosen(by_default[0], by_default[1], said, Hints(), "public")
    assert not found.refused
    assert found.names.columns == ((TableKey("", "users"), "name", "full_name"),)


@pytest.mark.parametrize("seed", ["0", "1", "77"])
def test_the_hash_seed_means_nothing(seed: str) -> None:
    code = (
        "from tests.renames.test_scores import *\n"
        "names = ['name', 'nick', 'full_name', 'nickname', 'last']\n"
        "old = SchemaFact((table(*(replace(NAME, name=n) for n in names[:2])),))\n"
        "new = SchemaFact((table(*(replace(NAME, name=n) for n in names[2:])),))\n"
        "print(questions(old, new))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONHASHSEED": seed, "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == (
        "[('t.name', ('full_name', 'nickname', 'last')), "
        "('t.nick', ('nickname', 'full_name', 'last'))]\n"
    )
