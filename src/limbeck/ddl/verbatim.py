"""A statement in the database's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import ExecutableDDLElement

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import DDLCompiler


class Verbatim(ExecutableDDLElement):
    """SQL that is sent as it stands: colons, percent signs and backslashes mean nothing in it.

    ``text()`` would take ``:word`` for a parameter, and a backslash before a colon for its escape.
    """

    inherit_cache = False

    def __init__(self, sql: str, *, has_body: bool = False) -> None:
        self.sql = sql
        self.has_body = has_body
        """Whether it is a routine or a trigger, which has semicolons inside."""


@compiles(Verbatim)
def _verbatim(element: Verbatim, compiler: DDLCompiler, **_: Any) -> str:
    return for_driver(compiler, element.sql)


def for_driver(compiler: DDLCompiler, words: str) -> str:
    """Words of the database's own, as they have to stand in what a driver gets.

    Drivers with ``%s`` parameters read DDL too, and make one percent sign of two.

    :param compiler: it compiles the statement.
    :param words: the words.
    """
    doubled: bool = getattr(compiler.preparer, "_double_percents", False)
    return words.replace("%", "%%") if doubled else words
