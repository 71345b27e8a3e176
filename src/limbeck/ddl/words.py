"""The parts that ``ALTER TABLE`` statements are made of, in the words of a dialect."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Integer, MetaData, Table
from sqlalchemy.types import String

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import DDLCompiler
    from sqlalchemy.types import TypeEngine

    from limbeck.ddl.base import AlterColumn, AlterTable


def quoted(compiler: DDLCompiler, name: str) -> str:
    """A name as an identifier, quoted where it has to be."""
    words: str = compiler.preparer.quote(name)
    return words


def format_table(compiler: DDLCompiler, name: str, schema: str | None) -> str:
    """A table's name with its schema."""
    quotes = (getattr(name, "quote", None), getattr(schema, "quote", None))
    return _table_words(compiler, _named_table(name, schema, quotes))


@lru_cache(maxsize=512)
def _named_table(name: str, schema: str | None, quotes: tuple[bool | None, ...]) -> Table:
    """A table of which nothing but the name matters; to make one takes as long as a statement.

    :param quotes: how the names are quoted, if they say so: to Python, such names are equal.
    """
    return Table(name, MetaData(), schema=schema)


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
