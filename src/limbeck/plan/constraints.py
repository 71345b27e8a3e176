"""Constraints and indexes as operations, each with its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.facts.objects import ForeignKeyFact, IndexFact, PrimaryKeyFact
from limbeck.operations import ops

if TYPE_CHECKING:
    from limbeck.facts.objects import ConstraintFact, TableKey
    from limbeck.plan.situation import Situation


class ConstraintPlanner:
    """Makes operations that create or drop one constraint or index.

    :param situation: the direction that is planned; knows the names.
    """

    def __init__(self, situation: Situation) -> None:
        self._situation = situation

    def create(self, table: TableKey, fact: ConstraintFact | PrimaryKeyFact) -> ops.AddConstraintOp:
        """The operation that adds a constraint to its table."""
        source: Any = fact.source
        operation = ops.AddConstraintOp.from_constraint(source)
        operation.constraint_name = self._situation.new_name(table, fact)
        if isinstance(operation, ops.CreateForeignKeyOp):
            operation.kw.pop("use_alter", None)
            self._aim(operation, fact)
        return operation

    def _aim(self, operation: ops.CreateForeignKeyOp, fact: object) -> None:
        """A model's foreign key may name columns by their keys; a file names them by name."""
        assert isinstance(fact, ForeignKeyFact)
        operation.local_cols = list(fact.columns)
        operation.remote_cols = list(fact.referred_columns)

    def drop(self, table: TableKey, fact: ConstraintFact | PrimaryKeyFact) -> ops.DropConstraintOp:
        """The operation that drops a constraint, and can add it again."""
        source: Any = fact.source
        operation = ops.DropConstraintOp.from_constraint(source)
        operation.constraint_name = self._situation.old_name(table, fact)
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
        if operation.index_name is None:
            operation.index_name = self._situation.old_name(table, fact)
        # Its options matter for creating it again only.
        operation.kw = {}
        return operation
