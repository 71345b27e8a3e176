"""The same model in other words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.fuzz.columns import spelled
from tests.fuzz.model import Check, Column, Element, Exclude, Index, Model, Over, Spelled, Table

Words = TypeVar("Words", bound=Spelled)


def respelled(draw: DrawFn, model: Model) -> Model:
    """The model with every type, default and expression maybe spelled differently."""
    if not draw(st.booleans()):
        return model
    tables = tuple(_table(draw, table) for table in model.tables)
    # The name that SQLAlchemy gives to the index of a column has the schema in it.
    named = any(column.index for table in tables for column in table.columns)
    qualified = model.qualified if named else draw(st.booleans())
    return replace(model, tables=tables, qualified=qualified)


def _table(draw: DrawFn, table: Table) -> Table:
    return replace(
        table,
        columns=tuple(_column(draw, column) for column in table.columns),
        checks=tuple(_check(draw, check) for check in table.checks),
        indexes=tuple(_index(draw, index) for index in table.indexes),
        excludes=tuple(_exclude(draw, exclude) for exclude in table.excludes),
    )


def _column(draw: DrawFn, column: Column) -> Column:
    words: dict[str, Any] = {
        word: _said(draw, getattr(column, word))
        for word in ("type", "default", "computed", "identity")
    }
    return replace(column, **words)


def _check(draw: DrawFn, check: Check) -> Check:
    return replace(check, condition=spelled(draw, check.condition))


def _index(draw: DrawFn, index: Index) -> Index:
    elements = tuple(_element(draw, element) for element in index.elements)
    return replace(index, elements=elements, where=_said(draw, index.where))


def _element(draw: DrawFn, element: Element) -> Element:
    if not isinstance(element.what, Over):
        return element
    return replace(element, what=spelled(draw, element.what))


def _exclude(draw: DrawFn, exclude: Exclude) -> Exclude:
    return replace(exclude, where=_said(draw, exclude.where))


def _said(draw: DrawFn, words: Words | None) -> Spelled | None:
    return None if words is None else spelled(draw, words)
