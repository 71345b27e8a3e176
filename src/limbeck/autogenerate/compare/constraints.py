"""What constrains the rows of a table: indexes, unique constraints, foreign keys, NOT NULL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.autogenerate.compare import foreign_keys, indexes, nullable

if TYPE_CHECKING:
    from limbeck.runtime.plugins import Plugin


def setup(plugin: Plugin) -> None:
    """Add the comparators of all of them."""
    for part in (indexes, foreign_keys, nullable):
        part.setup(plugin)
