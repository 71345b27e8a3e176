"""The moments of a run at which something may happen to it.

They are SQLAlchemy's events on the connections of this process: before and after each statement
that is not a question, and before each commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from limbeck.dialects.standard.recovery import in_short, is_of_session
from limbeck.facts.own_tables import JOURNAL
from limbeck.value import Value

if TYPE_CHECKING:
    from sqlalchemy import Connection

_QUESTIONS = ("SELECT", "SHOW", "PRAGMA")

Strike = Callable[["Moment", "Connection"], None]


class Moment(Value):
    """One moment of a run.

    :param number: which one it is, from 1.
    :param when: where it is: before or after the statement, or before a commit.
    :param sql: the statement.
    :param behind: the last statement before it that is not limbeck's own.
    """

    number: int
    when: Literal["before", "after", "at the commit after"]
    sql: str
    behind: str = ""

    @property
    def words(self) -> str:
        """The moment for people."""
        if not self.sql:
            return "at a commit"
        told = f"{self.when} `{in_short(self.sql)}`"
        if _is_own(self.sql) and self.behind:
            return f"{told}, behind `{in_short(self.behind)}`"
        return told


class Moments:
    """Counts the moments of a run, and strikes at one of them.

    :param at: the number of the moment; 0 only counts them.
    :param strike: what happens then.
    """

    def __init__(self, at: int = 0, strike: Strike | None = None) -> None:
        self.at = at
        self.strike = strike
        self.seen: list[Moment] = []
        self._behind = ""

    @property
    def count(self) -> int:
        """How many there were."""
        return len(self.seen)

    def listen(self) -> None:
        """Listen to every connection of this process."""
        event.listen(Engine, "before_cursor_execute", self._before)
        event.listen(Engine, "after_cursor_execute", self._after)
        event.listen(Engine, "commit", self._commit)

    def leave(self) -> None:
        """Listen no longer."""
        event.remove(Engine, "before_cursor_execute", self._before)
        event.remove(Engine, "after_cursor_execute", self._after)
        event.remove(Engine, "commit", self._commit)

    @contextmanager
    def watched(self) -> Iterator[Moments]:
        """Within, moments are counted."""
        self.listen()
        try:
            yield self
        finally:
            self.leave()

    def _before(self, connection: Connection, cursor: Any, sql: str, *_: Any) -> None:
        self._statement("before", connection, sql)

    def _after(self, connection: Connection, cursor: Any, sql: str, *_: Any) -> None:
        self._statement("after", connection, sql)

    def _statement(
        self, when: Literal["before", "after"], connection: Connection, sql: str
    ) -> None:
        # A question changes nothing: what holds before it holds after it.
        if not sql.lstrip().upper().startswith(_QUESTIONS):
            self._reached(when, connection, sql)

    def _commit(self, connection: Connection) -> None:
        sql = self.seen[-1].sql if self.seen else ""
        self._reached("at the commit after", connection, sql)

    def _reached(self, when: Any, connection: Connection, sql: str) -> None:
        moment = Moment(len(self.seen) + 1, when, sql, self._behind)
        self.seen.append(moment)
        if not _is_own(sql):
            self._behind = sql
        if moment.number == self.at and self.strike is not None:
            self.strike(moment, connection)


def _is_own(sql: str) -> bool:
    """Whether a statement is about the journal, or a transaction."""
    return JOURNAL in sql or is_of_session(sql)


class LetFail(Exception):
    """Stands for what a driver raises."""


def let_fail(moment: Moment, connection: Connection) -> None:
    """Let a statement fail, as if the database had refused it.

    :param moment: the moment before it.
    :param connection: the connection that it was about to run on.
    :raises OperationalError: always.
    """
    reason = LetFail("limbeck rehearse lets this statement fail")
    raise OperationalError(moment.sql, None, reason)
