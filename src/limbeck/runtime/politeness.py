"""Statements that take strong locks do not make the application wait.

``ALTER TABLE`` behind a long query waits for it, and all who come later wait for ``ALTER TABLE``.
So DDL waits for a short time only, and is tried again after a pause in which the others go on.

What is tried again must have left no trace. On a database that can roll DDL back that is a whole
revision in a transaction of its own; elsewhere a single statement of an operation, which commits by
itself. Where neither is so, nothing is made short.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError

from limbeck.database.deploy_lock import brief_transaction
from limbeck.database.patience import Patience, pause_of
from limbeck.runtime.statement_kinds import first_word, is_ddl

if TYPE_CHECKING:
    from limbeck.runtime.failure import StatementWatch
    from limbeck.runtime.migration import MigrationContext

log = logging.getLogger("limbeck.runtime.migration")

Result = TypeVar("Result")

_OWN_TABLES = "limbeck_"
_SETS = re.compile(r"\bset(_config)?\b", re.IGNORECASE)
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 5.0
_LONGEST_SQL = 80
_ENDS = ("commit", "rollback", "rollback_savepoint")


class Politeness:
    """The lock timeout of one migration context.

    :param context: the context.
    """

    def __init__(self, context: MigrationContext) -> None:
        self.context = context
        self.timeouts = context.backend.lock_timeouts
        self.blocker = ""
        self._seconds = 0.0
        self._usual: str | None = None
        self._is_short = False
        self._is_left_alone = False
        self._armed = self._blocked = ""
        self._depth = 0
        self._patience: Patience | None = None
        self._collected: list[str] | None = None

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Within, the statements of a run are kept from waiting long for locks."""
        self._seconds = self._asked_for
        if not self._seconds:
            yield
            return
        connection = self._connection
        event.listen(connection, "before_cursor_execute", self._before, retval=True)
        for name in _ENDS:
            event.listen(connection, name, self._ends)
        try:
            yield
        finally:
            self._seconds = 0.0
            event.remove(connection, "before_cursor_execute", self._before)
            for name in _ENDS:
                event.remove(connection, name, self._ends)
            self._as_usual()

    # What may be tried again

    def statement(self, run: Callable[[], Result]) -> Result:
        """Run a statement of an operation, and again where it has waited for too long.

        :param run: runs it.
        """
        if not self._seconds:
            return run()
        self._depth += 1
        try:
            while True:
                try:
                    result = run()
                except DBAPIError as error:
                    if not (self._commits_at_once and self._has_timed_out(error)):
                        raise
                    if not self._pauses_within_operation():
                        raise
                else:
                    if self._commits_at_once:
                        self.is_done()
                    return result
        finally:
            self._depth -= 1

    def _pauses_within_operation(self) -> bool:
        journal = self.context.impl.journal
        if journal is None:
            return self.pauses()
        journal.gives_way()
        if not self.pauses():
            return False
        journal.tries_again()
        return True

    def is_retried(self, error: BaseException, watch: StatementWatch) -> bool:
        """Whether a revision that has failed had only waited for too long, and nothing of it lasts.

        :param error: what it raised.
        :param watch: tells what of it lasts.
        """
        if not self._seconds or watch.lasting or self._commits_at_once or watch.in_autocommit:
            return False
        return self._has_timed_out(error)

    def is_done(self) -> None:
        """A revision or a statement has gone through; the next one may wait as long again."""
        self._patience = None
        self.blocker = ""

    def pauses(self) -> bool:
        """Say who is in the way, and let the others go on for a while.

        :returns: False where it has taken too long already.
        """
        if self._patience is None:
            self._patience = Patience(
                self.context.deployment.options.lock_wait,
                pause=pause_of(self._connection),
                first_pause=_FIRST_PAUSE,
                longest_pause=_LONGEST_PAUSE,
            )
        self._tell(self._blocked)
        return self._patience.wait()

    def _has_timed_out(self, error: BaseException) -> bool:
        self._blocked = self._armed
        return bool(self._armed) and self.timeouts.is_timeout(error)

    def of_transaction(self, ask: Callable[[str], str]) -> tuple[str, ...]:
        """What to say at the beginning of a transaction of DDL that is given up where it waits.

        :param ask: asks the database what it is set to.
        """
        seconds = self._asked_for
        if not seconds or not self.timeouts.is_default(ask(self.timeouts.show())):
            return ()
        return (self.timeouts.set(self.timeouts.value(seconds), of_transaction=True),)

    # What the statements run under

    @property
    def _asked_for(self) -> float:
        context = self.context
        is_database = not context.as_sql and isinstance(context.connection, Connection)
        if not is_database or not self.timeouts.setting:
            return 0.0
        if context.dialect.name not in ("mariadb", context.backend.name):
            return 0.0  # a database that only speaks like a known one
        if context.transactions.external or not context.per_migration:
            return 0.0
        return context.deployment.options.lock_timeout

    @property
    def _connection(self) -> Connection:
        connection: Connection = self.context.connection
        return connection

    @property
    def _commits_at_once(self) -> bool:
        return not self.context.impl.transactional_ddl

    @property
    def _is_in_autocommit(self) -> bool:
        """Whether there is no transaction although the database has such for DDL.

        What runs there waits for others on purpose (``CREATE INDEX CONCURRENTLY``), and a setting
        would be the session's, which may be a pooler's.
        """
        watch = self.context.transactions.watch
        return not self._commits_at_once and watch is not None and watch.in_autocommit

    def _before(
        self, connection: Connection, cursor: Any, sql: str, parameters: Any, *_: Any
    ) -> tuple[str, Any]:
        self._look_at(sql)
        return sql, parameters

    def _look_at(self, sql: str) -> None:
        self._armed = ""
        if self.timeouts.setting in sql.lower() and _SETS.search(sql):
            self._is_left_alone = True  # the revision says itself how long it waits
        if self._is_left_alone or self._is_in_autocommit:
            return
        if self._wants_short(sql):
            self._make_short()
        elif not self._is_neutral(sql):
            self._as_usual()
        self._armed = sql if self._is_short else ""

    def _is_neutral(self, sql: str) -> bool:
        """Whether a statement waits for nobody, so that nothing needs to be set for it."""
        return (
            first_word(sql) in ("SET", "SHOW", "SAVEPOINT", "RELEASE")
            or "pg_catalog." in sql
            or self.context.version_table in sql
            or _OWN_TABLES in sql
        )

    def _wants_short(self, sql: str) -> bool:
        watch = self.context.transactions.watch
        if watch is None or not is_ddl(sql) or not self.timeouts.may_be_short(sql):
            return False
        return self._depth > 0 if self._commits_at_once else not watch.lasting

    def _make_short(self) -> None:
        if self._is_short:
            return
        if self._usual is None:
            self._usual = str(self._ask(self.timeouts.show()))
        if self.timeouts.is_default(self._usual):
            self._set(self.timeouts.value(self._seconds))
            self._is_short = True

    def _as_usual(self) -> None:
        connection = self._connection
        if not self._is_short or self._usual is None:
            return
        self._is_short = False
        if not connection.closed and not connection.invalidated:
            self._set(self._usual)

    def _set(self, value: str) -> None:
        sql = self.timeouts.set(value, of_transaction=not self._commits_at_once)
        if self._collected is None:
            self._ask(sql)
        else:
            self._collected.append(sql)

    # In a message that says other things too

    def collects(self, statements: list[str] | None) -> None:
        """Add to a list what is to be set, as somebody sends it with what runs under it.

        :param statements: the list; None to send it again at once.
        """
        self._collected = statements

    def usual_again(self) -> tuple[str, ...]:
        """What sets it back behind a statement; when it was, :meth:`is_as_usual` has to be said."""
        if not self._is_short or self._usual is None:
            return ()
        return (self.timeouts.set(self._usual, of_transaction=False),)

    def is_as_usual(self) -> None:
        """It was set back."""
        self._is_short = False

    def _ask(self, sql: str) -> Any:
        """Run a statement of ours without an event, and without beginning anything."""
        cursor = self._connection.connection.cursor()
        try:
            cursor.execute(sql)
            row = cursor.fetchone() if cursor.description else None
        finally:
            cursor.close()
        return row[0] if row else None

    def _ends(self, *_: Any) -> None:
        """What was set for a transaction ends with it."""
        if self._commits_at_once:
            return
        if self._is_left_alone:
            self._usual = None
        self._is_short = self._is_left_alone = False

    # Words

    def _tell(self, sql: str) -> None:
        with brief_transaction(self._connection):
            found = self.timeouts.blocker(self._connection, sql)
        words = " ".join(sql.split())
        short = words if len(words) <= _LONGEST_SQL else f"{words[: _LONGEST_SQL - 1]}…"
        is_news = not self.blocker or (found or "").split(",")[0] != self.blocker.split(",")[0]
        self.blocker = found or self.blocker or "somebody else"
        if is_news:
            log.info("Waiting for a lock: %s (for: %s)", self.blocker, short)
            report = self.context.opts.get("report")
            if report is not None:
                from limbeck.runtime.events import StatementBlocked

                report(StatementBlocked(short, self.blocker))
