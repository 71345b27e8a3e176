"""Drawing changes of a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.fuzz import tables
from tests.fuzz.catalogue import Catalogue
from tests.fuzz.columns import column, column_type, comment, default, spelled
from tests.fuzz.model import Column, Model, Table
from tests.fuzz.names import name
from tests.fuzz.sound import sound
from tests.fuzz.source import CONVENTIONS

Change = Callable[[DrawFn, Catalogue, Model], Model]


def changed(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """The model after one change or several."""
    for _ in range(draw(st.integers(1, 4))):
        change = draw(st.sampled_from(CHANGES))
        model = sound(change(draw, catalogue, model), catalogue)
    return model


def add_table(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """One table more."""
    return tables.with_table(model, tables.table(draw, catalogue, model))


def drop_table(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """One table less."""
    return _without(model, draw(st.integers(0, 3)))


def another_table(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """A table that has nothing in common with the one of its name."""

    def renewed(table: Table) -> Table:
        return replace(tables.table(draw, catalogue, model), name=table.name, schema=table.schema)

    return _in_table(draw, model, renewed)


def move_table(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """A table in another schema."""
    schemas = (None, *catalogue.schemas)
    return _in_table(draw, model, lambda t: replace(t, schema=draw(st.sampled_from(schemas))))


def table_comment(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """Another comment."""
    return _in_table(draw, model, lambda t: replace(t, comment=comment(draw, catalogue)))


def primary_key(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """Another primary key, or another name of it."""

    def with_key(table: Table) -> Table:
        named = draw(st.booleans())
        key_name = name(draw, "pk", catalogue.database) if named else None
        return replace(table, key=tables.key(draw, table), key_name=key_name)

    return _in_table(draw, model, with_key)


def add_part(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """One constraint or index more."""
    part = draw(st.sampled_from(list(tables.PARTS)))
    return _in_table(
        draw, model, lambda table: tables.with_part(draw, catalogue, model, table, part)
    )


def drop_part(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """One constraint or index less."""

    def without(table: Table) -> Table:
        full = [part for part in tables.PARTS if getattr(table, part)]
        if not full:
            return table
        part = draw(st.sampled_from(full))
        rest: dict[str, Any] = {part: getattr(table, part)[1:]}
        return replace(table, **rest)

    return _in_table(draw, model, without)


def change_part(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """A constraint or index of the same name, and otherwise another."""

    def with_other(table: Table) -> Table:
        full = [part for part in tables.PARTS if getattr(table, part)]
        if not full:
            return table
        part = draw(st.sampled_from(full))
        old, *rest = getattr(table, part)
        left: dict[str, Any] = {part: tuple(rest)}
        made = tables.with_part(draw, catalogue, model, replace(table, **left), part)
        parts = getattr(made, part)
        if len(parts) == len(rest):
            return table
        new: dict[str, Any] = {part: (replace(parts[-1], name=old.name), *rest)}
        return replace(made, **new)

    return _in_table(draw, model, with_other)


def add_column(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """One column more."""

    def with_column(table: Table) -> Table:
        added = column(draw, catalogue, model.enums, table.columns)
        return replace(table, columns=(*table.columns, added))

    return _in_table(draw, model, with_column)


def drop_column(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """One column less."""

    def without(table: Table) -> Table:
        gone = draw(st.integers(0, len(table.columns) - 1))
        return replace(table, columns=table.columns[:gone] + table.columns[gone + 1 :])

    return _in_table(draw, model, without)


def another_column(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """A column that has nothing in common with the one of its name."""

    def with_other(table: Table) -> Table:
        place = draw(st.integers(0, len(table.columns) - 1))
        others = table.columns[:place] + table.columns[place + 1 :]
        made = column(draw, catalogue, model.enums, others)
        return _with_column(table, place, replace(made, name=table.columns[place].name))

    return _in_table(draw, model, with_other)


def another_type(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """Another type, and a default that fits it."""

    def retyped(old: Column) -> Column:
        kind = column_type(draw, catalogue, model.enums)
        return replace(old, type=kind, default=default(draw, catalogue, kind, model.enums))

    return _in_column(draw, model, retyped)


def another_default(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """Another server default."""
    return _in_column(
        draw, model, lambda c: replace(c, default=default(draw, catalogue, c.type, model.enums))
    )


def nullable(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """NULL or NOT NULL."""
    return _in_column(draw, model, lambda column: replace(column, nullable=not column.nullable))


def column_comment(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """Another comment of a column."""
    return _in_column(draw, model, lambda c: replace(c, comment=comment(draw, catalogue)))


def column_words(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """``unique=True``, ``index=True``, ``autoincrement=``."""
    word, value = draw(
        st.sampled_from(
            [
                ("unique", True), ("unique", False), ("index", True), ("index", False),
                ("autoincrement", False), ("autoincrement", None), ("autoincrement", True),
            ]
        )
    )  # fmt: skip
    changes: dict[str, Any] = {word: value}
    return _in_column(draw, model, lambda column: replace(column, **changes))


def identity(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """Another identity, or none."""
    if not catalogue.identities:
        return model

    def with_identity(old: Column) -> Column:
        chosen = draw(st.sampled_from([None, *catalogue.identities]))
        return replace(old, identity=chosen, default=None if chosen else old.default)

    return _in_column(draw, model, with_identity)


def persisted(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """A computed column that becomes stored, or virtual, or plain."""

    def turned(old: Column) -> Column:
        if old.computed is None:
            return old
        if draw(st.booleans()):
            return replace(old, computed=None, persisted=None)
        return replace(old, persisted=not old.persisted)

    return _in_column(draw, model, turned)


def enum_values(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """Other values of an enumerated type."""
    if not model.enums:
        return model
    place = draw(st.integers(0, len(model.enums) - 1))
    enum = replace(model.enums[place], values=tables.values(draw))
    return replace(model, enums=(*model.enums[:place], enum, *model.enums[place + 1 :]))


def add_enum(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """One enumerated type more."""
    if "enums" not in catalogue.features:
        return model
    return replace(model, enums=(*model.enums, tables.enumeration(draw, catalogue)))


def sequences(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """Other sequences."""
    if "sequences" not in catalogue.features:
        return model
    if model.sequences and draw(st.booleans()):
        return replace(model, sequences=model.sequences[1:])
    made = tables.sequence(draw, catalogue)
    if model.sequences and draw(st.booleans()):
        return replace(model, sequences=(replace(made, name=model.sequences[0].name),))
    return replace(model, sequences=(*model.sequences, made))


def convention(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """Another naming convention."""
    return replace(model, convention=draw(st.sampled_from(list(CONVENTIONS))))


def qualified(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """The default schema said, or left out."""
    return replace(model, qualified=not model.qualified)


def respelled_default(draw: DrawFn, catalogue: Catalogue, model: Model) -> Model:
    """A default in another spelling."""

    def respelled(old: Column) -> Column:
        return old if old.default is None else replace(old, default=spelled(draw, old.default))

    return _in_column(draw, model, respelled)


CHANGES: tuple[Change, ...] = (
    add_column, drop_column, another_type, another_default, nullable, add_part, drop_part,
    change_part, primary_key, another_column, column_words, column_comment, add_table, drop_table,
    another_table, table_comment, move_table, identity, persisted, enum_values, add_enum, sequences,
    convention, qualified, respelled_default,
)  # fmt: skip


def _without(model: Model, number: int) -> Model:
    if not model.tables:
        return model
    gone = number % len(model.tables)
    return replace(model, tables=model.tables[:gone] + model.tables[gone + 1 :])


def _in_table(draw: DrawFn, model: Model, change: Callable[[Table], Table]) -> Model:
    if not model.tables:
        return model
    place = draw(st.integers(0, len(model.tables) - 1))
    table = change(model.tables[place])
    return replace(model, tables=(*model.tables[:place], table, *model.tables[place + 1 :]))


def _in_column(draw: DrawFn, model: Model, change: Callable[[Column], Column]) -> Model:
    def in_table(table: Table) -> Table:
        place = draw(st.integers(0, len(table.columns) - 1))
        return _with_column(table, place, change(table.columns[place]))

    return _in_table(draw, model, in_table)


def _with_column(table: Table, place: int, column: Column) -> Table:
    return replace(table, columns=(*table.columns[:place], column, *table.columns[place + 1 :]))
