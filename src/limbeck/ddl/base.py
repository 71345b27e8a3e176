"""``ALTER TABLE`` in standard SQL, as SQLAlchemy DDL elements.

A dialect that says a thing differently has an element of its own in its folder, or registers
``@compiles(ElementClass, "dialect name")``, as third-party dialects do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import CompileError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import DDLElement, ExecutableDDLElement

from limbeck.ddl.words import (
    alter_column,
    alter_table,
    column_definition,
    default_text,
    format_table,
    literal_string,
    quoted,
    type_text,
)

if TYPE_CHECKING:
    from sqlalchemy import Column, Computed, Identity
    from sqlalchemy.sql.compiler import DDLCompiler
    from sqlalchemy.sql.elements import quoted_name
    from sqlalchemy.types import TypeEngine


class AlterTable(DDLElement):
    """``ALTER TABLE …``.

    :param table_name: the table.
    :param schema: its schema, None for the default one.
    """

    inherit_cache = False

    def __init__(self, table_name: str, schema: str | quoted_name | None = None) -> None:
        self.table_name = table_name
        self.schema = schema


class Guarded(DDLElement):
    """A statement that is to do nothing where its work is done, for a database without the words.

    :param statement: the statement, which says nothing of existence itself.
    """

    inherit_cache = False

    def __init__(self, statement: ExecutableDDLElement) -> None:
        self.statement = statement


class RenameTable(AlterTable):
    """``ALTER TABLE old RENAME TO new``."""

    def __init__(self, old_table_name: str, new_table_name: str, schema: str | None = None) -> None:
        super().__init__(old_table_name, schema=schema)
        self.new_table_name = new_table_name


class RenameTableInPlace(RenameTable):
    """``RENAME TO new``, where the new name cannot be one of another schema and may not say so."""


class AddColumn(AlterTable):
    """``ALTER TABLE t ADD COLUMN …``.

    :param column: the column, attached to a table.
    """

    def __init__(
        self,
        name: str,
        column: Column[Any],
        schema: str | None = None,
        if_not_exists: bool | None = None,
        inline_references: bool | None = None,
        inline_primary_key: bool | None = None,
    ) -> None:
        super().__init__(name, schema=schema)
        self.column = column
        self.if_not_exists = if_not_exists
        self.inline_references = inline_references
        self.inline_primary_key = inline_primary_key


class DropColumn(AlterTable):
    """``ALTER TABLE t DROP COLUMN …``."""

    def __init__(
        self,
        name: str,
        column: Column[Any],
        schema: str | None = None,
        if_exists: bool | None = None,
    ) -> None:
        super().__init__(name, schema=schema)
        self.column = column
        self.if_exists = if_exists


class AlterColumn(AlterTable):
    """``ALTER TABLE t ALTER COLUMN …``, one aspect at a time.

    :param existing_type: what the column is; some databases have to say it all again.
    """

    def __init__(
        self,
        name: str,
        column_name: str,
        schema: str | None = None,
        existing_type: TypeEngine[Any] | None = None,
        existing_nullable: bool | None = None,
        existing_server_default: Any = False,
        existing_comment: str | None = None,
    ) -> None:
        super().__init__(name, schema=schema)
        self.column_name = column_name
        self.existing_type = existing_type
        self.existing_nullable = existing_nullable
        self.existing_server_default = existing_server_default
        self.existing_comment = existing_comment


class ColumnNullable(AlterColumn):
    """``SET NOT NULL`` and ``DROP NOT NULL``."""

    def __init__(self, name: str, column_name: str, nullable: bool, **kw: Any) -> None:
        super().__init__(name, column_name, **kw)
        self.nullable = nullable


class ColumnType(AlterColumn):
    """``TYPE …``."""

    def __init__(self, name: str, column_name: str, type_: TypeEngine[Any], **kw: Any) -> None:
        super().__init__(name, column_name, **kw)
        self.type_ = type_


class ColumnName(AlterColumn):
    """``RENAME old TO new``."""

    def __init__(self, name: str, column_name: str, newname: str, **kw: Any) -> None:
        super().__init__(name, column_name, **kw)
        self.newname = newname


class ColumnDefault(AlterColumn):
    """``SET DEFAULT …`` and ``DROP DEFAULT``."""

    def __init__(self, name: str, column_name: str, default: Any, **kw: Any) -> None:
        super().__init__(name, column_name, **kw)
        self.default = default


class ComputedColumnDefault(AlterColumn):
    """Make a column a generated one, change its expression, or make it an ordinary one."""

    def __init__(self, name: str, column_name: str, default: Computed | None, **kw: Any) -> None:
        super().__init__(name, column_name, **kw)
        self.default = default


class IdentityColumnDefault(AlterColumn):
    """Make a column an identity, change its options, or make it an ordinary one."""

    def __init__(self, name: str, column_name: str, default: Identity | None, **kw: Any) -> None:
        super().__init__(name, column_name, **kw)
        self.default = default


class ColumnComment(AlterColumn):
    """``COMMENT ON COLUMN … IS …``."""

    def __init__(self, name: str, column_name: str, comment: str | None, **kw: Any) -> None:
        super().__init__(name, column_name, **kw)
        self.comment = comment


@compiles(RenameTable)
def _rename_table(element: RenameTable, compiler: DDLCompiler, **kw: Any) -> str:
    new = format_table(compiler, element.new_table_name, element.schema)
    return f"{alter_table(compiler, element)} RENAME TO {new}"


@compiles(RenameTableInPlace)
def _rename_table_in_place(element: RenameTableInPlace, compiler: DDLCompiler, **kw: Any) -> str:
    return f"{alter_table(compiler, element)} RENAME TO {quoted(compiler, element.new_table_name)}"


@compiles(AddColumn)
def _add_column(element: AddColumn, compiler: DDLCompiler, **kw: Any) -> str:
    exists = "IF NOT EXISTS " if element.if_not_exists else ""
    words = column_definition(
        compiler,
        element.column,
        inline_references=bool(element.inline_references),
        inline_primary_key=bool(element.inline_primary_key),
    )
    return f"{alter_table(compiler, element)} ADD COLUMN {exists}{words}"


@compiles(DropColumn)
def _drop_column(element: DropColumn, compiler: DDLCompiler, **kw: Any) -> str:
    exists = "IF EXISTS " if element.if_exists else ""
    name = quoted(compiler, element.column.name)
    return f"{alter_table(compiler, element)} DROP COLUMN {exists}{name}"


@compiles(ColumnNullable)
def _column_nullable(element: ColumnNullable, compiler: DDLCompiler, **kw: Any) -> str:
    return f"{alter_column(compiler, element)} {'DROP' if element.nullable else 'SET'} NOT NULL"


@compiles(ColumnType)
def _column_type(element: ColumnType, compiler: DDLCompiler, **kw: Any) -> str:
    return f"{alter_column(compiler, element)} TYPE {type_text(compiler, element.type_)}"


@compiles(ColumnName)
def _column_name(element: ColumnName, compiler: DDLCompiler, **kw: Any) -> str:
    before, after = quoted(compiler, element.column_name), quoted(compiler, element.newname)
    return f"{alter_table(compiler, element)} RENAME {before} TO {after}"


@compiles(ColumnDefault)
def _column_default(element: ColumnDefault, compiler: DDLCompiler, **kw: Any) -> str:
    if element.default is None:
        return f"{alter_column(compiler, element)} DROP DEFAULT"
    return (
        f"{alter_column(compiler, element)} SET DEFAULT {default_text(compiler, element.default)}"
    )


@compiles(ComputedColumnDefault)
def _computed_default(element: ComputedColumnDefault, compiler: DDLCompiler, **kw: Any) -> str:
    raise CompileError(
        'Adding or removing a "computed" construct, e.g. GENERATED ALWAYS AS, to or from an '
        "existing column is not supported."
    )


@compiles(IdentityColumnDefault)
def _identity_default(element: IdentityColumnDefault, compiler: DDLCompiler, **kw: Any) -> str:
    raise CompileError(
        'Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or '
        "from an existing column is not supported in this dialect."
    )


@compiles(ColumnComment)
def _column_comment(element: ColumnComment, compiler: DDLCompiler, **kw: Any) -> str:
    table = format_table(compiler, element.table_name, element.schema)
    comment = "NULL" if not element.comment else literal_string(compiler, element.comment)
    return f"COMMENT ON COLUMN {table}.{quoted(compiler, element.column_name)} IS {comment}"
