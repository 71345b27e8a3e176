"""Options of facts as the arguments that SQLAlchemy's constructors take."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import registry
from sqlalchemy.sql.elements import quoted_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from limbeck.facts.objects import Options

TRUE_FALSE = {"true": True, "false": False}
_LISTS = ("_include",)


@cache
def _accepted_by(dialect: str) -> Sequence[tuple[type[Any], Mapping[str, Any]]]:
    """The options of a dialect, by the kind of object that takes them."""
    return registry.load(dialect).construct_arguments or ()


def _is_known(kind: type[Any], name: str) -> bool:
    """Whether objects of ``kind`` take the option ``name``; ``postgresql_…`` are a dialect's."""
    dialect, _, option = name.partition("_")
    if not option:
        return True
    return any(
        issubclass(kind, owner) and (option in names or "*" in names)
        for owner, names in _accepted_by(dialect)
    )


def _with_schema(name: str, dialect: str) -> str:
    """The name of a table; SQLAlchemy would take one with its schema for a single word."""
    if "." not in name:
        return name
    quote = registry.load(dialect)().identifier_preparer.quote
    return quoted_name(".".join(map(quote, name.split("."))), quote=False)


def option_arguments(kind: type[Any], options: Options) -> dict[str, Any]:
    """Options as the keyword arguments that the constructor of ``kind`` takes.

    What this SQLAlchemy cannot say (``NOT ENFORCED``, say) is left out.
    """
    found: dict[str, Any] = {}
    for name, value in options:
        if not _is_known(kind, name):
            continue
        if name.endswith("_inherits"):
            dialect = name.partition("_")[0]
            found[name] = [_with_schema(part.strip(), dialect) for part in value.split(",")]
        elif name.endswith(_LISTS):
            found[name] = [part.strip() for part in value.split(",")]
        elif name.endswith("_with"):
            found[name] = dict(part.strip().split("=", 1) for part in value.split(","))
        else:
            found[name] = TRUE_FALSE.get(value, value)
    return found
