"""Indexes and unique constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limbeck.runtime.plugins import Plugin


def setup(plugin: Plugin) -> None:
    """Add the comparator of indexes and unique constraints."""
