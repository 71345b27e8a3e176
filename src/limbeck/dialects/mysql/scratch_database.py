"""Scratch databases of MySQL and MariaDB.

The maker holds a lock of ``GET_LOCK()`` from before the database exists; it is the server's, and
ends with its session (https://dev.mysql.com/doc/refman/8.0/en/locking-functions.html), so a scratch
database whose lock can be had is left over.

What elsewhere is a schema is a database here, beside the scratch one and not within. A statement
that names one would change the real one, and is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from limbeck.dialects.standard.scratch import ScratchImpossible
from limbeck.dialects.standard.scratch_database import OURS, PREFIX, ScratchDatabases

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from sqlalchemy import Connection

    from limbeck.dialects.standard.scratch_database import IsMade

_WAIT_SECONDS = 10
_READ_ONLY = frozenset({"information_schema", "performance_schema", "sys"})

_KINDS = (
    ("VIEW", "SELECT table_name FROM information_schema.views WHERE table_schema = DATABASE()"),
    (
        "TABLE",
        "SELECT table_name FROM information_schema.tables "
        "WHERE table_schema = DATABASE() AND table_type NOT IN ('VIEW', 'SEQUENCE')",
    ),
    (
        "SEQUENCE",
        "SELECT table_name FROM information_schema.tables "
        "WHERE table_schema = DATABASE() AND table_type = 'SEQUENCE'",
    ),
    (
        "FUNCTION",
        "SELECT routine_name FROM information_schema.routines "
        "WHERE routine_schema = DATABASE() AND routine_type = 'FUNCTION'",
    ),
    (
        "PROCEDURE",
        "SELECT routine_name FROM information_schema.routines "
        "WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE'",
    ),
    ("EVENT", "SELECT event_name FROM information_schema.events WHERE event_schema = DATABASE()"),
)

_SURROUNDINGS = """
    SELECT CONCAT('view ', table_name, ': ', view_definition)
    FROM information_schema.views WHERE table_schema = DATABASE()
    UNION ALL
    SELECT CONCAT('trigger ', trigger_name, ': ', action_timing, ' ', event_manipulation, ' ON ',
                  event_object_table, ' ', action_statement)
    FROM information_schema.triggers WHERE trigger_schema = DATABASE()
    UNION ALL
    SELECT CONCAT(routine_type, ' ', routine_name, ': ', COALESCE(dtd_identifier, ''), ' ',
                  routine_definition)
    FROM information_schema.routines WHERE routine_schema = DATABASE()
    UNION ALL
    SELECT CONCAT('event ', event_name, ': ', event_definition)
    FROM information_schema.events WHERE event_schema = DATABASE()
    UNION ALL
    SELECT CONCAT('comment on ', routine_type, ' ', routine_name, ': ', routine_comment)
    FROM information_schema.routines WHERE routine_schema = DATABASE() AND routine_comment <> ''
    UNION ALL
    SELECT CONCAT('comment on event ', event_name, ': ', event_comment)
    FROM information_schema.events WHERE event_schema = DATABASE() AND event_comment <> ''
"""

# what is within quotes of a string, and comments, names nothing
_SILENT = re.compile(
    r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.|\"\")*\"|/\*.*?\*/|--[ \t][^\n]*|#[^\n]*", re.DOTALL
)
_QUALIFIER = re.compile(r"(?:`((?:[^`]|``)+)`|([\w$]+))\s*\.(?!\s*\d)")
_WHOLE = re.compile(
    r"(?:^|;)\s*(?:USE|(?:CREATE|DROP|ALTER)\s+(?:OR\s+REPLACE\s+)?(?:DATABASE|SCHEMA)|"
    r"(?:CREATE|DROP|ALTER|RENAME)\s+(?:OR\s+REPLACE\s+)?(?:USER|ROLE)|GRANT|REVOKE|SET\s+GLOBAL|"
    r"SET\s+PASSWORD|FLUSH|RESET|KILL|SHUTDOWN|INSTALL|UNINSTALL)\b",
    re.IGNORECASE,
)


class MysqlScratchDatabases(ScratchDatabases):
    """MySQL and MariaDB."""

    def maintenance(self) -> str | None:
        return ""

    def create(self, server: Connection, name: str) -> None:
        charset, collation = server.exec_driver_sql(
            "SELECT @@character_set_database, @@collation_database"
        ).one()
        server.exec_driver_sql(
            f"CREATE DATABASE {name} CHARACTER SET {charset} COLLATE {collation}"
        )

    def drop(self, server: Connection, name: str) -> None:
        server.exec_driver_sql(f"SET SESSION lock_wait_timeout = {_WAIT_SECONDS}")
        _end_sessions(server, name)
        server.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")

    def drop_stale(self, server: Connection) -> tuple[str, ...]:
        names = server.execute(
            text(
                "SELECT schema_name FROM information_schema.schemata "
                "WHERE LEFT(schema_name, :length) = :prefix"
            ),
            {"length": len(PREFIX), "prefix": PREFIX},
        ).scalars()
        ours = [name for name in names if OURS.fullmatch(name)]
        if not ours or _is_cluster(server):
            return ()
        dropped: list[str] = []
        for name in ours:
            if self.hold(server, name):
                server.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
                server.execute(text("SELECT RELEASE_LOCK(:name)"), {"name": name})
                dropped.append(name)
        return tuple(dropped)

    def hold(self, connection: Connection, name: str) -> bool:
        lock = connection.execute(text("SELECT GET_LOCK(:name, 0)"), {"name": name}).scalar()
        return lock == 1

    def prepare(self, server: Connection, scratch: Connection, is_made: IsMade) -> tuple[str, ...]:
        return ()

    def identity(self, connection: Connection) -> Hashable | None:
        row = connection.exec_driver_sql(
            "SELECT DATABASE(), @@hostname, @@port, @@datadir, @@server_id"
        ).one()
        return tuple(row)

    def contents(self, scratch: Connection) -> tuple[str, ...]:
        return tuple(
            name for _, query in _KINDS for name in scratch.exec_driver_sql(query).scalars()
        )

    def clear(self, scratch: Connection) -> None:
        quote = scratch.dialect.identifier_preparer.quote_identifier
        scratch.exec_driver_sql("SET SESSION foreign_key_checks = 0")
        for kind, query in _KINDS:
            for name in scratch.exec_driver_sql(query).scalars().all():
                scratch.exec_driver_sql(f"DROP {kind} {quote(name)}")
        scratch.exec_driver_sql("SET SESSION foreign_key_checks = 1")

    def surroundings(self, scratch: Connection) -> tuple[str, ...]:
        here = scratch.exec_driver_sql("SELECT DATABASE()").scalar_one()
        rows = scratch.exec_driver_sql(_SURROUNDINGS).scalars()
        return tuple(sorted(row.replace(f"`{here}`.", "") for row in rows if row is not None))

    def trespass(self, scratch: Connection) -> Callable[[str], str | None]:
        here = str(scratch.exec_driver_sql("SELECT DATABASE()").scalar_one()).lower()
        rows = scratch.exec_driver_sql("SHOW DATABASES").scalars()
        others = {name.lower() for name in rows} - _READ_ONLY - {here}

        def reason(statement: str) -> str | None:
            spoken = _SILENT.sub(" ", statement)
            if _WHOLE.search(spoken):
                return f"a revision changes the server itself: {' '.join(spoken.split())[:60]}"
            for quoted, plain in _QUALIFIER.findall(spoken):
                name = (quoted or plain).replace("``", "`")
                if name.lower() in others:
                    return f"a revision names the database {name}, which is not scratch"
            return None

        return reason


def _end_sessions(server: Connection, name: str) -> None:
    """End the sessions in a database: an open transaction there would make its drop wait."""
    ids = server.execute(
        text("SELECT id FROM information_schema.processlist WHERE db = :name"), {"name": name}
    ).scalars()
    for id_ in ids.all():
        try:
            server.exec_driver_sql(f"KILL {id_}")
        except DBAPIError as error:
            # it has just ended by itself, https://mariadb.com/kb/en/mariadb-error-codes/
            if "1094" not in str(error):
                raise ScratchImpossible("a session in the scratch database does not end") from error


def _is_cluster(server: Connection) -> bool:
    """Whether locks are of one node only, and tell nothing of the others (Galera)."""
    row = server.exec_driver_sql("SHOW VARIABLES LIKE 'wsrep_on'").first()
    return row is not None and str(row[1]).upper() == "ON"
