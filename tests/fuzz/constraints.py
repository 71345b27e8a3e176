"""Drawing keys, constraints and indexes of a table."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.fuzz.catalogue import Catalogue
from tests.fuzz.columns import over_of
from tests.fuzz.model import Check, Column, Element, Exclude, ForeignKey, Index, Table, Unique
from tests.fuzz.names import name


def keyed(columns: tuple[Column, ...]) -> list[str]:
    """The columns that may be in a key."""
    return [column.name for column in columns if column.type.keyed]


def some(draw: DrawFn, names: list[str], most: int = 2) -> tuple[str, ...]:
    """Some of the names, in any order."""
    return tuple(draw(st.lists(st.sampled_from(names), min_size=1, max_size=most, unique=True)))


def maybe_named(draw: DrawFn, prefix: str, catalogue: Catalogue) -> str | None:
    """A name, or none."""
    return name(draw, prefix, catalogue.database) if draw(st.booleans()) else None


def unique(draw: DrawFn, catalogue: Catalogue, table: Table) -> Unique | None:
    """A unique constraint."""
    names = keyed(table.columns)
    if not names:
        return None
    return Unique(
        maybe_named(draw, "uq", catalogue),
        some(draw, names),
        draw(st.sampled_from(catalogue.unique_options)),
    )


def check(draw: DrawFn, catalogue: Catalogue, table: Table) -> Check | None:
    """A CHECK constraint."""
    condition = over_of(draw, catalogue.conditions, table.columns)
    if condition is None:
        return None
    return Check(maybe_named(draw, "ck", catalogue), condition)


def foreign_key(
    draw: DrawFn, catalogue: Catalogue, table: Table, tables: list[str]
) -> ForeignKey | None:
    """A foreign key to some table, itself among them; ``sound`` makes it fit the key there."""
    names = keyed(table.columns)
    if not names or not tables:
        return None
    return ForeignKey(
        maybe_named(draw, "fk", catalogue),
        some(draw, names),
        draw(st.sampled_from(tables)),
        options=draw(st.sampled_from(catalogue.foreign_key_options)),
    )


def element(draw: DrawFn, catalogue: Catalogue, table: Table) -> Element | None:
    """An element of an index."""
    # MariaDB 10.11 has no indexes over expressions: https://mariadb.com/kb/en/create-index/
    if catalogue.database != "mariadb" and draw(st.integers(0, 3)) == 3:
        over = over_of(draw, catalogue.expressions, table.columns)
        if over is not None:
            return Element(over, draw(st.sampled_from(catalogue.orders)))
    column = draw(st.sampled_from(table.columns))
    operators = catalogue.operators.get(column.type.family, ())
    return Element(
        column.name,
        draw(st.sampled_from(catalogue.orders)),
        operators=draw(st.sampled_from(("", *operators))) if operators else "",
        length=draw(st.sampled_from((0, 5))) if "prefixes" in catalogue.features else 0,
    )


def index(draw: DrawFn, catalogue: Catalogue, table: Table) -> Index | None:
    """An index."""
    if not table.columns:
        return None
    elements = [element(draw, catalogue, table) for _ in range(draw(st.integers(1, 2)))]
    where = None
    if "partial" in catalogue.features and draw(st.integers(0, 3)) == 3:
        where = over_of(draw, catalogue.conditions, table.columns)
    options = draw(st.sampled_from(catalogue.index_options))
    if "include" in catalogue.features and draw(st.integers(0, 5)) == 5:
        included = draw(st.sampled_from(table.columns)).name
        options = (*options, ("postgresql_include", repr([included])))
    return Index(
        name(draw, "ix", catalogue.database),
        tuple(e for e in elements if e is not None),
        unique=draw(st.integers(0, 3)) == 3,
        where=where,
        options=options,
    )


def exclude(draw: DrawFn, catalogue: Catalogue, table: Table) -> Exclude | None:
    """An EXCLUDE constraint."""
    if "exclude" not in catalogue.features:
        return None
    ranges = [c.name for c in table.columns if c.type.family == "range"]
    plain = [c.name for c in table.columns if c.type.family in ("integer", "text")]
    if ranges and draw(st.booleans()):
        elements, using = [(ranges[0], "&&")], "gist"
    elif plain:
        elements, using = [(draw(st.sampled_from(plain)), "=")], "btree"
    else:
        return None
    where = None
    if draw(st.booleans()):
        where = over_of(draw, catalogue.conditions, table.columns)
    return Exclude(name(draw, "ex", catalogue.database), tuple(elements), using, where)
