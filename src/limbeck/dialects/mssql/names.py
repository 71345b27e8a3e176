"""Names as SQL Server's procedures and functions want them: within a string, or one by one.

A schema of SQLAlchemy's may name a database too, as in ``sales.dbo``; a dot within a name stands in
brackets: https://docs.sqlalchemy.org/dialects/mssql.html#multipart-schema-names
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects.mssql import base

from limbeck.ddl.words import literal_string, quoted
from limbeck.value import Value

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import DDLCompiler


class Place(Value):
    """Where a table lies.

    :param database: None for the current one.
    :param schema: None for the user's default one.
    """

    database: str | None
    schema: str | None

    @classmethod
    def of(cls, schema: str | None) -> Place:
        """The place that SQLAlchemy calls ``schema``."""
        if not schema:
            return cls(None, None)
        # SQLAlchemy has no public name for how it reads a schema with dots and brackets.
        read: Any = base._schema_elements
        return cls(*read(schema))

    def procedure(self, compiler: DDLCompiler, name: str) -> str:
        """A system procedure that is to work in this place's database.

        https://learn.microsoft.com/sql/relational-databases/system-stored-procedures
        """
        return self.view(compiler, name) if self.database else name

    def view(self, compiler: DDLCompiler, name: str) -> str:
        """A view or function of the catalogue of this place's database."""
        database = f"{quoted(compiler, self.database)}." if self.database else ""
        return f"{database}sys.{name}"


def table_text(compiler: DDLCompiler, table: str, place: Place) -> str:
    """A table's name within its database."""
    schema = f"{quoted(compiler, place.schema)}." if place.schema else ""
    return f"{schema}{quoted(compiler, table)}"


def string(compiler: DDLCompiler, words: str) -> str:
    """A string that keeps its characters, whatever the database's code page.

    https://learn.microsoft.com/sql/t-sql/data-types/constants-transact-sql
    """
    return literal_string(compiler, words) if words.isascii() else national(compiler, words)


def national(compiler: DDLCompiler, words: str) -> str:
    """A string of national characters."""
    return f"N{literal_string(compiler, words).removeprefix('N')}"
