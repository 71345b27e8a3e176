"""Connections to the project's own database lead to a scratch database for a while.

Only those of the running call: other threads and tasks of an application go where they meant to.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

from limbeck.errors import ScratchUnavailable
from limbeck.value import Value

if TYPE_CHECKING:
    from sqlalchemy import URL, Dialect

    from limbeck.database.scratch_database import ScratchDatabase

_DATABASE_KEYS = ("dbname", "database", "db")
_PLACE_KEYS = ("host", "port", "unix_socket")
_TOOLS = ("limbeck", "alembic")


class _Redirection(Value):
    source: URL
    scratch: URL
    trespass: Callable[[str], str | None]


_current: ContextVar[_Redirection | None] = ContextVar("limbeck_redirection", default=None)


@contextmanager
def redirected(source: URL, scratch: ScratchDatabase) -> Iterator[None]:
    """Within, connections to ``source`` lead to ``scratch``, and no statement reaches beyond it.

    What limbeck logs of the revisions that run is not said either: it would read as if they ran on
    the project's own database.

    :param source: the project's own database.
    :param scratch: the scratch database.
    """
    token = _current.set(_Redirection(source, scratch.url, scratch.trespass))
    event.listen(Engine, "do_connect", _connecting)
    # with retval, SQLAlchemy puts no function of its own around it, see own_statements
    event.listen(Engine, "before_cursor_execute", _executing, retval=True)
    loggers = _loggers()
    for logger in loggers:
        logger.addFilter(_is_said)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(_is_said)
        event.remove(Engine, "before_cursor_execute", _executing)
        event.remove(Engine, "do_connect", _connecting)
        _current.reset(token)


def lead_nowhere() -> None:
    """End a redirection that a signal has not let end, in the middle of :func:`redirected`."""
    _current.set(None)


def _connecting(dialect: Dialect, record: Any, arguments: list[Any], keywords: Any) -> None:
    """Lead a connection that is about to be made to scratch, if it is one to the source."""
    redirection = _current.get()
    if redirection is None or dialect.name != redirection.source.get_backend_name():
        return
    meant_positional, meant = dialect.create_connect_args(_plain(redirection.source))
    here_positional, here = dialect.create_connect_args(_plain(redirection.scratch))
    if _place(arguments, keywords) != _place(meant_positional, meant):
        return
    arguments[: len(here_positional)] = here_positional
    keywords.update(here)
    return


def _plain(url: URL) -> URL:
    """The address without the parameters that only the project's own driver knows."""
    return url.set(query={})


def _place(arguments: Any, keywords: Any) -> tuple[Any, ...]:
    """What tells the databases apart that somebody connects to."""
    database = next((keywords[key] for key in _DATABASE_KEYS if key in keywords), None)
    return (tuple(arguments), database, *(str(keywords.get(key)) for key in _PLACE_KEYS))


def _executing(
    connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any
) -> tuple[str, Any]:
    redirection = _current.get()
    reason = redirection.trespass(statement) if redirection is not None else None
    if reason is not None:
        raise ScratchUnavailable(f"it cannot run on a scratch database: {reason}", hint=_HINT)
    return statement, parameters


_HINT = "such a revision can only be tried on a server of its own"


def _loggers() -> list[logging.Logger]:
    known = logging.root.manager.loggerDict
    names = [name for name in known if name.partition(".")[0] in _TOOLS]
    return [logging.getLogger(name) for name in names]


def _is_said(record: logging.LogRecord) -> bool:
    return _current.get() is None or record.levelno >= logging.WARNING
