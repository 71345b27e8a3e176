"""A change is a value that holds both sides.

``kind`` says what changed, ``table`` where (None for what belongs to no table), ``before`` and
``after`` are the facts on each side:

=============== =================== ====================================================
kind            fact                remarks
=============== =================== ====================================================
``table``       TableFact           added and removed whole; changed only in ``comment``
                                    or ``options``
``column``      ColumnFact          ``fields`` of: type, nullable, default, computed,
                                    identity, autoincrement, collation, comment, options
``primary_key`` PrimaryKeyFact      ``name``, ``columns``, ``options``
``unique``      UniqueFact          the same
``foreign_key`` ForeignKeyFact      every field of the fact
``check``       CheckFact           ``name``, ``condition``, ``options``
``exclude``     ExcludeFact         ``name``, ``definition``, ``options``
``index``       IndexFact           ``name``, ``elements``, ``unique``, ``where``, ``options``
``enum``        EnumFact            ``values``; ``table`` is None
``sequence``    SequenceFact        ``options``; ``table`` is None
``view``, …     SchemaObject        every field of the kind; ``table`` is None
=============== =================== ====================================================

A changed constraint or index has its old form in ``before`` and its new one in ``after``; in
most databases that is one dropped and one created. What belongs to a table that is added or
removed has no changes of its own. Inside a table, added columns come first and removed columns
last, so that constraints are created while both exist.
"""

from __future__ import annotations

from limbeck.facts.objects import (
    ColumnFact,
    ConstraintFact,
    EnumFact,
    IndexFact,
    PrimaryKeyFact,
    SequenceFact,
    TableFact,
    TableKey,
)
from limbeck.facts.schema_objects import SchemaObject
from limbeck.value import Value

Fact = (
    TableFact
    | ColumnFact
    | PrimaryKeyFact
    | ConstraintFact
    | IndexFact
    | EnumFact
    | SequenceFact
    | SchemaObject
)


class Added(Value, slots=True):
    """The models have it, the database does not."""

    kind: str
    table: TableKey | None
    after: Fact


class Removed(Value, slots=True):
    """The database has it, the models do not."""

    kind: str
    table: TableKey | None
    before: Fact


class Changed(Value, slots=True):
    """Both have it, and ``fields`` of it differ."""

    kind: str
    table: TableKey | None
    before: Fact
    after: Fact
    fields: tuple[str, ...]


Change = Added | Removed | Changed
