"""How tenants are looked at and migrated by bare statements, on each database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.database.bare_statements import do_execute
from limbeck.database.deploy_lock import session_name
from limbeck.database.history_table import values_of
from limbeck.dialects.registry import backend_for
from limbeck.facts.own_tables import journal_table_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from limbeck.fleet.quick.recorder import Ground
    from limbeck.fleet.quick.texts import Texts
    from limbeck.project.tenant import Tenant
    from limbeck.revisions.history_row import HistoryRow

__all__ = ["NotAsExpected", "QuickSession"]

Rows = list[tuple[Any, ...]]


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

    def lock(self) -> None:
        """Take the deploy lock, where the session holds it.

        :raises NotAsExpected: somebody else has it.
        """

    def step(
        self, first: bool, statements: Sequence[str], changes: Sequence[tuple[str, bool]], row: Any
    ) -> None:
        """Carry out one revision, in a transaction of its own, and commit."""
        raise NotImplementedError

    def close(self) -> None:
        """Give the lock back."""

    # For all

    def ask(self, statement: str) -> Rows:
        """The rows of a query."""
        do_execute(self.cursor, statement)
        return list(self.cursor.fetchall())

    def versions(self) -> tuple[str, ...]:
        """What the version table holds.

        :raises NotAsExpected: what is there is no version table of one's usual kind.
        """
        version, history = self.texts.names
        is_half_done = journal_table_name(version) in self.tables
        if is_half_done or (version in self.tables) != (history in self.tables):
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
        return self.ask(self.texts.read_history) if self.tables else []

    def values(self, row: HistoryRow) -> list[Any]:
        """A row of the history in the order of its columns."""
        values = values_of(row)
        return [values[name] for name in self.texts.columns]


class SqliteSession(QuickSession):
    """SQLite by its own driver; the transactions are as those of the usual road."""

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

    def step(
        self, first: bool, statements: Sequence[str], changes: Sequence[tuple[str, bool]], row: Any
    ) -> None:
        run = self.cursor
        do_execute(run, "BEGIN IMMEDIATE")
        try:
            if first and not self.tables:
                for statement in self.texts.create:
                    do_execute(run, statement)
            heads = {found[0] for found in self.ask(self.texts.read_versions)}
            if heads != row.before or (first and self.ask("PRAGMA foreign_key_check")):
                raise NotAsExpected
            for statement in statements:
                do_execute(run, statement)
            for statement, is_matching in changes:
                do_execute(run, statement)
                if is_matching and run.rowcount != 1:
                    raise NotAsExpected
            values = self.values(row.made())
            marks = ", ".join("?" * len(values))
            do_execute(run, f"{self.texts.insert}({marks})", values)
            if self.ask("PRAGMA foreign_key_check"):
                raise NotAsExpected
            do_execute(run, "COMMIT")
        except BaseException:
            if self.driver.in_transaction:
                do_execute(run, "ROLLBACK")
            raise


class PostgresqlSession(QuickSession):
    """PostgreSQL by psycopg: each revision is two messages to the server, with its transaction.

    https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
    """

    _release = ""
    _short: tuple[str, ...] = ()

    def open(self) -> None:
        ground, schema = self.ground, self.tenant.schema
        if self.driver.info.server_version != ground.server:
            raise NotAsExpected
        self.driver.autocommit = True
        self.cursor = self.driver.cursor()
        names = ", ".join(
            _quoted(name) for name in (*self.texts.names, journal_table_name(self.texts.names[0]))
        )
        if schema is not None:
            schemas = backend_for(ground.dialect).tenant_schemas
            enter = schemas.enter(ground.dialect, schema, self.tenant.shared_schemas)
            do_execute(self.cursor, enter)
        table = ground.versions.table
        version_schema = _quoted(table.schema) if table.schema is not None else "current_schema()"
        [found] = self.ask(
            "SELECT current_schema(), pg_backend_pid(), "
            "current_setting('standard_conforming_strings'), current_setting('lock_timeout'), "
            f"array(SELECT relname::text FROM pg_class WHERE relname IN ({names}) "
            f"AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = {version_schema}))"
        )
        here, pid, strings, lock_timeout, tables = found
        expected = schema if ground.is_tenants else ground.schema
        # a pooler greets by another number, see limbeck.dialects.postgresql.lock
        if here != expected or pid != self.driver.info.backend_pid or strings != "on":
            raise NotAsExpected
        if ground.lock_timeout and ground.timeouts.is_default(lock_timeout):
            value = ground.timeouts.value(ground.lock_timeout)
            self._short = (ground.timeouts.set(value, of_transaction=True),)
        self.tables = frozenset(tables)

    def lock(self) -> None:
        locks = backend_for(self.ground.dialect).deploy_locks
        connection = self.connection
        self.driver.autocommit = False  # SQLAlchemy's transactions are real ones for a moment
        lock = locks.find(connection, self.ground.versions.table)
        if lock is None or not lock.of_session or not lock.is_certain:
            raise NotAsExpected
        if not locks.try_session(connection, lock):
            raise NotAsExpected
        self._release = locks.release(lock)
        locks.introduce(connection, session_name())
        connection.commit()
        self.driver.autocommit = True

    def step(
        self, first: bool, statements: Sequence[str], changes: Sequence[tuple[str, bool]], row: Any
    ) -> None:
        own = self.texts.create if first and not self.tables else ()
        parts = ["BEGIN", *own, *self._short, *statements, *(change for change, _ in changes)]
        self._send(parts)
        values = ", ".join(_literal(value) for value in self.values(row.made()))
        expected = ", ".join(_literal(id_) for id_ in sorted(row.after))
        # A statement that fails ends the message, and so the transaction without its COMMIT.
        check = (
            f"SELECT 1 / (CASE WHEN array({self.texts.read_versions})::text[] @> "
            f"ARRAY[{expected}]::text[] AND ({self.texts.count_versions}) = {len(row.after)} "
            "THEN 1 ELSE 0 END)"
        )
        self._send([f"{self.texts.insert}({values})", check, "COMMIT"])

    def _send(self, statements: Sequence[str]) -> None:
        do_execute(self.cursor, "\n;\n".join(statements))

    def close(self) -> None:
        if self._release:
            do_execute(self.cursor, self._release)


def _literal(value: str | int | None) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else _quoted(value)


def _quoted(text: str) -> str:
    """A text as a literal, where backslashes mean themselves (standard_conforming_strings)."""
    return "'" + text.replace("'", "''") + "'"


SESSIONS: dict[str, type[QuickSession]] = {
    "sqlite": SqliteSession,
    "postgresql": PostgresqlSession,
}
