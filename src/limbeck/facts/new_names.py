"""New names of tables, columns, enumerated types and their values, and a schema under them.

A rename is no difference between two schemas: what a database has is looked at under its new
names, and compared as if it had had them all along.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Protocol

from limbeck.facts.new_table_options import renamed_options
from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
    ConstraintFact,
    EnumFact,
    ExcludeFact,
    ForeignKeyFact,
    IndexFact,
    Options,
    PrimaryKeyFact,
    SchemaFact,
    TableFact,
    TableKey,
    in_order,
    indexes_in_order,
)
from limbeck.value import Value


class NewNames(Value):
    """What is called otherwise; every key is the one from before any renaming, each list sorted.

    :param tables: (table, new name).
    :param columns: (table, column, new name).
    :param enums: (enumerated type, new name).
    :param values: (enumerated type, value, new value).
    """

    tables: tuple[tuple[TableKey, str], ...] = ()
    columns: tuple[tuple[TableKey, str, str], ...] = ()
    enums: tuple[tuple[TableKey, str], ...] = ()
    values: tuple[tuple[TableKey, str, str], ...] = ()

    def __bool__(self) -> bool:
        """True where anything has a new name."""
        return bool(self.tables or self.columns or self.enums or self.values)

    @cached_property
    def _tables(self) -> dict[TableKey, str]:
        return dict(self.tables)

    @cached_property
    def _originals(self) -> dict[TableKey, TableKey]:
        return {TableKey(key.schema, name): key for key, name in self.tables}

    @cached_property
    def _columns(self) -> dict[TableKey, dict[str, str]]:
        found: dict[TableKey, dict[str, str]] = {}
        for key, before, after in self.columns:
            found.setdefault(key, {})[before] = after
        return found

    def table(self, key: TableKey) -> TableKey:
        """The new key of a table."""
        return TableKey(key.schema, self._tables.get(key, key.name))

    def original(self, key: TableKey) -> TableKey:
        """The key that a table had, from its new one."""
        return self._originals.get(key, key)

    def columns_of(self, key: TableKey) -> Mapping[str, str]:
        """The new names of a table's columns, by their old ones.

        :param key: the table's old key.
        """
        return self._columns.get(key, {})

    def column(self, key: TableKey, name: str) -> str:
        """The new name of a column.

        :param key: the table's old key.
        """
        return self.columns_of(key).get(name, name)

    def enum(self, key: TableKey) -> TableKey:
        """The new key of an enumerated type."""
        return TableKey(key.schema, dict(self.enums).get(key, key.name))

    def values_of(self, key: TableKey) -> Mapping[str, str]:
        """The new values of an enumerated type, by the old ones.

        :param key: the type's old key.
        """
        return {before: after for enum, before, after in self.values if enum == key}

    def types(self) -> tuple[TableKey, ...]:
        """The old keys of the enumerated types that are renamed or have renamed values."""
        return tuple(sorted({key for key, _ in self.enums} | {key for key, _, _ in self.values}))

    def touched(self) -> frozenset[TableKey]:
        """The new keys of the tables that are renamed themselves or have renamed columns."""
        keys = {key for key, _ in self.tables} | {key for key, _, _ in self.columns}
        return frozenset(self.table(key) for key in keys)


NO_NEW_NAMES = NewNames()


class NameWords(Protocol):
    """How a database spells names within its texts."""

    def quoted(self, key: TableKey) -> str:
        """An enumerated type as it stands in texts."""

    def in_text(self, text: str, names: Mapping[str, str]) -> str:
        """An expression with other columns in it."""

    def constraint_name(self, name: str | None, before: str, after: str) -> str | None:
        """What becomes of a foreign key's name when its table gets another one."""


def renamed(schema: SchemaFact, names: NewNames, words: NameWords) -> SchemaFact:
    """A schema under new names. Its tables and their parts lose their sources.

    :param names: the new names.
    :param words: how the database spells them in expressions.
    """
    renamer = _Renamer(names, words)
    return replace(
        schema,
        tables=tuple(sorted(map(renamer.table, schema.tables), key=lambda table: table.key)),
        enums=tuple(sorted(map(renamer.enum, schema.enums), key=lambda enum: enum.key)),
    )


class _Renamer:
    """Puts new names into facts."""

    def __init__(self, names: NewNames, words: NameWords) -> None:
        self._names = names
        self._words = words
        self._types: dict[str, tuple[str, Mapping[str, str]]] = {}
        for key in names.types():
            values = names.values_of(key)
            self._types[words.quoted(key)] = (words.quoted(names.enum(key)), values)

    def enum(self, fact: EnumFact) -> EnumFact:
        names = self._names
        values, key = names.values_of(fact.key), names.enum(fact.key)
        is_same = key == fact.key and not values
        return replace(
            fact,
            key=key,
            values=tuple(values.get(value, value) for value in fact.values),
            users=tuple(
                (names.table(table), names.column(table, column)) for table, column in fact.users
            ),
            source=fact.source if is_same else None,
        )

    def table(self, fact: TableFact) -> TableFact:
        columns = self._names.columns_of(fact.key)
        names = _Columns(columns, lambda text: self._text(text, columns))
        key = fact.primary_key
        if key is not None:
            key = PrimaryKeyFact(
                key.name,
                names.each(key.columns),
                names.options(key.options),
                names.each(key.written),
            )
        return replace(
            fact,
            key=self._names.table(fact.key),
            columns=tuple(self._column(column, names) for column in fact.columns),
            primary_key=key,
            constraints=in_order(self._constraint(fact, c, names) for c in fact.constraints),
            indexes=indexes_in_order(_index(index, names) for index in fact.indexes),
            options=renamed_options(fact.options, self._names, names.text),
            source=None,
        )

    def _column(self, fact: ColumnFact, names: _Columns) -> ColumnFact:
        computed = fact.computed
        if computed is not None:
            computed = replace(computed, expression=names.text(computed.expression))
        return replace(
            fact,
            name=names.one(fact.name),
            type=self._type(fact.type),
            default=None if fact.default is None else self._default(fact.default, fact.type),
            computed=computed,
            source=None,
        )

    def _constraint(
        self, table: TableFact, fact: ConstraintFact, names: _Columns
    ) -> ConstraintFact:
        match fact:
            case ForeignKeyFact():
                return self._foreign_key(table, fact, names)
            case CheckFact():
                return replace(fact, condition=names.text(fact.condition), source=None)
            case ExcludeFact():
                definition = names.text(fact.definition)
                kept = fact.source if definition == fact.definition else None
                return replace(fact, definition=definition, source=kept)
            case _:
                columns, options = names.each(fact.columns), names.options(fact.options)
                return replace(fact, columns=columns, options=options, source=None)

    def _foreign_key(
        self, table: TableFact, fact: ForeignKeyFact, names: _Columns
    ) -> ForeignKeyFact:
        there = self._names.columns_of(fact.referred)
        name = table.key.name
        return replace(
            fact,
            name=self._words.constraint_name(fact.name, name, self._names.table(table.key).name),
            columns=names.each(fact.columns),
            referred=self._names.table(fact.referred),
            referred_columns=tuple(there.get(column, column) for column in fact.referred_columns),
            ondelete=_in_action(fact.ondelete, names),
            onupdate=_in_action(fact.onupdate, names),
            source=None,
        )

    def _text(self, text: str, columns: Mapping[str, str]) -> str:
        return self._casts(self._words.in_text(text, columns) if columns else text)

    def _casts(self, text: str) -> str:
        """A text with the types and values that it casts to under their new names."""
        for before, (after, values) in self._types.items():
            cast = re.compile(rf"(?P<value>'(?:[^']|'')*')?::{re.escape(before)}(?![\w\"])")

            def put(
                match: re.Match[str], after: str = after, values: Mapping[str, str] = values
            ) -> str:
                literal = match["value"] or ""
                value = literal[1:-1].replace("''", "'")
                if literal and value in values:
                    literal = "'" + values[value].replace("'", "''") + "'"
                return f"{literal}::{after}"

            text = cast.sub(put, text)
        return text

    def _default(self, text: str, type_: str) -> str:
        """A default; that of a column of the type itself may be a literal without a cast."""
        found = self._types.get(type_)
        literal = re.fullmatch(r"'((?:[^']|'')*)'", text)
        if found is None or literal is None:
            return self._casts(text)
        value = literal[1].replace("''", "'")
        return "'" + found[1].get(value, value).replace("'", "''") + "'"

    def _type(self, text: str) -> str:
        bare = text.rstrip("[]")
        found = self._types.get(bare)
        return text if found is None else found[0] + text[len(bare) :]


class _Columns(Value):
    """The new names of one table's columns."""

    names: Mapping[str, str]
    text: Callable[[str], str]

    def one(self, name: str) -> str:
        return self.names.get(name, name)

    def each(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(self.one, columns))

    def options(self, options: Options) -> Options:
        """Options, those that list columns under their new names."""
        return tuple(
            (name, ", ".join(self.one(part) for part in value.split(", ")))
            if name.endswith("_include")
            else (name, value)
            for name, value in options
        )

    def element(self, element: str) -> str:
        """An element of an index: a plain column first of all, else an expression."""
        for end in (len(element), *(match.start() for match in re.finditer(r"[ (]", element))):
            if element[:end] in self.names and _is_plain(element[end:]):
                return self.names[element[:end]] + element[end:]
        return self.text(element)


def _is_plain(rest: str) -> bool:
    """Whether what follows a column is a prefix length, an operator class or an order."""
    return re.fullmatch(r"(\(\d+\))?( [\w.\"]+)*", rest) is not None


def _index(fact: IndexFact, names: _Columns) -> IndexFact:
    return replace(
        fact,
        elements=tuple(map(names.element, fact.elements)),
        where=None if fact.where is None else names.text(fact.where),
        options=names.options(fact.options),
        source=None,
    )


def _in_action(action: str | None, names: _Columns) -> str | None:
    """``SET NULL (a, b)`` under new names."""
    if action is None or "(" not in action:
        return action
    word, _, columns = action.rstrip(")").partition("(")
    return f"{word}({', '.join(names.one(part) for part in columns.split(', '))})"
