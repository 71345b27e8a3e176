"""What is no table under new names: what hangs on a table goes along when that is renamed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from limbeck.facts.objects import TableKey
from limbeck.facts.rights import Grant, Policy, RowSecurity
from limbeck.facts.routines import Trigger
from limbeck.facts.schema_objects import Need, SchemaObject

if TYPE_CHECKING:
    from limbeck.facts.new_names import NameWords, NewNames


def renamed_object(item: SchemaObject, names: NewNames, words: NameWords) -> SchemaObject:
    """An object as the catalogue would say it if the tables and columns had their new names.

    The text of a view or a routine stays: how a database spells a query with another column in it
    cannot be told from the text.

    :param item: what the catalogue says.
    :param names: the new names.
    :param words: how the database spells them in expressions.
    """
    needs = tuple(_need(need, names) for need in item.needs)
    if needs != item.needs:
        item = replace(item, needs=needs)
    if isinstance(item, Grant):
        if item.on_kind != "table":
            return item
        return replace(item, on=names.table(TableKey(item.schema or "", item.on)).name)
    if not isinstance(item, Trigger | Policy | RowSecurity):
        return item
    before = TableKey(item.schema or "", item.table)
    after = names.table(before).name
    columns = names.columns_of(before)
    tables = {key.name: name for key, name in names.tables}

    def text(words_of_it: str, of: Mapping[str, str]) -> str:
        return words.in_text(words_of_it, of) if of else words_of_it

    match item:
        case Trigger():
            return replace(
                item,
                table=after,
                when=text(item.when, columns),
                action=text(item.action, columns),
                further=tuple(text(each, tables) for each in item.further),
            )
        case Policy():
            both = {**tables, **columns}
            return replace(
                item,
                table=after,
                using=None if item.using is None else text(item.using, both),
                check=None if item.check is None else text(item.check, both),
            )
        case RowSecurity():
            return replace(item, table=after)


def _need(need: Need, names: NewNames) -> Need:
    if need.key.kind != "table":
        return need
    key = TableKey(need.key.schema, need.key.name)
    column = names.column(key, need.column) if need.column else ""
    return Need(replace(need.key, name=names.table(key).name), column)
