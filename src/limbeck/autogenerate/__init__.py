"""From models to revisions: comparing them with a database, and writing down what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.autogenerate.api import compare_metadata, produce_migrations, render_python_code
from limbeck.autogenerate.context import AutogenContext
from limbeck.autogenerate.engine import changes_of
from limbeck.autogenerate.revision import RevisionContext
from limbeck.runtime.dispatch import comparators

if TYPE_CHECKING:
    from limbeck.autogenerate import render
    from limbeck.autogenerate.rewriter import Rewriter
    from limbeck.render.python import renderers

__all__ = [
    "AutogenContext",
    "RevisionContext",
    "Rewriter",
    "changes_of",
    "comparators",
    "compare_metadata",
    "produce_migrations",
    "render",
    "render_python_code",
    "renderers",
]

if not TYPE_CHECKING:  # a type checker would take any name for one of this module's

    def __getattr__(name: str) -> Any:
        """What changes operations or writes Python, imported when it is asked for."""
        from importlib import import_module

        if name == "render":
            return import_module("limbeck.autogenerate.render")
        if name == "Rewriter":
            return import_module("limbeck.autogenerate.rewriter").Rewriter
        if name == "renderers":
            return import_module("limbeck.render.python").renderers
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
