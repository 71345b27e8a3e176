"""Elements of PostgreSQL's indexes: the text that a person types, and the server's."""

from __future__ import annotations

import pytest

from limbeck.dialects.postgresql.index_expressions import element_of

SAME = (
    ("lower(x)", "lower(x::text)"),
    ("lower(x)", "lower((x)::text)"),
    ("LOWER(x)", "lower(x)"),
    ("lower(x || y)", "lower(((x)::text || (y)::text))"),
    ("f + 1", "(f + 1::double precision)"),
    ("coalesce(z, -1)", "COALESCE(z, '-1'::integer)"),
    ("coalesce(x, '-1')", "COALESCE(x, '-1'::character varying)"),
    ("CAST(x AS INTEGER)", "(x::integer)"),
    ("cast(cast(z as numeric(10, 2)) as text)", "(z::numeric(10,2)::text)"),
    ("cast(j->>'a' as integer)", "((j ->> 'a'::text)::integer)"),
    ("alias", '"alias"'),
    ("CAST(alias AS TEXT)", "(alias::text)"),
    ("z asc nulls last", "z"),
    ("z DESC NULLS FIRST", "z desc"),
    ('x collate "C"', "x"),
    ("(z + 1) * 3", "((z + 1) * 3)"),
    ("z::timestamp(3) with time zone", "z"),
    ("x::a.b[]", "x"),
    ("z != 1", "(z <> 1)"),
    ("not b", "(NOT b)"),
)
DIFFERENT = (
    ("x", "y"),
    ('"Mixed"', "mixed"),
    ("j -> 'a'", "j -> 'A'"),
    ("(z + 1) * 3", "z + 1 * 3"),
    ("z desc", "z"),
    ("z nulls first", "z"),
    ("z desc nulls last", "z desc"),
    ("f(x, y)", "f((x, y))"),
)
CLASSES = (
    ("x int4_ops", "int4_ops"),
    ("x int4_ops DESC", "int4_ops"),
    ("(j -> 'x')jsonb_path_ops", "jsonb_path_ops"),
    ("lower(x) text_ops", "text_ops"),
    ("some_ops", None),
    ("j -> 'some_ops'", None),
    ("x + some_ops", None),
)


@pytest.mark.parametrize(("typed", "told"), SAME)
def test_the_same_element_in_other_words(typed: str, told: str) -> None:
    assert element_of(typed) == element_of(told)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_elements_that_differ(one: str, other: str) -> None:
    assert element_of(one) != element_of(other)


@pytest.mark.parametrize(("text", "name"), CLASSES)
def test_operator_classes(text: str, name: str | None) -> None:
    assert element_of(text).operator_class == name
