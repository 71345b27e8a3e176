"""From models to revisions: comparing them with a database, and writing down what differs."""

from __future__ import annotations

from limbeck.autogenerate import render
from limbeck.autogenerate.api import compare_metadata, produce_migrations, render_python_code
from limbeck.autogenerate.context import AutogenContext
from limbeck.autogenerate.engine import changes_of
from limbeck.autogenerate.revision import RevisionContext
from limbeck.autogenerate.rewriter import Rewriter
from limbeck.render.python import renderers
from limbeck.runtime.dispatch import comparators

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
