"""From what a driver says to what a person can do about it. The only place that knows."""

from __future__ import annotations

import re
import socket
import traceback
from typing import TYPE_CHECKING

from limbeck.database.secrets import without_passwords
from limbeck.errors import (
    CommandError,
    ConfigurationError,
    DatabaseUnreachable,
    LockNotObtained,
)

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError

_ADDRESS_HINT = "as in: postgresql+psycopg://user:password@host/name or sqlite:///file.db"
_PACKAGES = {"psycopg2": "psycopg2-binary", "MySQLdb": "mysqlclient", "psycopg": "psycopg[binary]"}
_BACKENDS = ("postgresql", "mysql", "mariadb", "sqlite", "oracle", "mssql", "cockroachdb")
_LONGEST_SQL = 200
_DRIVERS = frozenset(
    {
        *("psycopg", "psycopg2", "psycopg2cffi", "asyncpg", "pg8000"),
        *("pymysql", "MySQLdb", "mysql", "mariadb", "aiomysql", "asyncmy"),
        *("aiosqlite", "pysqlcipher3", "sqlcipher3"),
        *("oracledb", "cx_Oracle", "pyodbc", "pymssql", "aioodbc"),
    }
)

# what the drivers' words come down to: pattern, what it means, what to do
_MEANINGS: tuple[tuple[str, type[CommandError], str, str], ...] = (
    (
        r"password authentication failed|access denied for user|no password supplied|"
        r"role .* does not exist|no pg_hba\.conf entry",
        DatabaseUnreachable,
        "the database does not let us in",
        "check the user and the password in the address",
    ),
    (
        r"database .* does not exist|unknown database",
        DatabaseUnreachable,
        "the database does not exist",
        "create it first; limbeck makes tables, not databases",
    ),
    (
        r"resolve host|name or service not known|getaddrinfo|nodename nor servname|"
        r"no address associated|temporary failure in name resolution",
        DatabaseUnreachable,
        "the host of the database is not known",
        "check the host name in the address",
    ),
    (
        r"connection refused|can't connect|connection failed|timed? ?out|no route to host|"
        r"connect call failed|server closed the connection|lost connection|"
        r"no such file or directory|invalid port|port must be|port number",
        DatabaseUnreachable,
        "the database does not answer",
        "is it running, and are host and port in the address right?",
    ),
    (
        r"unable to open database file",
        DatabaseUnreachable,
        "the database file cannot be opened",
        "does its folder exist, and may you write there?",
    ),
    (
        r"disk image is malformed",
        DatabaseUnreachable,
        "the database file is damaged, or cut off",
        "restore it from a backup; `PRAGMA integrity_check` of sqlite3 says what is wrong with it",
    ),
    (
        r"file is not a database|malformed",
        DatabaseUnreachable,
        "the file is no SQLite database",
        "check the path in the address",
    ),
    (
        r"readonly database|read-only transaction|read only mode|read-only mode|"
        r"--read-only|read_only",
        DatabaseUnreachable,
        "the database is read-only",
        "connect to one that may be written to",
    ),
    (
        r"permission denied|command denied|insufficient privilege",
        DatabaseUnreachable,
        "the database user lacks a right",
        "grant it, or connect as another user",
    ),
    (
        r"database is locked|lock wait timeout|lock timeout|could not obtain lock",
        LockNotObtained,
        "the database is locked by somebody else",
        "wait for the other one to end, then try again",
    ),
)


def translated(error: Exception, address: str | None = None) -> CommandError | None:
    """Turn what SQLAlchemy or a driver has raised into an error of limbeck's own.

    :param error: what was raised.
    :param address: the database's address without its password, for the message.
    :returns: the error to raise: ``ConfigurationError`` where the address makes no sense,
        ``DatabaseUnreachable`` where there is no way to the database, ``LockNotObtained`` where
        somebody else holds it; None where the error is not about the database.
    """
    from sqlalchemy import exc

    match error:
        case exc.NoSuchModuleError():
            return _unknown_backend(error)
        case exc.ArgumentError():
            if "URL" not in str(error):
                return None
            return _no_address()
        case KeyError() if _was_raised_in(error, "engine_from_config"):
            return ConfigurationError(
                "the settings name no database: sqlalchemy.url is not there",
                hint=f"write it into the ini file, {_ADDRESS_HINT}",
            )
        case UnicodeEncodeError() if "pymysql" in traceback.format_tb(error.__traceback__)[-1]:
            return ConfigurationError(
                "the driver cannot write the letters of the password",
                hint='give them to it as bytes: connect_args={"password": password.encode()}',
            )
        case ValueError() if _was_raised_in(error, "_parse_url"):
            # its words repeat a piece of the address, which may be one of the password
            return _no_address()
        case ModuleNotFoundError():
            driver = (error.name or "").partition(".")[0]
            return missing_driver(driver) if driver in _DRIVERS else None
        case exc.DBAPIError():
            return meaning_of(str(error.orig), address) or _refused(error)
        case BrokenPipeError():  # the reader of what we print has gone
            return None
        case ConnectionError() | socket.gaierror() | TimeoutError():
            # asyncpg lets the errors of the socket out as they are
            return meaning_of(f"connection failed: {error}", address)
        case _:  # asyncpg connects with exceptions that only their module tells
            return meaning_of(str(error), address) if _is_drivers(error) else None


def meaning_of(words: str, address: str | None = None) -> CommandError | None:
    """Say what a driver's message comes down to.

    :param words: the driver's message.
    :param address: the database's address without its password.
    :returns: the error to raise, or None where the words say nothing about the connection.
    """
    for pattern, kind, message, hint in _MEANINGS:
        if re.search(pattern, words, re.IGNORECASE):
            at = f" ({address})" if address else ""
            return kind(f"{message}{at}", hint=hint, details=[_first_line(words)])
    return None


def _no_address() -> ConfigurationError:
    message = "the address of the database cannot be understood"
    return ConfigurationError(message, hint=_ADDRESS_HINT)


def _was_raised_in(error: Exception, function: str) -> bool:
    """Whether one of SQLAlchemy's functions has raised an error, itself or by what it calls."""
    frames = traceback.walk_tb(error.__traceback__)
    return any(frame.f_code.co_name == function for frame, _ in list(frames)[-3:])


def _is_drivers(error: Exception) -> bool:
    return type(error).__module__.partition(".")[0] in _DRIVERS


def _refused(error: DBAPIError) -> CommandError:
    statement = " ".join((error.statement or "").split())
    return CommandError(
        f"the database refused a statement: {_first_line(str(error.orig))}",
        hint="--debug shows where it came from",
        details=[f"SQL: {without_passwords(statement)[:_LONGEST_SQL]}"] if statement else (),
    )


def missing_driver(name: str) -> DatabaseUnreachable:
    """Say that a driver is not installed.

    :param name: the module that could not be imported.
    """
    package = _PACKAGES.get(name, name)
    return DatabaseUnreachable(
        f"the driver `{name}` is not installed", hint=f'pip install "{package}"'
    )


def _unknown_backend(error: Exception) -> ConfigurationError:
    found = re.search(r"sqlalchemy\.dialects:([\w.]+)", str(error))
    name = found.group(1).partition(".")[0] if found else ""
    driver = found.group(1).partition(".")[2] if found else ""
    if name == "postgres":
        hint = "write postgresql:// instead of postgres://"
    elif driver and name in _BACKENDS:
        hint = f"`{driver}` is no driver that SQLAlchemy knows for {name}"
    else:
        import difflib  # which nothing else needs

        nearest = difflib.get_close_matches(name, _BACKENDS, n=1)
        hint = f"did you mean {nearest[0]}://?" if nearest else _ADDRESS_HINT
    shown = f"{name}+{driver}" if driver else name
    return ConfigurationError(f"the address names an unknown database: `{shown}`", hint=hint)


def _first_line(words: str) -> str:
    lines = [line.strip() for line in without_passwords(words).splitlines() if line.strip()]
    return lines[0] if lines else ""
