"""Scratch databases of PostgreSQL.

A scratch database is made from ``template0`` with the encoding and the locale of the project's
own. Its maker holds an advisory lock from before it exists; ``pg_locks`` shows those of every
database (https://www.postgresql.org/docs/current/view-pg-locks.html), so one whose lock nobody
holds is left over, and ``DROP DATABASE`` itself refuses where somebody is connected.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from limbeck.dialects.postgresql.scratch_contents import CONTENTS, EXTENSIONS, SCHEMAS, SURROUNDINGS
from limbeck.dialects.standard.scratch_database import OURS, PREFIX, ScratchDatabases

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from sqlalchemy import Connection

    from limbeck.dialects.standard.scratch_database import IsMade

_LOCK_CLASS = zlib.crc32(b"limbeck scratch") & 0x7FFFFFFF

_OPTIONS = (
    ("encoding", "ENCODING"),
    ("datcollate", "LC_COLLATE"),
    ("datctype", "LC_CTYPE"),
)
# https://www.postgresql.org/docs/current/catalog-pg-database.html
_PROVIDERS = {"c": "libc", "i": "icu", "b": "builtin"}

_LISTS = frozenset(
    {
        *("local_preload_libraries", "search_path", "session_preload_libraries"),
        *("shared_preload_libraries", "temp_tablespaces", "unix_socket_directories"),
    }
)
"""Settings that are kept as quoted lists, and are said again as they are kept."""

# what is within strings and comments says nothing
_SILENT = re.compile(r"'(?:[^']|'')*'|(\$\w*\$).*?\1|/\*.*?\*/|--[^\n]*", re.DOTALL)
_WHOLE = re.compile(
    r"(?:^|;)\s*(?:(?:CREATE|ALTER|DROP)\s+(?:ROLE|USER(?!\s+MAPPING)|GROUP|DATABASE|TABLESPACE)|"
    r"ALTER\s+SYSTEM|COMMENT\s+ON\s+(?:ROLE|DATABASE|TABLESPACE)|"
    r"(?:REASSIGN|DROP)\s+OWNED|(?:GRANT|REVOKE)\s+(?:(?!\bON\b)[^;])*(?:;|$))",
    re.IGNORECASE,
)
"""Statements about what all databases of a server share."""


class PostgresqlScratchDatabases(ScratchDatabases):
    """PostgreSQL."""

    def maintenance(self) -> str | None:
        return "postgres"

    def create(self, server: Connection, name: str) -> None:
        row = server.execute(
            text(
                "SELECT (to_jsonb(d) || jsonb_build_object('encoding', "
                "pg_encoding_to_char(d.encoding)))::text "
                "FROM pg_database d WHERE datname = current_database()"
            )
        ).scalar_one()
        options = " ".join(_options(server, json.loads(row)))
        server.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0 {options}")
        for statement in _settings(server, name):
            server.exec_driver_sql(statement.replace("%", "%%"))

    def drop(self, server: Connection, name: str) -> None:
        server.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name "
                "AND pid <> pg_backend_pid()"
            ),
            {"name": name},
        )
        server.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")

    def drop_stale(self, server: Connection) -> tuple[str, ...]:
        # The names are read before the locks: whoever is alive has locked before it has created.
        names = server.execute(
            text("SELECT datname FROM pg_database WHERE starts_with(datname, :prefix)"),
            {"prefix": PREFIX},
        ).scalars()
        ours = [name for name in names if OURS.fullmatch(name)]
        if not ours:
            return ()
        held = set(
            server.execute(
                text(
                    "SELECT objid::int FROM pg_locks WHERE locktype = 'advisory' AND classid = :c"
                ),
                {"c": _LOCK_CLASS},
            ).scalars()
        )
        dropped: list[str] = []
        for name in ours:
            if _lock_key(name) in held:
                continue
            try:
                server.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
            except DBAPIError:  # somebody is connected after all, or it is another role's
                continue
            dropped.append(name)
        return tuple(dropped)

    def hold(self, connection: Connection, name: str) -> bool:
        return bool(
            connection.execute(
                text("SELECT pg_try_advisory_lock(:c, :k)"),
                {"c": _LOCK_CLASS, "k": _lock_key(name)},
            ).scalar()
        )

    def prepare(self, server: Connection, scratch: Connection, is_made: IsMade) -> tuple[str, ...]:
        quote = scratch.dialect.identifier_preparer.quote
        missing: list[str] = []
        for schema in server.exec_driver_sql(SCHEMAS).scalars().all():
            if not is_made("schema", schema):
                scratch.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {quote(schema)}")
        extensions = server.execute(
            text(
                "SELECT e.extname, n.nspname FROM pg_extension e "
                "JOIN pg_namespace n ON n.oid = e.extnamespace "
                "WHERE e.extname <> 'plpgsql' ORDER BY e.oid"
            )
        ).all()
        for name, schema in extensions:
            if is_made("extension", name):
                continue
            try:
                # an extension that brings a schema of its own is made in that, which comes with it
                if schema != name and not schema.startswith("pg_"):
                    scratch.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {quote(schema)}")
                    within = f" SCHEMA {quote(schema)}"
                else:
                    within = ""
                scratch.exec_driver_sql(
                    f"CREATE EXTENSION IF NOT EXISTS {quote(name)}{within} CASCADE"
                )
            except DBAPIError:
                missing.append(f"the extension {name} could not be created on scratch")
        return tuple(missing)

    def identity(self, connection: Connection) -> Hashable | None:
        row = connection.execute(
            text(
                "SELECT oid::text, datname, pg_postmaster_start_time()::text "
                "FROM pg_database WHERE datname = current_database()"
            )
        ).one()
        return tuple(row)

    def schemas(self, scratch: Connection) -> tuple[str, ...]:
        here = scratch.exec_driver_sql("SELECT current_schema()").scalar_one()
        found = scratch.exec_driver_sql(SCHEMAS).scalars()
        return ("", *sorted(schema for schema in found if schema != here))

    def contents(self, scratch: Connection) -> tuple[str, ...]:
        return tuple(name for _, name in scratch.exec_driver_sql(CONTENTS))

    def clear(self, scratch: Connection) -> None:
        for (name,) in scratch.exec_driver_sql(EXTENSIONS).all():
            scratch.exec_driver_sql(f"DROP EXTENSION {name} CASCADE".replace("%", "%%"))
        for kind, name in scratch.exec_driver_sql(CONTENTS).all():
            scratch.exec_driver_sql(f"DROP {kind} IF EXISTS {name} CASCADE".replace("%", "%%"))

    def surroundings(self, scratch: Connection) -> tuple[str, ...]:
        return tuple(sorted(scratch.exec_driver_sql(SURROUNDINGS).scalars()))

    def trespass(self, scratch: Connection) -> Callable[[str], str | None]:
        def reason(statement: str) -> str | None:
            found = _WHOLE.search(_SILENT.sub(" ", statement))
            if found is None:
                return None
            words = " ".join(found.group().strip("; \n").split())
            return f"a revision changes the server itself: {words[:60]}"

        return reason


def _lock_key(name: str) -> int:
    return zlib.crc32(name.encode()) & 0x7FFFFFFF


def _options(server: Connection, row: Mapping[str, Any]) -> Iterator[str]:
    """The options of CREATE DATABASE that make a database like the one of ``row``."""
    for column, word in _OPTIONS:
        yield f"{word} {_literal(server, row[column])}"
    provider = _PROVIDERS.get(row.get("datlocprovider", ""))
    if provider is None:  # before PostgreSQL 15 there is the library's only
        return
    yield f"LOCALE_PROVIDER {provider}"
    locale = row.get("datlocale") or row.get("daticulocale")
    if provider != "libc" and locale:
        yield f"{provider.upper()}_LOCALE {_literal(server, locale)}"
    if row.get("daticurules"):
        yield f"ICU_RULES {_literal(server, row['daticurules'])}"


def _settings(server: Connection, name: str) -> Iterator[str]:
    """The statements that give a database the settings of the one that ``server`` is in."""
    rows = server.execute(
        text(
            "SELECT s.setrole = 0, quote_ident(current_user), unnest(s.setconfig) "
            "FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase "
            "WHERE d.datname = current_database() AND s.setrole IN "
            "(0, (SELECT oid FROM pg_roles WHERE rolname = current_user))"
        )
    ).all()
    for is_for_all, role, pair in rows:
        setting, _, value = pair.partition("=")
        said = value if setting.lower() in _LISTS else _literal(server, value)
        whom = f"DATABASE {name}" if is_for_all else f"ROLE {role} IN DATABASE {name}"
        yield f"ALTER {whom} SET {setting} TO {said}"


def _literal(server: Connection, value: str) -> str:
    quoted: str = server.execute(
        text("SELECT quote_literal(:value)"), {"value": value}
    ).scalar_one()
    return quoted
