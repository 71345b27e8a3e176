"""What an application asks at its start: is the database where my code takes it to be?"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from sqlalchemy import Connection, literal_column, select
from sqlalchemy.exc import DBAPIError

from limbeck.config import Config
from limbeck.database.connection_errors import translated
from limbeck.database.history_table import HistoryTable
from limbeck.database.journal_table import JournalTable
from limbeck.database.transaction import roll_back
from limbeck.database.version_table import VersionTable
from limbeck.errors import UsageError
from limbeck.facts.own_tables import history_table_name
from limbeck.value import Value
from limbeck.workflow.project import script_directory
from limbeck.workflow.standing import Standing, after_journal, standing_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    from limbeck.revisions.history_row import HistoryRow
    from limbeck.script import ScriptDirectory
    from limbeck.workflow.standing import State

__all__ = ["Policy", "guard", "guard_async"]

log = logging.getLogger("limbeck.guard")

Policy: TypeAlias = Literal["start", "warn", "refuse"]

_POLICIES = ("start", "warn", "refuse")


def guard(
    engine: Engine | Connection,
    config: Config | str | Path | None = None,
    *,
    behind: Policy = "refuse",
    ahead: Policy = "warn",
    unknown: Policy = "refuse",
    version_table: str | None = None,
    version_table_schema: str | None = None,
) -> Standing:
    """Ask how the database stands to the revision files, and start, warn or refuse.

    One query; a second one, of the history, only where the files do not know the version, and one
    of the journal where there is one. Nothing is written, and no ``env.py`` is run.

    :param engine: the application's engine, or a connection.
    :param config: the settings, or their file; by default those of the current folder.
    :param behind: what to do where revisions are pending.
    :param ahead: where the database has all revisions, and more.
    :param unknown: where it has revisions that neither the files nor its history know, or lacks
        some besides, or a downgrade is half done.
    :param version_table: its name, if ``env.py`` alone knows it.
    :param version_table_schema: its schema, likewise.
    :return: how the database stands.
    :raises DatabaseNotAtHead: it is behind, and that is refused.
    :raises HistoryError: it is ahead or unknown, and that is refused.
    :raises DatabaseUnreachable: it does not answer.
    """
    policies = _checked({"behind": behind, "ahead": ahead, "unknown": unknown})
    inquiry = _inquiry(config, version_table, version_table_schema)
    with _told():
        if isinstance(engine, Connection):
            standing = inquiry.ask(engine)
        else:
            with engine.connect() as connection:
                standing = inquiry.ask(connection)
    return _decided(standing, policies)


async def guard_async(
    engine: AsyncEngine | AsyncConnection,
    config: Config | str | Path | None = None,
    *,
    behind: Policy = "refuse",
    ahead: Policy = "warn",
    unknown: Policy = "refuse",
    version_table: str | None = None,
    version_table_schema: str | None = None,
) -> Standing:
    """As :func:`guard`, for an ``AsyncEngine``; the event loop goes on meanwhile.

    :param engine: the application's engine, or a connection.
    """
    from sqlalchemy.ext.asyncio import AsyncConnection

    policies = _checked({"behind": behind, "ahead": ahead, "unknown": unknown})
    inquiry = await asyncio.to_thread(_inquiry, config, version_table, version_table_schema)
    with _told():
        if isinstance(engine, AsyncConnection):
            standing = await engine.run_sync(inquiry.ask)
        else:
            async with engine.connect() as connection:
                standing = await connection.run_sync(inquiry.ask)
    return _decided(standing, policies)


@contextmanager
def _told() -> Iterator[None]:
    """Say of a database that does not answer what the command line says of it."""
    try:
        yield
    except DBAPIError as error:
        meant = translated(error, None)
        if meant is None:
            raise
        raise meant from error


def _config(given: Config | str | Path | None) -> Config:
    if isinstance(given, Config):
        return given
    return Config.find() if given is None else Config.find([given])


def _checked(policies: Mapping[State, Policy]) -> Mapping[State, Policy]:
    for state, policy in policies.items():
        if policy not in _POLICIES:
            raise UsageError(f"{state} is {policy!r}", hint=f"it may be {', '.join(_POLICIES)}")
    return policies


def _decided(standing: Standing, policies: Mapping[State, Policy]) -> Standing:
    policy = policies.get(standing.state, "start")
    if policy == "refuse":
        raise standing.error()
    if policy == "warn":
        log.warning("%s", standing.words)
    return standing


class _Inquiry(Value):
    """What is asked of a database; the files are read already."""

    script: ScriptDirectory
    versions: VersionTable
    history: HistoryTable
    journal: JournalTable

    def ask(self, connection: Connection) -> Standing:
        """Ask, and leave a transaction that was open as it was."""
        joined = connection.in_transaction()

        def end() -> None:
            if not joined:
                roll_back(connection)

        def history() -> tuple[HistoryRow, ...] | None:
            end()
            return self.history.read(connection)

        try:
            heads, is_journal_there = self._heads(connection)

            def begun() -> str:
                try:
                    return self.journal.begun(connection) if is_journal_there else ""
                except DBAPIError as error:
                    if joined or connection.closed or error.connection_invalidated:
                        raise
                    return "a revision"  # whoever may not read the journal sees that it is there

            return after_journal(standing_of(self.script, heads, history), begun)
        finally:
            end()

    def _heads(self, connection: Connection) -> tuple[tuple[str, ...], bool]:
        """What the version table holds, and whether a journal is there.

        In one query, where the version table is there and no transaction is open.
        """
        joined = connection.in_transaction()
        if joined and not self.versions.exists(connection):
            return (), False
        condition = self.journal.is_there(connection)
        there: Any = literal_column("0") if condition is None else condition
        try:
            query = select(self.versions.table.c.version_num, there)
            rows = connection.execute(query).all()
        except DBAPIError as error:
            if joined:
                raise  # what the application has begun is its own
            roll_back(connection)
            if (
                connection.closed
                or error.connection_invalidated
                or self.versions.exists(connection)
            ):
                raise
            return (), False
        return tuple(row[0] for row in rows), any(row[1] for row in rows)


def _inquiry(config: Config | str | Path | None, table: str | None, schema: str | None) -> _Inquiry:
    given = _config(config)
    name = table or given.get_alembic_option("version_table") or "alembic_version"
    schema = schema or given.get_alembic_option("version_table_schema")
    history = given.get_alembic_option("history_table") or history_table_name(name)
    script = script_directory(given)
    _ = script.revision_map.graph  # read here, where no event loop waits
    return _Inquiry(
        script,
        VersionTable(name, schema),
        HistoryTable(str(history), schema),
        JournalTable(name, schema),
    )
