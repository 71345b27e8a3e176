"""Whole tables: to create, to drop, to rename."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, Self

from sqlalchemy import Column, PrimaryKeyConstraint, Table

from limbeck.operations.copied_parts import copied
from limbeck.operations.ops.base import AlterTableOp, MigrateOperation, qualified
from limbeck.operations.schema_objects import (
    HasOptions,
    build_table,
    throwaway_metadata,
)

if TYPE_CHECKING:
    from sqlalchemy import Constraint, MetaData
    from sqlalchemy.schema import SchemaItem


class NewTable(Protocol):
    """A table that is made when it is asked for."""

    @property
    def column_count(self) -> int:
        """How many columns it has."""

    def made(self) -> Table:
        """The table on a MetaData of its own."""


class CreateTableOp(MigrateOperation):
    """Create a table.

    :param columns: columns, constraints and indexes.
    :param kw: anything that ``sqlalchemy.Table`` takes: ``comment``, ``prefixes``, ``info``,
        dialect options.
    """

    _created: Table | None = None
    _new: NewTable | None = None

    def __init__(
        self,
        table_name: str,
        columns: Sequence[SchemaItem],
        *,
        schema: str | None = None,
        if_not_exists: bool | None = None,
        _namespace_metadata: MetaData | None = None,
        _constraints_included: bool = False,
        **kw: Any,
    ) -> None:
        self.table_name = table_name
        self.columns = columns
        self.schema = schema
        self.if_not_exists = if_not_exists
        self._info = dict(kw.pop("info", None) or {})
        self.comment = kw.pop("comment", None)
        self.prefixes = kw.pop("prefixes", None)
        self.kw = kw
        self._namespace_metadata = _namespace_metadata
        self._constraints_included = _constraints_included

    @classmethod
    def of_new(cls, new: NewTable, table_name: str, **options: Any) -> Self:
        """The operation that creates a table, whose columns are made when they are asked for.

        :param new: the table.
        :param table_name: its name.
        :param options: its schema, and what ``sqlalchemy.Table`` takes besides.
        """
        operation = cls(table_name, (), _constraints_included=True, **options)
        operation._new = new
        return operation

    @property
    def new(self) -> NewTable | None:
        """The table that it was planned for, as long as nobody has asked for its columns."""
        return self._new

    @property
    def columns(self) -> Sequence[SchemaItem]:
        """Columns, constraints and indexes."""
        self._make()
        return self._columns

    @columns.setter
    def columns(self, columns: Sequence[SchemaItem]) -> None:
        self._make()  # the MetaData that they stand on stays
        self._columns = columns

    @property
    def _namespace_metadata(self) -> MetaData | None:
        self._make()
        return self._models

    @_namespace_metadata.setter
    def _namespace_metadata(self, metadata: MetaData | None) -> None:
        self._make()
        self._models = metadata

    def _make(self) -> None:
        new, self._new = self._new, None
        if new is not None:
            table = new.made()
            self._columns = [*table.c, *_own_constraints(table)]
            self._models = table.metadata

    @classmethod
    def from_table(cls, table: Table, *, _namespace_metadata: MetaData | None = None) -> Self:
        """The operation that creates ``table``, its columns and its constraints.

        Indexes are operations of their own.
        """
        return cls(
            table.name,
            [*table.c, *_own_constraints(table)],
            schema=table.schema,
            comment=table.comment,
            info=dict(table.info),
            prefixes=list(table._prefixes),
            _namespace_metadata=_namespace_metadata or table.metadata,
            _constraints_included=True,
            **table.kwargs,
        )

    def to_table(self, migration_context: HasOptions | None = None) -> Table:
        """The table as a SQLAlchemy object on a throw-away ``MetaData``."""
        return _table(
            self.table_name,
            self.columns,
            self.schema,
            migration_context,
            comment=self.comment,
            info=dict(self.info),
            prefixes=list(self.prefixes or []),
            constraints_included=self._constraints_included,
            options=self.kw,
        )

    def created(self, table: Table) -> None:
        """Keep the table of the statement that creates it, for :meth:`take_created`."""
        self._created = table

    def take_created(self) -> Table | None:
        """The table that was created just now; it is given away once, and not kept."""
        table, self._created = self._created, None
        return table

    def whole_table(self) -> Table | None:
        """The table that all the columns and constraints belong to, if they are all that it has.

        It is what :meth:`to_table` would copy, for who only reads it.

        :returns: None where they are of no table, or of several, or only a part of one.
        """
        items = list(self.columns)
        table = getattr(items[0], "table", None) if items and self._constraints_included else None
        if not isinstance(table, Table):
            return None
        columns = [item for item in items if isinstance(item, Column)]
        others = [item for item in items if not isinstance(item, Column)]
        is_whole = (
            _are_same(columns, list(table.c))
            and _are_same(others, _own_constraints(table))
            and not any(column.constraints for column in columns)
            and all(isinstance(key._colspec, str) for key in table.foreign_keys)
        )
        return table if is_whole else None

    def reverse(self) -> DropTableOp:
        return DropTableOp.from_table(self.to_table(), _namespace_metadata=self._namespace_metadata)

    def to_diff_tuple(self) -> tuple[str, Table]:
        return ("add_table", self.to_table())

    def describe(self) -> str:
        if self._new is not None:
            number = self._new.column_count
        else:
            number = sum(isinstance(item, Column) for item in self.columns)
        count = "1 column" if number == 1 else f"{number} columns"
        return f"create table {qualified(self.table_name, self.schema)} with {count}"


class DropTableOp(MigrateOperation):
    """Drop a table.

    :param table_kw: what ``sqlalchemy.Table`` takes besides columns and constraints.
    :param _reverse: the operation that creates it again, or what makes it, where it is known.
    """

    def __init__(
        self,
        table_name: str,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        table_kw: MutableMapping[Any, Any] | None = None,
        _reverse: CreateTableOp | Callable[[], CreateTableOp] | None = None,
    ) -> None:
        options = dict(table_kw or {})
        self.table_name = table_name
        self.schema = schema
        self.if_exists = if_exists
        self.comment = options.pop("comment", None)
        self._info = dict(options.pop("info", None) or {})
        self.prefixes = options.pop("prefixes", None)
        self.table_kw = options
        self._known_reverse = _reverse

    @property
    def _reverse(self) -> CreateTableOp | None:
        """The operation that creates it again: few ask, and it holds a whole table."""
        known = self._known_reverse
        if known is not None and not isinstance(known, CreateTableOp):
            known = self._known_reverse = known()
        return known

    @_reverse.setter
    def _reverse(self, known: CreateTableOp | None) -> None:
        self._known_reverse = known

    @classmethod
    def from_table(cls, table: Table, *, _namespace_metadata: MetaData | None = None) -> Self:
        """The operation that drops ``table``, and knows how to create it again."""
        return cls(
            table.name,
            schema=table.schema,
            table_kw={
                "comment": table.comment,
                "info": dict(table.info),
                "prefixes": list(table._prefixes),
                **table.kwargs,
            },
            _reverse=CreateTableOp.from_table(table, _namespace_metadata=_namespace_metadata),
        )

    def to_table(self, migration_context: HasOptions | None = None) -> Table:
        """The table that is dropped; of an unknown one only the name is right."""
        return _table(
            self.table_name,
            self._reverse.columns if self._reverse is not None else [],
            self.schema,
            migration_context,
            comment=self.comment,
            info=dict(self.info),
            prefixes=list(self.prefixes or []),
            constraints_included=self._reverse is not None and self._reverse._constraints_included,
            options=self.table_kw,
        )

    def reverse(self) -> CreateTableOp:
        if self._reverse is None:
            raise ValueError("operation is not reversible; original table is not present")
        return CreateTableOp.from_table(
            self.to_table(), _namespace_metadata=self._reverse._namespace_metadata
        )

    def to_diff_tuple(self) -> tuple[str, Table]:
        return ("remove_table", self.to_table())

    def describe(self) -> str:
        return f"drop table {qualified(self.table_name, self.schema)}"


class RenameTableOp(AlterTableOp):
    """Rename a table within its schema."""

    def __init__(
        self, old_table_name: str, new_table_name: str, *, schema: str | None = None
    ) -> None:
        super().__init__(old_table_name, schema=schema)
        self.new_table_name = new_table_name

    def reverse(self) -> RenameTableOp:
        return RenameTableOp(self.new_table_name, self.table_name, schema=self.schema)

    def to_diff_tuple(self) -> tuple[str, str | None, str, str]:
        return ("rename_table", self.schema, self.table_name, self.new_table_name)

    def describe(self) -> str:
        return f"rename table {self.address} to {self.new_table_name}"


def _are_same(these: Sequence[object], others: Sequence[object]) -> bool:
    """Whether two sequences hold the very same objects: columns have an ``==`` of their own."""
    return list(map(id, these)) == list(map(id, others))


def _own_constraints(table: Table) -> list[Constraint]:
    """The table's constraints, but for those that its columns' types bring along."""
    found = [
        constraint
        for constraint in table.constraints
        if not getattr(constraint, "_type_bound", False)
        and not (isinstance(constraint, PrimaryKeyConstraint) and not len(constraint.columns))
    ]
    return sorted(found, key=_creation_order)


def _creation_order(item: SchemaItem) -> int:
    order: int = getattr(item, "_creation_order", 0)
    return order


def _table(
    name: str,
    items: Sequence[SchemaItem],
    schema: str | None,
    context: HasOptions | None,
    *,
    comment: str | None,
    info: dict[Any, Any],
    prefixes: list[str],
    constraints_included: bool,
    options: Mapping[str, Any],
) -> Table:
    if constraints_included:
        items = [_without_flags(copied(i)) if isinstance(i, Column) else i for i in items]
    return build_table(
        name,
        throwaway_metadata(context),
        *items,
        schema=schema,
        comment=comment,
        info=info,
        prefixes=prefixes,
        **options,
    )


def _without_flags(column: Column[Any]) -> Column[Any]:
    """The column without the flags that would make a second unique constraint or index of it."""
    column.unique = None
    column.index = None
    return column
