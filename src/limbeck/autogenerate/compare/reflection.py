"""The tables of the database as SQLAlchemy objects, read in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, MetaData, Table, event
from sqlalchemy.engine.reflection import ObjectKind, ObjectScope
from sqlalchemy.sql.naming import conv

from limbeck.operations.referred import referred_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Constraint, ForeignKey, Index, Inspector

TableName = tuple["str | None", str]
"""A schema, None for the default one, and a table."""


class Reflection:
    """What the database has.

    All tables share one MetaData, so that foreign keys find what they refer to. Of a table that
    is referred to and was left out, there is a stand-in with the columns that are referred to.

    :param inspector: the database.
    :param column_reflect: called for every column that is read, as SQLAlchemy's event of this name.
    """

    def __init__(
        self, inspector: Inspector, column_reflect: Callable[..., None] | None = None
    ) -> None:
        self.inspector = inspector
        self.metadata = MetaData()
        self._rows: dict[str | None, Any] = {}
        self._stand_ins: set[Table] = set()
        if column_reflect is not None:
            event.listen(self.metadata, "column_reflect", column_reflect)

    def pre_cache_tables(self, names: Iterable[TableName]) -> None:
        """Read everything about some tables at once, in a few queries for each schema.

        :param names: the tables.
        """
        by_schema: dict[str | None, list[str]] = defaultdict(list)
        for schema, name in names:
            by_schema[schema].append(name)
        for schema, tables in by_schema.items():
            # What MetaData.reflect() reads with; it has no other way to keep what was read.
            self._rows[schema] = self.inspector._get_reflection_info(
                schema=schema,
                filter_names=tables,
                kind=ObjectKind.ANY,
                scope=ObjectScope.ANY,
            )

    def tables(self, names: Iterable[TableName]) -> dict[TableName, Table]:
        """The tables as SQLAlchemy objects.

        The names of their constraints count as final, whatever a naming convention says.

        :param names: the tables.
        """
        found = {name: self._table(name) for name in names}
        for table in found.values():
            for key in table.foreign_keys:
                self._stand_in(key)
        return found

    def _table(self, name: TableName) -> Table:
        schema, bare_name = name
        known = self.metadata.tables.get(f"{schema}.{bare_name}" if schema else bare_name)
        if known is not None:
            return known
        table = Table(bare_name, self.metadata, schema=schema)
        self.inspector.reflect_table(
            table, None, resolve_fks=False, _reflect_info=self._rows.get(schema)
        )
        named: list[Constraint | Index] = [*table.constraints, *table.indexes]
        for item in named:
            if isinstance(item.name, str):
                item.name = conv(item.name)
        return table

    def _stand_in(self, key: ForeignKey) -> None:
        """See that the column which a foreign key refers to is there."""
        schema, name, referred = referred_table(key)
        column = referred or key.parent.name
        table = Table(name, self.metadata, schema=schema)
        if not table.columns:
            self._stand_ins.add(table)
        if table in self._stand_ins and column not in table.columns:
            table.append_column(Column(column, key.parent.type))

    def indexes(self, schema: str | None, name: str) -> list[Any] | None:
        """The indexes of a table as the inspector gives them; None where the dialect cannot."""
        return self._read("indexes", schema, name)

    def unique_constraints(self, schema: str | None, name: str) -> list[Any] | None:
        """The unique constraints of a table, likewise."""
        return self._read("unique_constraints", schema, name)

    def foreign_keys(self, schema: str | None, name: str) -> list[Any] | None:
        """The foreign keys of a table, likewise."""
        return self._read("foreign_keys", schema, name)

    def check_constraints(self, schema: str | None, name: str) -> list[Any] | None:
        """The CHECK constraints of a table, likewise."""
        return self._read("check_constraints", schema, name)

    def _read(self, what: str, schema: str | None, name: str) -> list[Any] | None:
        rows = self._rows.get(schema)
        if rows is not None and (schema, name) in rows.columns:
            found: list[Any] | None = getattr(rows, what).get((schema, name))
            return found
        try:
            read: list[Any] = getattr(self.inspector, f"get_{what}")(name, schema=schema)
        except NotImplementedError:
            return None
        return read
