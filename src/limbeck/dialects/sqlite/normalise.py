"""How SQLite spells what models say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Column, PrimaryKeyConstraint, UniqueConstraint

from limbeck.dialects.sqlite.expressions import canonical, canonical_default, canonical_type
from limbeck.dialects.sqlite.table_options import model_options
from limbeck.dialects.standard.describe import describe_with
from limbeck.dialects.standard.item_words import has_keywords, options_of, without_order
from limbeck.dialects.standard.normalise import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Dialect, Index, MetaData, Table
    from sqlalchemy.schema import Computed, Constraint

    from limbeck.facts.objects import Options, SchemaFact
    from limbeck.facts.scope import Scope


def describe(metadatas: Sequence[MetaData], dialect: Dialect, scope: Scope) -> SchemaFact:
    """The models in SQLite's words.

    :raises ConfigurationError: the models contradict themselves.
    """
    return describe_with(SqliteWords(dialect, scope), metadatas)


_ORDERED = re.compile(r"(.*\S)\s+(asc|desc)", re.IGNORECASE | re.DOTALL)

# Where a column says it for the constraint of that column alone.
_ON_COLUMN: dict[type, str] = {
    PrimaryKeyConstraint: "on_conflict_primary_key",
    UniqueConstraint: "on_conflict_unique",
}


class SqliteWords(Words):
    """What models say, as SQLite keeps it."""

    def normal_type(self, text: str) -> str:
        return canonical_type(text)

    def normal_default(self, text: str, type_text: str) -> str | None:
        return canonical_default(text, type_text)

    def normal_condition(self, text: str) -> str:
        return canonical(text)

    def collation(self, column: Column[Any]) -> str | None:
        return normal_collation(getattr(column.type, "collation", None))

    def persisted(self, computed: Computed) -> bool | None:
        return bool(computed.persisted)

    def autoincrement(self, column: Column[Any]) -> bool:
        """Never: the type and the primary key say already which column is the rowid."""
        return False

    def constraint_options(self, constraint: Constraint) -> Options:
        conflict = None
        if has_keywords(constraint):
            conflict = constraint.dialect_options["sqlite"]["on_conflict"]
        word = _ON_COLUMN.get(type(constraint))
        if conflict is None and word is not None:
            columns: list[Any] = list(cast("Iterable[Any]", constraint))
            if len(columns) == 1 and has_keywords(columns[0]):
                conflict = columns[0].dialect_options["sqlite"][word]
        if conflict is None:
            return ()
        action = None if conflict is None else str(conflict).upper()
        return options_of(sqlite_on_conflict=None if action == "ABORT" else action)

    def table_options(self, table: Table) -> Options:
        return model_options(table)

    def element(self, index: Index, expression: Any) -> str:
        inner, words = without_order(expression)
        if isinstance(inner, Column):
            return " ".join([inner.name, *words])
        ordered = _ORDERED.fullmatch(self.expression(inner))
        if ordered is not None and not words:  # the order is a part of the text
            words = ["DESC"] if ordered.group(2).lower() == "desc" else []
        text = ordered.group(1) if ordered is not None else self.expression(inner)
        return " ".join([canonical(text), *words])

    def index_where(self, index: Index) -> str | None:
        where = index.dialect_options["sqlite"]["where"] if has_keywords(index) else None
        return None if where is None else canonical(self.expression(where))


def normal_collation(name: str | None) -> str | None:
    """A collation's one spelling; BINARY is what every column has anyway."""
    word = None if name is None else name.upper()
    return None if word == "BINARY" else word
