"""SQL expressions as text inside a revision file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import ClauseElement, TextClause
from sqlalchemy.exc import CompileError

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

# What text() would take for a parameter: see "TextClause" in SQLAlchemy's documentation.
_PARAMETER = re.compile(r"(?<![:\w\\]):(?=\w+(?!:))")


def text_of(expression: ClauseElement | str | Any, dialect: Dialect) -> str:
    """Return an expression as ``text()`` must be given it to mean the same in this database.

    Values are inlined, a column stands without its table, as in a CHECK or an index, and a
    colon that ``text()`` would take for a parameter has a backslash before it.

    :param expression: what to write; a string is SQL already.
    :param dialect: the database that will read it.
    """
    if isinstance(expression, str):
        return _PARAMETER.sub(r"\\:", expression)
    if isinstance(expression, TextClause) and not _has_values(expression):
        return expression.text  # as it was given: compiling would take its escapes away
    return _PARAMETER.sub(r"\\:", compiled_text(expression, dialect))


def compiled_text(expression: ClauseElement, dialect: Dialect) -> str:
    """Return an expression in the words of the database, values inlined, no escapes."""
    options = {"literal_binds": True, "include_table": False}
    try:
        text = str(expression.compile(dialect=dialect, compile_kwargs=options))
    except (CompileError, NotImplementedError):
        return str(expression.compile(compile_kwargs=options))
    if getattr(dialect.identifier_preparer, "_double_percents", False):
        return text.replace("%%", "%")
    return text


def _has_values(expression: TextClause) -> bool:
    return any(not parameter.required for parameter in expression._bindparams.values())
