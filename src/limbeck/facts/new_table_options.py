"""The options of a table that name columns or tables, under new names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from limbeck.facts.objects import TableKey

if TYPE_CHECKING:
    from limbeck.facts.new_names import NewNames
    from limbeck.facts.objects import Options


def renamed_options(options: Options, names: NewNames, text: Callable[[str], str]) -> Options:
    """Return a table's options: by what it is divided, and what it inherits from.

    :param names: the new names.
    :param text: an expression with the new names of the table's columns in it.
    """
    return tuple((name, _value(name, value, names, text)) for name, value in options)


def _value(name: str, value: str, names: NewNames, text: Callable[[str], str]) -> str:
    if name.endswith("_partition_by"):
        method, opening, rest = value.partition("(")
        return method + opening + text(rest)
    if name.endswith("_inherits"):
        return ", ".join(str(names.table(key)) for key in parents(value))
    return value


def parents(value: str) -> list[TableKey]:
    """The tables that an option says a table inherits from (PostgreSQL)."""
    parts = (name.rpartition(".") for name in filter(None, value.split(", ")))
    return [TableKey(schema, name) for schema, _, name in parts]
