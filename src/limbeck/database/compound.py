"""Several statements of limbeck's own as one message, which MariaDB carries out as one statement.

https://mariadb.com/kb/en/using-compound-statements-outside-of-stored-programs/
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from limbeck.database.bare_statements import do_execute_all
from limbeck.database.packets import has_packets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from limbeck.database.journal_table import BareStatement

__all__ = ["CannotSay", "Compound", "Rows", "compound", "is_sendable"]

Rows = list[tuple[str | None, ...]]

_NO_BACKSLASH_ESCAPES = 0x200
"""What the server says of its session with each answer:
https://mariadb.com/kb/en/ok_packet/#server-status-flag."""

_LONGEST_CHARACTER = 4


class CannotSay(Exception):
    """Something cannot be said in one message; nothing was sent."""


def compound(statements: Sequence[str]) -> str:
    """Several statements as one.

    :param statements: the statements.
    """
    # whatever ends with a comment, the next statement begins on another line
    return "BEGIN NOT ATOMIC\n" + "\n;\n".join(statements) + "\n;\nEND"


def is_sendable(sql: str) -> bool:
    """Whether a statement means within a compound one what it means alone.

    :param sql: the statement.
    """
    return ";" not in sql.rstrip().removesuffix(";") and "\0" not in sql


class Compound:
    """Sends compound statements on a connection by PyMySQL.

    :param connection: the connection.
    :param longest: the bytes that the server takes, and ends the session of whoever sends more:
        https://mariadb.com/kb/en/server-system-variables/#max_allowed_packet
    """

    def __init__(self, connection: Connection, longest: int) -> None:
        self._driver: Any = connection.connection.dbapi_connection
        self._longest = longest
        self._reads_packets = has_packets(self._driver)

    def is_of(self, connection: Connection) -> bool:
        """Whether it sends on what a connection is connected to now."""
        return self._driver is connection.connection.dbapi_connection

    def send(self, statements: Sequence[str], cursor: Any = None) -> list[Rows]:
        """Send several statements as one.

        :param statements: the statements.
        :param cursor: the driver's; by default one of its own.
        :returns: the rows of each result, their values as text.
        :raises CannotSay: they are longer than the server takes.
        :raises Exception: what the driver raises.
        """
        message = compound(statements)
        is_long = _LONGEST_CHARACTER * len(message) >= self._longest
        if is_long and len(message.encode()) >= self._longest - 1:
            raise CannotSay
        if cursor is not None:
            return do_execute_all(cursor, message, self._reads_packets)
        with closing(self._driver.cursor()) as own:
            return do_execute_all(own, message, self._reads_packets)

    def said(self, statement: BareStatement) -> str:
        """A statement with its values in it.

        :param statement: the statement.
        :raises CannotSay: only SQLAlchemy can say it.
        """
        if statement is None:
            raise CannotSay
        sql, values = statement
        if isinstance(values, dict):
            literals: Mapping[str, str] = {
                name: self._literal(value) for name, value in values.items()
            }
            return str(sql % literals)
        return str(sql % tuple(map(self._literal, values)))

    def _literal(self, value: Any) -> str:
        if value is None:
            return "NULL"
        if type(value) is int:
            return str(value)
        if type(value) is not str or "\0" in value:
            raise CannotSay
        # as the driver does it, which looks at each character
        if not self._driver.server_status & _NO_BACKSLASH_ESCAPES:
            value = value.replace("\\", "\\\\")
        quoted = value.replace("'", "''")
        return f"'{quoted}'"
