"""Which renames are decided: by the models' own hints, by options, by answers.

A hint says of something in the models what it was called before. It holds while the database has
the old name and not the new one; once applied it says nothing more. Names that are exchanged are
there before and after: then a hint holds if what has them differs, and differs less when they are
exchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType

from limbeck.diff.rename_options import (
    ChoiceOption,
    Reading,
    Refused,
    keys_of,
    part_reading,
    table_reading,
)
from limbeck.diff.renames import ColumnInTable, column_score
from limbeck.facts.new_names import NewNames
from limbeck.facts.objects import EnumFact, SchemaFact, TableFact, TableKey

Pairs = dict[str, str]
"""New names by old ones, within one table or schema."""

Match = Callable[[str, str], float]


@dataclass(frozen=True)
class Decision:
    """What was dropped is something else now, or gone.

    :param kind: ``table``, ``column`` or ``value``.
    :param owner: the table of a column, the type of a value, the old key of a table.
    :param before: the old name.
    :param after: the new name, None for what is gone.
    """

    kind: str
    owner: TableKey
    before: str
    after: str | None


@dataclass(frozen=True)
class Choices:
    """What was said about renames.

    :param renames: as typed: ``users.name:full_name``.
    :param drops: as typed: ``users.name``.
    :param decisions: answers to questions.
    """

    renames: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()


NO_CHOICES = Choices()


@dataclass(frozen=True)
class Hints:
    """What the models say that things were called before.

    :param tables: (table, old name).
    :param columns: (table, column, old name).
    :param values: (enumerated type, value, old value).
    """

    tables: tuple[tuple[TableKey, str], ...] = ()
    columns: tuple[tuple[TableKey, str, str], ...] = ()
    values: tuple[tuple[TableKey, str, str], ...] = ()


@dataclass(frozen=True)
class Chosen:
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
    options = [ChoiceOption("--rename", text) for text in choices.renames]
    options += [ChoiceOption("--drop", text) for text in choices.drops]
    read: dict[ChoiceOption, Decision] = {}
    for option in options:
        reading = table_reading(option, before, after, default_schema)
        if reading is not None:
            read[option] = _decision(reading)
    tables = _tables(before, after, [*choices.decisions, *read.values()], hints)
    only_tables = NewNames(tables=tables)
    enums = tuple(_enums(before, after, only_tables))
    refused: dict[str, Refused] = {}
    for option in options:
        if option in read:
            continue
        found = part_reading(
            option, before, after, replace(only_tables, enums=enums), default_schema
        )
        if isinstance(found, Refused):
            refused[str(option)] = found
        else:
            read[option] = _decision(found)
    decisions = [*choices.decisions, *read.values()]
    columns = tuple(_columns(before, after, decisions, hints, only_tables))
    values = tuple(_values(before, after, decisions, hints, NewNames(enums=enums)))
    names = NewNames(
        tables, columns, tuple(_enums(before, after, NewNames(tables, columns))), values
    )
    for option, decision in read.items():
        if decision.after is not None and not _is_done(decision, names):
            refused[str(option)] = Refused(
                f"{option}: {decision.after} is there already, or another option speaks of it",
                "give each name once, and only to what has none of the kind",
            )
    return Chosen(names, tuple(each for each in decisions if each.after is None), refused)


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


def accepted(
    pairs: Iterable[tuple[str, str]],
    before: Collection[str],
    after: Collection[str],
    exchange: Callable[[Pairs], bool],
) -> Pairs:
    """Those of some renames that are still to be done.

    :param pairs: (old name, new name), the more important ones first.
    :param before: the names that are in the database.
    :param after: those that the models want.
    :param exchange: says of names that only change places whether they do.
    """
    wanted: Pairs = {}
    for old, new in pairs:
        if old != new and old in before and new in after and old not in wanted:
            if new in wanted.values():
                continue
            wanted[old] = new
    done: Pairs = {}
    while True:
        free = {old: new for old, new in wanted.items() if new not in before or new in done}
        if not free.keys() - done.keys():
            break
        done.update(free)
    for circle in _circles({old: new for old, new in wanted.items() if old not in done}):
        if exchange(circle):
            done.update(circle)
    return dict(sorted(done.items()))


def _circles(pairs: Pairs) -> Iterator[Pairs]:
    left = dict(sorted(pairs.items()))
    while left:
        first = name = next(iter(left))
        path: Pairs = {}
        while name in left:
            path[name] = left.pop(name)
            name = path[name]
        if name == first:
            yield path


def _tables(
    before: SchemaFact, after: SchemaFact, decisions: Sequence[Decision], hints: Hints
) -> tuple[tuple[TableKey, str], ...]:
    old = {table.key: table for table in before.tables}
    new = {table.key: table for table in after.tables}
    mine = [each for each in decisions if each.kind == "table"]
    found: list[tuple[TableKey, str]] = []
    for schema in sorted({key.schema for key in old}):
        said = _Said(
            tuple(each for each in mine if each.owner.schema == schema),
            tuple((was, key.name) for key, was in hints.tables if key.schema == schema),
        )
        pairs = said.accepted(
            [key.name for key in old if key.schema == schema],
            [key.name for key in new if key.schema == schema],
            lambda one, other, schema=schema: _table_match(  # type: ignore[misc]  # a default cannot be inferred
                old[TableKey(schema, one)], new[TableKey(schema, other)]
            ),
        )
        found += [(TableKey(schema, one), other) for one, other in pairs.items()]
    return tuple(sorted(found))


def _columns(
    before: SchemaFact,
    after: SchemaFact,
    decisions: Sequence[Decision],
    hints: Hints,
    names: NewNames,
) -> Iterator[tuple[TableKey, str, str]]:
    later = {table.key: table for table in after.tables}
    for old in before.tables:
        key = names.table(old.key)
        new = later.get(key)
        said = _Said(
            tuple(d for d in decisions if d.kind == "column" and d.owner in (old.key, key)),
            tuple((was, name) for table, name, was in hints.columns if table == key),
        )
        if new is not None and said:
            pairs = said.accepted(
                [column.name for column in old.columns],
                [column.name for column in new.columns],
                partial(_column_match, old, new),
            )
            yield from ((old.key, was, name) for was, name in pairs.items())


@dataclass(frozen=True)
class _Said:
    """What was said about the names within one table or schema.

    :param decisions: by options and answers.
    :param hints: by the models, as (old name, new name).
    """

    decisions: tuple[Decision, ...]
    hints: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        """True where anything was said."""
        return bool(self.decisions or self.hints)

    def accepted(self, before: Collection[str], after: Collection[str], match: Match) -> Pairs:
        """The new names by the old ones.

        :param match: how alike what has one name before is to what has another one after.
        """
        if not self:
            return {}
        gone = {each.before for each in self.decisions if each.after is None}
        said = [(each.before, each.after) for each in self.decisions if each.after is not None]
        hints = [pair for pair in self.hints if pair[0] not in gone]

        def exchanges(circle: Pairs) -> bool:
            if all(pair in said for pair in circle.items()):
                return True
            swapped = sum(match(one, other) for one, other in circle.items())
            return swapped > sum(match(name, name) for name in circle)

        return accepted([*said, *hints], before, after, exchanges)


def _column_match(old: TableFact, new: TableFact, one: str, other: str) -> float:
    """How alike two columns are; place and name would speak against every exchange."""
    before = next(column for column in old.columns if column.name == one)
    after = next(column for column in new.columns if column.name == other)
    plausible = column_score(ColumnInTable(before, old), ColumnInTable(after, new)) > 0
    return float(before.type == after.type) + (before.nullable == after.nullable) + plausible


def _table_match(old: TableFact, new: TableFact) -> float:
    before = {(column.name, column.type) for column in old.columns}
    after = {(column.name, column.type) for column in new.columns}
    return len(before & after) / max(len(before), len(after), 1)


def _enums(
    before: SchemaFact, after: SchemaFact, names: NewNames
) -> Iterator[tuple[TableKey, str]]:
    """Types of which only the name is new: same values, same columns. Nothing is lost by it."""
    old = {enum.key: enum for enum in before.enums}
    new = {enum.key: enum for enum in after.enums}
    types = {(table.key, c.name): c.type for table in after.tables for c in table.columns}
    coming = [enum for key, enum in sorted(new.items()) if key not in old and enum.managed]
    for key, enum in sorted(old.items()):
        if key in new:
            continue
        alike = [other for other in coming if _is_same_type(enum, other)]
        users = {(names.table(table), names.column(table, column)) for table, column in enum.users}
        used = {types.get(user, "").rstrip("[]") for user in users}
        for other in alike:
            if not users or used == {_spelled(other.key)}:
                coming.remove(other)
                yield key, other.key.name
                break


def _is_same_type(one: EnumFact, other: EnumFact) -> bool:
    return one.values == other.values and one.key.schema == other.key.schema


def _spelled(key: TableKey) -> str:
    return str(key)


def _values(
    before: SchemaFact,
    after: SchemaFact,
    decisions: Sequence[Decision],
    hints: Hints,
    names: NewNames,
) -> Iterator[tuple[TableKey, str, str]]:
    later = {enum.key: enum for enum in after.enums}
    for old in before.enums:
        key = names.enum(old.key)
        new = later.get(key)
        said = _Said(
            tuple(d for d in decisions if d.kind == "value" and d.owner in (old.key, key)),
            tuple((was, value) for enum, value, was in hints.values if enum == key),
        )
        if new is not None and said:
            # Values that only change places say nothing about which is which.
            pairs = said.accepted(old.values, new.values, lambda one, other: 0.0)
            yield from ((old.key, was, value) for was, value in pairs.items())
