"""Listens to what a revision sends."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from limbeck.dialects.standard.own_statements import ABOUT_TABLE
from limbeck.runtime.statement_kinds import is_ddl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from limbeck.database.journal_table import JournalRow
    from limbeck.runtime.migration import MigrationContext

__all__ = ["Heard", "heard", "heard_by_journal"]


@dataclass
class Heard:
    """What one revision has sent.

    :param statements: its statements, in order.
    :param is_all: they are all that it did, they change schemas only, and mean the same when they
        are sent as they are; known at the end.
    :param asked: about which tables something was asked, each with the number of the statement
        that came next, from 0.
    :param journalled: its statements as texts that say the journal's rows as well, where one was
        kept; known at the end.
    """

    statements: list[str] = field(default_factory=list)
    is_all: bool = False
    asked: set[tuple[int, str]] = field(default_factory=set)
    journalled: tuple[str, ...] | None = None

    @property
    def texts(self) -> tuple[str, ...] | None:
        """What is kept of it; None where it is not to be sent again."""
        if not self.is_all:
            return None
        return tuple(self.statements) if self.journalled is None else self.journalled


@contextmanager
def heard(context: MigrationContext, *, listens_to_questions: bool = False) -> Iterator[Heard]:
    """Within, a revision runs, whose statements are written down.

    :param context: the database, in a transaction of limbeck's.
    :param listens_to_questions: what operations ask about tables is written down as well, where a
        revision that asks is otherwise none that is sent again.
    """
    connection: Connection = context.connection
    journal = context.impl.journal
    found = Heard()
    others: list[str] = []

    def hear(
        _: Any, cursor: Any, sql: str, parameters: Any, statement: Any, *more: Any
    ) -> tuple[str, Any]:
        if journal is not None and journal.is_writing:
            return sql, parameters
        table = None if statement is None else statement.execution_options.get(ABOUT_TABLE)
        if table is not None and listens_to_questions:
            found.asked.add((len(found.statements), table))
            return sql, parameters
        found.statements.append(sql)
        if parameters or not is_sendable(sql, context):
            others.append(sql)
        return sql, parameters

    before = connection.get_transaction()
    # with retval, SQLAlchemy puts no function of its own around it, see own_statements
    event.listen(connection, "before_cursor_execute", hear, retval=True)
    try:
        yield found
    finally:
        event.remove(connection, "before_cursor_execute", hear)
    is_whole = before is not None and connection.get_transaction() is before
    found.is_all = is_whole and not others and not names_tenant(found.statements, context)


def names_tenant(statements: list[str], context: MigrationContext) -> bool:
    """Whether a statement names the very schema of a tenant, and so is for no other one."""
    tenant = None if context.config is None else context.config.tenant
    schema = None if tenant is None else tenant.schema
    return schema is not None and any(schema in each for each in statements)


@contextmanager
def heard_by_journal(context: MigrationContext) -> Iterator[Heard]:
    """Within, a revision runs, whose operations are written down as its journal tells them.

    :param context: the database, of which each statement commits, so that a journal is kept.
    """
    from limbeck.runtime.resent.operations import Told, kept_texts  # where there is a journal

    journal = context.impl.journal
    assert journal is not None
    table = journal.written.table
    rows: dict[int, JournalRow] = {}
    table.rows_put = rows
    try:
        with heard(context, listens_to_questions=True) as found:
            yield found
    finally:
        table.rows_put = None
    over, new = (table.bare_frame(context.connection, is_new=is_new) for is_new in (False, True))
    if over is None or new is None:
        found.is_all = False
    elif found.is_all:
        _, database = journal.written.session_and_database()
        told = Told(rows, found.statements, (over, new), found.asked)
        found.journalled = kept_texts(told, journal.recovery, database)
        found.is_all = found.journalled is not None


def is_sendable(sql: str, context: MigrationContext) -> bool:
    """Whether a statement changes schemas, is one alone, and means the same in a longer message."""
    if not is_ddl(sql) or not context.backend.lock_timeouts.may_be_short(sql):
        return False
    is_alone = ";" not in sql.rstrip().removesuffix(";")
    return is_alone and ("%" not in sql or context.dialect.paramstyle == "qmark")
