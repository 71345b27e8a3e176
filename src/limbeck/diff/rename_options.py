"""What the options ``--rename users.name:full_name`` and ``--drop users.name`` mean.

A path may be a table, a column of a table or a value of an enumerated type, each with its schema in
front or without it, and a table may be called by its old name or by its new one; which is meant is
read from what there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from limbeck.facts.objects import TableKey
from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.facts.new_names import NewNames
    from limbeck.facts.objects import SchemaFact


class ChoiceOption(Value):
    """One option as it was typed.

    :param flag: ``--rename`` or ``--drop``.
    """

    flag: str
    text: str

    def __str__(self) -> str:
        return f"{self.flag} {self.text}"

    def sides(self) -> Iterator[tuple[str, str | None]]:
        """Every way to take it apart into a path and a new name."""
        if self.flag == "--drop":
            yield self.text, None
            return
        for place, letter in enumerate(self.text):
            if letter == ":":
                path, name = self.text[:place], self.text[place + 1 :]
                if path and name:
                    yield path, name


class Refused(Value):
    """Why an option means nothing here: one line, and one that says what to do."""

    message: str
    hint: str


class Reading(Value):
    """What an option means.

    :param kind: ``table``, ``column`` or ``value``.
    :param owner: the old key of the table or type.
    :param before: the old name.
    :param after: the new name, None for what is dropped.
    """

    kind: str
    owner: TableKey
    before: str
    after: str | None


def keys_of(path: str, default_schema: str) -> Iterator[TableKey]:
    """The addresses that a path may mean."""
    yield TableKey("", path)
    for schema, name in _splits(path):
        yield TableKey("" if schema == default_schema else schema, name)


def _splits(path: str) -> Iterator[tuple[str, str]]:
    for place in reversed([place for place, letter in enumerate(path) if letter == "."]):
        if path[:place] and path[place + 1 :]:
            yield path[:place], path[place + 1 :]


def table_reading(
    option: ChoiceOption, before: SchemaFact, after: SchemaFact, default_schema: str
) -> Reading | None:
    """The option as one about a table, None where it is none."""
    old, new = {t.key for t in before.tables}, {t.key for t in after.tables}
    for path, name in option.sides():
        for key in keys_of(path, default_schema):
            if key not in old:
                continue
            if name is None and key not in new:
                return Reading("table", key, key.name, None)
            if name is not None:
                for other in keys_of(name, default_schema):
                    target = TableKey(key.schema, other.name)
                    if other.schema in ("", key.schema) and target in new:
                        return Reading("table", key, key.name, target.name)
    return None


def part_reading(
    option: ChoiceOption,
    before: SchemaFact,
    after: SchemaFact,
    names: NewNames,
    default_schema: str,
) -> Reading | Refused:
    """The option as one about a column or a value, or why it is neither.

    :param names: the new names of tables and types.
    """
    refused: list[Refused] = []
    for path, name in option.sides():
        for owner_path, part in _splits(path):
            for key in keys_of(owner_path, default_schema):
                for owner in _owners(key, before, after, names):
                    if part in owner.before and (
                        part not in owner.after if name is None else name in owner.after
                    ):
                        return Reading(owner.kind, owner.key, part, name)
                    refused.append(_why(option, owner, part, name))
    return min(refused, key=lambda each: each.hint, default=_unknown(option, before))


class _Owner(Value):
    """A table or an enumerated type, and the names in it before and after."""

    kind: str
    key: TableKey
    shown: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def _owners(
    key: TableKey, before: SchemaFact, after: SchemaFact, names: NewNames
) -> Iterator[_Owner]:
    tables = {table.key: table for table in after.tables}
    for table in before.tables:
        new = tables.get(names.table(table.key))
        if new is not None and key in (table.key, new.key):
            old_columns, new_columns = ([c.name for c in each.columns] for each in (table, new))
            yield _Owner("column", table.key, str(key), tuple(old_columns), tuple(new_columns))
    enums = {enum.key: enum for enum in after.enums}
    for enum in before.enums:
        other = enums.get(names.enum(enum.key))
        if other is not None and key in (enum.key, other.key):
            yield _Owner("value", enum.key, str(key), enum.values, other.values)


def _why(option: ChoiceOption, owner: _Owner, part: str, name: str | None) -> Refused:
    if part not in owner.before:
        message = f"{option}: the database has no {owner.kind} {part} in {owner.shown}"
        return Refused(message, _nearest(part, owner.before))
    if name is None:
        message = f"{option}: the models have the {owner.kind} {owner.shown}.{part}"
        return Refused(message, "take it out of the models to drop it")
    message = f"{option}: the models have no {owner.kind} {name} in {owner.shown}"
    return Refused(message, _nearest(name, owner.after))


def _unknown(option: ChoiceOption, before: SchemaFact) -> Refused:
    sides = list(option.sides())
    if not sides:
        return Refused(
            f"{option} does not say what the new name is", "as in: --rename users.name:full_name"
        )
    path = sides[0][0]
    known = [str(table.key) for table in before.tables]
    known += [f"{table.key}.{c.name}" for table in before.tables for c in table.columns]
    message = f"{option} names nothing that differs between the database and the models"
    return Refused(message, _nearest(path, known))


def _nearest(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches  # for a hint alone

    names = list(known)
    nearest = get_close_matches(word, names, n=1)
    if nearest:
        return f"did you mean {nearest[0]}?"
    return "there are " + ", ".join(names[:8]) + (" and more" if len(names) > 8 else "")
