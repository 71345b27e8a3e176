"""What the tables, columns and values of a schema are called after a revision has run.

A rename is told from the operations that ran, and that of a value of an enumerated type from its
statement, which is no operation. Where two columns exchange their names, both names are there
before and after, and only this says whose values are to be where.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from limbeck.database.sample_rows import TableValues
from limbeck.facts.objects import PrimaryKeyFact, TableFact, TableKey
from limbeck.operations import ops
from limbeck.operations.batch_value import BatchAlterTable
from limbeck.syntax_trees import expression_tree
from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.workflow.overhearing import Heard

__all__ = ["FollowedNames", "FollowedTable", "followed_names"]

_NAME = r'(?:"(?:[^"]|"")*"|[\w$]+)'
_LITERAL = r"'(?:[^']|'')*'"
# https://www.postgresql.org/docs/current/sql-altertype.html
_RENAMED_VALUE = re.compile(
    rf"\bALTER\s+TYPE\s+(?P<type>{_NAME}(?:\s*\.\s*{_NAME})?)"
    rf"\s+RENAME\s+VALUE\s+(?P<old>{_LITERAL})\s+TO\s+(?P<new>{_LITERAL})",
    re.IGNORECASE,
)
_PART = re.compile(_NAME)
# https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
_ELEMENT = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s{},"][^{},"]*)', re.DOTALL)

TypeName = tuple[str, ...]
Name = TypeVar("Name")


class FollowedTable(Value):
    """A table under the names that it has afterwards.

    :param fact: the table from before; what of it is gone is left out.
    :param old_key: what it was called.
    :param old_columns: what its columns were called, by their names of afterwards.
    """

    fact: TableFact
    old_key: TableKey
    old_columns: Mapping[str, str]


class FollowedNames(Value):
    """What has got which name; what is not there afterwards is left out.

    :param tables: the tables, by their names from before.
    :param columns: the columns of each of them.
    :param values: the values of enumerated types that have another name.
    """

    tables: Mapping[TableKey, TableKey]
    columns: Mapping[TableKey, Mapping[str, str]]
    values: Mapping[TypeName, Mapping[str, str]]

    def table(self, fact: TableFact) -> FollowedTable:
        """A table from before under its new names.

        :param fact: the table, which is there afterwards.
        """
        names = self.columns[fact.key]
        columns = tuple(
            replace(column, name=names[column.name])
            for column in fact.columns
            if column.name in names
        )
        key = _followed_key(fact.primary_key, names)
        renamed = replace(fact, key=self.tables[fact.key], columns=columns, primary_key=key)
        return FollowedTable(renamed, fact.key, {new: old for old, new in names.items()})

    def before(self, values: TableValues, followed: FollowedTable) -> TableValues:
        """The values from before, under the new names.

        :param values: what was in the table.
        :param followed: the table.
        """
        old = followed.old_columns
        named = ({name: row[old[name]] for name in old if old[name] in row} for row in values.rows)
        spelled = (_spelled(row, self._value_names(followed.fact)) for row in named)
        return TableValues(followed.fact.key, tuple(spelled))

    def after(self, values: TableValues, followed: FollowedTable) -> TableValues:
        """The values of afterwards, spelled as those of :meth:`before` are.

        :param values: what is in the table.
        :param followed: the table.
        """
        same: dict[str, Mapping[str, str]] = {name: {} for name in self._value_names(followed.fact)}
        return TableValues(values.key, tuple(_spelled(row, same) for row in values.rows))

    def _value_names(self, table: TableFact) -> dict[str, Mapping[str, str]]:
        """By column, the new names of the values of its type."""
        found: dict[str, Mapping[str, str]] = {}
        for column in table.columns if self.values else ():
            for name, values in self.values.items():
                if _is_of_type(column.type, name):
                    found[column.name] = values
        return found


def _followed_key(key: PrimaryKeyFact | None, names: Mapping[str, str]) -> PrimaryKeyFact | None:
    if key is None or not set(key.columns) <= names.keys():
        return None
    return replace(key, columns=tuple(names[name] for name in key.columns))


def followed_names(
    heard: Iterable[Heard],
    before: Mapping[TableKey, TableFact],
    after: Mapping[TableKey, TableFact],
) -> FollowedNames:
    """What has got which name.

    :param heard: what has run, in its order.
    :param before: the tables before it.
    :param after: those afterwards.
    """
    following = _Following(before)
    values: dict[TypeName, dict[str, str]] = {}
    last: ops.MigrateOperation | None = None
    for each in heard:
        if each.operation is not None and each.operation is not last:
            last = each.operation
            following.follow(last)
        for found in _RENAMED_VALUE.finditer(each.sql):
            old, new = (_value(found[which]) for which in ("old", "new"))
            _renamed(values.setdefault(_parts(found["type"]), {}), old, new)
    tables = _settled(following.tables, after)
    columns = {
        key: _settled(following.columns[key], [column.name for column in after[now].columns])
        for key, now in tables.items()
    }
    return FollowedNames(tables, columns, values)


class _Following:
    """Follows the names of tables and columns through operations."""

    def __init__(self, tables: Mapping[TableKey, TableFact]) -> None:
        self.tables = {key: key for key in tables}
        self.columns = {
            key: {column.name: column.name for column in table.columns}
            for key, table in tables.items()
        }

    def follow(self, operation: ops.MigrateOperation) -> None:
        """Take an operation in."""
        if isinstance(operation, BatchAlterTable):
            for inner in operation.operations:
                self.follow(inner)
        if isinstance(operation, ops.RenameTableOp):
            schema = operation.schema or ""
            old = TableKey(schema, operation.table_name)
            _moved(self.tables, old, TableKey(schema, operation.new_table_name))
        if isinstance(operation, ops.AlterColumnOp) and operation.modify_name is not None:
            now = TableKey(operation.schema or "", operation.table_name)
            for key, table in self.tables.items():
                if table == now:
                    new = str(operation.modify_name)
                    _moved(self.columns[key], operation.column_name, new)


def _moved(names: dict[Name, Name], old: Name, new: Name) -> None:
    """Give what is called one name now another one."""
    for first, now in names.items():
        if now == old:
            names[first] = new
            return


def _renamed(names: dict[str, str], old: str, new: str) -> None:
    """The same, where what has never got another name is not known yet."""
    if old not in names.values():
        names.setdefault(old, old)
    _moved(names, old, new)


def _settled(names: Mapping[Name, Name], there: Iterable[Name]) -> dict[Name, Name]:
    """What has which name in the end.

    What was renamed and dropped then has made room for something new of its old name.
    """
    known = set(there)
    found = {old: new for old, new in names.items() if old != new and new in known}
    taken = set(found.values())
    for old in names:
        if old not in found and old in known and old not in taken:
            found[old] = old
    return found


# ------------------------------------------------------------------------- enumerated types


def _value(literal: str) -> str:
    # Drivers that put values in by "%s" are given every other percent sign twice.
    return literal[1:-1].replace("''", "'").replace("%%", "%")


def _parts(name: str) -> TypeName:
    """The schema and the name of a type, or the name alone."""
    return tuple(
        part[1:-1].replace('""', '"') if part.startswith('"') else part.lower()
        for part in _PART.findall(name)
    )


def _is_of_type(type_: str, name: TypeName) -> bool:
    own = _parts(type_)
    return own[-1:] == name[-1:] and (len(own) != len(name) or own == name)


def _spelled(row: Mapping[str, str], names: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """A row with the values of some columns by their new names, arrays in one spelling."""
    return {
        column: _by_new_names(words, names[column]) if column in names else words
        for column, words in row.items()
    }


def _by_new_names(words: str, names: Mapping[str, str]) -> str:
    if words.startswith("["):  # a list of the driver's, as JSON
        return json.dumps(_in_list(json.loads(words), names))
    value = ast.literal_eval(expression_tree(words)) if words[:1] in ("'", '"') else None
    if not isinstance(value, str):
        return words
    if value in names:
        return repr(names[value])
    return repr(list(_elements(value, names))) if value.startswith("{") else words


def _in_list(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_in_list(each, names) for each in value]
    return names.get(value, value) if isinstance(value, str) else value


def _elements(array: str, names: Mapping[str, str]) -> Iterator[str]:
    """What is in the text of an array, and what is in between."""
    at = 0
    for found in _ELEMENT.finditer(array):
        yield array[at : found.start()]
        at = found.end()
        quoted = found[1] is not None
        value = re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL) if quoted else found[2]
        yield value if not quoted and value == "NULL" else repr(names.get(value, value))
    yield array[at:]
