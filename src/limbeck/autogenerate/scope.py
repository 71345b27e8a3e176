"""How much of what differs is told: everything, or what Alembic tells.

``context.configure(compare="alembic")`` asks for the latter, as the package ``alembic`` of
limbeck-alembic does by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from limbeck.diff.changes import Added, Changed
from limbeck.errors import ConfigurationError

if TYPE_CHECKING:
    from limbeck.diff.changes import Change

#: The fields whose change Alembic sees, for each kind that it compares at all.
_FIELDS: Mapping[str, frozenset[str]] = {
    "table": frozenset({"comment"}),
    "column": frozenset({"type", "nullable", "comment"}),
    "index": frozenset({"elements", "unique"}),
    "unique": frozenset({"columns", "options"}),
    "foreign_key": frozenset(
        {"columns", "referred", "referred_columns", "onupdate", "ondelete", "deferrable"}
        | {"initially"}
    ),
}
#: What it also sees of a column where server defaults are compared.
_DEFAULTS = frozenset({"default", "identity"})
_SCOPES = ("everything", "alembic")


def is_classic(opts: Mapping[str, Any]) -> bool:
    """Whether only what Alembic compares is compared.

    :param opts: the options of ``context.configure()``.
    :raises ConfigurationError: ``compare`` is neither ``everything`` nor ``alembic``.
    """
    scope = opts.get("compare") or "everything"
    if scope not in _SCOPES:
        raise ConfigurationError(
            f"{scope!r} is not a value of compare", hint=f"it can be {' or '.join(_SCOPES)}"
        )
    return bool(scope == "alembic")


def seen_by_alembic(changes: Iterable[Change], *, defaults: bool) -> Iterator[Change]:
    """Yield what Alembic sees of some changes.

    A type that is new stays among them: without it a new column could not be added.

    :param changes: what differs.
    :param defaults: whether server defaults are compared.
    """
    for change in changes:
        if change.kind == "enum" and isinstance(change, Added):
            yield change
        if change.kind not in _FIELDS:
            continue
        if not isinstance(change, Changed):
            yield change
            continue
        known = _FIELDS[change.kind] | (_DEFAULTS if defaults else frozenset())
        fields = tuple(field for field in change.fields if field in known)
        if fields:
            yield replace(change, fields=fields)
