"""Constraints and indexes as operations, each with its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import MetaData, PrimaryKeyConstraint, Table
from sqlalchemy.schema import AddConstraint

from limbeck.dialects.text import plain_dialect
from limbeck.diff.changes import Changed
from limbeck.facts.objects import CheckFact, ForeignKeyFact, IndexFact, PrimaryKeyFact
from limbeck.operations import ops
from limbeck.operations.copied_parts import copied
from limbeck.operations.ops.keys import key_columns
from limbeck.operations.risk import fails
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
        if needs_words(fact):
            return self._in_words(table, fact, name)
        if isinstance(fact, ForeignKeyFact):
            return foreign_key_operation(table, fact, name)
        source: Any = fact.source
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

    def _in_words(
        self, table: TableKey, fact: ConstraintFact | PrimaryKeyFact, name: str | None
    ) -> ops.ExecuteSQLOp:
        """The statement for a constraint that no directive has parameters for."""
        dialect = plain_dialect(self._situation.dialect)
        made: Any
        if isinstance(fact, ForeignKeyFact):
            made = foreign_key_operation(table, fact, name).to_constraint()
        elif isinstance(fact, PrimaryKeyFact):
            made = _primary_key(fact.source, name)
        else:
            source: Any = fact.source
            made = source._copy(target_table=source.table)
            made.parent = source.table
            made.name = name
        words = str(AddConstraint(made).compile(dialect=dialect)).strip()
        said = [each for option, each in _WORDS.items() if (option, "true") in fact.options]
        return ops.ExecuteSQLOp(" ".join([words, *said]))

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


_WORDS = {
    "postgresql_no_inherit": "NO INHERIT",
    "postgresql_not_enforced": "NOT ENFORCED",
}
"""What PostgreSQL says of a constraint and SQLAlchemy cannot, in the order of its grammar."""


def needs_words(fact: ConstraintFact | PrimaryKeyFact) -> bool:
    """Whether a constraint can be made by a statement in the database's own words only."""
    if isinstance(fact, PrimaryKeyFact):
        own = ("deferrable", "true"), ("initially", "DEFERRED")
        return any(pair in own or pair[0] == "postgresql_include" for pair in fact.options)
    return any((option, "true") in fact.options for option in _WORDS)


def _primary_key(source: Any, name: str | None) -> PrimaryKeyConstraint:
    owner = source.table
    table = Table(owner.name, MetaData(), *map(copied, owner.columns), schema=owner.schema)
    made = PrimaryKeyConstraint(
        *(table.c[name] for name in key_columns(source)),
        name=name,
        deferrable=source.deferrable,
        initially=source.initially,
        **source.dialect_kwargs,
    )
    table.append_constraint(made)
    return made


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
