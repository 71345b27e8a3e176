"""In which order views, routines and the like are created."""

from __future__ import annotations

import time

import pytest

from limbeck.diff.object_order import creation_order
from limbeck.facts.schema_objects import Need, ObjectKey, SchemaObject
from limbeck.schema import Domain, Extension, Function, Grant, Policy, RowSecurity, Trigger, View


def names(*objects: SchemaObject) -> list[str]:
    return [item.key.name for item in creation_order(objects)]


def test_kinds_come_in_their_usual_order() -> None:
    objects = (
        Policy("p", "t"),
        Trigger("g", "t", "", ""),
        View("v", "SELECT 1"),
        Function("f", "", ""),
        Domain("d", "text"),
        Extension("e"),
    )
    assert names(*objects) == ["e", "d", "f", "v", "g", "p"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (View("z", "SELECT 1"), View("a", "SELECT * FROM z")),
        (View("Z", "SELECT 1"), View("a", 'SELECT * FROM "Z"')),
        (View("z z", "SELECT 1"), View("a", 'SELECT * FROM "z z"')),
        (View("z", "SELECT 1"), Function("f", "", "RETURNS SETOF z")),
        (View("z", "SELECT 1"), Trigger("a", "z", "INSTEAD OF INSERT", "")),
        (View("z", "SELECT 1"), Function("f", "", "", depends_on=("z",))),
        (View("z", "1"), View("a", "2", needs=(Need(ObjectKey("view", "", "z")),))),
        (View("z", "SELECT 1"), Grant(("SELECT",), "z", "app")),
        (Function("f", "integer", ""), Grant((), "f(int)", "app", "function")),
    ],
)
def test_what_is_needed_comes_first(first: SchemaObject, second: SchemaObject) -> None:
    assert creation_order([second, first]) == [first, second]


def test_a_word_inside_of_another_is_none() -> None:
    assert names(View("a", "SELECT my_z, z$, zz FROM t"), View("z", "SELECT 1")) == ["a", "z"]


def test_what_a_table_is_called_means_the_table() -> None:
    assert names(RowSecurity("t"), View("v", "SELECT * FROM t")) == ["v", "t"]


def test_rights_come_right_after_what_they_are_about() -> None:
    objects = (View("a", "1"), View("b", "SELECT * FROM a"), Grant(("SELECT",), "a", "app"))
    assert [item.kind for item in creation_order(objects)] == ["view", "grant", "view"]


def test_a_circle_begins_with_the_usual_kind() -> None:
    circle = (View("v", "SELECT f()"), Function("f", "", "SELECT * FROM v"), View("w", "TABLE v"))
    assert names(*circle) == ["f", "v", "w"]


def test_many_objects_are_ordered_in_a_moment() -> None:
    chain = [
        View(f"v{n}", f"SELECT * FROM v{n - 1} WHERE {'x = 1 AND ' * 50}") for n in range(2000)
    ]
    began = time.process_time()
    assert names(*reversed(chain)) == [f"v{n}" for n in range(2000)]
    assert time.process_time() - began < 5
