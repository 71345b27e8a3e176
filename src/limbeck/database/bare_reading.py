"""What a database says of its revisions, asked by the bare driver: a few SELECTs, and no more.

Nothing is written, no file is made, no lock is held or waited for, and no transaction stays open.
Whatever is not as it usually is ends in an exception, of the driver's or :class:`Unsure`.
"""

from __future__ import annotations

import re
from contextlib import closing
from itertools import groupby

from limbeck.light_typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import TypeAlias

    from limbeck.database.bare_address import BareAddress

    Rows: TypeAlias = Sequence[Sequence[Any]]
    _Read: TypeAlias = tuple[Rows, Rows, bool]
    """The rows of the version table, those of the history, and whether there is a journal."""

__all__ = [
    *("BareTables", "BareVersion", "Unsure"),
    *("is_plain_name", "read_each", "read_version", "read_versions"),
]

_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_SECONDS = 5
"""How long to wait for a server that does not answer; the usual road waits as long as it does."""

_NOBODYS = ("pg_", "information_schema", "limbeck_")
"""How the names of schemas begin that are the server's, or scratch databases."""

_HISTORY = (
    *("number", "revision", "direction", "outcome", "parents", "requires", "heads"),
    "file_checksum",
)
"""The columns of the history that say what is applied."""


class Unsure(Exception):
    """Something is not as it usually is."""


class BareTables(NamedTuple):
    """Where to look, in names that every database takes as they are.

    :param version: the version table.
    :param journal: the journal, which is there where something is half done.
    :param history: the history table; None where nobody asks it.
    :param schema: their schema; None for the default one.
    :param path: the schema that is the default one, where the session has another one.
    """

    version: str
    journal: str
    history: str | None
    schema: str | None
    path: str | None = None


class BareVersion(NamedTuple):
    """What was found.

    :param heads: the ids in the version table as they come.
    :param history: the rows of the history by their numbers, as the columns hold them; None where
        nobody asked.
    """

    heads: tuple[str, ...]
    history: Sequence[dict[str, Any]] | None


def is_plain_name(name: str) -> bool:
    """Whether a name means the same with quotes and without, in every database.

    :param name: the name of a table or a schema.
    """
    return _PLAIN_NAME.fullmatch(name) is not None and len(name) <= 63


def read_version(address: BareAddress, tables: BareTables) -> BareVersion:
    """Ask a database where nothing is half done.

    :param address: the database.
    :param tables: where to look.
    :raises Unsure: something is half done, or a table holds what no tool writes.
    :raises Exception: whatever the driver raises; it may repeat the address.
    """
    with closing(_connected(address)) as connection, closing(connection.cursor()) as cursor:
        return _version(cursor, address.driver, tables)


def read_each(addresses: Iterable[BareAddress], tables: BareTables) -> Iterator[BareVersion]:
    """Ask databases one after the other, as above.

    Those in a row that differ in nothing but the schema they name are asked in one session.

    :param addresses: the databases.
    :param tables: where to look.
    :raises Unsure: as above.
    :raises Exception: as above.
    """
    for place, some in groupby(addresses, _session_of):
        if place is None:
            for address in some:
                yield read_version(address, tables)
            continue
        alike = list(some)
        with closing(_connected(alike[0])) as connection, closing(connection.cursor()) as cursor:
            for each in alike:
                yield _version(cursor, each.driver, tables._replace(path=each.schema))


def _session_of(address: BareAddress) -> dict[str, Any] | None:
    """What addresses have in common that one session is enough for; None where it is not."""
    if address.schema is None or not is_plain_name(address.schema):
        return None
    return {name: value for name, value in address.arguments.items() if name != "options"}


def read_versions(
    address: BareAddress, tables: BareTables, is_wanted: Callable[[str], bool]
) -> list[BareVersion]:
    """Ask the schemas of a PostgreSQL database, in none of which something is half done.

    :param address: the database.
    :param tables: where to look, in each schema.
    :param is_wanted: tells which schemas are meant.
    :raises Unsure: as above; or a schema is meant that may be nobody's.
    :raises Exception: as above.
    """
    if address.driver != "psycopg":
        raise Unsure("its schemas are databases, or it has none")
    with closing(_connected(address)) as connection, closing(connection.cursor()) as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace ORDER BY nspname")
        names = [name for (name,) in cursor.fetchall() if is_wanted(name)]
        if any(name.startswith(_NOBODYS) for name in names):
            raise Unsure("the server's own, or made for a moment")
        return [_version(cursor, "psycopg", tables._replace(schema=name)) for name in names]


def _version(cursor: Any, driver: str, tables: BareTables) -> BareVersion:
    read = _read_at_once if driver == "psycopg" else _read
    rows, history, is_half_done = read(cursor, driver, tables)
    if is_half_done:
        raise Unsure("something may be half done")
    heads = tuple(row[0] for row in rows)
    if any(type(id_) is not str or not id_ for id_ in heads) or len(set(heads)) < len(heads):
        raise Unsure("the version table holds what no tool writes")
    if tables.history is None:
        return BareVersion(heads, None)
    return BareVersion(heads, [dict(zip(_HISTORY, row, strict=True)) for row in history])


def _read(cursor: Any, driver: str, tables: BareTables) -> _Read:
    quote = "`" if driver == "pymysql" else '"'
    found: list[Rows] = []
    for query in _queries(tables, quote):
        cursor.execute(query)
        found.append(cursor.fetchall())
    rows, history = found if len(found) > 1 else (*found, ())
    return rows, history, _is_there(cursor, driver, _quoted(tables, tables.journal, quote))


def _read_at_once(cursor: Any, driver: str, tables: BareTables) -> _Read:
    """As above, in one message to PostgreSQL, which is one transaction.

    https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
    """
    # A statement that fails, as a journal that is not there would be, stands in the server's log.
    is_there = f"SELECT to_regclass('{_quoted(tables, tables.journal, chr(34))}') IS NOT NULL"
    # of this transaction only: a pooler gives the session to others
    before = ["BEGIN READ ONLY", "SET LOCAL lock_timeout = '100ms'"]
    if tables.path is not None:
        before.append(f'SET LOCAL search_path = "{tables.path}"')
    cursor.execute(";".join((*before, *_queries(tables, '"'), is_there, "COMMIT")))
    found: list[Rows] = []
    while True:
        if cursor.description is not None:
            found.append(cursor.fetchall())
        if not cursor.nextset():
            break
    rows, *history, [(is_half_done,)] = found
    return rows, history[0] if history else (), is_half_done


def _queries(tables: BareTables, quote: str) -> Iterator[str]:
    yield f"SELECT version_num FROM {_quoted(tables, tables.version, quote)}"
    if tables.history is not None:
        history = _quoted(tables, tables.history, quote)
        yield f"SELECT {', '.join(_HISTORY)} FROM {history} ORDER BY number"


def _connected(address: BareAddress) -> Any:
    if address.driver == "sqlite3":
        import sqlite3

        path = address.arguments["database"]
        if not isinstance(path, str) or set("%?#") & set(path):
            raise Unsure("the path means something else in an address of SQLite's")
        with open(path, "rb") as file:  # noqa: PTH123  # importing pathlib costs too much
            logs_ahead = file.read(20)[18:] == _WAL
        # Neither makes a file of a database that is not there. Whoever only reads a database with a
        # log leaves that beside it. https://www.sqlite.org/uri.html#urimode
        mode = "rw" if logs_ahead else "ro"
        return sqlite3.connect(f"file:{path}?mode={mode}", uri=True, timeout=0.1)
    if address.driver == "psycopg":
        import psycopg

        return psycopg.connect(**address.arguments, connect_timeout=_SECONDS, autocommit=True)
    import pymysql

    # a statement that waits for a lock of tables ends here, without a setting of the session
    return pymysql.connect(
        **address.arguments, connect_timeout=_SECONDS, read_timeout=_SECONDS, autocommit=True
    )


def _quoted(tables: BareTables, name: str, quote: str) -> str:
    parts = (name,) if tables.schema is None else (tables.schema, name)
    if not all(map(is_plain_name, parts)):
        raise Unsure("a name has to be quoted as the database says")
    return ".".join(f"{quote}{part}{quote}" for part in parts)


def _is_there(cursor: Any, driver: str, table: str) -> bool:
    """Whether there is a table; whatever else goes wrong than its absence is raised."""
    module = __import__(driver)
    try:
        cursor.execute(f"SELECT 1 FROM {table} WHERE 1 = 0")
    except module.OperationalError as error:
        if driver == "sqlite3" and str(error).startswith("no such table: "):
            return False
        raise
    except module.ProgrammingError as error:
        if error.args[0] == _NO_SUCH_TABLE:
            return False
        raise
    return True


_NO_SUCH_TABLE = 1146
"""https://mariadb.com/kb/en/mariadb-error-codes/"""

_WAL = b"\x02\x02"
"""https://www.sqlite.org/fileformat.html#file_format_version_numbers"""
