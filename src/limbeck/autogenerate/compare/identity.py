"""Which options of two identity columns differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Identity

_FLAGS = ("always", "cycle", "order", "on_null")
_NUMBERS = ("start", "increment", "minvalue", "maxvalue", "cache")
_CACHES = (1, 20)
"""What PostgreSQL and Oracle keep at hand where nothing is said."""
_BOUNDS = {1, 2**15 - 1, 2**15, 2**31 - 1, 2**31, 2**63 - 1, 2**63, 10**28 - 1}
"""Where sequences of every type begin and end by themselves, without the sign."""


def changed_options(before: Identity, after: Identity, ignored: Collection[str]) -> list[str]:
    """The names of the options that differ, in alphabetical order.

    The database says every option, the models only those that are not as usual.

    :param before: the identity as the database has it.
    :param after: the identity of the models.
    :param ignored: options that do not count.
    """
    flags = [name for name in _FLAGS if bool(_option(before, name)) != bool(_option(after, name))]
    numbers = [name for name in _NUMBERS if _number_differs(before, after, name)]
    return sorted(name for name in flags + numbers if name not in ignored)


def _number_differs(before: Identity, after: Identity, name: str) -> bool:
    stored, wanted = _option(before, name), _option(after, name)
    if wanted is None:
        return stored is not None and not _is_usual(name, stored, after)
    if stored is None:
        return not _is_usual(name, wanted, after)
    return bool(stored != wanted)


def _is_usual(name: str, value: int, models: Identity) -> bool:
    """Whether a database would choose the value by itself."""
    if name == "increment":
        return value == 1
    if name == "cache":
        return value in _CACHES
    falls = (models.increment or 1) < 0
    if name == "start":
        bound = models.maxvalue if falls else models.minvalue
        return value == (bound if bound is not None else (-1 if falls else 1))
    return abs(value) in _BOUNDS


def _option(identity: Identity, name: str) -> Any:
    """An option; those of Oracle alone are options of its dialect from SQLAlchemy 2.1 on."""
    if name in ("order", "on_null") and hasattr(identity, "dialect_kwargs"):
        return identity.dialect_kwargs.get(f"oracle_{name}")
    return getattr(identity, name, None)
