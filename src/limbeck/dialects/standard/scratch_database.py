"""Whole databases that are made for a moment and thrown away: the default is that there are none.

A dialect's own ``scratch_database.py`` subclasses :class:`ScratchDatabases`. A database that is
made has a name of the pattern :data:`OURS` and is held by its maker as long as that lives, so that
one which nobody holds is known to be left over.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from limbeck.dialects.standard.scratch import ScratchImpossible

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable

    from sqlalchemy import Connection

PREFIX = "limbeck_scratch_"
"""How the names of scratch databases begin."""

OURS = re.compile(r"limbeck_scratch_[0-9a-f]{16}")
"""The names of scratch databases; nothing of another name is ever dropped."""

MARKER = "limbeck_scratch_marker"
"""The table in a database that was given for scratch; no comparison ever sees it."""

IsMade = Callable[[str, str], bool]
"""``fn(kind, name)``: whether the history creates the schema or extension by itself."""


def loose_key(table: str, column: str) -> str:
    """How surroundings say that a column of a primary key may be NULL, where that can be.

    :param table: the table.
    :param column: the column.
    """
    return f"NULL in {table}.{column}, a part of the primary key"


class ScratchDatabases:
    """What a server can do about scratch databases.

    ``server`` is a connection in AUTOCOMMIT to the project's own database, or to another database
    of the same server. ``scratch`` is one to the scratch database.
    """

    def maintenance(self) -> str | None:
        """The database to connect to where the project's own does not exist; "" for none."""
        return None

    def create(self, server: Connection, name: str) -> None:
        """Create an empty database with the defaults of the one that ``server`` is in.

        :raises ScratchImpossible: it cannot be.
        """
        raise ScratchImpossible(
            f"limbeck cannot make a scratch database on {server.dialect.name} by itself"
        )

    def drop(self, server: Connection, name: str) -> None:
        """Drop a database of our own, whoever is connected to it."""

    def drop_stale(self, server: Connection) -> tuple[str, ...]:
        """Drop the scratch databases whose makers have died.

        :returns: the names of those that were dropped.
        """
        return ()

    def hold(self, connection: Connection, name: str) -> bool:
        """Hold a name as long as this connection lasts.

        :returns: False where somebody else holds it.
        """
        return True

    def prepare(self, server: Connection, scratch: Connection, is_made: IsMade) -> tuple[str, ...]:
        """Give the scratch database what migrations take for granted.

        :param is_made: says what the history makes by itself, which is left to it.
        :returns: what could not be given, a line each.
        """
        return ()

    def identity(self, connection: Connection) -> Hashable | None:
        """What tells this database from any other; None where nothing does."""
        return None

    def schemas(self, scratch: Connection) -> tuple[str, ...]:
        """The schemas within the database, "" for the default one."""
        return ("",)

    def contents(self, scratch: Connection) -> tuple[str, ...]:
        """The names of what somebody has made in a database."""
        raise ScratchImpossible(
            f"limbeck cannot tell whether a database of {scratch.dialect.name} is empty"
        )

    def clear(self, scratch: Connection) -> None:
        """Drop everything that :meth:`contents` names."""

    def surroundings(self, scratch: Connection) -> tuple[str, ...]:
        """What there is besides tables, types and sequences, a text for each, sorted."""
        return ()

    def statements(
        self, scratch: Connection, left_out: Collection[tuple[str | None, str]]
    ) -> tuple[str, ...] | None:
        """The SQL that makes what is in the database, as the database itself keeps it.

        :param left_out: tables to leave out, as schema and name.
        :return: None where the database keeps none.
        """
        return None

    def trespass(self, scratch: Connection) -> Callable[[str], str | None]:
        """A function that tells why a statement reaches beyond the scratch database, or None."""
        return lambda statement: None
