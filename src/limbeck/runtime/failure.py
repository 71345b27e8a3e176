"""What to say when a revision fails: where, why, and what is now in the database."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from limbeck.database.secrets import without_passwords
from limbeck.database.transaction import commits_by_itself, is_open_no_more
from limbeck.dialects.standard.recovery import COMMITS
from limbeck.errors import CommandError, RevisionFailed, RevisionPartlyApplied
from limbeck.project.user_frames import in_one_line, user_frames
from limbeck.runtime.statement_kinds import COMMENTS, CONTROLS, READS, first_word, is_ddl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from limbeck.runtime.journal.left import Failure
    from limbeck.runtime.steps import RunStep

_LONGEST_SQL = 200
_TAKES_BACK = re.compile(r"(?:ROLLBACK|ABORT)\b(?!.*\bTO\b)", re.IGNORECASE | re.DOTALL)


class StatementWatch:
    """Sees every statement that runs on a connection, whoever runs it.

    It is entered once for a whole run, as listening anew costs as much as a statement; each
    transaction begins it again.

    :param connection: the connection.
    :param transactional_ddl: whether DDL can be rolled back. Where it cannot, each DDL statement
        commits all that was done before it, whether it then works or not:
        https://mariadb.com/kb/en/sql-statements-that-cause-an-implicit-commit/
    """

    def __init__(self, connection: Connection, transactional_ddl: bool) -> None:
        self.connection = connection
        self.transactional_ddl = transactional_ddl
        self.in_autocommit = _always_autocommit(connection)
        self.done = 0
        self.lasting = 0
        self._looks_elsewhere = False
        self._commits_are_ours = False
        self._is_revision = False
        self._is_taken_back = False
        self._has_ended = False
        self._listeners = (
            ("before_cursor_execute", self._before),
            ("after_cursor_execute", self._after),
            ("commit", self._committed_by_revision),
            ("rollback", self._rolled_back),
        )

    def __enter__(self) -> Self:
        for name, listener in self._listeners:
            options = {"retval": True} if name == "before_cursor_execute" else {}
            event.listen(self.connection, name, listener, **options)
        return self

    def __exit__(self, *_: object) -> None:
        for name, listener in self._listeners:
            event.remove(self.connection, name, listener)

    def begin_transaction(self) -> None:
        """The transaction of one revision, or of several, is about to begin."""
        self.in_autocommit = _always_autocommit(self.connection)
        self._commits_are_ours = False
        self.begin_again()

    def revisions_are_done(self) -> None:
        """The next commit is limbeck's own, which may fail: nothing lasts before it has not."""
        self._commits_are_ours = True

    def begin_again(self) -> None:
        """Count from here."""
        self.done = self.lasting = 0
        self._has_ended = False

    @contextmanager
    def of_revision(self, *, may_take_back: bool) -> Iterator[None]:
        """Within, a revision runs, which may commit what it has done, but not lose it and go on.

        :param may_take_back: it may, as it may with Alembic.
        :raises CommandError: it has rolled back what it had done.
        """
        self._is_revision, self._is_taken_back = not may_take_back, False
        try:
            yield
        finally:
            self._is_revision = False
        if self._is_taken_back:
            raise _taken_back()

    @contextmanager
    def autocommit(self) -> Iterator[None]:
        """Within, every statement lasts, and all that came before."""
        before = self.in_autocommit
        self.committed()
        self.in_autocommit = True
        try:
            yield
        finally:
            self.in_autocommit = before

    @contextmanager
    def elsewhere(self) -> Iterator[None]:
        """Within, what runs is limbeck's own, and does not count."""
        before, self._looks_elsewhere = self._looks_elsewhere, True
        try:
            yield
        finally:
            self._looks_elsewhere = before

    def committed(self) -> None:
        """What was done so far will last."""
        self.lasting = self.done

    def _committed_by_revision(self, connection: Connection) -> None:
        if not self._commits_are_ours:
            self.committed()

    def _before(
        self, connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any
    ) -> tuple[str, Any]:
        if not self._looks_elsewhere:
            if not self.transactional_ddl and is_ddl(statement):
                self.committed()
            if self._would_lose and takes_back(statement):
                raise _taken_back()
        return statement, parameters

    def _after(self, connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        word = first_word(statement)
        if word in COMMITS:
            self._has_ended = True
            self._committed_by_revision(connection)
        if word in READS or word in CONTROLS or self._looks_elsewhere:
            return
        self.done += 1
        lasts = self.in_autocommit or (self._has_ended and is_open_no_more(self.connection))
        if lasts or (not self.transactional_ddl and is_ddl(statement)):
            self.committed()

    @property
    def _would_lose(self) -> bool:
        return self._is_revision and self.done > self.lasting

    def _rolled_back(self, connection: Connection) -> None:
        # What comes out of the listener could hide the error for which it is rolled back.
        self._is_taken_back = self._is_taken_back or self._would_lose


def _taken_back() -> CommandError:
    return CommandError(
        "it rolls back what it has done, and goes on",
        hint="let it raise an error instead, or use a savepoint: "
        "`with op.get_bind().begin_nested():`",
    )


def takes_back(statement: str) -> bool:
    """Whether a statement rolls back all of its transaction."""
    start = COMMENTS.match(statement)
    return _TAKES_BACK.match(statement, start.end() if start else 0) is not None


def _always_autocommit(connection: Connection) -> bool:
    # On SQLite limbeck says BEGIN by itself, whatever the driver would do.
    return connection.dialect.name != "sqlite" and commits_by_itself(connection)


def revision_failed(
    step: RunStep,
    error: BaseException,
    watch: StatementWatch | None,
    state: str,
    failure: Failure | None = None,
) -> RevisionFailed:
    """The error to raise where a revision has raised one.

    :param step: the revision.
    :param error: what it raised.
    :param watch: what ran before; None on paper.
    :param state: what is in the database, where nothing of the revision is.
    :param failure: what the journal says of it; None where none was kept.
    """
    name = f"revision {step.plan.id}"
    if step.plan.direction == "downgrade":
        name = f"the downgrade of {name}"
    message = f"{name} failed: {without_passwords(_words(error))}"
    details = [without_passwords(line) for line in (*user_frames(error), *_sql(error))]
    own_hint = error.hint if isinstance(error, CommandError) else None
    if failure is not None:
        from limbeck.runtime.journal.words import partly_applied

        told = partly_applied(failure)
        if told is not None:
            hint = f"{own_hint}; {told.hint}" if own_hint else told.hint
            lines = map(without_passwords, told.lines)
            return RevisionPartlyApplied(message, hint=hint, details=[*details, *lines])
    elif watch is not None and watch.lasting:
        one = watch.lasting == 1
        count = "1 statement of it" if one else f"{watch.lasting} statements of it"
        return RevisionPartlyApplied(
            message,
            hint="undo by hand what the statements before that line did, correct the file, and "
            "run the same command again",
            details=[
                *details,
                f"{count} could not be rolled back and {'stays' if one else 'stay'} in the "
                "database, whose version is the one from before",
            ],
        )
    return RevisionFailed(
        message,
        hint=own_hint or "correct the file, and run the same command again",
        details=[*details, *(error.details if isinstance(error, CommandError) else ()), state],
    )


def _words(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return "it ended the program (sys.exit)"
    if isinstance(error, DBAPIError):
        lines = _driver_words(error.orig).strip().splitlines() or [type(error.orig).__name__]
        return lines[0]
    if isinstance(error, CommandError):
        return error.message
    return in_one_line(error)


def _driver_words(error: BaseException | None) -> str:
    """What a driver says; those of MySQL put a number before it."""
    arguments = error.args if error is not None else ()
    if len(arguments) == 2 and isinstance(arguments[0], int):
        return f"{arguments[1]} ({arguments[0]})"
    return str(error)


def _sql(error: BaseException) -> list[str]:
    """The statement that failed, on one line."""
    statement = error.statement if isinstance(error, DBAPIError) else None
    if not statement:
        return []
    words = " ".join(without_passwords(statement).split())
    return [f"SQL: {words if len(words) <= _LONGEST_SQL else words[: _LONGEST_SQL - 1] + '…'}"]
