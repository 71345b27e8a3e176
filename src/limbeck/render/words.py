"""Differences in words that a person understands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from limbeck.diff.changes import Added, Changed, Removed
from limbeck.facts.kind_words import kind_words
from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
    ComputedFact,
    EnumFact,
    ExcludeFact,
    ForeignKeyFact,
    IdentityFact,
    IndexFact,
    Options,
    PrimaryKeyFact,
    SequenceFact,
    TableFact,
    TableKey,
    UniqueFact,
)
from limbeck.facts.schema_objects import SchemaObject
from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.diff.changes import Change, Fact

ARROW = "->"
NOTHING_MORE: Mapping[Change, str] = MappingProxyType({})


class Sides(Value):
    """The two sides of a comparison, as people call them."""

    before: str = "the database"
    after: str = "the models"


DATABASE_AND_MODELS = Sides()


def difference_words(
    changes: Iterable[Change],
    more: Mapping[Change, str] = NOTHING_MORE,
    sides: Sides = DATABASE_AND_MODELS,
) -> list[str]:
    """Return a line for each change, the changes of one table together.

    :param changes: what differs.
    :param more: what else there is to be said of a change, put behind it.
    :param sides: between what it differs.
    """
    ordered = sorted(changes, key=_place)
    return [change_words(each, sides) + more.get(each, "") for each in ordered]


def change_words(change: Change, sides: Sides = DATABASE_AND_MODELS) -> str:
    """Return a change in one line, such as ``users: column email is missing in the database``."""
    return f"{_owner(change)}: {_what(change, sides)}"


def deviation_words(changes: Iterable[Change]) -> list[str]:
    """Return a line for each way in which a schema is not the one that was wanted.

    :param changes: from the schema that was wanted to the one that is there.
    """
    return [f"{_owner(each)}: {_deviation(each)}" for each in sorted(changes, key=_place)]


def _deviation(change: Change) -> str:
    match change:
        case Added():
            return f"{_described(change.after) or 'it'} is there, and should not be"
        case Removed():
            return f"{_described(change.before) or 'it'} is missing"
        case Changed():
            return f"{_named(change.after)} is not the same: {'; '.join(_fields(change))}"


def _place(change: Change) -> tuple[bool, TableKey]:
    """Tables in order of their names, and what belongs to no table after them."""
    return change.table is None, change.table or TableKey("", "")


def _owner(change: Change) -> str:
    if change.table is not None:
        return str(change.table)
    fact = change.before if isinstance(change, Removed) else change.after
    if isinstance(fact, SchemaObject):
        return str(fact.key)
    return str(fact.key) if isinstance(fact, EnumFact | SequenceFact) else "database"


def _what(change: Change, sides: Sides) -> str:
    match change:
        case Added(after=TableFact() as table):
            return f"table is missing in {sides.before} ({_counted(table)})"
        case Removed(before=TableFact()):
            return f"table is in {sides.before}, but not in {sides.after}"
        case Added():
            return f"{_described(change.after)} is missing in {sides.before}"
        case Removed():
            return f"{_described(change.before)} is in {sides.before}, but not in {sides.after}"
        case Changed():
            return f"{_named(change.after)} changes {'; '.join(_fields(change))}"


def _counted(table: TableFact) -> str:
    count = len(table.columns)
    return "1 column" if count == 1 else f"{count} columns"


def _named(fact: Fact) -> str:
    """Return a fact's kind and name."""
    match fact:
        case TableFact():
            return "table"
        case ColumnFact():
            return f"column {fact.name}"
        case EnumFact():
            return "enum type"
        case SequenceFact():
            return "sequence"
        case SchemaObject():
            return kind_words(fact.kind)
        case _:
            kind = _KINDS[type(fact)]
            return f"{kind} {fact.name}" if fact.name is not None else f"{kind} {_content(fact)}"


_KINDS: dict[type[object], str] = {
    PrimaryKeyFact: "primary key",
    UniqueFact: "unique constraint",
    ForeignKeyFact: "foreign key",
    CheckFact: "check constraint",
    ExcludeFact: "exclude constraint",
    IndexFact: "index",
}


def _described(fact: Fact) -> str:
    """Return a fact's kind, name and content."""
    match fact:
        case ColumnFact():
            return f"column {fact.name} {_definition(fact)}"
        case TableFact() | EnumFact() | SequenceFact() | SchemaObject():
            return _named(fact)
        case _ if fact.name is None:
            return _named(fact)
        case _:
            return f"{_named(fact)} {_content(fact)}"


def _definition(column: ColumnFact) -> str:
    words = [column.type]
    if not column.nullable:
        words.append("NOT NULL")
    if column.default is not None:
        words.append(f"DEFAULT {column.default}")
    if column.computed is not None:
        words.append(_generated(column.computed))
    if column.identity is not None:
        words.append(_identity(column.identity))
    return " ".join(words)


def _content(fact: object) -> str:
    match fact:
        case PrimaryKeyFact() | UniqueFact():
            return f"({', '.join(fact.columns)})"
        case ForeignKeyFact():
            local, remote = ", ".join(fact.columns), ", ".join(fact.referred_columns)
            return f"({local}) to {fact.referred} ({remote})"
        case CheckFact():
            return f"({fact.condition})"
        case ExcludeFact():
            return fact.definition
        case IndexFact():
            where = f" where {fact.where}" if fact.where is not None else ""
            return f"{'unique ' if fact.unique else ''}on ({', '.join(fact.elements)}){where}"
        case _:
            return ""


def _fields(change: Changed) -> Iterator[str]:
    for field in change.fields:
        before, after = getattr(change.before, field), getattr(change.after, field)
        if field == "nullable":
            yield "to NULL" if after else "to NOT NULL"
        elif field == "sequence_type":
            old, new = _counted_by(change.before), _counted_by(change.after)
            yield f"type of its sequence {old} {ARROW} {new}"
        elif field == "options":
            yield from _option_changes(before, after)
        else:
            yield f"{field.replace('_', ' ')} {_value(before)} {ARROW} {_value(after)}"


def _counted_by(fact: Fact) -> str:
    """Return the type of the sequence that a column counts by."""
    assert isinstance(fact, ColumnFact)
    return fact.sequence_type or fact.type


def _option_changes(before: Options, after: Options) -> Iterator[str]:
    old, new = dict(before), dict(after)
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield f"{name} {_value(old.get(name))} {ARROW} {_value(new.get(name))}"


def _value(value: object) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case str() if "\n" in value:
            return " ".join(value.split())
        case ComputedFact():
            return _generated(value)
        case IdentityFact():
            return _identity(value)
        case tuple():
            return f"({', '.join(str(part) for part in value)})"
        case _:
            return str(value)


def _generated(computed: ComputedFact) -> str:
    kept = {True: " STORED", False: " VIRTUAL", None: ""}[computed.persisted]
    return f"GENERATED AS ({computed.expression}){kept}"


def _identity(identity: IdentityFact) -> str:
    options = "".join(f" {name}={value}" for name, value in identity.options)
    return f"IDENTITY {'ALWAYS' if identity.always else 'BY DEFAULT'}{options}"
