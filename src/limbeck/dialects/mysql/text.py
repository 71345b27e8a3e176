"""Statements in a script for the command line of MySQL and MariaDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.ddl.verbatim import Verbatim
from limbeck.dialects import text

if TYPE_CHECKING:
    from sqlalchemy import Dialect, Executable


def statement_text(statement: Executable, dialect: Dialect) -> str:
    """A statement as one would type it.

    The client sends what it has at each semicolon, so the body of a routine needs another sign at
    its end: https://mariadb.com/kb/en/delimiters/. What ends a statement in a script is put behind
    the text, and says here that it is the sign again.
    """
    words = text.statement_text(statement, dialect)
    if not isinstance(statement, Verbatim) or not statement.has_body or ";" not in words:
        return words
    sign = next(each for each in ("//", "$$", "||", "@@") if each not in words)
    return f"DELIMITER {sign}\n{words}\n{sign}\nDELIMITER "
