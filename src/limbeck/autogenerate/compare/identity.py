"""Which options of two identity columns differ, as Alembic's projects know it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Identity

_OPTIONS = (
    "start",
    "increment",
    "minvalue",
    "maxvalue",
    "nominvalue",
    "nomaxvalue",
    "cycle",
    "cache",
    "order",
    "on_null",
)


def changed_options(before: Identity, after: Identity, ignored: Collection[str]) -> list[str]:
    """The names of the options that differ, in alphabetical order.

    The database says every option. What the models leave open is not compared, apart from
    ``always``, which they cannot leave open.

    :param before: the identity as the database has it.
    :param after: the identity of the models.
    :param ignored: options that do not count.
    """
    changed = [
        name
        for name in _OPTIONS
        if _option(after, name) is not None and _option(before, name) != _option(after, name)
    ]
    if bool(before.always) != bool(after.always):
        changed.append("always")
    return sorted(name for name in changed if name not in ignored)


def _option(identity: Identity, name: str) -> Any:
    """An option; those of Oracle alone are options of its dialect from SQLAlchemy 2.1 on."""
    if name in ("order", "on_null") and hasattr(identity, "dialect_kwargs"):
        return identity.dialect_kwargs.get(f"oracle_{name}")
    return getattr(identity, name, None)
