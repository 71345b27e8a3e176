"""``ALTER TABLE`` in standard SQL, as SQLAlchemy DDL elements.

A dialect that says a thing differently has an element of its own in its folder, or registers
``@compiles(ElementClass, "dialect name")``, as third-party dialects do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Computed, Identity, Integer, MetaData, Table
from sqlalchemy.exc import CompileError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import DDLElement
from sqlalchemy.types import String

if TYPE_CHECKING:
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


class RenameTable(AlterTable):
    """``ALTER TABLE old RENAME TO new``."""

    def __init__(self, old_table_name: str, new_table_name: str, schema: str | None = None) -> None:
        super().__init__(old_table_name, schema=schema)
        self.new_table_name = new_table_name


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


def quoted(compiler: DDLCompiler, name: str) -> str:
    """A name as an identifier, quoted where it has to be."""
    words: str = compiler.preparer.quote(name)
    return words


def format_table(compiler: DDLCompiler, name: str, schema: str | None) -> str:
    """A table's name with its schema."""
    return _table_words(compiler, Table(name, MetaData(), schema=schema))


def _table_words(compiler: DDLCompiler, table: Table) -> str:
    words: str = compiler.preparer.format_table(table)
    return words


def alter_table(compiler: DDLCompiler, element: AlterTable) -> str:
    """``ALTER TABLE t``."""
    return f"ALTER TABLE {format_table(compiler, element.table_name, element.schema)}"


def alter_column(compiler: DDLCompiler, element: AlterColumn) -> str:
    """``ALTER TABLE t ALTER COLUMN c``."""
    return f"{alter_table(compiler, element)} ALTER COLUMN {quoted(compiler, element.column_name)}"


def type_text(compiler: DDLCompiler, type_: TypeEngine[Any]) -> str:
    """A type in the words of the database."""
    words: str = compiler.dialect.type_compiler_instance.process(type_)
    return words


def default_text(compiler: DDLCompiler, default: Any) -> str | None:
    """A server default in the words of the database."""
    column: Column[Any] = Column("x", Integer, server_default=default)
    return compiler.get_column_default_string(column)


def literal_string(compiler: DDLCompiler, words: str) -> str:
    """A string in quotes, whatever is in it."""
    literal: str = compiler.sql_compiler.render_literal_value(words, String())
    return literal


def column_definition(
    compiler: DDLCompiler,
    column: Column[Any],
    *,
    inline_references: bool = False,
    inline_primary_key: bool = False,
) -> str:
    """A column as ``ADD COLUMN`` wants it: its definition, then its own constraints."""
    words = [compiler.get_column_specification(column)]
    if inline_primary_key and column.primary_key:
        words.append("PRIMARY KEY")
    if inline_references:
        words += [
            _references(compiler, key.constraint)
            for key in column.foreign_keys
            if key.constraint is not None and len(key.constraint.elements) == 1
        ]
    own = sorted(column.constraints, key=lambda constraint: constraint._creation_order)
    words += [compiler.process(constraint) for constraint in own]
    return " ".join(words)


def _references(compiler: DDLCompiler, constraint: Any) -> str:
    """``REFERENCES u (id) ON DELETE …``: what follows the list of columns in the table's way."""
    preparer = compiler.preparer
    referred = constraint.elements[0].column
    define: Any = compiler.define_constraint_remote_table  # SQLite leaves the schema out
    table = define(constraint, referred.table, preparer)
    name = preparer.format_constraint(constraint) if constraint.name is not None else None
    clauses = [
        f"CONSTRAINT {name}" if name else "",
        f"REFERENCES {table} ({quoted(compiler, referred.name)})",
    ]
    rest = (
        compiler.define_constraint_match(constraint)
        + compiler.define_constraint_cascades(constraint)
        + compiler.define_constraint_deferrability(constraint)
    )
    return " ".join(clause for clause in clauses if clause) + rest
