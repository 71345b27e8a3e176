"""What holds under the name ``alembic`` where limbeck alone would do otherwise.

That this module exists tells limbeck that the package ``alembic`` is this one.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from copy import copy
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

#: Options of ``context.configure()`` that hold where none are given.
CLASSIC: Mapping[str, Any] = {
    "batch": "alembic",
    "compare": "alembic",
    "existing": "alembic",
    "journal": False,
    "layout": "alembic",
    "lock_timeout": 0,
    "original_errors": True,
    "refusals": "alembic",
    "transaction_per_migration": False,
}


def refuse_to_share(packages: Path) -> None:
    """Refuse to be half of a package whose other half is Alembic's.

    pip writes two distributions with the same files over each other without a word, and
    uninstalling one takes files of the other along.

    :param packages: the folder that the package ``alembic`` is installed in.
    :raises ImportError: the distribution ``alembic`` is installed there too.
    """
    if next(packages.glob("alembic-*.dist-info"), None) is None:
        return
    raise ImportError(
        "the distributions alembic and limbeck-alembic are both installed in "
        f"{packages}, and their files have overwritten each other; keep one: "
        "pip uninstall -y alembic limbeck-alembic, then pip install --no-deps limbeck-alembic "
        "(or alembic)"
    )


def share_loggers() -> None:
    """Say what limbeck says through the loggers of the same names below ``alembic``.

    Their levels and handlers hold, as every ``alembic.ini`` sets them. Its ``env.py`` silences all
    loggers that the ini file does not name, ours too, so this may be called again.
    """
    ours = logging.getLogger("limbeck")
    if _speaker not in ours.handlers:
        ours.parent = logging.getLogger("alembic")
        ours.propagate = False
        # The logger of the other name decides, which may be set finer than those above it.
        ours.setLevel(logging.DEBUG)
        ours.addHandler(_speaker)
        # Errors are on stdout anyway; without a handler Python writes them to stderr once more.
        logging.getLogger("alembic").addHandler(logging.NullHandler())
    for name, logger in list(logging.root.manager.loggerDict.items()):
        if name.startswith("limbeck.") and isinstance(logger, logging.Logger):
            logger.disabled = _theirs(name).disabled


def _theirs(name: str) -> logging.Logger:
    return logging.getLogger(f"alembic{name.removeprefix('limbeck')}")


class _Speaker(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        theirs = _theirs(record.name)
        if theirs.isEnabledFor(record.levelno):
            said = copy(record)
            said.name = theirs.name
            theirs.handle(said)


_speaker = _Speaker()


def set_up_plugins() -> None:
    """Set up the plugins of installed distributions, after those that limbeck has itself.

    Where there are none, nothing is imported for them.
    """
    if not entry_points(group="alembic.plugins"):
        return
    from limbeck.autogenerate import compare as compare
    from limbeck.runtime.plugins import discover_plugins

    discover_plugins()
