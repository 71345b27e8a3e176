"""What Oracle says in its own way.

https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/ALTER-TABLE.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.compiler import compiles

from limbeck.ddl.base import (
    AddColumn,
    AlterColumn,
    AlterTable,
    ColumnComment,
    ColumnDefault,
    ColumnName,
    ColumnNullable,
    ColumnType,
    Guarded,
    IdentityColumnDefault,
    RenameTable,
)
from limbeck.ddl.words import (
    alter_table,
    column_definition,
    default_text,
    format_table,
    literal_string,
    quoted,
    type_text,
)

if TYPE_CHECKING:
    from sqlalchemy import Column
    from sqlalchemy.schema import ExecutableDDLElement
    from sqlalchemy.sql.compiler import DDLCompiler


class Add(AddColumn):
    """``ADD …``, without the word COLUMN."""


class ModifyNullable(ColumnNullable):
    """``MODIFY c NULL`` and ``MODIFY c NOT NULL``."""


class ModifyType(ColumnType):
    """``MODIFY c …``."""


class ModifyDefault(ColumnDefault):
    """``MODIFY c DEFAULT …``; a default that was set can only become NULL."""


class ModifyIdentity(IdentityColumnDefault):
    """``MODIFY c GENERATED … AS IDENTITY``, ``MODIFY c DROP IDENTITY``."""


class RenameColumn(ColumnName):
    """``RENAME COLUMN old TO new``."""


class SetComment(ColumnComment):
    """``COMMENT ON COLUMN … IS …``, where the empty string is no comment."""


class DropPrimaryKey(AlterTable):
    """``DROP PRIMARY KEY``, which needs no name."""


class Tolerating(Guarded):
    """A statement that may fail with one error: what it makes is there, what it drops is not.

    Oracle has ``IF [NOT] EXISTS`` since version 23 only, and not for columns and constraints.

    :param error: the number of the error, as in ``ORA-00955``.
    """

    def __init__(self, statement: ExecutableDDLElement, error: int) -> None:
        super().__init__(statement)
        self.error = error


# A statement of no dialect in particular, compiled for Oracle, is said in its way too: dialects of
# others hand such statements to be run.


def add_column(compiler: DDLCompiler, column: Column[Any], **kw: Any) -> str:
    """``ADD c …``.

    :param compiler: speaks the database's words.
    :param column: the column.
    :param kw: ``inline_references``, ``inline_primary_key``.
    """
    inline = {name: bool(kw.get(name)) for name in ("inline_references", "inline_primary_key")}
    return f"ADD {column_definition(compiler, column, **inline)}"


def alter_column(compiler: DDLCompiler, name: str) -> str:
    """``MODIFY c``."""
    return f"MODIFY {quoted(compiler, name)}"


@compiles(Add)
@compiles(AddColumn, "oracle")
def visit_add_column(element: AddColumn, compiler: DDLCompiler, **kw: Any) -> str:
    """``ALTER TABLE t ADD c …``."""
    words = add_column(
        compiler,
        element.column,
        inline_references=element.inline_references,
        inline_primary_key=element.inline_primary_key,
    )
    return f"{alter_table(compiler, element)} {words}"


@compiles(RenameTable, "oracle")
def visit_rename_table(element: RenameTable, compiler: DDLCompiler, **kw: Any) -> str:
    """``ALTER TABLE s.t RENAME TO u``, in the schema that it is in."""
    return f"{alter_table(compiler, element)} RENAME TO {quoted(compiler, element.new_table_name)}"


def _modify(compiler: DDLCompiler, element: AlterColumn) -> str:
    return f"{alter_table(compiler, element)} {alter_column(compiler, element.column_name)}"


@compiles(ModifyNullable)
@compiles(ColumnNullable, "oracle")
def visit_column_nullable(element: ColumnNullable, compiler: DDLCompiler, **kw: Any) -> str:
    """``ALTER TABLE t MODIFY c NOT NULL``."""
    return f"{_modify(compiler, element)} {'NULL' if element.nullable else 'NOT NULL'}"


@compiles(ModifyType)
@compiles(ColumnType, "oracle")
def visit_column_type(element: ColumnType, compiler: DDLCompiler, **kw: Any) -> str:
    """``ALTER TABLE t MODIFY c …``."""
    return f"{_modify(compiler, element)} {type_text(compiler, element.type_)}"


@compiles(ModifyDefault)
@compiles(ColumnDefault, "oracle")
def visit_column_default(element: ColumnDefault, compiler: DDLCompiler, **kw: Any) -> str:
    """``ALTER TABLE t MODIFY c DEFAULT …``."""
    default = None if element.default is None else default_text(compiler, element.default)
    return f"{_modify(compiler, element)} DEFAULT {default or 'NULL'}"


@compiles(ModifyIdentity)
@compiles(IdentityColumnDefault, "oracle")
def visit_identity_column(element: IdentityColumnDefault, compiler: DDLCompiler, **kw: Any) -> str:
    """``ALTER TABLE t MODIFY c GENERATED … AS IDENTITY``."""
    if element.default is None:
        return f"{_modify(compiler, element)} DROP IDENTITY"
    return f"{_modify(compiler, element)} {compiler.process(element.default)}"


@compiles(RenameColumn)
@compiles(ColumnName, "oracle")
def visit_column_name(element: ColumnName, compiler: DDLCompiler, **kw: Any) -> str:
    """``ALTER TABLE t RENAME COLUMN c TO d``."""
    before, after = quoted(compiler, element.column_name), quoted(compiler, element.newname)
    return f"{alter_table(compiler, element)} RENAME COLUMN {before} TO {after}"


@compiles(DropPrimaryKey)
def _drop_primary_key(element: DropPrimaryKey, compiler: DDLCompiler, **kw: Any) -> str:
    return f"{alter_table(compiler, element)} DROP PRIMARY KEY"


# https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/COMMENT.html
@compiles(SetComment)
@compiles(ColumnComment, "oracle")
def visit_column_comment(element: ColumnComment, compiler: DDLCompiler, **kw: Any) -> str:
    """``COMMENT ON COLUMN t.c IS …``."""
    table = format_table(compiler, element.table_name, element.schema)
    column = quoted(compiler, element.column_name)
    comment = literal_string(compiler, element.comment or "")
    return f"COMMENT ON COLUMN {table}.{column} IS {comment}"


@compiles(Tolerating)
def _tolerating(element: Tolerating, compiler: DDLCompiler, **kw: Any) -> str:
    doubled = compiler.process(element.statement).strip().replace("'", "''")
    return (
        f"BEGIN\n    EXECUTE IMMEDIATE '{doubled}';\nEXCEPTION\n    WHEN OTHERS THEN\n"
        f"        IF SQLCODE != -{element.error} THEN\n            RAISE;\n        END IF;\nEND;"
    )
