"""What is looked at: which schemas, and which names in them.

One scope holds for both sides of a comparison. The default schema of the connection is "" in
every :class:`~limbeck.facts.objects.TableKey`, whether the models name it or leave it out, so
both sides have the same keys. Users' ``include_name`` filters see it as None, as in Alembic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
    ConstraintFact,
    ExcludeFact,
    ForeignKeyFact,
    IndexFact,
    PrimaryKeyFact,
    SchemaFact,
    TableFact,
    TableKey,
    UniqueFact,
)
from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.facts.schema_objects import ObjectKey

IncludeName = Callable[[Any, str, Mapping[str, Any]], bool]
"""``fn(name, type_, parent_names) -> bool``, asked about names found in the database only."""

Part = ColumnFact | PrimaryKeyFact | ConstraintFact | IndexFact

FILTER_TYPES: Mapping[type[Part], str] = {
    ColumnFact: "column",
    IndexFact: "index",
    UniqueFact: "unique_constraint",
    ForeignKeyFact: "foreign_key_constraint",
    CheckFact: "check_constraint",
    ExcludeFact: "exclude_constraint",
    PrimaryKeyFact: "primary_key_constraint",
}
"""The word for each kind of fact in ``include_name`` and ``include_object``."""

P = TypeVar("P", ColumnFact, IndexFact, ConstraintFact)


class Scope(Value):
    """Which objects a comparison looks at.

    :param schemas: the schemas to read, "" for the connection's default one.
    :param default_schema: what the server calls the default schema, "" where it has no name.
    :param include_name: the user's filter of reflected names, or None to take them all.
    :param exclude_tables: tables that belong to the tool (the version table).
    """

    schemas: tuple[str, ...] = ("",)
    default_schema: str = ""
    include_name: IncludeName | None = None
    exclude_tables: frozenset[TableKey] = frozenset()

    def key(self, schema: str | None, name: str) -> TableKey:
        """The address of a table, with the default schema under its one spelling."""
        return TableKey("" if schema is None or schema == self.default_schema else schema, name)

    def real_schema(self, schema: str) -> str:
        """The name by which the server knows ``schema`` (of a key)."""
        return schema or self.default_schema

    def takes_schema(self, schema: str) -> bool:
        """Whether objects of ``schema`` (of a key) are compared at all."""
        return schema in self.schemas

    def takes_table(self, key: TableKey) -> bool:
        """Whether a table found in the database is looked at."""
        if key in self.exclude_tables or not self.takes_schema(key.schema):
            return False
        if self.include_name is None:
            return True
        parents = {"schema_name": key.schema or None, "schema_qualified_table_name": str(key)}
        return self._asked(key.name, "table", parents)

    def takes_object(self, key: ObjectKey) -> bool:
        """Whether an object of another kind, found in the database, is looked at."""
        parents = {"schema_name": key.schema or None, "table_name": key.within or None}
        return self._asked(key.name, key.kind, parents)

    def filtered(self, schema: SchemaFact) -> SchemaFact:
        """A reflected schema without what the user's ``include_name`` leaves out."""
        tables = tuple(t for t in schema.tables if self.takes_table(t.key))
        if self.include_name is None:
            return replace(schema, tables=tables)
        return SchemaFact(
            tables=tuple(self._filtered_table(t) for t in tables),
            enums=tuple(e for e in schema.enums if self._takes_own(e.key, "enum")),
            sequences=tuple(s for s in schema.sequences if self._takes_own(s.key, "sequence")),
        )

    def _takes_own(self, key: TableKey, word: str) -> bool:
        return self._asked(key.name, word, {"schema_name": key.schema or None})

    def _filtered_table(self, table: TableFact) -> TableFact:
        parents = {
            "schema_name": table.key.schema or None,
            "table_name": table.key.name,
            "schema_qualified_table_name": str(table.key),
        }
        return replace(
            table,
            columns=self._kept(table.columns, parents),
            constraints=self._kept(table.constraints, parents),
            indexes=self._kept(table.indexes, parents),
        )

    def _kept(self, parts: Iterable[P], parents: Mapping[str, Any]) -> tuple[P, ...]:
        return tuple(p for p in parts if self._asked(p.name, FILTER_TYPES[type(p)], parents))

    def _asked(self, name: str | None, word: str, parents: Mapping[str, Any]) -> bool:
        return self.include_name is None or bool(self.include_name(name, word, parents))
