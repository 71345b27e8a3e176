"""A table that becomes another one by a copy, where an ALTER is not to be had or not wanted.

The new table is made of copies of what the old one consists of, as SQLAlchemy knows it, and is
edited before it is created. Its columns are known by their old names and have the new ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    Constraint,
    DefaultClause,
    Identity,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    cast,
    insert,
    select,
)
from sqlalchemy.types import to_instance

from limbeck.dialects.standard.batch import NoSuchPart, temporary_name
from limbeck.dialects.standard.column_order import in_groups
from limbeck.dialects.standard.copy_parts import constraint_on, index_on
from limbeck.errors import CommandError
from limbeck.operations.copied_parts import copied
from limbeck.operations.schema_objects import constraint_name

if TYPE_CHECKING:
    from sqlalchemy import Insert
    from sqlalchemy.types import TypeEngine

    Cast = Callable[[TypeEngine[Any], dict[str, Any], TypeEngine[Any]], None]


def cast_values(
    existing: TypeEngine[Any], transfer: dict[str, Any], new_type: TypeEngine[Any]
) -> None:
    """Convert a column's values where the kind of its type changes.

    :param existing: the type that the column has.
    :param transfer: what is selected for the column, as ``expr``; changed in place.
    :param new_type: the type that it gets.
    """
    if existing._type_affinity is not new_type._type_affinity:
        transfer["expr"] = cast(transfer["expr"], new_type)


class TableCopy:
    """What becomes of a table.

    :param table: the table as it is.
    :param table_args: constraints to add.
    :param table_kwargs: options of the new table.
    :param reflected: the table was read from the database, whose CHECKs without a name are those
        of types as well.
    :param partial_reordering: tuples of columns that shall follow one another.
    :param cast: converts values to a type of another kind.
    """

    def __init__(
        self,
        table: Table,
        table_args: Sequence[Any] = (),
        table_kwargs: Mapping[str, Any] | None = None,
        *,
        reflected: bool = False,
        partial_reordering: Sequence[tuple[str, ...]] | None = None,
        cast: Cast = cast_values,
    ) -> None:
        self.table = table
        self.table_args = table_args
        self.table_kwargs = {**table.dialect_kwargs, **(table_kwargs or {})}
        self.partial_reordering = tuple(partial_reordering or ())
        self.comment = table.comment
        self._cast = cast
        self.columns: dict[str, Column[Any]] = {}
        self.column_transfers: dict[str, dict[str, Any]] = {}
        self.named_constraints: dict[str, Constraint] = {}
        self.unnamed_constraints: list[Constraint] = []
        self.left_out: list[CheckConstraint] = []
        self.indexes = {str(index.name): index for index in table.indexes}
        self.new_indexes: dict[str, Index] = {}
        for column in table.columns:
            self.columns[column.name] = copied(column)
            self.column_transfers[column.name] = {"expr": column}
        for constraint in sorted(table.constraints, key=lambda each: each._creation_order):
            self._keep(constraint, reflected)

    def _keep(self, constraint: Constraint, reflected: bool) -> None:
        if getattr(constraint, "_type_bound", False):
            return  # it comes with its column's type
        name = constraint_name(constraint)
        if name is not None:
            self.named_constraints[str(name)] = constraint
        elif reflected and isinstance(constraint, CheckConstraint):
            self.left_out.append(constraint)
        else:
            self.unnamed_constraints.append(constraint)

    # Columns

    def add_column(
        self,
        table_name: str,
        column: Column[Any],
        insert_before: str | None = None,
        insert_after: str | None = None,
        **kw: Any,
    ) -> None:
        """Add a column, which holds nothing of the old table.

        :param insert_before: the column before which it goes.
        :param insert_after: the column behind which it goes.
        """
        self.columns[column.name] = copied(column)
        self.column_transfers.pop(column.name, None)
        self._place(column.name, insert_before, insert_after)

    def alter_column(
        self,
        table_name: str,
        column_name: str,
        nullable: bool | None = None,
        server_default: Any = False,
        name: str | None = None,
        type_: Any = None,
        autoincrement: bool | None = None,
        comment: Any = False,
        insert_before: str | None = None,
        insert_after: str | None = None,
        **kw: Any,
    ) -> None:
        """Alter a column; what is left out stays as it is."""
        column = self._column(column_name)
        transfer = self.column_transfers.get(column_name)
        if name is not None and name != column_name:
            column.key, column.name = column.key or column_name, name
        if type_ is not None:
            new = to_instance(type_)
            if transfer is not None:
                self._cast(column.type, transfer, new)
            column.type = new
        if nullable is not None:
            column.nullable = nullable
        if server_default is not False:
            _set_default(column, server_default)
        if autoincrement is not None:
            column.autoincrement = autoincrement
        if comment is not False:
            column.comment = comment
        self._place(column_name, insert_before, insert_after)

    def drop_column(self, table_name: str, column: Any, **kw: Any) -> None:
        """Drop a column, with the constraints and indexes that it is part of."""
        name = str(column.name)
        if kw.get("if_exists") and name not in self.columns:
            return
        self._column(name)
        del self.columns[name]
        self.column_transfers.pop(name, None)
        if any(each.name == name for each in self.table.primary_key.columns):
            self._forget(self.table.primary_key)

    def _column(self, name: str) -> Column[Any]:
        for known, column in self.columns.items():
            if name in (known, column.name):
                return column
        raise CommandError(
            f"table {self.table.name!r} has no column {name!r}",
            hint=f"it has {', '.join(self.columns)}",
        )

    def _place(self, name: str, before: str | None, after: str | None) -> None:
        neighbour = before if before is not None else after
        if neighbour is None:
            return
        self._column(neighbour)
        order = [each for each in self.columns if each != name]
        order.insert(order.index(neighbour) + (before is None), name)
        self.columns = {each: self.columns[each] for each in order}

    # Constraints, indexes, comments

    def add_constraint(self, const: Constraint, **kw: Any) -> None:
        """Add a constraint, in the place of one of the same name, or of another primary key."""
        if isinstance(const, PrimaryKeyConstraint):
            self._forget(self.table.primary_key)
            for column in self.columns.values():
                column.primary_key = False
        name = constraint_name(const)
        if name is None:
            self.unnamed_constraints.append(const)
        else:
            self.named_constraints[str(name)] = const

    def drop_constraint(self, const: Constraint, **kw: Any) -> None:
        """Drop a constraint, which is known by its name.

        :raises NoSuchPart: there is none.
        """
        name = constraint_name(const)
        if isinstance(const, PrimaryKeyConstraint) and name is None:
            self._forget(self.table.primary_key)
            return
        if name is None:
            raise NoSuchPart("Constraint must have a name")
        found = self.named_constraints.pop(str(name), None)
        if isinstance(found, PrimaryKeyConstraint):
            self._forget(found)
        if found is not None or self._drop_in_column(str(name)):
            return
        # MySQL and Oracle show a unique constraint as an index.
        if isinstance(const, UniqueConstraint) and str(name) in self.indexes:
            del self.indexes[str(name)]
        elif not kw.get("if_exists"):
            raise NoSuchPart(f"No such constraint: {str(name)!r}")

    def _drop_in_column(self, name: str) -> bool:
        """Drop a CHECK that belongs to a column alone, or to its type."""
        for column in self.columns.values():
            for constraint in list(column.constraints):
                if constraint_name(constraint) == name:
                    column.constraints.remove(constraint)
                    return True
            kind: Any = column.type
            if getattr(kind, "name", None) == name and getattr(kind, "create_constraint", False):
                column.type = kind.copy()
                column.type.create_constraint = False  # type: ignore[attr-defined]  # as above
                return True
        return False

    def _forget(self, key: PrimaryKeyConstraint) -> None:
        for column in key.columns:
            if column.name in self.columns:
                self.columns[column.name].primary_key = False
        self.unnamed_constraints = [c for c in self.unnamed_constraints if c is not key]
        self.named_constraints = {
            name: each for name, each in self.named_constraints.items() if each is not key
        }

    def create_index(self, idx: Index, **kw: Any) -> None:
        """Create an index when the copy has its final name."""
        self.new_indexes[str(idx.name)] = idx

    def drop_index(self, idx: Index, **kw: Any) -> None:
        """Leave an index out.

        :raises NoSuchPart: there is none.
        """
        known = self.indexes.pop(str(idx.name), None) or self.new_indexes.pop(str(idx.name), None)
        if known is None and not kw.get("if_exists"):
            raise NoSuchPart(f"No such index: {str(idx.name)!r}")

    def create_table_comment(self, table: Table) -> None:
        """Give the table the comment that ``table`` has."""
        self.comment = table.comment

    def drop_table_comment(self, table: Table) -> None:
        """Take the table's comment away."""
        self.comment = None

    # The result

    def build(self) -> Table:
        """The new table under its temporary name, without indexes."""
        metadata = MetaData(naming_convention=self.table.metadata.naming_convention)
        for name in (name for group in self.partial_reordering for name in group):
            self._column(name)
        names = in_groups(list(self.columns), self.partial_reordering)
        table = Table(
            temporary_name(self.table.name),
            metadata,
            *[copied(self.columns[name]) for name in names],
            schema=self.table.schema,
            comment=self.comment,
            **self.table_kwargs,
        )
        for constraint in (*self.named_constraints.values(), *self.unnamed_constraints):
            made = constraint_on(constraint, table, self.table)
            if made is not None:
                table.append_constraint(made)
        for item in self.table_args:
            if isinstance(item, Column):
                table.append_column(copied(item))
            elif isinstance(item, Constraint):
                table.append_constraint(item)
        return table

    def rows(self, table: Table) -> Insert | None:
        """The statement that copies the rows; None where no column is left to copy.

        :param table: the new table.
        """
        kept = {
            column.key: self.column_transfers[column.key]["expr"]
            for column in table.columns
            if column.key in self.column_transfers and column.computed is None
        }
        if not kept:
            return None
        chosen = [e if isinstance(e, Column) else e.label(name) for name, e in kept.items()]
        names = [table.columns[name] for name in kept]
        # A generated column has its value by itself, and takes no other.
        return insert(table).from_select(names, select(*chosen))

    def indexes_on(self, table: Table) -> list[Index]:
        """The indexes that stay, then those that come, without those of columns that are gone.

        :param table: the new table.
        """
        both = (*self.indexes.values(), *self.new_indexes.values())
        return [made for index in both if (made := index_on(index, table)) is not None]


def _set_default(column: Column[Any], default: Any) -> None:
    column.computed = default if isinstance(default, Computed) else None
    column.identity = default if isinstance(default, Identity) else None
    column.server_onupdate = None
    if default is None or isinstance(default, Computed | Identity | DefaultClause):
        column.server_default = default
    else:
        column.server_default = DefaultClause(default)
