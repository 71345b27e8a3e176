"""Functions and domains that are made anew while tables lean on them.

PostgreSQL refuses to drop what a CHECK, a default, a computed column or an index leans on, and a
domain that is a column's type. So the old one makes room by taking another name, the new one is
created, what leans on it is made anew over that, and then the old one goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from limbeck.diff.changes import Added, Changed, Removed
from limbeck.diff.object_order import any_mentions, table_texts
from limbeck.facts.names import cut_name
from limbeck.facts.objects import PrimaryKeyFact, UniqueFact
from limbeck.facts.rights import Domain
from limbeck.facts.routines import Function, Procedure
from limbeck.operations import ops
from limbeck.plan.step_aside import alike, parts_of

if TYPE_CHECKING:
    from limbeck.diff.changes import Change
    from limbeck.facts.objects import ColumnFact, TableFact
    from limbeck.plan.situation import Situation

Outlived = Domain | Function


def outlived(situation: Situation) -> tuple[Outlived, ...]:
    """Return what is dropped and created while a table that stays leans on it, as it was."""
    if not situation.holds_leaning_objects:
        return ()
    staying = [table for table in situation.before.tables if table.key in situation.tables_after]
    texts = [text for table in staying for text in table_texts(table)]
    return tuple(item for item in _made_anew(situation) if any_mentions(texts, item.name))


def _made_anew(situation: Situation) -> Iterator[Outlived]:
    coming = {
        (change.after.schema, change.after.name)
        for change in situation.of_kind("function")
        if isinstance(change, Added) and isinstance(change.after, Function)
    }
    for change in situation.changes:
        match change:
            case Changed(before=Domain() as before, after=Domain() as after):
                if before.type != after.type:
                    yield before
            case Changed(before=Function() as before, after=Function() as after):
                if before.arguments != after.arguments or result(before) != result(after):
                    yield before
            case Removed(before=Function() as before):
                # Both could be there, but what leans on the old one would go on doing so.
                if (before.schema, before.name) in coming:
                    yield before


def result(routine: Function | Procedure) -> str:
    """What a routine returns, as the database says it."""
    return routine.definition.partition("LANGUAGE")[0].strip()


def with_what_leans(situation: Situation) -> tuple[Change, ...]:
    """Return the changes, in which what tables have of functions and domains made anew is new."""
    changes = list(situation.changes)
    for item in outlived(situation):
        for table in situation.before.tables:
            later = situation.tables_after.get(table.key)
            if later is not None:
                changes = _renewed(changes, item, table, later)
    return tuple(changes)


def _renewed(
    changes: list[Change], item: Outlived, before: TableFact, after: TableFact
) -> list[Change]:
    busy = {(c.table, c.before) for c in changes if not isinstance(c, Added)}
    for kind, fact in parts_of(before):
        if isinstance(fact, PrimaryKeyFact | UniqueFact) or (before.key, fact) in busy:
            continue
        words = str(getattr(fact, "condition", "") or getattr(fact, "definition", ""))
        texts = (words, *getattr(fact, "elements", ()), getattr(fact, "where", None) or "")
        if any_mentions(texts, item.name):
            new = next((new for _, new in parts_of(after) if alike(new, fact)), fact)
            changes = [*changes, Changed(kind, before.key, fact, new, ())]
    later = {column.name: column for column in after.columns}
    for column in before.columns:
        fields = tuple(_leaning_fields(column, item))
        if fields and column.name in later:
            known = [c for c in changes if _is_of(c, before, column)]
            said = (field for c in known if isinstance(c, Changed) for field in c.fields)
            every = tuple(dict.fromkeys((*fields, *said)))
            changes = [change for change in changes if change not in known]
            changes.append(Changed("column", before.key, column, later[column.name], every))
    return changes


def _leaning_fields(column: ColumnFact, item: Outlived) -> Iterator[str]:
    if isinstance(item, Domain) and any_mentions((column.type,), item.name):
        yield "type"
    if column.default is not None and any_mentions((column.default,), item.name):
        yield "default"
    if column.computed is not None and any_mentions((column.computed.expression,), item.name):
        yield "computed"


def _is_of(change: Change, table: TableFact, column: ColumnFact) -> bool:
    return isinstance(change, Changed) and change.table == table.key and change.before == column


def put_aside(item: Outlived, situation: Situation) -> ops.MigrateOperation:
    """Return what gives the old one another name."""
    preparer = situation.dialect.identifier_preparer
    quote = preparer.quote
    name = quote(item.name)
    if item.schema:
        name = f"{preparer.quote_schema(item.schema)}.{name}"
    if isinstance(item, Function):
        name += f"({item.key.within})"
    kind = item.kind.upper()
    return ops.ExecuteSQLOp(f"ALTER {kind} {name} RENAME TO {quote(aside(item).name)}")


def aside(item: Outlived) -> Outlived:
    """The old one under its other name."""
    return replace(item, name=cut_name(item.name, "", "limbeck_old"), source=None)
