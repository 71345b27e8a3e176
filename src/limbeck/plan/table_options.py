"""Options of a whole table (its engine, its character set) as statements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from limbeck.operations import ops

if TYPE_CHECKING:
    from limbeck.facts.objects import TableFact
    from limbeck.plan.situation import Situation


def option_operations(
    before: TableFact, after: TableFact, situation: Situation
) -> Iterator[ops.MigrateOperation]:
    """The statements that give a table other options."""
    preparer = situation.dialect.identifier_preparer
    name = preparer.quote(after.key.name)
    if after.key.schema:
        name = f"{preparer.quote_schema(after.key.schema)}.{name}"
    old, new = dict(before.options), dict(after.options)
    for option in sorted(old.keys() | new.keys()):
        if old.get(option) != new.get(option) and option in new:
            yield ops.ExecuteSQLOp(f"ALTER TABLE {name} {option.upper()} = {new[option]}")
