"""The quick road on SQLite.

What a commit costs is most of what a small revision costs, so revisions share one where nobody has
asked for one each. A revision is in the database as a whole or not at all all the same, with its
version and its row in the history, and whatever fails leaves all of the transaction to the usual
road, which commits each revision that is good.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from limbeck.database.bare_statements import do_execute
from limbeck.database.sqlite_journal import KeptJournalFile
from limbeck.facts.own_tables import journal_table_name
from limbeck.fleet.quick.sessions import NotAsExpected, QuickSession

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from limbeck.fleet.quick.legs import Leg, Place

__all__ = ["SqliteSession"]

_SHARED = 0.05
"""Seconds after which a transaction takes in no further revision.

Whoever wants to write waits no longer than for one revision, and this."""


class SqliteSession(QuickSession):
    """SQLite by its own driver."""

    _is_checked = False

    def open(self) -> None:
        self._journal_file = KeptJournalFile(self.ask)
        self.driver.isolation_level = None
        self.cursor = self.driver.cursor()
        self.ask("PRAGMA busy_timeout = 0")  # whoever has to wait does so on the usual road
        if self.ask("PRAGMA foreign_keys") != [(0,)]:
            self.ask("PRAGMA foreign_keys = OFF")
        names = (*self.texts.names, journal_table_name(self.texts.names[0]))
        quoted = ", ".join("'" + name.replace("'", "''") + "'" for name in names)
        found = self.ask(f"SELECT name FROM sqlite_master WHERE name IN ({quoted})")
        self.tables = frozenset(row[0] for row in found)

    def portions(self, legs: Sequence[Leg], place: Place) -> Iterable[Sequence[Leg]]:
        return [legs]

    def lock(self, heads: tuple[str, ...]) -> None:
        """Nothing: each transaction holds the lock, and looks at the version itself."""

    def carry_out(self, portion: Sequence[Leg], place: Place) -> tuple[Place, list[float]]:
        seconds: list[float] = []
        rows: list[list[Any]] = []
        if self._is_checked:
            self._journal_file.keep()
        do_execute(self.cursor, "BEGIN IMMEDIATE")
        begun = time.monotonic()
        self._look_once(portion[0])
        for leg in portion:
            clock = time.monotonic()
            place = self._carry_out(leg, place, rows)
            if leg.may_dangle and self.ground.is_each:
                self._refuse_dangling()
            seconds.append(time.monotonic() - clock)
            if self._is_full(time.monotonic() - begun):
                break
        if not self.ground.is_each and any(leg.may_dangle for leg in portion):
            self._refuse_dangling()
        for row in rows:  # together, as each change of the schema has SQLite parse statements anew
            do_execute(self.cursor, self.texts.insert_marked, row)
        do_execute(self.cursor, "COMMIT")
        return place, seconds

    def _look_once(self, first: Leg) -> None:
        """Make sure that all is as it has to be when a transaction begins.

        :param first: the first revision of the transaction.
        """
        if not self.tables:
            for statement in self.texts.create:
                do_execute(self.cursor, statement)
            self.tables = frozenset(self.texts.names)
        if not self._is_checked:
            self._refuse_dangling()
            self._is_checked = True
        if {found[0] for found in self.ask(self.texts.read_versions)} != first.before:
            raise NotAsExpected

    def _is_full(self, passed: float) -> bool:
        """Whether the transaction takes in no further revision.

        :param passed: how many seconds it has been open.
        """
        if not self.ground.is_each:
            return False
        return self.ground.is_each_said or passed >= _SHARED

    def _carry_out(self, leg: Leg, place: Place, rows: list[list[Any]]) -> Place:
        """Carry out one revision in the transaction that is open.

        :param rows: where its row of the history goes, which is still to be written.
        """
        run, origin = self.cursor, self.ground.origin
        started, clock = origin.now(), time.monotonic()
        for statement in leg.statements:
            do_execute(run, statement)
        for statement, is_matching in leg.changes:
            do_execute(run, statement)
            if is_matching and run.rowcount != 1:
                raise NotAsExpected
        if leg.form is None:
            return place
        milliseconds = round((time.monotonic() - clock) * 1e3)
        placed, values = leg.placed(place, (origin.now(), milliseconds, started), self.texts.places)
        rows.append(values)
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
        self._journal_file.give_back()
