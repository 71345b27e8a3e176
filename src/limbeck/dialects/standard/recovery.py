"""What is known of a statement that may have been interrupted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import TextClause
from sqlalchemy.schema import ExecutableDDLElement

from limbeck.value import Value

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from limbeck.dialects.standard.foreseen import Foreseen


_COMMENTS = re.compile(r"\A(?:\s+|--[^\n]*(?:\n|\Z)|#[^\n]*(?:\n|\Z)|/\*.*?\*/)*", re.DOTALL)
_CHANGES = re.compile(r"\b(?:INSERT|UPDATE|DELETE|MERGE|REPLACE)\b", re.IGNORECASE)
COMMITS = frozenset({"COMMIT", "END"})
"""The words by which a transaction is committed."""

_READS = COMMITS | frozenset(
    {"SELECT", "SHOW", "PRAGMA", "EXPLAIN", "DESCRIBE", "DESC", "SET", "USE", "VALUES", "TABLE",
     "BEGIN", "START", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "CHECKPOINT"}
)  # fmt: skip
_ROWS = frozenset(
    {"SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "MERGE", "LOAD", "COPY"}
)
_ANYTHING = frozenset({"CALL", "DO", "EXECUTE", "EXEC", "PREPARE", "HANDLER"})


class Objects(Value):
    """What a statement names, as the catalogue describes it at one moment.

    :param definitions: the definition of each object that is there, by its kind and name.
    :param filled: the tables among them that hold rows, where rows may be lost.
    """

    definitions: Mapping[str, str] = field(default_factory=dict)
    filled: tuple[str, ...] = ()


class Verdict(Value):
    """Whether a statement that may have been interrupted has happened.

    :param happened: None where nobody can tell.
    :param remedy: statements that take its debris away, or that finish it.
    """

    happened: bool | None
    remedy: tuple[str, ...] = ()


class CannotUndo(Exception):
    """Something that happened cannot be undone.

    :param words: why.
    """

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Recovery:
    """The answers of a database about statements that were interrupted.

    A database whose answers nobody has written keeps no journal.
    """

    keeps_journal = False

    def is_table_there(self, schema: str | None) -> str:
        """The condition that a table is there, with ``:name`` and ``:schema`` in it.

        :param schema: None for the connection's default one.
        :returns: SQL, empty where no journal is kept.
        """
        return ""

    def session(self, connection: Connection) -> str:
        """What tells this session from every other one."""
        return ""

    def database(self, connection: Connection) -> str:
        """The name of this database where definitions and statements carry it; else empty."""
        return ""

    def is_session(self, connection: Connection, session: str) -> bool:
        """Whether this is the very session of that name."""
        return self.session(connection) == session

    def is_running(self, connection: Connection, session: str) -> bool:
        """Whether a session still is there, and may be at work."""
        return False

    def needs_own_step(
        self, statement: Any, version: tuple[int, ...] | None, *, splits: bool = False
    ) -> bool:
        """Whether a statement is refused within a transaction.

        :param statement: what is to be run.
        :param version: the server's.
        :param splits: whether also what only comes into force with a commit is one.
        """
        return False

    def wants_split(self, error: BaseException) -> bool:
        """Whether an error says that something had to be committed before it is used."""
        return False

    def wraps(self, sql: str) -> bool:
        """Whether a statement can share a transaction with the row that says it is done."""
        return self.is_data(sql)

    def is_data(self, sql: str) -> bool:
        """Whether a statement changes rows only, and is rolled back with its transaction."""
        return first_word(sql) in _ROWS

    def shuts_journal_out(self, sql: str) -> bool:
        """Whether the session can write no other table after a statement."""
        return False

    def is_opaque(self, sql: str) -> bool:
        """Whether nobody can tell what a statement does, nor whether it commits."""
        return first_word(sql) in _ANYTHING

    def rows_last_at_once(self, connection: Connection, sql: str) -> str | None:
        """A table that a statement names whose rows are not rolled back, None for none."""
        return None

    def objects(self, connection: Connection, sql: str) -> Objects:
        """What a statement names."""
        return Objects()

    def objects_after(self, connection: Connection, sql: str, before: Objects) -> Objects:
        """What a statement names, once it has gone through.

        :param connection: the connection.
        :param sql: the statement.
        :param before: what it named before.
        """
        return self.objects(connection, sql)

    def foreseen(
        self, sql: str, before: Objects, after: Objects, database: str
    ) -> tuple[Foreseen, Foreseen] | None:
        """What a statement is expected to find and to leave when it is sent once more.

        :param sql: the statement.
        :param before: what it named, before it ran.
        :param after: and after it ran.
        :param database: the database in which it ran, as :meth:`database` says it.
        :returns: None where that cannot be asked for in the middle of other statements.
        """
        return None

    def likely(self, sql: str, database: str) -> tuple[Objects, Objects] | None:
        """What a statement that never ran is likely to find and to leave, without definitions.

        :param sql: the statement.
        :param database: the database in which it is to run, as :meth:`database` says it.
        :returns: None where its text does not tell.
        """
        return None

    def is_mere_name(self, name: str) -> bool:
        """Whether a statement with a name is seen as the same with another one in its place.

        :param name: a name that SQL writes as it is.
        """
        return False

    def questions(self, foreseen: Foreseen) -> tuple[str, ...]:
        """What asks for the objects that are expected; each question gives one row."""
        return ()

    def objects_foreseen(
        self, foreseen: Foreseen, answers: Mapping[str, Sequence[Any]], database: str
    ) -> Objects:
        """What a statement names.

        :param foreseen: what was expected, and is there.
        :param answers: the rows that the questions have given.
        :param database: the database in which it is.
        """
        return Objects()

    def asked_before(self, sql: str) -> tuple[str, ...] | None:
        """What asks for all that a statement names within a message that says other things too.

        :param sql: the statement.
        :returns: statements; None where it has to be asked by :meth:`objects`.
        """
        return None

    def told_before(
        self, sql: str, answers: Sequence[Sequence[Sequence[Any]]], database: str
    ) -> Objects | None:
        """What a statement names; None where the answers do not say all of it.

        :param sql: the statement.
        :param answers: the rows of each result of :meth:`asked_before`, their values as text.
        :param database: the database in which it is.
        """
        return None

    def asked_after(self, sql: str, before: Objects) -> tuple[str, ...] | None:
        """As :meth:`asked_before`, for :meth:`objects_after`."""
        return None

    def told_after(
        self, sql: str, before: Objects, answers: Sequence[Sequence[Sequence[Any]]], database: str
    ) -> Objects | None:
        """As :meth:`told_before`, for the results of :meth:`asked_after`."""
        return None

    def debris(self, connection: Connection, sql: str) -> tuple[str, ...]:
        """What has to run before a statement, as somebody else has left it half done."""
        return ()

    def verdict(self, sql: str, before: Objects, now: Objects) -> Verdict:
        """Whether a statement has happened.

        :param sql: the statement.
        :param before: what it names, before it began.
        :param now: what it names now.
        """
        if before.definitions != now.definitions:
            return Verdict(True)
        return Verdict(False if self.is_repeatable(sql) else None)

    def is_repeatable(self, sql: str) -> bool:
        """Whether a statement that has changed nothing to be seen may be run again."""
        return False

    def undo(self, sql: str, before: Objects, after: Objects) -> tuple[str, ...]:
        """The statements that undo one which has happened.

        :param sql: the statement.
        :param before: what it names, before it began.
        :param after: and after it was done.
        :raises CannotUndo: something is lost, or is not known.
        """
        if before.definitions == after.definitions:
            return ()
        raise CannotUndo(f"nobody knows what undoes `{in_short(sql)}`")


def first_word(sql: str) -> str:
    """The first word of a statement, in capitals."""
    return (first_words(sql) or ("",))[0]


@lru_cache(maxsize=32)  # each statement that runs is looked at by several, one after the other
def first_words(sql: str, count: int = 1) -> tuple[str, ...]:
    """The first words of a statement, in capitals."""
    start = _COMMENTS.match(sql)
    rest = sql[start.end() if start else 0 :].lstrip("( \n\t")
    return tuple(word.upper() for word in re.findall(r"\w+", rest[:400])[:count])


def is_read(sql: str) -> bool:
    """Whether a statement changes nothing, or only the session and its transaction."""
    word = first_word(sql)
    return word in _READS or (word == "WITH" and _CHANGES.search(sql) is None)


def is_of_session(sql: str) -> bool:
    """Whether a statement is about the session or its transaction, and so is said in each anew.

    A SELECT that an operation says is not: nobody sees its rows, so it is there for what a function
    in it does.
    """
    if first_word(sql) == "SELECT":
        return "set_config" in sql.lower()
    return is_read(sql)


def text_in(statement: Any) -> str | None:
    """The text of a statement that somebody has written as text, None for any other."""
    if isinstance(statement, TextClause):
        return statement.text
    return getattr(statement, "sql", None) if isinstance(statement, ExecutableDDLElement) else None


def in_short(sql: str) -> str:
    """A statement in one line that is not too long."""
    words = " ".join(sql.split())
    return words if len(words) <= 72 else words[:71] + "…"


def listed(names: Iterable[str]) -> str:
    """Names for people."""
    return ", ".join(sorted(names))
