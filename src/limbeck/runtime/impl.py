"""Statements on their way out: to the database, or onto paper."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from sqlalchemy import Delete, Insert, TextClause, Update
from sqlalchemy.engine.mock import MockConnection

from limbeck.dialects.registry import backend_for
from limbeck.operations.literal_text import literal_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    from sqlalchemy import Connection, Dialect, Executable

_NAMES = {
    "sqlite": "SQLite",
    "postgresql": "Postgresql",
    "mysql": "MySQL",
    "mariadb": "MariaDB",
    "mssql": "MSSQL",
    "oracle": "Oracle",
}


class Impl:
    """What a migration knows about the database it runs on, and how statements get there.

    :param dialect: the dialect.
    :param connection: the connection, None on paper.
    :param as_sql: write statements down instead of running them.
    :param transactional_ddl: whether DDL can be rolled back, None for what the database can.
    :param output_buffer: where statements are written.
    :param opts: the options given to ``configure()``.
    """

    def __init__(
        self,
        dialect: Dialect,
        connection: Connection | None,
        as_sql: bool,
        transactional_ddl: bool | None,
        output_buffer: TextIO,
        opts: Mapping[str, Any],
    ) -> None:
        self.dialect = dialect
        self.connection = connection
        self.as_sql = as_sql
        self.opts = opts
        self.context_opts = opts
        self.output_buffer = output_buffer
        self.lost: OSError | None = None
        """Why something could not be written down, if so."""
        self._backend = backend_for(dialect)
        self._features = self._backend.features_of(dialect)
        self.transactional_ddl = (
            self._features.transactional_ddl if transactional_ddl is None else transactional_ddl
        )

    @property
    def name(self) -> str:
        """The name that logs know, as in ``PostgresqlImpl``."""
        return f"{_NAMES.get(self.dialect.name, self.dialect.name.capitalize())}Impl"

    @property
    def command_terminator(self) -> str:
        """What ends a statement on paper."""
        return self._features.terminator

    @property
    def batch_separator(self) -> str:
        """What stands on a line of its own behind each statement on paper, "" for nothing."""
        option = f"{self._backend.name}_batch_separator"
        separator: str = self.opts.get(option, self._features.batch_separator)
        return separator

    def execute(
        self,
        sql: Executable | str,
        execution_options: Mapping[str, Any] | None = None,
    ) -> None:
        """Run a statement, or write it down.

        :param sql: a statement; in a string a colon is a colon.
        :param execution_options: for this statement alone.
        """
        statement = literal_text(sql) if isinstance(sql, str) else sql
        if self.as_sql or self.connection is None:
            self.write(statement)
        else:
            self.connection.execute(statement, execution_options=execution_options or {})

    def write(self, statement: Executable) -> None:
        """Write a statement down as it would run."""
        words = self._backend.text(statement, self.dialect)
        # A comment in the last line would swallow the terminator.
        commented = "--" in words.rpartition("\n")[2] and self.command_terminator
        self._end_with_separator(f"{words}\n" if commented else words)

    def _end_with_separator(self, words: str) -> None:
        """Write a statement, what ends it, and what ends its batch."""
        self.static_output(words + self.command_terminator)
        if self.batch_separator:
            self.static_output(self.batch_separator)

    def static_output(self, text: str) -> None:
        """Write a text, and a blank line after it.

        :raises OSError: it could not be written; :attr:`lost` is the same.
        """
        try:
            self._write_out(f"{text}\n\n")
        except OSError as error:
            self.lost = error
            raise

    def _write_out(self, text: str) -> None:
        encoding = self.opts.get("output_encoding")
        binary = _bytes_of(self.output_buffer)
        if encoding and binary is not None:
            self.output_buffer.flush()
            binary.write(text.encode(encoding))
            binary.flush()
            return
        self.output_buffer.write(text)
        self.output_buffer.flush()

    def emit_begin(self) -> None:
        """Write down that a transaction begins."""
        self._end_with_separator(self._features.begin)

    def emit_commit(self) -> None:
        """Write down that a transaction ends."""
        self._end_with_separator(self._features.commit)


def _bytes_of(buffer: object) -> Any:
    """Where a buffer takes bytes: a file of bytes itself, or what a file of text writes to."""
    return buffer if isinstance(buffer, io.BufferedIOBase) else getattr(buffer, "buffer", None)


def paper_connection(impl: Impl) -> MockConnection:
    """A stand-in for a connection that writes statements down and returns no rows."""

    def write(statement: Any, parameters: Any = None, *_: Any, **__: Any) -> None:
        for each in _with_values(statement, parameters):
            impl.write(each)

    return MockConnection(impl.dialect, write)


def _with_values(statement: Any, parameters: Any) -> Sequence[Any]:
    """The statement with its values in it, once for each set of them."""
    if not parameters:
        return [statement]
    rows = [parameters] if hasattr(parameters, "keys") else list(parameters)
    if isinstance(statement, TextClause):
        return [statement.bindparams(**row) for row in rows]
    if isinstance(statement, Insert):
        return [statement.values(**row) for row in rows]
    if isinstance(statement, (Update, Delete)) or hasattr(statement, "params"):
        return [statement.params(**row) for row in rows]
    return [statement]
