"""Constraints and indexes as operations, each with its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import MetaData, PrimaryKeyConstraint, Table
from sqlalchemy.schema import AddConstraint

from limbeck.dialects.text import plain_dialect
from limbeck.diff.changes import Changed
from limbeck.facts.objects import CheckFact, ForeignKeyFact, IndexFact, PrimaryKeyFact
from limbeck.operations import ops
from limbeck.operations.risk import fails
from limbeck.operations.schema_objects import copied
from limbeck.plan.data_loss import attach_risk, lost_literals

if TYPE_CHECKING:
    from limbeck.facts.objects import ConstraintFact, TableKey
    from limbeck.plan.situation import Situation


class ConstraintPlanner:
    """Makes operations that create or drop one constraint or index.

    :param situation: the direction that is planned; knows the names.
    """

    def __init__(self, situation: Situation) -> None:
        self._situation = situation

    def create(
        self, table: TableKey, fact: ConstraintFact | PrimaryKeyFact
    ) -> ops.AddConstraintOp | ops.ExecuteSQLOp:
        """The operation that adds a constraint to its table."""
        name = self._situation.new_name(table, fact)
        if isinstance(fact, ForeignKeyFact):
            return foreign_key_operation(table, fact, name)
        source: Any = fact.source
        if isinstance(fact, PrimaryKeyFact) and fact.options:
            return self._in_words(source, name)
        operation = ops.AddConstraintOp.from_constraint(source)
        operation.constraint_name = name
        if isinstance(fact, CheckFact):
            lost = self._values_lost(table, fact)
            if lost:
                attach_risk(operation, fails(f"where rows of {table} hold {' or '.join(lost)}"))
        return operation

    def _values_lost(self, table: TableKey, fact: CheckFact) -> list[str]:
        """The values, such as those of an enumeration, that a changed CHECK does not list now."""
        for change in self._situation.of_kind("check"):
            if isinstance(change, Changed) and change.table == table and change.after == fact:
                assert isinstance(change.before, CheckFact)
                return lost_literals(change.before.condition, fact.condition)
        return []

    def _in_words(self, constraint: Any, name: str | None) -> ops.ExecuteSQLOp:
        """The statement for a key that ``op.create_primary_key`` has no parameters for."""
        owner = constraint.table
        table = Table(owner.name, MetaData(), *map(copied, owner.columns), schema=owner.schema)
        names = [column.name for column in constraint.columns]
        made = PrimaryKeyConstraint(
            *(table.c[column] for column in names),
            name=name,
            deferrable=constraint.deferrable,
            initially=constraint.initially,
            **constraint.dialect_kwargs,
        )
        table.append_constraint(made)
        dialect = plain_dialect(self._situation.dialect)
        return ops.ExecuteSQLOp(str(AddConstraint(made).compile(dialect=dialect)).strip())

    def drop(self, table: TableKey, fact: ConstraintFact | PrimaryKeyFact) -> ops.DropConstraintOp:
        """The operation that drops a constraint, and can add it again."""
        name = self._situation.old_name(table, fact)
        if isinstance(fact, ForeignKeyFact):
            return ops.DropConstraintOp(
                name,
                table.name,
                "foreignkey",
                schema=table.schema or None,
                _reverse=foreign_key_operation(table, fact, name),
            )
        source: Any = fact.source
        operation = ops.DropConstraintOp.from_constraint(source)
        operation.constraint_name = name
        return operation

    def create_index(self, table: TableKey, fact: IndexFact) -> ops.CreateIndexOp:
        """The operation that creates an index."""
        source: Any = fact.source
        operation = ops.CreateIndexOp.from_index(source)
        if operation.index_name is None:
            operation.index_name = self._situation.new_name(table, fact)
        return operation

    def drop_index(self, table: TableKey, fact: IndexFact) -> ops.DropIndexOp:
        """The operation that drops an index, and can create it again."""
        source: Any = fact.source
        operation = ops.DropIndexOp.from_index(source)
        if operation.index_name is None or fact.name not in (None, source.name):
            # An index may have got another name a moment ago.
            operation.index_name = self._situation.old_name(table, fact)
        # Its options matter for creating it again only.
        operation.kw = {}
        return operation


def foreign_key_operation(
    table: TableKey, fact: ForeignKeyFact, name: str | None
) -> ops.CreateForeignKeyOp:
    """Return the operation that adds a foreign key, from the fact alone.

    A foreign key that only steps aside belongs to a table that nobody has asked about, so there
    may be no object behind it; and a model's may name columns by their keys.
    """
    source: Any = fact.source
    given: dict[str, Any] = {
        "onupdate": fact.onupdate,
        "ondelete": fact.ondelete,
        "deferrable": fact.deferrable or None,
        "initially": fact.initially,
        "match": fact.match,
        "source_schema": table.schema or None,
        "referent_schema": fact.referred.schema or None,
        **(dict(source.dialect_kwargs) if source is not None else dict(fact.options)),
    }
    return ops.CreateForeignKeyOp(
        name,
        table.name,
        fact.referred.name,
        list(fact.columns),
        list(fact.referred_columns),
        **{keyword: value for keyword, value in given.items() if value is not None},
    )
