"""Changes of columns as operations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from limbeck.diff.changes import Changed, Removed
from limbeck.facts.objects import ColumnFact
from limbeck.operations import ops
from limbeck.operations.remarks import NOT_NULL_INVENTS, remark
from limbeck.operations.risk import loses
from limbeck.plan.casts import cast_of, through_text
from limbeck.plan.data_loss import attach_risk, needs_values
from limbeck.plan.serial import Serial
from limbeck.plan.sources import column_of, server_default, without_constraint

if TYPE_CHECKING:
    from limbeck.facts.objects import TableKey
    from limbeck.plan.enums import EnumTypes
    from limbeck.plan.situation import Situation

Operations = Iterator[ops.MigrateOperation]


class ColumnPlanner:
    """Makes the operations for the columns of tables that stay.

    :param situation: the direction that is planned.
    :param enums: which types are there.
    """

    def __init__(self, situation: Situation, enums: EnumTypes) -> None:
        self._situation = situation
        self.enums = enums
        self._dialect = situation.dialect

    def added(self, table: TableKey, fact: ColumnFact) -> Operations:
        """The operations that add a column to a table that may have rows."""
        operation = self._add(table, fact)
        if not fact.autoincrement or not self._situation.counts_by_sequence:
            yield operation
            return
        serial = Serial(self._situation, table, fact, fact.sequence)
        yield serial.create()
        operation.column.server_default = sa.DefaultClause(serial.default)
        yield operation
        yield serial.own()

    def _add(self, table: TableKey, fact: ColumnFact) -> ops.AddColumnOp:
        column = column_of(fact, self.enums.existing)
        operation = ops.AddColumnOp(table.name, column, schema=self.schema(table, fact))
        if needs_values(column, self._dialect) and self._situation.features.fills_new_columns:
            remark(operation, NOT_NULL_INVENTS.format(table=table, column=fact.name))
        return operation

    def removed(self, table: TableKey, fact: ColumnFact) -> ops.DropColumnOp:
        """The operation that drops a column, and can add it again."""
        column = column_of(fact, self.enums.existing)
        return ops.DropColumnOp.from_column_and_tablename(
            self.schema(table, fact), table.name, column
        )

    def left(self, table: TableKey, change: Changed | Removed) -> ops.DropColumnOp:
        """The operation that drops a column, for good or to add it again as another."""
        before, after = change.before, change.after if isinstance(change, Changed) else None
        assert isinstance(before, ColumnFact)
        dropped = self.removed(table, before)
        if isinstance(after, ColumnFact) and after.computed is None and before.computed is not None:
            attach_risk(dropped, loses(f"the values that {table}.{before.name} was computed to"))
        return dropped

    def changed(self, change: Changed) -> Operations:
        """The operations that alter a column that stays."""
        before, after, table = _columns(change)
        if self._goes_by_text(before, after):
            yield from self._by_text(change)
            return
        counts = "autoincrement" in change.fields and self._situation.counts_by_sequence
        moves = after.identity is not None or "type" in change.fields
        if self._default_in_the_way(change):
            if not counts:
                yield from self._around_default(change)
                return
            yield self.without_default(table, before)
        elif counts and (before.identity or (before.autoincrement and moves)):
            # "column already has a default value", "default … cannot be cast automatically", or
            # the sequence of the one has the name that the sequence of the other gets.
            yield self.without_default(table, before)
        operation = self._alter(change)
        if counts and before.identity:
            operation.existing_server_default = None
        if not self._situation.counts_by_sequence:
            yield operation
            return
        serial = Serial(self._situation, table, after, before.sequence or after.sequence)
        if not counts:
            yield from self._counting_alike(change, operation, serial)
            return
        if after.autoincrement:
            yield serial.create()
            operation.modify_server_default = serial.default
            yield operation
            yield serial.own()
            yield serial.catch_up()
            return
        if operation.modify_server_default is False:
            operation.modify_server_default = None
        if after.identity is None:
            yield operation
            yield serial.drop()
            return
        yield serial.drop()  # its name is the one that the identity's sequence takes
        yield operation
        yield serial.follow(after.identity)

    def _counting_alike(
        self, change: Changed, operation: ops.AlterColumnOp, serial: Serial
    ) -> Operations:
        """Alter a column that counts like a SERIAL before and after, or neither."""
        # Other databases alter columns too, and have no such sequences.
        from limbeck.plan.identities import identity_in_range, needs_type_first

        before, after, table = _columns(change)
        yield from self._freed_of_identity(change, operation)
        if "type" in change.fields and needs_type_first(before, after):
            widened = self.unchanged(table, before)
            widened.modify_type, operation.modify_type = operation.modify_type, None
            operation.existing_type = widened.modify_type
            yield widened
            before = replace(before, type=after.type)
        yield from identity_in_range(self._situation, table, before, after)
        if change.fields != ("sequence_type",):
            yield operation
        if after.autoincrement and not {"type", "sequence_type"}.isdisjoint(change.fields):
            yield serial.retype()
        if before.identity is None and after.identity is not None:
            yield serial.follow(after.identity)

    def _freed_of_identity(self, change: Changed, operation: ops.AlterColumnOp) -> Operations:
        """End an identity before its column takes NULL, which it cannot as long as it is one."""
        before, after, table = _columns(change)
        if before.identity and after.identity is None and "nullable" in change.fields:
            yield self.without_default(table, before)
            operation.existing_server_default = None
            if after.default is None:
                operation.modify_server_default = False

    def _goes_by_text(self, before: ColumnFact, after: ColumnFact) -> bool:
        if not self._situation.mysql:
            return False
        from limbeck.dialects.mysql.conversions import goes_by_text

        return goes_by_text(before.type, after.type)

    def _by_text(self, change: Changed) -> Operations:
        """Make a string of the column first, and then the new type of that."""
        before, after, table = _columns(change)
        step, operation = self.unchanged(table, before), self._alter(change)
        step.modify_type = operation.existing_type = sa.String(64)
        if before.default is not None:
            step.modify_server_default = operation.existing_server_default = None
            operation.modify_server_default = server_default(after)
        if before.autoincrement:
            step.kw["autoincrement"] = operation.kw["existing_autoincrement"] = False
        yield step
        yield operation

    def schema(self, table: TableKey, fact: ColumnFact) -> str | None:
        """The schema as the models, or the reflected table, spell it."""
        owner = getattr(fact.source, "table", None)
        return owner.schema if owner is not None else table.schema or None

    # ------------------------------------------------------------------------------ alter

    def _alter(self, change: Changed) -> ops.AlterColumnOp:
        before, after, table = _columns(change)
        operation = self.unchanged(table, before)
        if change.fields and {"type", "collation"} & set(change.fields):
            operation.modify_type = self.type_of(after)
            cast = cast_of(before, after, operation.modify_type, self._dialect)
            if _is_of_new_domain(change):
                cast = through_text(before.name, operation.modify_type, self._dialect)
            if cast is not None:
                operation.kw["postgresql_using"] = cast
        if "nullable" in change.fields:
            operation.modify_nullable = after.nullable
        if {"default", "identity"} & set(change.fields) or self._says_old_type(change):
            operation.modify_server_default = self._new_default(before, after)
        if "comment" in change.fields:
            operation.modify_comment = after.comment
        if "autoincrement" in change.fields and self._situation.alters_autoincrement:
            operation.kw["autoincrement"] = after.autoincrement
        return operation

    def _says_old_type(self, change: Changed) -> bool:
        """Say whether PostgreSQL would keep the column's old type within its default."""
        before, after, _ = _columns(change)
        if self._dialect.name != "postgresql" or "type" not in change.fields:
            return False
        from limbeck.dialects.postgresql.types import base_type

        literal = before.default is not None and before.default.startswith("'")
        return literal and base_type(before.type) != base_type(after.type)

    def _new_default(self, before: ColumnFact, after: ColumnFact) -> Any:
        default = server_default(after)
        if before.identity and after.identity and self._situation.alters_identities:
            from limbeck.dialects.postgresql.sequence_options import taking_back

            return taking_back(before.identity, after.identity, default)
        return default

    def unchanged(self, table: TableKey, fact: ColumnFact) -> ops.AlterColumnOp:
        """The operation that says what a column is, and changes nothing yet."""
        operation = ops.AlterColumnOp(
            table.name,
            fact.name,
            schema=self.schema(table, fact),
            existing_type=self.type_of(fact),
            existing_nullable=fact.nullable,
            existing_server_default=server_default(fact),
            existing_comment=fact.comment,
        )
        if fact.autoincrement and self._situation.alters_autoincrement:
            operation.kw["existing_autoincrement"] = True
        return operation

    def type_of(self, fact: ColumnFact) -> Any:
        """The column's type, its enum taken to be there."""
        source: sa.Column[Any] = fact.source  # type: ignore[assignment]  # see facts.objects
        return self.enums.existing(without_constraint(source.type))

    def _default_in_the_way(self, change: Changed) -> bool:
        """Say whether the old default cannot be cast to the new type by PostgreSQL itself.

        "If the column has a default expression, it will be converted to the new type … by
        assignment cast": https://www.postgresql.org/docs/current/sql-altertable.html
        """
        before, after, _ = _columns(change)
        if "type" not in change.fields:
            return False
        if before.identity is not None and after.identity is None:
            # Models that ask for numbers, and not how, are content with the identity.
            return (
                not after.autoincrement
            )  # "identity column type must be smallint, integer, or bigint"
        if before.default is None:
            return False
        if _is_of_new_domain(change):
            return True
        source: sa.Column[Any] = before.source  # type: ignore[assignment]  # see facts.objects
        if self.enums.key_of(source.type) is not None:
            # A default that PostgreSQL casts by itself would go on needing the old type.
            return True
        if before.type.endswith("[]") or after.type.endswith("[]"):
            return True  # PostgreSQL would go on saying the old type in the default
        return cast_of(before, after, self.type_of(after), self._dialect) is not None

    def _around_default(self, change: Changed) -> Operations:
        before, after, table = _columns(change)
        yield self.without_default(table, before)
        operation = self._alter(change)
        operation.existing_server_default = None
        operation.modify_server_default = False
        yield operation
        if after.default is not None or after.identity is not None:
            yield self.with_default(table, after)
        if after.identity is not None and self._situation.alters_identities:
            yield Serial(self._situation, table, after, None).follow(after.identity)

    def without_default(self, table: TableKey, fact: ColumnFact) -> ops.AlterColumnOp:
        """The operation that takes a column's default away."""
        operation = self.unchanged(table, fact)
        operation.modify_server_default = None
        return operation

    def with_default(self, table: TableKey, fact: ColumnFact) -> ops.AlterColumnOp:
        """The operation that gives a column without a default the one that it should have."""
        operation = self.unchanged(table, fact)
        operation.existing_server_default = None
        operation.modify_server_default = server_default(fact)
        return operation


def _columns(change: Changed) -> tuple[ColumnFact, ColumnFact, TableKey]:
    assert isinstance(change.before, ColumnFact)
    assert isinstance(change.after, ColumnFact)
    assert change.table is not None
    return change.before, change.after, change.table


def _is_of_new_domain(change: Changed) -> bool:
    """Say whether a type is another one of the same name, as a domain is that is made anew."""
    before, after, _ = _columns(change)
    return "type" in change.fields and before.type == after.type and before.computed is None
