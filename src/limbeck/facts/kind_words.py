"""The names of all kinds of schema objects, without their classes."""

from __future__ import annotations

KINDS = (
    "extension",
    "domain",
    "function",
    "procedure",
    "view",
    "materialized_view",
    "trigger",
    "policy",
    "row_security",
    "grant",
)
"""In the order in which they are usually created; their classes are in ``object_kinds``."""

_WORDS = {"materialized_view": "materialised view", "row_security": "row security"}


def kind_words(kind: str) -> str:
    """A kind as people say it."""
    return _WORDS.get(kind, kind)
