"""Passwords of any letters, for drivers that know only some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    from sqlalchemy import Engine

_LATIN = frozenset({"pymysql", "aiomysql"})


def take_any_password(engine: Engine) -> None:
    """Hand passwords over as the server has them.

    PyMySQL writes a text in Latin-1 (``pymysql.connections.Connection``); servers compare bytes,
    and those of a password that a client of today has set are UTF-8.

    :param engine: an engine that has not connected yet.
    """
    if engine.dialect.driver in _LATIN:
        event.listen(engine, "do_connect", _in_utf8)


def _in_utf8(dialect: Any, record: Any, arguments: Any, parameters: dict[str, Any]) -> None:
    for name in ("password", "passwd"):
        given = parameters.get(name)
        if isinstance(given, str) and not given.isascii():
            parameters[name] = given.encode()
