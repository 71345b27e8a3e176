"""Options of a whole table (its engine, its storage) as statements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from limbeck.dialects.registry import backend_for
from limbeck.operations import ops

if TYPE_CHECKING:
    from limbeck.facts.objects import TableFact, TableKey
    from limbeck.plan.situation import Situation


def option_operations(
    before: TableFact, after: TableFact, situation: Situation
) -> Iterator[ops.MigrateOperation]:
    """The statements that give a table other options."""
    backend = backend_for(situation.dialect)
    name = table_words(after.key, situation)
    for statement in backend.option_statements(
        name, before.options, after.options, situation.dialect
    ):
        yield ops.ExecuteSQLOp(statement)


def table_words(key: TableKey, situation: Situation) -> str:
    """A table as SQL spells it."""
    preparer = situation.dialect.identifier_preparer
    name = preparer.quote(key.name)
    return f"{preparer.quote_schema(key.schema)}.{name}" if key.schema else name
