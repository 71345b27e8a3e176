"""What SQL Server says in its own way.

https://learn.microsoft.com/sql/t-sql/statements/alter-table-transact-sql
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import CompileError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex, CreateTable

from limbeck.ddl.base import (
    AddColumn,
    AlterColumn,
    ColumnDefault,
    ColumnName,
    ColumnNullable,
    ColumnType,
    Guarded,
    RenameTable,
)
from limbeck.ddl.words import (
    alter_column,
    alter_table,
    column_definition,
    default_text,
    format_table,
    quoted,
    type_text,
)
from limbeck.dialects.mssql.names import Place, string, table_text

if TYPE_CHECKING:
    from sqlalchemy import Column
    from sqlalchemy.sql.compiler import DDLCompiler
    from sqlalchemy.types import TypeEngine


class Add(AddColumn):
    """``ADD …``, without the word COLUMN."""


class AlterType(ColumnType):
    """``ALTER COLUMN c …``, which says the type and NULL or NOT NULL at once.

    :param nullable: None leaves it to the database, which takes NULL.
    """

    def __init__(
        self,
        name: str,
        column_name: str,
        type_: TypeEngine[Any],
        nullable: bool | None,
        **kw: Any,
    ) -> None:
        super().__init__(name, column_name, type_, **kw)
        self.nullable = nullable


class AddDefault(ColumnDefault):
    """``ADD DEFAULT … FOR c``: a default is a constraint here."""


class RenameTableByProcedure(RenameTable):
    """``sp_rename`` of a table."""


class RenameColumnByProcedure(ColumnName):
    """``sp_rename`` of a column."""


class DropColumnConstraint(AlterColumn):
    """Drop the constraint of a kind that a column has, and whose name nobody knows.

    :param kind: ``default``, ``check``, ``foreign_key``.
    """

    def __init__(self, name: str, column_name: str, kind: str, schema: str | None = None) -> None:
        super().__init__(name, column_name, schema=schema)
        self.kind = kind


class Unless(Guarded):
    """A statement that creates a table, a column or an index, where it is missing.

    Unlike ``DROP … IF EXISTS``, SQL Server has no ``IF NOT EXISTS`` for these.
    """

    statement: CreateTable | CreateIndex | AddColumn


# A statement of no dialect in particular, compiled for SQL Server, is said in its way too: dialects
# of others hand such statements to be run.


def mssql_add_column(compiler: DDLCompiler, column: Column[Any], **kw: Any) -> str:
    """``ADD c …``.

    :param compiler: speaks the database's words.
    :param column: the column.
    :param kw: ``inline_references``, ``inline_primary_key``.
    """
    inline = {name: bool(kw.get(name)) for name in ("inline_references", "inline_primary_key")}
    return f"ADD {column_definition(compiler, column, **inline)}"


@compiles(Add)
@compiles(AddColumn, "mssql")
def visit_add_column(element: AddColumn, compiler: DDLCompiler, **kw: Any) -> str:
    """``ALTER TABLE t ADD c …``."""
    words = mssql_add_column(
        compiler,
        element.column,
        inline_references=element.inline_references,
        inline_primary_key=element.inline_primary_key,
    )
    return f"{alter_table(compiler, element)} {words}"


@compiles(ColumnNullable, "mssql")
def visit_column_nullable(element: ColumnNullable, compiler: DDLCompiler, **kw: Any) -> str:
    """``ALTER COLUMN c INTEGER NOT NULL``, of the type that the column has."""
    if element.existing_type is None:
        raise CompileError("MS-SQL ALTER COLUMN with NULL or NOT NULL requires the existing_type")
    words = f"{alter_column(compiler, element)} {type_text(compiler, element.existing_type)}"
    return f"{words} {'NULL' if element.nullable else 'NOT NULL'}"


@compiles(ColumnType, "mssql")
def visit_column_type(element: ColumnType, compiler: DDLCompiler, **kw: Any) -> str:
    """``ALTER COLUMN c …``."""
    return f"{alter_column(compiler, element)} {type_text(compiler, element.type_)}"


@compiles(AlterType)
def _alter_type(element: AlterType, compiler: DDLCompiler, **kw: Any) -> str:
    words = visit_column_type(element, compiler)
    if element.nullable is None:
        return words
    return f"{words} {'NULL' if element.nullable else 'NOT NULL'}"


@compiles(AddDefault)
@compiles(ColumnDefault, "mssql")
def visit_column_default(element: ColumnDefault, compiler: DDLCompiler, **kw: Any) -> str:
    """``ALTER TABLE t ADD DEFAULT … FOR c``."""
    default = default_text(compiler, element.default)
    column = quoted(compiler, element.column_name)
    return f"{alter_table(compiler, element)} ADD DEFAULT {default} FOR {column}"


# https://learn.microsoft.com/sql/relational-databases/system-stored-procedures/sp-rename-transact-sql
# The old name is a string that is read as a name of several parts; the new one is the name itself,
# which EXEC takes for the string that it says.


@compiles(RenameTableByProcedure)
@compiles(RenameTable, "mssql")
def visit_rename_table(element: RenameTable, compiler: DDLCompiler, **kw: Any) -> str:
    """``EXEC sp_rename 't', u``."""
    place = Place.of(element.schema)
    old = string(compiler, table_text(compiler, element.table_name, place))
    new = quoted(compiler, element.new_table_name)
    return f"EXEC {place.procedure(compiler, 'sp_rename')} {old}, {new}"


@compiles(RenameColumnByProcedure)
@compiles(ColumnName, "mssql")
def visit_rename_column(element: ColumnName, compiler: DDLCompiler, **kw: Any) -> str:
    """``EXEC sp_rename 't.c', d, 'COLUMN'``."""
    place = Place.of(element.schema)
    table = table_text(compiler, element.table_name, place)
    old = string(compiler, f"{table}.{quoted(compiler, element.column_name)}")
    new = quoted(compiler, element.newname)
    return f"EXEC {place.procedure(compiler, 'sp_rename')} {old}, {new}, 'COLUMN'"


_OF_COLUMN = """\
select @const_name = QUOTENAME([name]) from sys.{view}
where parent_object_id = object_id({table})
and col_name(parent_object_id, parent_column_id) = {column}"""

_OF_FOREIGN_KEY = """\
select @const_name = QUOTENAME([name]) from
sys.foreign_keys fk join sys.foreign_key_columns fkc
on fk.object_id=fkc.constraint_object_id
where fkc.parent_object_id = object_id({table})
and col_name(fkc.parent_object_id, fkc.parent_column_id) = {column}"""

_FIND = {
    "default": _OF_COLUMN.replace("{view}", "default_constraints"),
    "check": _OF_COLUMN.replace("{view}", "check_constraints"),
    "foreign_key": _OF_FOREIGN_KEY,
}


@compiles(DropColumnConstraint)
def _drop_constraint(element: DropColumnConstraint, compiler: DDLCompiler, **kw: Any) -> str:
    place = Place.of(element.schema)
    table = table_text(compiler, element.table_name, place)
    # The database makes a constraint's name from those of the table and the column. QUOTENAME()
    # gives national characters; a variable of others has a question mark for each it does not know.
    plain = table.isascii() and element.column_name.isascii()
    found = _FIND[element.kind].format(
        table=string(compiler, table), column=string(compiler, element.column_name)
    )
    drop = string(compiler, f"alter table {table} drop constraint ")
    words = (
        f"declare @const_name {'varchar(256)' if plain else 'nvarchar(258)'}\n"
        f"{found}\nexec({drop} + @const_name)"
    )
    if place.database is None:
        return words
    # Functions of the catalogue speak of the current database.
    procedure = place.procedure(compiler, "sp_executesql")
    doubled = words.replace("'", "''")
    return f"EXEC {procedure} N'{doubled}'"


@compiles(Unless)
def _unless(element: Unless, compiler: DDLCompiler, **kw: Any) -> str:
    statement = compiler.process(element.statement).strip()
    return f"IF {_is_missing(element, compiler)}\n{statement}"


def _is_missing(element: Unless, compiler: DDLCompiler) -> str:
    statement = element.statement
    if isinstance(statement, CreateTable):
        table = string(compiler, compiler.preparer.format_table(statement.element))
        return f"OBJECT_ID({table}, 'U') IS NULL"
    if isinstance(statement, AddColumn):
        table = string(compiler, format_table(compiler, statement.table_name, statement.schema))
        return f"COL_LENGTH({table}, {string(compiler, statement.column.name)}) IS NULL"
    index: Any = statement.element
    indexes = Place.of(index.table.schema).view(compiler, "indexes")
    table = string(compiler, compiler.preparer.format_table(index.table))
    found = f"object_id = OBJECT_ID({table}) AND name = {string(compiler, str(index.name))}"
    return f"NOT EXISTS (SELECT 1 FROM {indexes} WHERE {found})"
