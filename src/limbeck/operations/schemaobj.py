"""SQLAlchemy objects made from the arguments of operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.operations.referred import referred_table
from limbeck.operations.schema_objects import *  # noqa: F403  # the whole module under the other name
from limbeck.operations.schema_objects import (
    build_check,
    build_foreign_key,
    build_index,
    build_primary_key,
    build_table,
    build_unique,
    placeholder,
    throwaway_metadata,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Constraint, ForeignKey, Index, MetaData, Table


class SchemaObjects:
    """Makes throw-away objects that know the naming convention of ``target_metadata``.

    :param migration_context: the context whose ``target_metadata`` it is.
    """

    def __init__(self, migration_context: Any = None) -> None:
        self.migration_context = migration_context

    def metadata(self) -> MetaData:
        return throwaway_metadata(self.migration_context)

    def table(self, name: str, *items: Any, **options: Any) -> Table:
        return build_table(name, self.metadata(), *items, **options)

    def index(
        self,
        name: str | None,
        tablename: str | None,
        columns: Sequence[Any],
        schema: str | None = None,
        **kw: Any,
    ) -> Index:
        return build_index(name, tablename or "no_table", columns, self.metadata(), schema, **kw)

    def primary_key_constraint(
        self,
        name: str | None,
        table_name: str,
        cols: Sequence[str],
        schema: str | None = None,
        **dialect_kw: Any,
    ) -> Constraint:
        return build_primary_key(name, table_name, cols, self.metadata(), schema, **dialect_kw)

    def unique_constraint(
        self,
        name: str | None,
        source: str,
        local_cols: Sequence[str],
        schema: str | None = None,
        **kw: Any,
    ) -> Constraint:
        return build_unique(name, source, local_cols, self.metadata(), schema, **kw)

    def check_constraint(
        self, name: Any, source: str, condition: Any, schema: str | None = None, **kw: Any
    ) -> Constraint:
        return build_check(name, source, condition, self.metadata(), schema, **kw)

    def foreign_key_constraint(
        self,
        name: str | None,
        source: str,
        referent: str,
        local_cols: Sequence[str],
        remote_cols: Sequence[str],
        source_schema: str | None = None,
        referent_schema: str | None = None,
        **kw: Any,
    ) -> Constraint:
        return build_foreign_key(
            name,
            (source_schema, source),
            (referent_schema, referent),
            local_cols,
            remote_cols,
            self.metadata(),
            **kw,
        )

    def _ensure_table_for_fk(self, metadata: MetaData, fk: ForeignKey) -> None:
        if getattr(fk, "_table_column", None) is None:  # it was made of a name, not of a column
            schema, table, column = referred_table(fk)
            placeholder(table, metadata, [column or fk.parent.name], schema)
