"""The quick road on SQLite."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from limbeck.database.bare_statements import do_execute
from limbeck.facts.own_tables import journal_table_name
from limbeck.fleet.quick.sessions import NotAsExpected, QuickSession

if TYPE_CHECKING:
    from collections.abc import Sequence

    from limbeck.fleet.quick.legs import Leg, Place

__all__ = ["SqliteSession"]


class SqliteSession(QuickSession):
    """SQLite by its own driver; the transactions are as those of the usual road."""

    _is_checked = False
    _keeps_journal = False

    def open(self) -> None:
        self.driver.isolation_level = None
        self.cursor = self.driver.cursor()
        self.ask("PRAGMA busy_timeout = 0")  # whoever has to wait does so on the usual road
        if self.ask("PRAGMA foreign_keys") != [(0,)]:
            self.ask("PRAGMA foreign_keys = OFF")
        names = (*self.texts.names, journal_table_name(self.texts.names[0]))
        quoted = ", ".join("'" + name.replace("'", "''") + "'" for name in names)
        found = self.ask(f"SELECT name FROM sqlite_master WHERE name IN ({quoted})")
        self.tables = frozenset(row[0] for row in found)

    def lock(self, heads: tuple[str, ...]) -> None:
        """Nothing: each transaction holds the lock, and looks at the version itself."""
        # As safe as the usual mode, and half of its work is left out: the file of the journal is
        # not made and deleted by each commit. The mode is the connection's alone.
        # https://www.sqlite.org/pragma.html#pragma_journal_mode
        if self.ask("PRAGMA journal_mode") == [("delete",)]:
            self._keeps_journal = self.ask("PRAGMA journal_mode = PERSIST") == [("persist",)]

    def carry_out(self, portion: Sequence[Leg], place: Place) -> tuple[Place, list[float]]:
        seconds = []
        do_execute(self.cursor, "BEGIN IMMEDIATE")
        if not self.tables:
            for statement in self.texts.create:
                do_execute(self.cursor, statement)
            self.tables = frozenset(self.texts.names)
        if not self._is_checked:
            self._refuse_dangling()
            self._is_checked = True
        for leg in portion:
            clock = time.monotonic()
            place = self._carry_out(leg, place)
            seconds.append(time.monotonic() - clock)
        if any(leg.may_dangle for leg in portion):
            self._refuse_dangling()
        do_execute(self.cursor, "COMMIT")
        return place, seconds

    def _carry_out(self, leg: Leg, place: Place) -> Place:
        """Carry out one revision in the transaction that is open."""
        run, origin = self.cursor, self.ground.origin
        started, clock = origin.now(), time.monotonic()
        if {found[0] for found in self.ask(self.texts.read_versions)} != leg.before:
            raise NotAsExpected
        for statement in leg.statements:
            do_execute(run, statement)
        for statement, is_matching in leg.changes:
            do_execute(run, statement)
            if is_matching and run.rowcount != 1:
                raise NotAsExpected
        milliseconds = round((time.monotonic() - clock) * 1e3)
        placed, values = leg.placed(place, (origin.now(), milliseconds, started), self.texts.places)
        do_execute(run, self.texts.insert_marked, values)
        return placed

    def _refuse_dangling(self) -> None:
        if self.ask("PRAGMA foreign_key_check"):
            raise NotAsExpected

    def arrived(self) -> frozenset[str]:
        return frozenset(self.ask_versions())

    def end_transaction(self) -> None:
        if self.driver.in_transaction:
            do_execute(self.cursor, "ROLLBACK")

    def close(self) -> None:
        if self._keeps_journal:
            do_execute(self.cursor, "PRAGMA journal_mode = DELETE")
