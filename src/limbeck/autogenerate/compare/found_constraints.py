"""The indexes and unique constraints of the database as SQLAlchemy objects.

They know their table, which does not know them: it has those that SQLAlchemy reflects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Index, UnaryExpression, UniqueConstraint
from sqlalchemy.sql import operators
from sqlalchemy.sql.naming import conv

from limbeck.operations.literal_text import literal_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Table

    from limbeck.autogenerate.context import AutogenContext

Row = Mapping[str, Any]
"""What the inspector says about one index or constraint."""

_ORDERS: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("asc", operators.asc_op),
    ("desc", operators.desc_op),
    ("nulls_first", operators.nulls_first_op),
    ("nulls_last", operators.nulls_last_op),
)


@dataclass
class FoundConstraints:
    """What a table of the database has.

    :param indexes: its indexes.
    :param uniques: its unique constraints.
    :param tells_uniques: whether the dialect can read unique constraints.
    :param doubles: the unique constraints that are among the indexes as well.
    """

    indexes: set[Index] = field(default_factory=set)
    uniques: set[UniqueConstraint] = field(default_factory=set)
    tells_uniques: bool = True
    doubles: dict[str, UniqueConstraint] = field(default_factory=dict)


def found_constraints(
    context: AutogenContext, schema: str | None, table: Table
) -> FoundConstraints:
    """Read what a table of the database has, as far as ``include_name`` lets it through.

    :param context: the run.
    :param schema: the table's schema, None for the default one.
    :param table: the table as it was read.
    """
    reading = _Reading(context, schema, table)
    rows = context.reflection.unique_constraints(schema, table.name)
    found = FoundConstraints(tells_uniques=rows is not None)
    for row in reading.included(rows or (), "unique_constraint"):
        unique = reading.unique_constraint(row)
        found.uniques.add(unique)
        if row.get("duplicates_index"):
            found.doubles[row["duplicates_index"]] = unique
    for row in reading.included(context.reflection.indexes(schema, table.name) or (), "index"):
        found.indexes.add(reading.index(row))
    return found


class _Reading:
    def __init__(self, context: AutogenContext, schema: str | None, table: Table) -> None:
        self._context = context
        self._impl = context.migration_context.impl
        self._parents = {"table_name": table.name, "schema_name": schema}
        self._table = table
        self._columns: dict[str, Column[Any]] = {c.name: c for c in table.columns}

    def included(self, rows: Iterable[Row], kind: str) -> list[Row]:
        """The rows whose names count."""
        context = self._context
        return [r for r in rows if context.run_name_filters(r["name"], kind, self._parents)]

    def unique_constraint(self, row: Row) -> UniqueConstraint:
        columns = [self._columns[name] for name in row["column_names"]]
        options = self._impl.adjust_reflected_dialect_options(row, "unique_constraint")
        unique = UniqueConstraint(*columns, name=_final(row["name"]), **options)
        self._table.constraints.discard(unique)
        return unique

    def index(self, row: Row) -> Index:
        options = self._impl.adjust_reflected_dialect_options(row, "index")
        index = Index(
            _final(row["name"]),
            *self._elements(row),
            unique=bool(row["unique"]),
            _table=self._table,
            **options,
        )
        if "duplicates_constraint" in row:
            index.info["duplicates_constraint"] = row["duplicates_constraint"]
        self._table.indexes.discard(index)
        return index

    def _elements(self, row: Row) -> list[Any]:
        """Columns, and the text of expressions, each in its order."""
        columns, orders = row["column_names"], row.get("column_sorting", {})
        texts = row.get("expressions", columns)
        return [
            # Columns of the system's own are not reflected, but may be indexed.
            _in_order(self._columns.get(name, literal_text(text)), orders.get(text, ()))
            for name, text in zip(columns, texts, strict=True)
        ]


def _final(name: str | None) -> str | None:
    """A name that no naming convention changes any more."""
    return None if name is None else conv(name)


def _in_order(element: Any, words: Iterable[str]) -> Any:
    said = set(words)
    for word, modifier in _ORDERS:
        if word in said:
            element = UnaryExpression(element, modifier=modifier)
    return element
