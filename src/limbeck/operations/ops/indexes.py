"""Indexes: to create and to drop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import Column

from limbeck.operations.ops.base import MigrateOperation, expression_words, name_words, qualified
from limbeck.operations.schema_objects import (
    HasOptions,
    build_index,
    by_other_words,
    constraint_name,
    throwaway_metadata,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Index, TextClause


class CreateIndexOp(MigrateOperation):
    """Create an index.

    :param columns: column names, and expressions.
    :param kw: dialect options such as ``postgresql_where``, and ``quote``.
    """

    def __init__(
        self,
        index_name: str | None,
        table_name: str,
        columns: Sequence[str | TextClause | ColumnElement[Any]],
        *,
        schema: str | None = None,
        unique: bool = False,
        if_not_exists: bool | None = None,
        **kw: Any,
    ) -> None:
        self.index_name = index_name
        self.table_name = table_name
        self.columns = columns
        self.schema = schema
        self.unique = unique
        self.if_not_exists = if_not_exists
        self.kw = kw

    @classmethod
    def from_index(cls, index: Index) -> Self:
        """The operation that creates ``index``."""
        table = index.table
        assert table is not None
        return cls(
            constraint_name(index),
            table.name,
            list(index.expressions),
            schema=table.schema,
            unique=bool(index.unique),
            **_options(index),
        )

    def to_index(self, migration_context: HasOptions | None = None) -> Index:
        """The index as a SQLAlchemy object on a throw-away table."""
        return build_index(
            self.index_name,
            self.table_name,
            self.columns,
            throwaway_metadata(migration_context),
            self.schema,
            unique=self.unique,
            **self.kw,
        )

    def reverse(self) -> DropIndexOp:
        return DropIndexOp.from_index(self.to_index())

    def to_diff_tuple(self) -> tuple[str, Index]:
        return ("add_index", self.to_index())

    def describe(self) -> str:
        kind = "unique index" if self.unique else "index"
        elements = ", ".join(_element_words(element) for element in self.columns)
        where = f"{qualified(self.table_name, self.schema)} ({elements})"
        return f"create {kind}{name_words(self.index_name)} on {where}"


class DropIndexOp(MigrateOperation):
    """Drop an index.

    :param table_name: its table, which some databases need to know.
    :param _reverse: the operation that creates it again, where it is known.
    """

    def __init__(
        self,
        index_name: str | None,
        table_name: str | None = None,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        _reverse: CreateIndexOp | None = None,
        **kw: Any,
    ) -> None:
        self.index_name = index_name
        self.table_name = table_name
        self.schema = schema
        self.if_exists = if_exists
        self._reverse = _reverse
        self.kw = kw

    @classmethod
    def from_index(cls, index: Index) -> Self:
        """The operation that drops ``index``, and knows how to create it again."""
        table = index.table
        assert table is not None
        return cls(
            constraint_name(index),
            table.name,
            schema=table.schema,
            _reverse=CreateIndexOp.from_index(index),
            **_options(index),
        )

    def to_index(self, migration_context: HasOptions | None = None) -> Index:
        """The index that is dropped; of an unknown one only the name is right."""
        known = self._reverse
        options = self.kw if known is None else {**known.kw, **self.kw, "unique": known.unique}
        return build_index(
            self.index_name,
            self.table_name if self.table_name else "no_table",
            known.columns if known is not None else ["x"],
            throwaway_metadata(migration_context),
            self.schema,
            **options,
        )

    def reverse(self) -> CreateIndexOp:
        if self._reverse is None:
            raise ValueError("operation is not reversible; original index is not present")
        return CreateIndexOp.from_index(self.to_index())

    def to_diff_tuple(self) -> tuple[str, Index]:
        return ("remove_index", self.to_index())

    def describe(self) -> str:
        where = f" on {qualified(self.table_name, self.schema)}" if self.table_name else ""
        return f"drop index{name_words(self.index_name)}{where}"


def _options(index: Index) -> dict[str, Any]:
    """The index's options, which speak of columns by their names, not by their keys."""
    table = index.table
    if table is None:
        return dict(index.kwargs)
    names = {column.key: column.name for column in table.c}
    return by_other_words(index.kwargs, names)


def _element_words(element: Any) -> str:
    return element.name if isinstance(element, Column) else expression_words(element)
