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


@compiles(Add)
def _add(element: Add, compiler: DDLCompiler, **kw: Any) -> str:
    words = column_definition(
        compiler,
        element.column,
        inline_references=bool(element.inline_references),
        inline_primary_key=bool(element.inline_primary_key),
    )
    return f"{alter_table(compiler, element)} ADD {words}"


def _modify(compiler: DDLCompiler, element: AlterColumn) -> str:
    return f"{alter_table(compiler, element)} MODIFY {quoted(compiler, element.column_name)}"


@compiles(ModifyNullable)
def _modify_nullable(element: ModifyNullable, compiler: DDLCompiler, **kw: Any) -> str:
    return f"{_modify(compiler, element)} {'NULL' if element.nullable else 'NOT NULL'}"


@compiles(ModifyType)
def _modify_type(element: ModifyType, compiler: DDLCompiler, **kw: Any) -> str:
    return f"{_modify(compiler, element)} {type_text(compiler, element.type_)}"


@compiles(ModifyDefault)
def _modify_default(element: ModifyDefault, compiler: DDLCompiler, **kw: Any) -> str:
    default = None if element.default is None else default_text(compiler, element.default)
    return f"{_modify(compiler, element)} DEFAULT {default or 'NULL'}"


@compiles(ModifyIdentity)
def _modify_identity(element: ModifyIdentity, compiler: DDLCompiler, **kw: Any) -> str:
    if element.default is None:
        return f"{_modify(compiler, element)} DROP IDENTITY"
    return f"{_modify(compiler, element)} {compiler.process(element.default)}"


@compiles(RenameColumn)
def _rename_column(element: RenameColumn, compiler: DDLCompiler, **kw: Any) -> str:
    before, after = quoted(compiler, element.column_name), quoted(compiler, element.newname)
    return f"{alter_table(compiler, element)} RENAME COLUMN {before} TO {after}"


@compiles(DropPrimaryKey)
def _drop_primary_key(element: DropPrimaryKey, compiler: DDLCompiler, **kw: Any) -> str:
    return f"{alter_table(compiler, element)} DROP PRIMARY KEY"


# https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/COMMENT.html
@compiles(SetComment)
def _set_comment(element: SetComment, compiler: DDLCompiler, **kw: Any) -> str:
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
