"""The UPDATE that moves the version, which every revision runs: compiled once for all of them.

Building and compiling it anew takes as many instructions as all else of a small revision together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import String, literal_column

if TYPE_CHECKING:
    from sqlalchemy import Dialect, Table
    from sqlalchemy.sql.compiler import SQLCompiler

__all__ = ["VersionUpdate"]

_BEFORE, _AFTER = "<id before>", "<id after>"
_TYPE: String = String()


class VersionUpdate:
    """The UPDATE of one version table for one dialect, as SQLAlchemy compiles it.

    :param table: the version table.
    :param dialect: the dialect.
    """

    def __init__(self, table: Table, dialect: Dialect) -> None:
        self.table = table
        self.dialect = dialect
        number = table.c.version_num
        statement = table.update().where(number == literal_column(_BEFORE, _TYPE))
        statement = statement.values(version_num=literal_column(_AFTER, _TYPE))
        compiled: Any = statement.compile(dialect=dialect)
        self._compiled: SQLCompiler = compiled
        self._start, _, rest = self._compiled.string.partition(_AFTER)
        self._middle, _, self._end = rest.partition(_BEFORE)
        self._is_as_usual = self._compiled.render_literal_value("a1", _TYPE) == "'a1'"

    def text(self, before: str, after: str) -> str:
        """The statement as the driver takes it, with both values in it as literals.

        No two are the same, so that no driver prepares them on the server, where a pooler may give
        the next transaction another session.

        :param before: the id that a row holds.
        :param after: the id that it shall hold.
        """
        return f"{self._start}{self._said(after)}{self._middle}{self._said(before)}{self._end}"

    def _said(self, id_: str) -> str:
        """An id as a literal; one of letters and digits has nothing in it to be escaped."""
        if self._is_as_usual and id_.isascii() and id_.isalnum():
            return f"'{id_}'"
        return self._compiled.render_literal_value(id_, _TYPE)
