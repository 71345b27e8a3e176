"""Columns: to add, to drop, to alter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

from sqlalchemy import Column, Computed, Identity
from sqlalchemy.types import NULLTYPE

from limbeck.operations.ops.base import AlterTableOp, expression_words, type_words

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

    from limbeck.operations.schema_objects import HasOptions


class AddColumnOp(AlterTableOp):
    """Add a column.

    :param inline_references: write a foreign key of one column within the column's definition.
    :param inline_primary_key: write ``PRIMARY KEY`` within the column's definition.
    """

    def __init__(
        self,
        table_name: str,
        column: Column[Any],
        *,
        schema: str | None = None,
        if_not_exists: bool | None = None,
        inline_references: bool | None = None,
        inline_primary_key: bool | None = None,
        **kw: Any,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.column = column
        self.if_not_exists = if_not_exists
        self.inline_references = inline_references
        self.inline_primary_key = inline_primary_key
        self.kw = kw

    @classmethod
    def from_column(cls, col: Column[Any]) -> Self:
        """The operation that adds ``col`` to the table that it belongs to."""
        return cls(col.table.name, col, schema=col.table.schema)

    @classmethod
    def from_column_and_tablename(cls, schema: str | None, tname: str, col: Column[Any]) -> Self:
        """The operation that adds ``col`` to a table that is known by name."""
        return cls(tname, col, schema=schema)

    def to_column(self) -> Column[Any]:
        """The column that is added."""
        return self.column

    def reverse(self) -> DropColumnOp:
        op = DropColumnOp.from_column_and_tablename(self.schema, self.table_name, self.column)
        op.if_exists = self.if_not_exists
        return op

    def to_diff_tuple(self) -> tuple[str, str | None, str, Column[Any]]:
        return ("add_column", self.schema, self.table_name, self.column)

    def describe(self) -> str:
        nullable = "" if self.column.nullable else " NOT NULL"
        words = type_words(self.column.type)
        return f"add column {self.address}.{self.column.name} {words}{nullable}"


class DropColumnOp(AlterTableOp):
    """Drop a column.

    :param kw: ``if_exists``, and dialect options such as ``mssql_drop_default``.
    :param _reverse: the operation that adds it again, where it is known.
    """

    def __init__(
        self,
        table_name: str,
        column_name: str,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        _reverse: AddColumnOp | None = None,
        **kw: Any,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.column_name = column_name
        self.if_exists = if_exists
        self._reverse = _reverse
        self.kw = kw

    @classmethod
    def from_column_and_tablename(cls, schema: str | None, tname: str, col: Column[Any]) -> Self:
        """The operation that drops ``col``, and knows how to add it again."""
        return cls(
            tname,
            col.name,
            schema=schema,
            _reverse=AddColumnOp.from_column_and_tablename(schema, tname, col),
        )

    def to_column(self, migration_context: HasOptions | None = None) -> Column[Any]:
        """The column that is dropped; of an unknown one only the name is right."""
        return self._reverse.column if self._reverse else Column(self.column_name, NULLTYPE)

    def reverse(self) -> AddColumnOp:
        if self._reverse is None:
            raise ValueError("operation is not reversible; original column is not present")
        op = AddColumnOp.from_column_and_tablename(
            self.schema, self.table_name, self._reverse.column
        )
        op.if_not_exists = self.if_exists
        return op

    def to_diff_tuple(self) -> tuple[str, str | None, str, Column[Any]]:
        return ("remove_column", self.schema, self.table_name, self.to_column())

    def describe(self) -> str:
        return f"drop column {self.address}.{self.column_name}"


class AlterColumnOp(AlterTableOp):
    """Alter a column: its name, type, nullability, server default or comment.

    ``modify_…`` is what it becomes, ``existing_…`` what it is. ``False`` for a default or a
    comment means "not said", as ``None`` means that there is none.
    """

    def __init__(
        self,
        table_name: str,
        column_name: str,
        *,
        schema: str | None = None,
        existing_type: Any | None = None,
        existing_server_default: Any = False,
        existing_nullable: bool | None = None,
        existing_comment: str | None = None,
        modify_nullable: bool | None = None,
        modify_comment: str | Literal[False] | None = False,
        modify_server_default: Any = False,
        modify_name: str | None = None,
        modify_type: Any | None = None,
        **kw: Any,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.column_name = column_name
        self.existing_type = _instance(existing_type)
        self.existing_server_default = existing_server_default
        self.existing_nullable = existing_nullable
        self.existing_comment = existing_comment
        self.modify_nullable = modify_nullable
        self.modify_comment = modify_comment
        self.modify_server_default = modify_server_default
        self.modify_name = modify_name
        self.modify_type = _instance(modify_type)
        self.kw = kw

    def has_changes(self) -> bool:
        """True where something is modified at all."""
        return (
            self.modify_nullable is not None
            or self.modify_server_default is not False
            or self.modify_type is not None
            or self.modify_comment is not False
            or self.modify_name is not None
            or any(key.startswith("modify_") for key in self.kw)
        )

    def to_diff_tuple(self) -> list[tuple[Any, ...]]:
        known = {
            "existing_nullable": self.existing_nullable,
            "existing_type": self.existing_type,
            "existing_server_default": self.existing_server_default,
            "existing_comment": self.existing_comment,
        }
        aspects: list[tuple[str, bool, str, Any]] = [
            ("modify_type", self.modify_type is not None, "existing_type", self.modify_type),
            (
                "modify_nullable",
                self.modify_nullable is not None,
                "existing_nullable",
                self.modify_nullable,
            ),
            (
                "modify_default",
                self.modify_server_default is not False,
                "existing_server_default",
                self.modify_server_default,
            ),
            (
                "modify_comment",
                self.modify_comment is not False,
                "existing_comment",
                self.modify_comment,
            ),
        ]
        named = (
            []
            if self.modify_name is None
            else [("modify_name", self.schema, self.table_name, self.column_name, self.modify_name)]
        )
        return named + [
            (
                name,
                self.schema,
                self.table_name,
                self.column_name,
                {key: value for key, value in known.items() if key != before},
                known[before],
                after,
            )
            for name, modified, before, after in aspects
            if modified
        ]

    def reverse(self) -> AlterColumnOp:
        """The column as it was; what is not said of the existing one is not put back."""
        keywords: dict[str, Any] = dict(self.kw)
        for key in {name.partition("_")[2] for name in self.kw if name.startswith("modify_")}:
            before = keywords.pop(f"existing_{key}", None)
            keywords[f"existing_{key}"] = keywords.pop(f"modify_{key}")
            if before is not None:
                keywords[f"modify_{key}"] = before
        if "autoincrement" in keywords and "existing_autoincrement" in keywords:
            keywords["autoincrement"], keywords["existing_autoincrement"] = (
                keywords["existing_autoincrement"],
                keywords["autoincrement"],
            )
        op = AlterColumnOp(
            self.table_name,
            self.modify_name or self.column_name,
            schema=self.schema,
            modify_name=self.column_name if self.modify_name else None,
            **keywords,
        )
        op.existing_type, op.modify_type = _swapped(self.existing_type, self.modify_type, None)
        op.existing_nullable, op.modify_nullable = _swapped(
            self.existing_nullable, self.modify_nullable, None
        )
        op.existing_server_default, op.modify_server_default = _swapped(
            self.existing_server_default, self.modify_server_default, False
        )
        if self.modify_comment is False:
            op.existing_comment = self.existing_comment
        else:
            op.existing_comment, op.modify_comment = self.modify_comment, self.existing_comment
        return op

    def describe(self) -> str:
        changes = []
        if self.modify_type is not None:
            before = f" from {type_words(self.existing_type)}" if self.existing_type else ""
            changes.append(f"type{before} to {type_words(self.modify_type)}")
        if self.modify_nullable is not None:
            changes.append("NULL" if self.modify_nullable else "NOT NULL")
        if self.modify_server_default is not False:
            changes.append(f"default {_default_words(self.modify_server_default)}")
        if self.modify_comment is not False:
            changes.append("comment" if self.modify_comment else "no comment")
        if self.modify_name is not None and not changes:
            return f"rename column {self.address}.{self.column_name} to {self.modify_name}"
        if self.modify_name is not None:
            changes.append(f"name {self.modify_name}")
        if self.kw.get("autoincrement") is not None:
            changes.append("autoincrement" if self.kw["autoincrement"] else "no autoincrement")
        return f"alter column {self.address}.{self.column_name}: {', '.join(changes) or 'nothing'}"


def _instance(type_: Any) -> TypeEngine[Any] | None:
    """A type, where a class may have been given for it."""
    made: TypeEngine[Any] | None = type_() if isinstance(type_, type) else type_
    return made


def _swapped(existing: Any, modified: Any, unsaid: Any) -> tuple[Any, Any]:
    """The two sides the other way round; what is not modified stays as it is."""
    return (existing, unsaid) if modified is unsaid else (modified, existing)


def _default_words(default: Any) -> str:
    if default is None:
        return "none"
    if isinstance(default, Identity):
        return "generated as identity"
    if isinstance(default, Computed):
        return f"generated as ({expression_words(default.sqltext)})"
    return expression_words(getattr(default, "arg", default))
