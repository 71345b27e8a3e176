"""The directives of a revision: ``from alembic import op``."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from limbeck import op as _op
from limbeck.operations import Operations as Operations
from limbeck.operations.running import running as _running

#: What the directives belong to, if it is not the migration that is running: may be set by tests.
_proxy: Any = None


def _target() -> Any:
    """The migration that is running; without one what a test has set, or deleted to say "none"."""
    running = _running.get()
    return globals().get("_proxy") if running is None else running


def _directive(name: str) -> Callable[..., Any]:
    directive = getattr(_op, name)

    @wraps(directive)
    def call(*arguments: Any, **options: Any) -> Any:
        target = _target()
        if target is None and name not in _WITHOUT_MIGRATION:
            _running.require(name)
        return getattr(_op if target is None else target, name)(*arguments, **options)

    return call


_WITHOUT_MIGRATION = ("context", "implementation_for", "register_operation")

_NAMES = [name for name in dir(_op.operations) if hasattr(_op, name) and name[0] != "_"]
globals().update({name: _directive(name) for name in _NAMES})


def __getattr__(name: str) -> Any:
    target = _target()
    return getattr(_op if target is None or name.startswith("_") else target, name)
