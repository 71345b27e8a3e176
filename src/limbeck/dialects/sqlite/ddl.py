"""What SQLite says in its own way: https://www.sqlite.org/lang_altertable.html"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.compiler import compiles

from limbeck.ddl.base import AddColumn, ColumnName
from limbeck.ddl.words import alter_table, column_definition, quoted
from limbeck.dialects.standard.constraints import type_bound_constraints

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import DDLCompiler


class AddWholeColumn(AddColumn):
    """``ADD COLUMN`` with every constraint in the column's definition.

    There is no ``ADD CONSTRAINT``, but a column may bring a CHECK and a foreign key along.
    """


class RenameColumn(ColumnName):
    """``RENAME COLUMN old TO new``."""


@compiles(AddWholeColumn)
def _add_column(element: AddWholeColumn, compiler: DDLCompiler, **kw: Any) -> str:
    words = [
        column_definition(
            compiler,
            element.column,
            inline_references=True,
            inline_primary_key=bool(element.inline_primary_key),
        ),
        *(
            compiler.process(constraint)
            for constraint in type_bound_constraints(element.column, compiler.dialect)
        ),
    ]
    exists = "IF NOT EXISTS " if element.if_not_exists else ""
    return f"{alter_table(compiler, element)} ADD COLUMN {exists}{' '.join(words)}"


@compiles(RenameColumn)
def _rename_column(element: RenameColumn, compiler: DDLCompiler, **kw: Any) -> str:
    before, after = quoted(compiler, element.column_name), quoted(compiler, element.newname)
    return f"{alter_table(compiler, element)} RENAME COLUMN {before} TO {after}"
