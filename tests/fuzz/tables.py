"""Drawing tables and whole models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.fuzz import constraints
from tests.fuzz.catalogue import Catalogue
from tests.fuzz.columns import column, comment
from tests.fuzz.model import Enumeration, Model, Sequence, Table
from tests.fuzz.names import name
from tests.fuzz.sound import sound
from tests.fuzz.source import CONVENTIONS

VALUES = ("a", "b", "c", "it's", "d e", "%s", "é:x", "back\\slash")


def models(catalogue: Catalogue) -> SearchStrategy[Model]:
    """Models that the database can have."""

    @st.composite
    def drawn(draw: DrawFn) -> Model:
        return model(draw, catalogue)

    return drawn()


def model(draw: DrawFn, catalogue: Catalogue) -> Model:
    """A model."""
    found = Model(catalogue.database, convention=draw(st.sampled_from(list(CONVENTIONS))))
    if "enums" in catalogue.features:
        count = draw(st.integers(0, 2))
        found = replace(found, enums=tuple(enumeration(draw, catalogue) for _ in range(count)))
        found = sound(found, catalogue)
    if "sequences" in catalogue.features and draw(st.integers(0, 4)) == 4:
        found = replace(found, sequences=(sequence(draw, catalogue),))
    for _ in range(draw(st.integers(1, 3))):
        found = sound(with_table(found, table(draw, catalogue, found)), catalogue)
    return found


def with_table(found: Model, added: Table) -> Model:
    """The model with one more table."""
    return replace(found, tables=(*found.tables, added))


def table(draw: DrawFn, catalogue: Catalogue, found: Model) -> Table:
    """A table that may refer to those of a model."""
    made = Table(name(draw, "t", catalogue.database), ())
    for _ in range(draw(st.integers(1, 4))):
        made = replace(
            made, columns=(*made.columns, column(draw, catalogue, found.enums, made.columns))
        )
    made = replace(made, key=key(draw, made), comment=comment(draw, catalogue))
    if made.key and draw(st.integers(0, 4)) == 4:
        made = replace(made, key_name=name(draw, "pk", catalogue.database))
    if catalogue.schemas and draw(st.integers(0, 4)) == 4:
        made = replace(made, schema=draw(st.sampled_from(catalogue.schemas)))
    for part in PARTS:
        if draw(st.integers(0, 2)) == 2:
            made = with_part(draw, catalogue, found, made, part)
    return made


def key(draw: DrawFn, made: Table) -> tuple[str, ...]:
    """A primary key, mostly of one column."""
    names = constraints.keyed(made.columns)
    if not names or draw(st.integers(0, 9)) == 9:
        return ()
    if draw(st.integers(0, 3)) < 3:
        return (names[0],)
    return constraints.some(draw, names)


PARTS: dict[str, Callable[..., Any]] = {
    "uniques": constraints.unique,
    "checks": constraints.check,
    "foreign_keys": constraints.foreign_key,
    "indexes": constraints.index,
    "excludes": constraints.exclude,
}
"""The lists of a table's parts, and who draws one."""


def with_part(draw: DrawFn, catalogue: Catalogue, found: Model, made: Table, part: str) -> Table:
    """The table with one more of a kind of parts, where it can have one."""
    arguments = [draw, catalogue, made]
    if part == "foreign_keys":
        arguments.append([made.name, *(t.name for t in found.tables)])
    added = PARTS[part](*arguments)
    if added is None:
        return made
    changed: dict[str, Any] = {part: (*getattr(made, part), added)}
    return replace(made, **changed)


def enumeration(draw: DrawFn, catalogue: Catalogue) -> Enumeration:
    """A native enumerated type."""
    return Enumeration(name(draw, "e", catalogue.database), values(draw))


def values(draw: DrawFn) -> tuple[str, ...]:
    """Values of an enumerated type."""
    return tuple(draw(st.lists(st.sampled_from(VALUES), min_size=1, max_size=4, unique=True)))


def sequence(draw: DrawFn, catalogue: Catalogue) -> Sequence:
    """A sequence."""
    options = draw(
        st.sampled_from(
            (
                (),
                (("start", "5"),),
                (("increment", "-1"),),
                (("minvalue", "1"), ("maxvalue", "100"), ("cycle", "True")),
                (("cache", "10"), ("data_type", "sa.Integer")),
            )
        )
    )
    return Sequence(name(draw, "s", catalogue.database), options)
