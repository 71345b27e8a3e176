"""Where a database is, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def place_words(heads: Iterable[str]) -> str:
    """Where a database is, for people."""
    return ", ".join(sorted(heads)) or "base"
