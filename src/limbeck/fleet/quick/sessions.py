"""How tenants are looked at and migrated by bare statements."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from limbeck.database.bare_statements import do_execute
from limbeck.facts.own_tables import journal_table_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from limbeck.fleet.quick.legs import Leg, Place
    from limbeck.fleet.quick.recorder import Ground
    from limbeck.fleet.quick.texts import Texts
    from limbeck.project.tenant import Tenant

__all__ = ["NotAsExpected", "QuickSession", "Rows"]

Rows = list[tuple[Any, ...]]

_LOOKS = 3


class NotAsExpected(Exception):
    """Something is not as it is on a quick road; the usual one knows what to do."""


class QuickSession:
    """The session of one tenant.

    :param connection: the connection, on which nothing was done yet.
    :param tenant: whose it is.
    :param ground: on what ground statements were recorded.
    :param texts: the statements about limbeck's own tables.
    """

    def __init__(
        self, connection: Connection, tenant: Tenant, ground: Ground, texts: Texts
    ) -> None:
        self.connection = connection
        self.tenant = tenant
        self.ground = ground
        self.texts = texts
        self.driver: Any = connection.connection.driver_connection
        self.cursor: Any = None
        self.tables: frozenset[str] = frozenset()

    # For each database

    def open(self) -> None:
        """Look which of limbeck's tables there are.

        :raises NotAsExpected: it is another ground.
        """
        raise NotImplementedError

    def lock(self, heads: tuple[str, ...]) -> None:
        """Take the deploy lock, where the session holds it.

        :param heads: what the version table held before.
        :raises NotAsExpected: somebody else has it, or has moved the version.
        """
        raise NotImplementedError

    def portions(self, legs: Sequence[Leg], place: Place) -> Iterable[Sequence[Leg]]:
        """The revisions, as they are handed to :meth:`carry_out`.

        :param legs: all of them.
        :param place: the newest row of the history.
        """
        raise NotImplementedError

    def carry_out(self, portion: Sequence[Leg], place: Place) -> tuple[Place, list[float]]:
        """Carry out revisions, at least the first, and commit; all where all have one transaction.

        :param portion: the revisions.
        :param place: the newest row of the history.
        :returns: the newest row now, and how many seconds each revision took that was carried out.
        :raises Exception: one of them cannot be done; nothing of it, of those after it, and of
            those that share its transaction, is in the database.
        """
        raise NotImplementedError

    def arrived(self) -> frozenset[str]:
        """What the version table holds in the end, once all is committed."""
        raise NotImplementedError

    def end_transaction(self) -> None:
        """Roll back what is open after a failure."""
        raise NotImplementedError

    def close(self) -> None:
        """Give the lock back."""

    @property
    def is_lost(self) -> bool:
        """Whether the server is not to be reached by this session any more."""
        return False

    # For all

    @contextmanager
    def held(self) -> Iterator[None]:
        """Within, the session is used; afterwards it holds nothing."""
        try:
            yield
        finally:
            if self.is_lost:
                self.connection.invalidate()  # nothing of it can be rolled back
            else:
                self.close()

    def ask(self, statement: str) -> Rows:
        """The rows of a query."""
        do_execute(self.cursor, statement)
        return list(self.cursor.fetchall())

    def versions(self) -> tuple[str, ...]:
        """What the version table holds.

        :raises NotAsExpected: what is there is no version table of one's usual kind.
        """
        version = self.texts.names[0]
        is_half_done = journal_table_name(version) in self.tables
        if is_half_done or len({name in self.tables for name in self.texts.names}) > 1:
            raise NotAsExpected
        return self.ask_versions() if self.tables else ()

    def ask_versions(self) -> tuple[str, ...]:
        """What the version table, which is there, holds.

        :raises NotAsExpected: a row is there twice, or empty.
        """
        found = tuple(row[0] for row in self.ask(self.texts.read_versions))
        if len(set(found)) != len(found) or not all(found):
            raise NotAsExpected
        return found

    def history(self) -> Rows:
        """What the history holds, of it what tells what is applied."""
        is_there = self.tables and self.texts.has_history
        return self.ask(self.texts.read_history) if is_there else []

    def standing(self) -> frozenset[str] | None:
        """What the version table holds after a failure; None where that cannot be asked."""
        for _ in range(_LOOKS):  # what cancels a statement may come too late, and meet the next one
            try:
                self.end_transaction()
                self.open()
                return frozenset(self.versions())
            except Exception:
                continue
        return None
