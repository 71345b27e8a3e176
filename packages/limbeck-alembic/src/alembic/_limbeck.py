"""What holds under the name ``alembic`` where limbeck alone would do otherwise.

That this module exists tells limbeck that the package ``alembic`` is this one.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

#: Options of ``context.configure()`` that hold where none are given.
CLASSIC: Mapping[str, Any] = {
    "batch": "alembic",
    "compare": "alembic",
    "layout": "alembic",
    "original_errors": True,
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
    """Let what is set for the logger ``alembic``, as in every ``alembic.ini``, hold for ours."""
    logging.getLogger("limbeck").parent = logging.getLogger("alembic")
