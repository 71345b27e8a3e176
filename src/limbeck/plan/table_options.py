"""Options of a whole table (its engine, its storage) as statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from limbeck.dialects.registry import backend_for
from limbeck.diff.changes import Added, Removed
from limbeck.facts.objects import ColumnFact, PrimaryKeyFact
from limbeck.operations import ops
from limbeck.operations.batch_value import BatchAlterTable, BatchOptions

if TYPE_CHECKING:
    from limbeck.diff.changes import Change
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


def option_copies(
    before: TableFact, after: TableFact, changes: Sequence[Change], situation: Situation
) -> tuple[list[ops.MigrateOperation], list[ops.MigrateOperation]]:
    """The copies that give a table options which it can have from its beginning only.

    :param changes: everything that changes of the table.
    :returns: those before all else of the table changes, and those after.
    """
    steps = backend_for(situation.dialect).option_copies(
        before.options, after.options, _changes_key(before, after, changes)
    )
    early, late = (
        [_copy(fact, options)] if options else []
        for fact, options in zip((before, after), steps, strict=True)
    )
    return early, late


def _copy(fact: TableFact, options: Mapping[str, bool]) -> ops.MigrateOperation:
    source: Any = fact.source
    return BatchAlterTable(
        fact.key.name,
        [],
        schema=source.schema,
        options=BatchOptions(recreate="always", table_kwargs=dict(options)),
    )


def _changes_key(before: TableFact, after: TableFact, changes: Sequence[Change]) -> bool:
    """Say whether the primary key changes, or what its columns are."""
    keys = [table.primary_key for table in (before, after)]
    columns = {name for key in keys if key is not None for name in key.columns}
    facts = [fact for change in changes for fact in change_facts(change)]
    return any(
        isinstance(fact, PrimaryKeyFact) or (isinstance(fact, ColumnFact) and fact.name in columns)
        for fact in facts
    )


def change_facts(change: Change) -> Iterator[object]:
    """The facts on the sides of a change."""
    if not isinstance(change, Added):
        yield change.before
    if not isinstance(change, Removed):
        yield change.after


def table_words(key: TableKey, situation: Situation) -> str:
    """A table as SQL spells it."""
    preparer = situation.dialect.identifier_preparer
    name = preparer.quote(key.name)
    return f"{preparer.quote_schema(key.schema)}.{name}" if key.schema else name
