"""How much of what differs is told: everything, or what Alembic tells, as it tells it.

``context.configure(compare="alembic")`` asks for the latter, as the package ``alembic`` of
limbeck-alembic does by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from limbeck.errors import ConfigurationError

_SCOPES = ("everything", "alembic")


def is_classic(opts: Mapping[str, Any]) -> bool:
    """Whether models and database are compared as Alembic compares them.

    :param opts: the options of ``context.configure()``.
    :raises ConfigurationError: ``compare`` is neither ``everything`` nor ``alembic``.
    """
    scope = opts.get("compare") or "everything"
    if scope not in _SCOPES:
        raise ConfigurationError(
            f"{scope!r} is not a value of compare", hint=f"it can be {' or '.join(_SCOPES)}"
        )
    return bool(scope == "alembic")
