"""Comments, which SQL Server keeps as extended properties of the name ``MS_Description``.

https://learn.microsoft.com/sql/relational-databases/system-stored-procedures/sp-addextendedproperty-transact-sql
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.compiler import compiles

from limbeck.ddl.base import AlterTable, ColumnComment
from limbeck.ddl.words import quoted
from limbeck.dialects.mssql.names import Place, national

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import DDLCompiler


class Describe(AlterTable):
    """Give a table or a column a comment, or take it away.

    :param column_name: None for the table itself.
    :param comment: None for no comment.
    :param has_comment: whether there is one now, None where nobody knows: then the database is
        asked, as none can be added to one, and none changed or dropped where there is none.
    """

    def __init__(
        self,
        name: str,
        column_name: str | None,
        comment: str | None,
        *,
        schema: str | None = None,
        has_comment: bool | None = None,
    ) -> None:
        super().__init__(name, schema=schema)
        self.column_name = column_name
        self.comment = comment
        self.has_comment = has_comment


@compiles(Describe)
def _describe(element: Describe, compiler: DDLCompiler, **kw: Any) -> str:
    if not element.comment:
        drop = _call(element, compiler, "sp_dropextendedproperty")
        return drop if element.has_comment else f"{_if_there(element, compiler)}\n{drop}"
    update = _call(element, compiler, "sp_updateextendedproperty")
    add = _call(element, compiler, "sp_addextendedproperty")
    if element.has_comment is None:
        return f"{_if_there(element, compiler)}\n{update}\nelse\n{add}"
    return update if element.has_comment else add


def _call(element: Describe, compiler: DDLCompiler, procedure: str) -> str:
    called = Place.of(element.schema).procedure(compiler, procedure)
    arguments = ["'MS_Description'"]
    if element.comment:
        arguments.append(national(compiler, element.comment))
    for level, name in _levels(element, compiler):
        arguments += [f"'{level}'", quoted(compiler, name)]
    return f"exec {called} {', '.join(arguments)}"


def _if_there(element: Describe, compiler: DDLCompiler) -> str:
    """A condition; unlike a procedure, a function takes no name for a string."""
    arguments = ["'MS_Description'"]
    for level, name in _levels(element, compiler):
        arguments += [f"'{level}'", national(compiler, name)]
    if element.column_name is None:
        arguments += ["NULL", "NULL"]
    function = Place.of(element.schema).view(compiler, "fn_listextendedproperty")
    return f"if exists (select 1 from {function}({', '.join(arguments)}))"


def _levels(element: Describe, compiler: DDLCompiler) -> list[tuple[str, str]]:
    """The way to what is described, from the schema down."""
    # A property lies at a schema, so a table of the default one needs its name here.
    default = compiler.dialect.default_schema_name or "dbo"
    levels = [
        ("schema", Place.of(element.schema).schema or default),
        ("table", element.table_name),
    ]
    if element.column_name is not None:
        levels.append(("column", element.column_name))
    return levels


@compiles(ColumnComment, "mssql")
def visit_column_comment(element: ColumnComment, compiler: DDLCompiler, **kw: Any) -> str:
    """``exec sp_addextendedproperty 'MS_Description', …``."""
    described = Describe(
        element.table_name,
        element.column_name,
        element.comment,
        schema=element.schema,
        has_comment=True if element.existing_comment else None,
    )
    return _describe(described, compiler)
