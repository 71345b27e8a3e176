"""SQLAlchemy's Index for one that was found in a database."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Index

from limbeck.dialects.standard.option_arguments import option_arguments
from limbeck.operations.literal_text import literal_text

if TYPE_CHECKING:
    from sqlalchemy import Dialect, Table

    from limbeck.facts.objects import IndexFact

_ORDER = re.compile(r"( DESC)?( NULLS FIRST| NULLS LAST)?$")
_LENGTH = re.compile(r"\((\d+)\)$")


def index_with_source(table: Table, fact: IndexFact, where: str, dialect: Dialect) -> IndexFact:
    """``fact`` with an Index on ``table``.

    :param where: the option that takes the condition of a partial index.
    """
    arguments = option_arguments(Index, fact.options)
    made = _Elements(table, dialect, dict(arguments.pop("postgresql_ops", {})))
    elements = [made.element(text) for text in fact.elements]
    if made.operators:
        arguments["postgresql_ops"] = made.operators
    if made.lengths:
        arguments[f"{dialect.name}_length"] = made.lengths
    if fact.where is not None:
        arguments[where] = literal_text(fact.where)
    index = Index(fact.name, *elements, unique=fact.unique, **arguments)
    if index not in table.indexes:  # an index of text only does not find its table by itself
        table.append_constraint(index)
    return replace(fact, source=index)


@dataclass
class _Elements:
    """Makes the elements of an index, and collects what SQLAlchemy takes beside them.

    :param operators: the operator classes of columns, by their keys.
    :param lengths: the lengths of columns' prefixes in characters or bytes, by their names.
    """

    table: Table
    dialect: Dialect
    operators: dict[str, str]
    lengths: dict[str, int] = field(default_factory=dict)

    def element(self, text: str) -> Any:
        """The column, ordered as it is, or the text of its expression."""
        order = _ORDER.search(text)
        words = order.group(0) if order else ""
        name = text[: len(text) - len(words)]
        if name in self.table.columns:
            return _ordered(self.table.columns[name], words)
        length = _LENGTH.search(name)
        if length and name[: length.start()] in self.table.columns:
            return self._prefix(name[: length.start()], int(length.group(1)), words)
        bare, _, operator = name.rpartition(" ")
        if bare not in self.table.columns:
            return literal_text(text)
        if words:  # SQLAlchemy finds no operator class for a column that has an order too
            return literal_text(f"{self._quoted(bare)} {operator}{words}")
        self.operators[self.table.columns[bare].key] = operator
        return self.table.columns[bare]

    def _prefix(self, name: str, length: int, words: str) -> Any:
        if words:  # SQLAlchemy would write the length behind the order
            return literal_text(f"{self._quoted(name)}({length}){words}")
        self.lengths[name] = length
        return self.table.columns[name]

    def _quoted(self, name: str) -> str:
        return self.dialect.identifier_preparer.quote_identifier(name)


def _ordered(column: Any, words: str) -> Any:
    if " DESC" in words:
        column = column.desc()
    if "NULLS FIRST" in words:
        column = column.nulls_first()
    if "NULLS LAST" in words:
        column = column.nulls_last()
    return column
