"""The parts of ``ALTER TABLE`` under the names that Alembic documents.

A third-party dialect's ``@compiles`` functions are made of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy.sql.elements import quoted_name

from limbeck.ddl.words import column_definition, default_text, quoted, type_text

if TYPE_CHECKING:
    from sqlalchemy import Column
    from sqlalchemy.sql.compiler import DDLCompiler
    from sqlalchemy.types import TypeEngine


def alter_table(compiler: DDLCompiler, name: str, schema: str | None) -> str:
    """``ALTER TABLE t``.

    :param compiler: speaks the database's words.
    :param name: the table.
    :param schema: its schema, None for the default one.
    """
    return f"ALTER TABLE {format_table_name(compiler, name, schema)}"


def alter_column(compiler: DDLCompiler, name: str) -> str:
    """``ALTER COLUMN c``."""
    return f"ALTER COLUMN {quoted(compiler, name)}"


def add_column(
    compiler: DDLCompiler,
    column: Column[Any],
    if_not_exists: bool | None = None,
    inline_references: bool | None = None,
    inline_primary_key: bool | None = None,
    **kw: Any,
) -> str:
    """``ADD COLUMN c INTEGER NOT NULL``, with the column's own constraints.

    :param compiler: speaks the database's words.
    :param column: the column.
    :param if_not_exists: say ``IF NOT EXISTS``.
    :param inline_references: write a foreign key of one column behind it.
    :param inline_primary_key: write ``PRIMARY KEY`` behind it.
    :param kw: what SQLAlchemy hands to every function that compiles.
    """
    definition = column_definition(
        compiler,
        column,
        inline_references=bool(inline_references),
        inline_primary_key=bool(inline_primary_key),
    )
    return f"ADD COLUMN {'IF NOT EXISTS ' if if_not_exists else ''}{definition}"


def drop_column(compiler: DDLCompiler, name: str, if_exists: bool | None = None, **kw: Any) -> str:
    """``DROP COLUMN c``.

    :param compiler: speaks the database's words.
    :param name: the column.
    :param if_exists: say ``IF EXISTS``.
    :param kw: what SQLAlchemy hands to every function that compiles.
    """
    return f"DROP COLUMN {'IF EXISTS ' if if_exists else ''}{quoted(compiler, name)}"


def format_table_name(compiler: DDLCompiler, name: str, schema: str | None) -> str:
    """A table's name with its schema, quoted where it has to be; ``a.b`` is ``b`` within ``a``."""
    if not schema:
        return quoted(compiler, name)
    return f"{quote_dotted(schema, compiler.preparer.quote)}.{quoted(compiler, name)}"


def format_column_name(compiler: DDLCompiler, name: str) -> str:
    """A column's name, quoted where it has to be."""
    return quoted(compiler, name)


def format_type(compiler: DDLCompiler, type_: TypeEngine[Any]) -> str:
    """A type in the database's words."""
    return type_text(compiler, type_)


def format_server_default(compiler: DDLCompiler, default: Any) -> str:
    """A server default in the database's words.

    :param compiler: speaks the database's words.
    :param default: a string, an expression or a ``DefaultClause``.
    :raises TypeError: there is none.
    """
    words = default_text(compiler, default)
    if words is None:
        raise TypeError("there is no server default to write down")
    return words


def quote_dotted(name: str, quote: Callable[[str], str]) -> str:
    """Quote each part of a name with dots; one that says how it is quoted is a single part.

    :param name: the name.
    :param quote: quotes a part.
    """
    if isinstance(name, quoted_name):
        return quote(name)
    return ".".join(quote(part) for part in name.split("."))
