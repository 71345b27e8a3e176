"""Which renames are decided, without asking anybody."""

from __future__ import annotations

from dataclasses import field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from limbeck.diff.rename_choices import Choices, Decision, Hints
from limbeck.diff.renamed_parts import (
    renamed_columns,
    renamed_enums,
    renamed_tables,
    renamed_values,
)
from limbeck.facts.new_names import NewNames
from limbeck.facts.objects import SchemaFact, TableKey
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from limbeck.diff.rename_options import ChoiceOption, Reading, Refused


class Chosen(Value):
    """What is decided for one database.

    :param names: what gets a new name.
    :param dropped: what is gone, as decisions.
    :param refused: for each option that means nothing here, why.
    """

    names: NewNames
    dropped: tuple[Decision, ...] = ()
    refused: Mapping[str, Refused] = field(default_factory=lambda: MappingProxyType({}))


def tables_meant(
    choices: Choices, hints: Hints, default_schema: str
) -> Iterator[tuple[TableKey, TableKey]]:
    """The old and the new keys of tables that may be meant by hints and options.

    :param default_schema: what the server calls the schema of keys without one.
    """
    for key, was in hints.tables:
        yield TableKey(key.schema, was), key
    if not choices.renames:
        return
    from limbeck.diff.rename_options import ChoiceOption, keys_of

    for text in choices.renames:
        for path, name in ChoiceOption("--rename", text).sides():
            for key in keys_of(path, default_schema):
                for other in keys_of(name or "", default_schema):
                    yield key, TableKey(key.schema, other.name)


def chosen(
    before: SchemaFact,
    after: SchemaFact,
    choices: Choices,
    hints: Hints,
    default_schema: str = "",
) -> Chosen:
    """Decide what can be decided without asking.

    :param before: what the database has, under its old names.
    :param after: what the models want.
    :param default_schema: what the server calls the schema of keys without one.
    """
    options = _options(choices)
    read = _tables_read(options, before, after, default_schema)
    tables = renamed_tables(before, after, [*choices.decisions, *read.values()], hints)
    only_tables = NewNames(tables=tables)
    enums = tuple(renamed_enums(before, after, only_tables))
    parts = replace(only_tables, enums=enums)
    others = [option for option in options if option not in read]
    refused = _parts_read(others, read, before, after, parts, default_schema)
    decisions = [*choices.decisions, *read.values()]
    columns = tuple(renamed_columns(before, after, decisions, hints, only_tables))
    values = tuple(renamed_values(before, after, decisions, hints, NewNames(enums=enums)))
    names = NewNames(
        tables, columns, tuple(renamed_enums(before, after, NewNames(tables, columns))), values
    )
    refused.update(_not_done(read, names))
    return Chosen(names, tuple(each for each in decisions if each.after is None), refused)


def _options(choices: Choices) -> list[ChoiceOption]:
    """What was typed, if anything."""
    if not choices.renames and not choices.drops:
        return []
    from limbeck.diff.rename_options import ChoiceOption

    options = [ChoiceOption("--rename", text) for text in choices.renames]
    return options + [ChoiceOption("--drop", text) for text in choices.drops]


def _tables_read(
    options: Sequence[ChoiceOption], before: SchemaFact, after: SchemaFact, default_schema: str
) -> dict[ChoiceOption, Decision]:
    """The options that mean a table."""
    if not options:
        return {}
    from limbeck.diff.rename_options import table_reading

    readings = ((each, table_reading(each, before, after, default_schema)) for each in options)
    return {option: _decision(reading) for option, reading in readings if reading is not None}


def _parts_read(
    options: Sequence[ChoiceOption],
    read: dict[ChoiceOption, Decision],
    before: SchemaFact,
    after: SchemaFact,
    names: NewNames,
    default_schema: str,
) -> dict[str, Refused]:
    """Read the other options; for each that means nothing here, why.

    :param read: where those go that mean something.
    """
    if not options:
        return {}
    from limbeck.diff.rename_options import Refused, part_reading

    refused: dict[str, Refused] = {}
    for option in options:
        found = part_reading(option, before, after, names, default_schema)
        if isinstance(found, Refused):
            refused[str(option)] = found
        else:
            read[option] = _decision(found)
    return refused


def _not_done(read: Mapping[ChoiceOption, Decision], names: NewNames) -> dict[str, Refused]:
    """For each option whose new name somebody else has got, why it is refused."""
    undone = [
        (option, decision.after)
        for option, decision in read.items()
        if decision.after is not None and not _is_done(decision, names)
    ]
    if not undone:
        return {}
    from limbeck.diff.rename_options import Refused

    return {
        str(option): Refused(
            f"{option}: {name} is there already, or another option speaks of it",
            "give each name once, and only to what has none of the kind",
        )
        for option, name in undone
    }


def _decision(reading: Reading) -> Decision:
    return Decision(reading.kind, reading.owner, reading.before, reading.after)


def _is_done(decision: Decision, names: NewNames) -> bool:
    """Whether a rename is among the names."""
    assert decision.after is not None
    if decision.kind == "table":
        return names.table(decision.owner).name == decision.after
    if decision.kind == "column":
        return names.column(decision.owner, decision.before) == decision.after
    return names.values_of(decision.owner).get(decision.before) == decision.after
