"""From what differs to the operations that change it, in an order that a database accepts.

The steps are: views and their like that go (see ``objects.py``); new names of tables and columns;
constraints and indexes that only get another name; enumerated types and sequences that are needed;
foreign keys that go or stand in the way; new tables; what changes inside of tables; new foreign
keys; tables that go; views and their like that come; types and sequences that nothing needs any
more. Where constraints cannot be altered at all (SQLite, whose tables are rebuilt), everything that
happens to one table stays together.

The way back is planned from the same changes with their sides swapped, so it meets the same
rules: it is not the reversed list of operations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from limbeck.diff.changes import Added, Changed, Removed
from limbeck.facts.objects import ForeignKeyFact, TableFact, TableKey
from limbeck.operations import ops
from limbeck.plan.constraints import ConstraintPlanner, needs_words
from limbeck.plan.enum_changes import add_types, change_type, drop_type
from limbeck.plan.enums import EnumTypes
from limbeck.plan.inside import TablePlanner
from limbeck.plan.merged import merged_constraints
from limbeck.plan.moving_names import names_added_inside, parts_in_the_way
from limbeck.plan.name_changes import name_changes
from limbeck.plan.new_tables import creation_of
from limbeck.plan.objects import ObjectPlanner
from limbeck.plan.order import CreationOrder, creation_order
from limbeck.plan.outlived import with_what_leans
from limbeck.plan.sequences import sequence_operations
from limbeck.plan.serial import retyped_sequences
from limbeck.plan.sources import table_of, table_options
from limbeck.plan.step_aside import (
    foreign_keys_in_the_way,
    keys_that_move,
    parts_of_renewed_columns,
    with_computed_columns,
)
from limbeck.plan.validation import only_validates, validations

if TYPE_CHECKING:
    from sqlalchemy import Table

    from limbeck.diff.changes import Change
    from limbeck.facts.objects import ConstraintFact
    from limbeck.plan.situation import Situation

Operations = Iterator[ops.MigrateOperation]


def plan_operations(
    situation: Situation,
    first: Sequence[ops.MigrateOperation] = (),
    last: Sequence[ops.MigrateOperation] = (),
    undone: Sequence[ops.MigrateOperation] = (),
) -> list[ops.MigrateOperation]:
    """Return the operations that lead from one side of a comparison to the other.

    :param first: what gives tables their new names, in between views that go and all else.
    :param last: what takes them back, in between all else and views that come.
    :param undone: what takes ``first`` back, for views that are known under the old names only.

    What happens to one table that stays is in a ``ModifyTableOps`` (there may be several for a
    table, as its foreign keys are dropped first and created last).
    """
    return list(_Planner(situation, first, last, undone).operations())


class _Planner:
    """Plans one direction."""

    def __init__(
        self,
        situation: Situation,
        first: Sequence[ops.MigrateOperation],
        last: Sequence[ops.MigrateOperation],
        undone: Sequence[ops.MigrateOperation],
    ) -> None:
        self._first, self._last, self._undone = first, last, undone
        self._new_names, situation = name_changes(situation)
        self._validated = [c for c in situation.changes if only_validates(c)]
        others = tuple(c for c in situation.changes if c not in self._validated)
        situation = replace(situation, changes=others)
        situation = replace(situation, changes=with_what_leans(situation))
        if situation.holds_computed_columns:
            situation = replace(situation, changes=with_computed_columns(situation))
        aside = list(parts_of_renewed_columns(situation))
        situation = replace(situation, changes=(*situation.changes, *aside))
        if situation.features.alters_constraints:
            aside = list(foreign_keys_in_the_way(situation))
            situation = replace(situation, changes=(*situation.changes, *aside))
        self._situation = situation
        moving = keys_that_move(situation)

        def waits(foreign_key: ForeignKeyFact) -> bool:
            columns = moving.get(foreign_key.referred, frozenset())
            return not columns.isdisjoint(foreign_key.referred_columns)

        self._created = creation_order(_tables(situation, Added), waits)
        self._dropped = creation_order(_tables(situation, Removed), waits)
        if not situation.features.alters_constraints:
            # A table that is not there yet may be referred to, and DROP TABLE asks nobody.
            self._created = CreationOrder(self._created.tables)
            self._dropped = CreationOrder(self._dropped.tables)
        self._enums = EnumTypes(situation, self._created.tables)
        self._constraints = ConstraintPlanner(situation)
        self._inside = TablePlanner(situation, self._enums, self._constraints)
        self._objects = ObjectPlanner(situation, renames=bool(first))

    def operations(self) -> Operations:
        """Every operation in order."""
        situation = self._situation
        if situation.names_new:
            yield from self._schemas("CREATE SCHEMA")
        yield from self._objects.extensions()
        yield from self._objects.drop_first()
        yield from self._first
        yield from self._new_names
        yield from sequence_operations(situation, Added)
        yield from add_types(self._enums.alone, situation)
        for change in situation.of_kind("enum"):
            if isinstance(change, Changed):
                inside = self._inside
                yield from change_type(change, situation, inside.columns, inside.gone)
        yield from self._objects.create_first()
        yield from self._foreign_keys_off()
        yield from self._inside.out_of_the_way(parts_in_the_way(situation))
        if self._names_collide():
            yield from self._drop_tables()
        yield from self._create_tables()
        yield from self._modify_tables()
        yield from self._foreign_keys_on()
        yield from validations(self._validated, situation)
        if not self._names_collide():
            yield from self._drop_tables()
        yield from self._last
        known_by_old_names = list(self._objects.create_by_old_names())
        if known_by_old_names:
            yield from self._undone
            yield from known_by_old_names
            yield from self._first
        yield from self._objects.create_last()
        yield from self._objects.drop_last()
        yield from sequence_operations(situation, Removed)
        for change in situation.of_kind("enum"):
            if isinstance(change, Removed):
                yield drop_type(change, situation)
        yield from self._objects.drop_extensions()
        if not situation.names_new:
            yield from self._schemas("DROP SCHEMA")

    def _schemas(self, verb: str) -> Operations:
        quote = self._situation.dialect.identifier_preparer.quote_schema
        for schema in sorted(self._situation.schemas):
            yield ops.ExecuteSQLOp(f"{verb} {quote(schema)}")

    # ---------------------------------------------------------------------------- whole tables

    def _create_tables(self) -> Operations:
        deferred = [fact for _, fact in self._created.deferred]
        for fact in self._created.tables:
            later = [c for c in fact.constraints if _is_on_its_own(c) and c not in deferred]
            if self._situation.features.merges_equal_constraints:
                later += [c for c in merged_constraints(fact) if c not in later]
            left_out = [*deferred, *later]
            yield creation_of(fact, self._situation, self._enums.in_new_table, left_out)
            yield from retyped_sequences(self._situation, fact)
            yield from (self._constraints.create(fact.key, constraint) for constraint in later)
            for index in fact.indexes:
                yield self._constraints.create_index(fact.key, index)

    def _drop_tables(self) -> Operations:
        for fact in reversed(self._dropped.tables):
            yield self._drop_table(fact)

    def _drop_table(self, fact: TableFact) -> ops.DropTableOp:
        def reverse() -> ops.CreateTableOp:
            return ops.CreateTableOp.from_table(
                table_of(fact, self._situation, self._enums.existing)
            )

        source: Table = fact.source  # type: ignore[assignment]  # see facts.objects
        options = table_options(fact)
        return ops.DropTableOp(
            source.name, schema=source.schema, table_kw=options, _reverse=reverse
        )

    def _names_collide(self) -> bool:
        """Say whether an index or constraint that comes is called like one of a table that goes."""
        old, new = (
            {
                (table.key.schema, part.name)
                for table in order.tables
                for part in (*table.constraints, *table.indexes, table.primary_key)
                if part is not None and part.name is not None
            }
            for order in (self._dropped, self._created)
        )
        return not old.isdisjoint(new | names_added_inside(self._situation))

    # ---------------------------------------------------------------------------- foreign keys

    def _foreign_keys_off(self) -> Operations:
        if not self._situation.features.alters_constraints:
            return
        going = list(self._dropped.deferred)
        for change in self._situation.of_kind("foreign_key"):
            if not isinstance(change, Added) and change.table is not None:
                assert isinstance(change.before, ForeignKeyFact)
                going.append((change.table, change.before))
        yield from self._grouped(
            (key, self._constraints.drop(key, fact))
            for key, fact in sorted(going, key=lambda pair: (pair[0], pair[1].name or ""))
        )

    def _foreign_keys_on(self) -> Operations:
        if not self._situation.features.alters_constraints:
            return
        coming = list(self._created.deferred)
        for change in self._situation.of_kind("foreign_key"):
            if not isinstance(change, Removed) and change.table is not None:
                assert isinstance(change.after, ForeignKeyFact)
                coming.append((change.table, change.after))
        yield from self._grouped(
            (key, self._constraints.create(key, fact))
            for key, fact in sorted(
                coming, key=lambda pair: (pair[0], self._situation.names.of(*pair))
            )
        )

    def _grouped(self, operations: Iterator[tuple[TableKey, ops.MigrateOperation]]) -> Operations:
        """Put the operations on each table together."""
        groups: dict[TableKey, list[ops.MigrateOperation]] = defaultdict(list)
        for key, operation in operations:
            groups[key].append(operation)
        for key, group in groups.items():
            yield ops.ModifyTableOps(key.name, group, schema=self._schema(key))

    # ---------------------------------------------------------------------------- inside

    def _modify_tables(self) -> Operations:
        by_table: dict[TableKey, list[Change]] = defaultdict(list)
        for change in self._situation.changes:
            whole = change.kind == "table" and not isinstance(change, Changed)
            if change.table is not None and not whole:
                by_table[change.table].append(change)
        for key in sorted(by_table):
            group = list(self._inside.operations(key, by_table[key]))
            if group:
                yield ops.ModifyTableOps(key.name, group, schema=self._schema(key))

    def _schema(self, key: TableKey) -> str | None:
        tables = self._situation.tables_after
        fact = tables.get(key) or self._situation.tables_before.get(key)
        source = getattr(fact, "source", None)
        return source.schema if source is not None else key.schema or None


def _is_on_its_own(fact: ConstraintFact) -> bool:
    """Whether a constraint cannot stand within the table that it is created with.

    A foreign key names there what it refers to by ``schema.table.column``, which SQLAlchemy takes
    apart at the dots, of which only a schema may have some:
    https://docs.sqlalchemy.org/en/20/core/constraints.html#sqlalchemy.schema.ForeignKey
    """
    if isinstance(fact, ForeignKeyFact):
        names = (fact.referred.name, *fact.referred_columns)
        if any("." in name for name in names):
            return True
    return needs_words(fact)


def _tables(situation: Situation, kind: type[Added] | type[Removed]) -> list[TableFact]:
    found: list[TableFact] = []
    for change in situation.of_kind("table"):
        if isinstance(change, kind):
            fact = change.after if isinstance(change, Added) else change.before
            assert isinstance(fact, TableFact)
            found.append(fact)
    return found
