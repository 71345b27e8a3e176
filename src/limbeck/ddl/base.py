"""``ALTER TABLE`` in standard SQL, as SQLAlchemy DDL elements.

A dialect that says a thing differently has an element of its own in its folder, or registers
``@compiles(ElementClass, "dialect name")``, as third-party dialects do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import CompileError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import DDLElement, ExecutableDDLElement

from limbeck.ddl.parts import add_column as add_column
from limbeck.ddl.parts import alter_column as alter_column
from limbeck.ddl.parts import alter_table as alter_table
from limbeck.ddl.parts import drop_column as drop_column
from limbeck.ddl.parts import format_column_name as format_column_name
from limbeck.ddl.parts import format_server_default as format_server_default
from limbeck.ddl.parts import format_table_name as format_table_name
from limbeck.ddl.parts import format_type as format_type
from limbeck.ddl.parts import quote_dotted as quote_dotted
from limbeck.ddl.words import format_table, literal_string, quoted

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


def _altered(compiler: DDLCompiler, element: AlterTable) -> str:
    return f"ALTER TABLE {format_table(compiler, element.table_name, element.schema)}"


def _altered_column(compiler: DDLCompiler, element: AlterColumn) -> str:
    return f"{_altered(compiler, element)} {alter_column(compiler, element.column_name)}"


@compiles(RenameTable)
def visit_rename_table(element: RenameTable, compiler: DDLCompiler, **kw: Any) -> str:
    """``ALTER TABLE t RENAME TO u``."""
    new = format_table(compiler, element.new_table_name, element.schema)
    return f"{_altered(compiler, element)} RENAME TO {new}"


@compiles(RenameTableInPlace)
def _rename_table_in_place(element: RenameTableInPlace, compiler: DDLCompiler, **kw: Any) -> str:
    new = quoted(compiler, element.new_table_name)
    return f"{_altered(compiler, element)} RENAME TO {new}"


@compiles(AddColumn)
def visit_add_column(element: AddColumn, compiler: DDLCompiler, **kw: Any) -> str:
    """``ALTER TABLE t ADD COLUMN c …``."""
    words = add_column(
        compiler,
        element.column,
        if_not_exists=element.if_not_exists,
        inline_references=element.inline_references,
        inline_primary_key=element.inline_primary_key,
    )
    return f"{_altered(compiler, element)} {words}"


@compiles(DropColumn)
def visit_drop_column(element: DropColumn, compiler: DDLCompiler, **kw: Any) -> str:
    """``ALTER TABLE t DROP COLUMN c``."""
    words = drop_column(compiler, element.column.name, if_exists=element.if_exists)
    return f"{_altered(compiler, element)} {words}"


@compiles(ColumnNullable)
def visit_column_nullable(element: ColumnNullable, compiler: DDLCompiler, **kw: Any) -> str:
    """``ALTER TABLE t ALTER COLUMN c SET NOT NULL``."""
    return f"{_altered_column(compiler, element)} {'DROP' if element.nullable else 'SET'} NOT NULL"


@compiles(ColumnType)
def visit_column_type(element: ColumnType, compiler: DDLCompiler, **kw: Any) -> str:
    """``ALTER TABLE t ALTER COLUMN c TYPE …``."""
    return f"{_altered_column(compiler, element)} TYPE {format_type(compiler, element.type_)}"


@compiles(ColumnName)
def visit_column_name(element: ColumnName, compiler: DDLCompiler, **kw: Any) -> str:
    """``ALTER TABLE t RENAME c TO d``."""
    before = format_column_name(compiler, element.column_name)
    after = format_column_name(compiler, element.newname)
    return f"{_altered(compiler, element)} RENAME {before} TO {after}"


@compiles(ColumnDefault)
def visit_column_default(element: ColumnDefault, compiler: DDLCompiler, **kw: Any) -> str:
    """``ALTER TABLE t ALTER COLUMN c SET DEFAULT …``."""
    if element.default is None:
        return f"{_altered_column(compiler, element)} DROP DEFAULT"
    default = format_server_default(compiler, element.default)
    return f"{_altered_column(compiler, element)} SET DEFAULT {default}"


@compiles(ComputedColumnDefault)
def visit_computed_column(element: ComputedColumnDefault, compiler: DDLCompiler, **kw: Any) -> str:
    """Refuse: no standard says how.

    :raises CompileError: always.
    """
    raise CompileError(
        'Adding or removing a "computed" construct, e.g. GENERATED ALWAYS AS, to or from an '
        "existing column is not supported."
    )


@compiles(IdentityColumnDefault)
def visit_identity_column(element: IdentityColumnDefault, compiler: DDLCompiler, **kw: Any) -> str:
    """Refuse: no standard says how.

    :raises CompileError: always.
    """
    raise CompileError(
        'Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or '
        "from an existing column is not supported in this dialect."
    )


@compiles(ColumnComment)
def visit_column_comment(element: ColumnComment, compiler: DDLCompiler, **kw: Any) -> str:
    """``COMMENT ON COLUMN t.c IS …``."""
    table = format_table(compiler, element.table_name, element.schema)
    column = format_column_name(compiler, element.column_name)
    comment = "NULL" if not element.comment else literal_string(compiler, element.comment)
    return f"COMMENT ON COLUMN {table}.{column} IS {comment}"
