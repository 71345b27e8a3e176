"""Keep passwords out of every text that a person or a log may see."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import URL

_LOGGERS = ("sqlalchemy.engine.Engine", "sqlalchemy.engine")
_VALUES = "[SQL parameters hidden]"


def without_passwords(text: str) -> str:
    """Replace whatever looks like a password by ``***``.

    :param text: any text: an address, a statement, what a driver says.
    :returns: the same text without passwords.
    """
    # compiling its patterns costs ten million instructions, and few commands have something to hide
    from limbeck.database import hidden_passwords

    return hidden_passwords.without_passwords(text)


def shown_address(url: URL) -> str:
    """An address for people: without a password in it, and without one in its query.

    :param url: the address.
    """
    return without_passwords(url.render_as_string(hide_password=True))


def hide_values(error: BaseException) -> None:
    """Let an error, and all that it came of, say nothing of values and passwords in statements.

    :param error: what was raised; its traceback is about to be shown.
    """
    seen: set[int] = set()
    rest: list[BaseException | None] = [error]
    while rest:
        one = rest.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        rest += [one.__cause__, one.__context__]
        statement = getattr(one, "statement", None)
        if isinstance(statement, str) and hasattr(one, "hide_parameters"):  # SQLAlchemy's
            vars(one).update(hide_parameters=True, statement=without_passwords(statement))


def hide_values_in_logs() -> None:
    """Let SQLAlchemy log statements without values and passwords; for the command line.

    Who uses limbeck as a library decides about the log by himself.
    """
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if _without_values not in logger.filters:
            logger.addFilter(_without_values)


def _without_values(record: logging.LogRecord) -> bool:
    """A filter of a logger: leaves every record, without what may be secret in it."""
    arguments: Any = record.args
    if record.msg == "[%s] %r" and isinstance(arguments, tuple) and len(arguments) == 2:
        record.msg, record.args = "[%s] %s", (arguments[0], _VALUES)
    elif isinstance(record.msg, str):
        record.msg, record.args = without_passwords(record.getMessage()), ()
    return True
