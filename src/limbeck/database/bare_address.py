"""Addresses so plain that the arguments of the driver are known without SQLAlchemy.

Plain is what names its driver, escapes nothing and asks for nothing behind a ``?`` but the usual
``charset`` of MySQL and MariaDB, or one schema of PostgreSQL, ``options=-csearch_path%3Dname``.
The arguments are those that ``Dialect.create_connect_args`` of SQLAlchemy gives, which a test
compares.
"""

from __future__ import annotations

import os
import re

from limbeck.light_typing import Any, NamedTuple

__all__ = ["BareAddress", "bare_address"]

_FILE = re.compile(r"sqlite(?:\+pysqlite)?:///(?P<path>[A-Za-z0-9_./-]+)")
_SERVER = re.compile(
    r"(?:postgresql\+(?P<postgresql>psycopg)|(?:mysql|mariadb)\+pymysql)://"
    r"(?:(?P<user>[A-Za-z0-9_.-]+)(?::(?P<password>[A-Za-z0-9_.~!$&*=^-]+))?@)?"
    r"(?P<host>[A-Za-z0-9.-]+)(?::(?P<port>[0-9]{1,5}))?/(?P<database>[A-Za-z0-9_.-]+)"
    r"(?:\?charset=(?P<charset>utf8mb4)|\?options=-csearch_path%3D(?P<schema>[a-z0-9_]+))?"
)
_FOUND_ROWS = 2
"""``pymysql.constants.CLIENT.FOUND_ROWS``, with which SQLAlchemy connects."""


class BareAddress(NamedTuple):
    """A database, and how its driver gets there.

    :param driver: the module: ``sqlite3``, ``psycopg`` or ``pymysql``.
    :param arguments: the arguments of its ``connect()``; the file of SQLite as ``database``.
    :param schema: the schema of PostgreSQL that these name as the whole search path.
    """

    driver: str
    arguments: dict[str, Any]
    schema: str | None = None


def bare_address(address: str) -> BareAddress | None:
    """Take a plain address apart.

    :param address: the address, with its password.
    :return: None where only SQLAlchemy can say what it means.
    """
    file = _FILE.fullmatch(address)
    if file is not None:
        return BareAddress("sqlite3", {"database": os.path.abspath(file["path"])})
    server = _SERVER.fullmatch(address)
    if server is None:
        return None
    names = ("host", "user", "password")
    arguments: dict[str, Any] = {name: server[name] for name in names if server[name]}
    if server["port"]:
        arguments["port"] = int(server["port"])
    if server["charset"]:
        arguments["charset"] = server["charset"]
    if server["postgresql"]:
        if server["charset"]:  # which libpq does not know
            return None
        if server["schema"]:
            arguments["options"] = f"-csearch_path={server['schema']}"
        return BareAddress("psycopg", {**arguments, "dbname": server["database"]}, server["schema"])
    if server["schema"]:
        return None
    more = {"database": server["database"], "client_flag": _FOUND_ROWS}
    return BareAddress("pymysql", {**arguments, **more})
