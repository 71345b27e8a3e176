"""limbeck: schema migrations for SQLAlchemy."""

from __future__ import annotations

from limbeck.light_typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from limbeck.workflow.guard import guard as guard
    from limbeck.workflow.guard import guard_async as guard_async

__version__ = "0.1.0"

_GUARD = "limbeck.workflow.guard"
"""What an application asks at its start; importing limbeck alone imports nothing of it."""

if not TYPE_CHECKING:  # a type checker would take any name for one of this module's

    def __getattr__(name: str) -> Any:
        if name in ("guard", "guard_async"):
            from importlib import import_module

            return getattr(import_module(_GUARD), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
