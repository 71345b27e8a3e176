"""One frozen value for each kind of schema object.

A fact says what a schema object *is*, in the words of the database: types as the database
spells them, expressions as the catalogue returns them. Two facts that are equal describe
the same object. ``source`` points back at the SQLAlchemy object (from the models or from
reflection) and takes no part in comparison; a fact read from JSON has none.

``options`` hold what only one database knows (``postgresql_using``, ``mysql_engine``, …) as
sorted pairs of plain strings, so that every kind of object can be compared by one function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field
from typing import TYPE_CHECKING, TypeVar

from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.facts.schema_objects import SchemaObject

Options = tuple[tuple[str, str], ...]
Item = TypeVar("Item")


class TableKey(Value, slots=True, order=True):
    """The address of a table: its schema ("" is the connection's default one) and name."""

    schema: str
    name: str

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name

    def pair(self) -> tuple[str, str]:
        """Both as what many keys are sorted by: sooner than by comparing the keys themselves."""
        return (self.schema, self.name)


class ComputedFact(Value, slots=True):
    """A generated column's expression. ``persisted`` is None where the database has one kind."""

    expression: str
    persisted: bool | None = None


class IdentityFact(Value, slots=True):
    """``GENERATED … AS IDENTITY`` with every sequence option spelled out."""

    always: bool
    options: Options = ()


class ColumnFact(Value, slots=True):
    """A column. ``default`` is SQL text, or None where there is no server default.

    ``sequence`` is the one that a stored column counts by (PostgreSQL), as SQL spells its name, and
    ``sequence_type`` its type, None where that is the column's.
    ``inherited`` says that a stored column comes from a parent table alone (PostgreSQL).
    """

    name: str
    type: str
    nullable: bool
    default: str | None = None
    computed: ComputedFact | None = None
    identity: IdentityFact | None = None
    autoincrement: bool = False
    collation: str | None = None
    comment: str | None = None
    options: Options = ()
    sequence_type: str | None = None
    sequence: str | None = field(default=None, compare=False, repr=False)
    inherited: bool = field(default=False, compare=False, repr=False)
    source: object = field(default=None, compare=False, repr=False)

    def of(self, source: object) -> ColumnFact:
        """The same column with another source: what ``replace()`` takes much longer for."""
        return ColumnFact(
            self.name, self.type, self.nullable, self.default, self.computed, self.identity,
            self.autoincrement, self.collation, self.comment, self.options, self.sequence_type,
            self.sequence, self.inherited, source,
        )  # fmt: skip


class PrimaryKeyFact(Value, slots=True):
    """A primary key. ``name`` is None where it has none, or where a name means nothing.

    :param written: another order of the columns with which the models are content, or nothing.
    """

    name: str | None
    columns: tuple[str, ...]
    options: Options = ()
    written: tuple[str, ...] = field(default=(), compare=False, repr=False)
    source: object = field(default=None, compare=False, repr=False)


class UniqueFact(Value, slots=True):
    """A unique constraint."""

    name: str | None
    columns: tuple[str, ...]
    options: Options = ()
    source: object = field(default=None, compare=False, repr=False)


class ForeignKeyFact(Value, slots=True):
    """A foreign key. An action that is the database's default is None."""

    name: str | None
    columns: tuple[str, ...]
    referred: TableKey
    referred_columns: tuple[str, ...]
    onupdate: str | None = None
    ondelete: str | None = None
    deferrable: bool = False
    initially: str | None = None
    match: str | None = None
    options: Options = ()
    source: object = field(default=None, compare=False, repr=False)


class CheckFact(Value, slots=True):
    """A CHECK constraint and the text of its condition."""

    name: str | None
    condition: str
    options: Options = ()
    source: object = field(default=None, compare=False, repr=False)


class ExcludeFact(Value, slots=True):
    """An EXCLUDE constraint (PostgreSQL) as ``pg_get_constraintdef`` spells it."""

    name: str | None
    definition: str
    options: Options = ()
    source: object = field(default=None, compare=False, repr=False)


class IndexFact(Value, slots=True):
    """An index. Each element is a column or an expression with its order and operator class."""

    name: str | None
    elements: tuple[str, ...]
    unique: bool = False
    where: str | None = None
    options: Options = ()
    source: object = field(default=None, compare=False, repr=False)


ConstraintFact = UniqueFact | ForeignKeyFact | CheckFact | ExcludeFact

_PLACES = {UniqueFact: 0, ForeignKeyFact: 1, CheckFact: 2, ExcludeFact: 3}


def in_order(constraints: Iterable[ConstraintFact]) -> tuple[ConstraintFact, ...]:
    """``constraints`` in the one order that a :class:`TableFact` keeps them in."""
    return _sorted(constraints, lambda c: (_PLACES[type(c)], c.name or ""))


def indexes_in_order(indexes: Iterable[IndexFact]) -> tuple[IndexFact, ...]:
    """``indexes`` in the one order that a :class:`TableFact` keeps them in."""
    return _sorted(indexes, lambda i: (0, i.name or ""))


def _sorted(items: Iterable[Item], key: Callable[[Item], tuple[int, str]]) -> tuple[Item, ...]:
    """Items by a key, and by all that they are where it does not tell them apart.

    To spell everything out takes longer than all else that is done to an item.
    """
    listed = tuple(items)
    if len(listed) < 2:
        return listed
    by_key = {key(item): item for item in listed}
    if len(by_key) == len(listed):
        return tuple([by_key[each] for each in sorted(by_key)])
    return tuple(sorted(listed, key=lambda item: (key(item), repr(item))))


class TableFact(Value, slots=True):
    """A table with all that belongs to it. Columns keep their order, the rest is sorted.

    ``defaults`` are the options that a stored table has only because the server gives them to all.
    """

    key: TableKey
    columns: tuple[ColumnFact, ...]
    primary_key: PrimaryKeyFact | None = None
    constraints: tuple[ConstraintFact, ...] = ()
    indexes: tuple[IndexFact, ...] = ()
    comment: str | None = None
    options: Options = ()
    defaults: Options = field(default=(), compare=False, repr=False)
    source: object = field(default=None, compare=False, repr=False)


class EnumFact(Value, slots=True):
    """A native enumerated type (PostgreSQL) and its values in order.

    ``users`` are the columns of that type, each as (table, column). ``held`` says that something
    else needs it too (a function, a view, a table that is not looked at), so that it has to stay.
    ``managed`` is False for a type that the models use but leave to be created by hand.
    """

    key: TableKey
    values: tuple[str, ...]
    users: tuple[tuple[TableKey, str], ...] = field(default=(), compare=False)
    held: bool = field(default=False, compare=False)
    managed: bool = field(default=True, compare=False)
    source: object = field(default=None, compare=False, repr=False)


class SequenceFact(Value, slots=True):
    """A sequence that no column owns.

    ``users`` are the columns whose defaults ask it, each as (table, column). ``held`` says that
    something else in the database needs it.
    """

    key: TableKey
    options: Options = ()
    users: tuple[tuple[TableKey, str], ...] = field(default=(), compare=False)
    held: bool = field(default=False, compare=False)
    source: object = field(default=None, compare=False, repr=False)


class SchemaFact(Value, slots=True):
    """All that is compared at once, each kind sorted by its key."""

    tables: tuple[TableFact, ...] = ()
    enums: tuple[EnumFact, ...] = ()
    sequences: tuple[SequenceFact, ...] = ()
    objects: tuple[SchemaObject, ...] = ()
