"""What changes inside of one table, in the order in which it can be done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from limbeck.diff.changes import Added, Changed, Removed
from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
    ExcludeFact,
    ForeignKeyFact,
    IndexFact,
    PrimaryKeyFact,
    TableFact,
    UniqueFact,
)
from limbeck.operations import ops
from limbeck.plan.columns import ColumnPlanner
from limbeck.plan.step_aside import renewed_columns, renews
from limbeck.plan.table_options import option_copies, option_operations

if TYPE_CHECKING:
    from limbeck.diff.changes import Change
    from limbeck.facts.objects import TableKey
    from limbeck.plan.constraints import ConstraintPlanner
    from limbeck.plan.enum_dependents import Gone
    from limbeck.plan.enums import EnumTypes
    from limbeck.plan.situation import Situation

Operations = Iterator[ops.MigrateOperation]

_OVER_COLUMNS = (UniqueFact, CheckFact, ExcludeFact)
_SERVING = (IndexFact, UniqueFact, PrimaryKeyFact)


class TablePlanner:
    """Makes the operations for tables that stay.

    :param situation: the direction that is planned.
    :param enums: which types are there.
    :param constraints: makes operations for constraints and indexes.
    """

    def __init__(
        self, situation: Situation, enums: EnumTypes, constraints: ConstraintPlanner
    ) -> None:
        self._situation = situation
        self._constraints = constraints
        # What was dropped already, out of the way of an enumerated type.
        self.gone: Gone = set()
        self.columns = ColumnPlanner(situation, enums)

    def operations(self, table: TableKey, changes: Sequence[Change]) -> Operations:
        """Every operation on one table, without its foreign keys where those have steps of
        their own."""
        situation = self._situation
        first, last = option_copies(
            situation.tables_before[table], situation.tables_after[table], changes, situation
        )
        yield from first
        yield from self._in_place(table, changes)
        yield from last

    def _in_place(self, table: TableKey, changes: Sequence[Change]) -> Operations:
        """The operations but the copies for options of the table."""
        together = not self._situation.features.alters_constraints
        parts = [c for c in changes if c.kind not in ("column", "table")]
        if not together:
            parts = [c for c in parts if c.kind != "foreign_key"]
        gone, come = _sides(parts)
        early = [fact for fact in come if self._before_its_predecessor(table, fact, gone)]
        for fact in early:
            yield self._create(table, fact)
        yield from self._unlock_key(table, gone)
        for fact in gone:
            if (table, fact) not in self.gone:
                yield self._drop(table, fact)
        yield from self._changed_columns(table, self._without_locked(table, changes, come))
        for fact in come:
            if fact not in early:
                yield self._create(table, fact)
        yield from self._lock_key(table, come)
        for change in changes:
            if isinstance(change, Changed) and change.kind == "table":
                yield from self._changed_table(change)

    def out_of_the_way(self, parts: Iterable[tuple[TableKey, Any]]) -> Operations:
        """Drop what goes, before anything comes."""
        for table, fact in parts:
            if (table, fact) not in self.gone:
                self.gone.add((table, fact))
                yield self._drop(table, fact)

    def _changed_columns(self, table: TableKey, changes: Sequence[Change]) -> Operations:
        """What is computed goes before, and comes after, the columns that it is computed from.

        PostgreSQL: "cannot alter type of a column used by a generated column".
        """
        columns = [change for change in changes if change.kind == "column"]
        gone = [
            change
            for change in columns
            if (isinstance(change, Removed) or renews(change))
            and (table, _before(change)) not in self.gone
        ]
        come = [change for change in columns if isinstance(change, Added) or renews(change)]
        yield from self._left(table, [c for c in reversed(gone) if _is_computed(_before(c))])
        yield from self._added(table, [c for c in come if not _is_computed(_after(c))])
        for change in columns:
            if isinstance(change, Changed) and not renews(change):
                yield from self.columns.changed(change)
        stale = [change for change in gone if not _is_computed(_before(change))]
        yield from self._left(table, [change for change in stale if renews(change)])
        yield from self._added(table, [c for c in come if _is_computed(_after(c))])
        yield from self._left(table, [change for change in stale if not renews(change)])

    def _added(self, table: TableKey, changes: Sequence[Change]) -> Operations:
        for change in changes:
            yield from self.columns.added(table, _after(change))

    def _left(self, table: TableKey, changes: Sequence[Change]) -> Operations:
        for change in changes:
            assert not isinstance(change, Added)
            yield self.columns.left(table, change)

    # -------------------------------------------------------------------------- constraints

    def _create(self, table: TableKey, fact: Any) -> ops.MigrateOperation:
        if isinstance(fact, IndexFact):
            return self._constraints.create_index(table, fact)
        return self._constraints.create(table, fact)

    def _drop(self, table: TableKey, fact: Any) -> ops.MigrateOperation:
        if isinstance(fact, IndexFact):
            return self._constraints.drop_index(table, fact)
        return self._constraints.drop(table, fact)

    def _before_its_predecessor(self, table: TableKey, fact: object, gone: Sequence[Any]) -> bool:
        """Say whether an index comes before another goes, which a foreign key may lean on.

        "MySQL requires indexes on foreign keys": it refuses to drop the last one that serves.
        https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html
        """
        if not self._situation.mysql or not isinstance(fact, IndexFact | UniqueFact):
            return False
        if isinstance(fact, IndexFact) and fact.options:
            return False  # FULLTEXT and SPATIAL serve no foreign key
        needed = _leading(fact)
        served = {_leading(other)[0] for other in gone if isinstance(other, _SERVING)}
        there = {column.name for column in self._situation.tables_before[table].columns}
        there -= renewed_columns(self._situation).get(table, set())
        taken = {self._situation.old_name(table, other) for other in gone}
        is_free = self._situation.new_name(table, fact) not in taken
        return set(needed) <= there and is_free and needed[0] in served

    def _unlock_key(self, table: TableKey, gone: Sequence[object]) -> Operations:
        """Take AUTO_INCREMENT away before its key goes: "it must be defined as a key"."""
        if self._situation.mysql and any(isinstance(fact, PrimaryKeyFact) for fact in gone):
            for column in self._counting(self._situation.tables_before[table], gone):
                operation = self.columns.unchanged(table, column)
                operation.kw = {"autoincrement": False, "existing_autoincrement": True}
                yield operation

    def _lock_key(self, table: TableKey, come: Sequence[object]) -> Operations:
        if self._situation.mysql and any(isinstance(fact, PrimaryKeyFact) for fact in come):
            for column in self._counting(self._situation.tables_after[table], come):
                operation = self.columns.unchanged(table, column)
                operation.kw = {"autoincrement": True, "existing_autoincrement": False}
                yield operation

    def _without_locked(
        self, table: TableKey, changes: Sequence[Change], come: Sequence[object]
    ) -> list[Change]:
        """The changes without AUTO_INCREMENT of columns that get it with their new key."""
        if not self._situation.mysql or not any(isinstance(f, PrimaryKeyFact) for f in come):
            return list(changes)
        locked = {c.name for c in self._counting(self._situation.tables_after[table], come)}
        kept: list[Change] = []
        for change in changes:
            if isinstance(change, Changed) and getattr(change.after, "name", None) in locked:
                fields = tuple(field for field in change.fields if field != "autoincrement")
                if not fields:
                    continue
                change = replace(change, fields=fields)
            kept.append(change)
        return kept

    def _counting(self, table: TableFact, facts: Sequence[object]) -> Iterator[ColumnFact]:
        keys = [fact for fact in facts if isinstance(fact, PrimaryKeyFact)]
        for column in table.columns:
            if column.autoincrement and any(column.name in key.columns for key in keys):
                yield column

    # -------------------------------------------------------------------------- the table itself

    def _changed_table(self, change: Changed) -> Operations:
        before, after = change.before, change.after
        assert isinstance(before, TableFact)
        assert isinstance(after, TableFact)
        source: Any = after.source
        if "comment" in change.fields:
            if after.comment is None:
                yield ops.DropTableCommentOp(
                    after.key.name, existing_comment=before.comment, schema=source.schema
                )
            else:
                yield ops.CreateTableCommentOp(
                    after.key.name,
                    after.comment,
                    existing_comment=before.comment,
                    schema=source.schema,
                )
        if "options" in change.fields:
            yield from option_operations(before, after, self._situation)
            yield from self._coded_otherwise(before, after)

    def _coded_otherwise(self, before: TableFact, after: TableFact) -> Operations:
        """Give columns their own collation back, which a table's new one has taken from them."""
        if not self._situation.mysql:
            return
        from limbeck.dialects.mysql.table_options import converts

        if converts(before.options, after.options):
            for column in after.columns:
                if column.collation is not None:
                    operation = self.columns.unchanged(after.key, column)
                    operation.modify_type = operation.existing_type
                    yield operation


def _before(change: Change) -> ColumnFact:
    assert not isinstance(change, Added)
    assert isinstance(change.before, ColumnFact)
    return change.before


def _after(change: Change) -> ColumnFact:
    assert not isinstance(change, Removed)
    assert isinstance(change.after, ColumnFact)
    return change.after


def _leading(fact: IndexFact | UniqueFact | PrimaryKeyFact) -> tuple[str, ...]:
    return fact.elements if isinstance(fact, IndexFact) else fact.columns


def _is_computed(column: ColumnFact) -> bool:
    return column.computed is not None


def _sides(changes: Sequence[Change]) -> tuple[list[Any], list[Any]]:
    """Return what goes and what comes, each kind after what it may need."""
    gone: list[Any] = []
    come: list[Any] = []
    for change in changes:
        if not isinstance(change, Added):
            gone.append(change.before)
        if not isinstance(change, Removed):
            come.append(change.after)
    gone.sort(key=lambda fact: _DROP_RANK[type(fact)])
    come.sort(key=lambda fact: _CREATE_RANK[type(fact)])
    return gone, come


_CREATE_RANK: dict[type, int] = {
    kind: rank
    for rank, kind in enumerate(
        (PrimaryKeyFact, UniqueFact, IndexFact, CheckFact, ExcludeFact, ForeignKeyFact)
    )
}
_DROP_RANK = {kind: -rank for kind, rank in _CREATE_RANK.items()}
