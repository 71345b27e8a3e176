"""The description of a model: plain frozen values, from which a MetaData can be made and printed.

Whatever can be spelled in several ways that the database takes for one is a :class:`Spelled`.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Spelled:
    """Pieces of source that mean the same to the database, and which of them is said.

    :param variants: the spellings.
    :param chosen: the number of the one that is said.
    """

    variants: tuple[str, ...]
    chosen: int = 0

    @property
    def text(self) -> str:
        """What is said."""
        return self.variants[self.chosen % len(self.variants)]


@dataclass(frozen=True)
class Type(Spelled):
    """The type of a column as Python source.

    :param family: which defaults and conditions fit.
    :param keyed: whether it may be a part of a key or index without more words.
    :param enum: the name of the native enumerated type in it.
    """

    family: str = ""
    keyed: bool = True
    enum: str = ""


@dataclass(frozen=True)
class Over(Spelled):
    """An expression over columns of one table, as SQL text with ``{0}``, ``{1}`` for the columns.

    :param families: which families the columns have to be of.
    :param columns: the columns.
    :param result: the family of the value.
    """

    families: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    result: str = ""


@dataclass(frozen=True)
class Column:
    """A column. ``default`` and ``identity`` are Python source."""

    name: str
    type: Type
    nullable: bool = True
    default: Spelled | None = None
    computed: Over | None = None
    persisted: bool | None = None
    identity: Spelled | None = None
    autoincrement: bool | None = None
    comment: str | None = None
    unique: bool = False
    index: bool = False


@dataclass(frozen=True)
class Unique:
    """A unique constraint; ``options`` are further arguments as (name, Python source)."""

    name: str | None
    columns: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Check:
    """A CHECK constraint."""

    name: str | None
    condition: Over


@dataclass(frozen=True)
class ForeignKey:
    """A foreign key to the key of a table (or, in the description of a draw, to be settled)."""

    name: str | None
    columns: tuple[str, ...]
    table: str
    referred: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Element:
    """An element of an index: a column or an expression, its order, its operator class."""

    what: str | Over
    order: str = ""
    operators: str = ""
    length: int = 0


@dataclass(frozen=True)
class Index:
    """An index."""

    name: str
    elements: tuple[Element, ...]
    unique: bool = False
    where: Over | None = None
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Exclude:
    """An EXCLUDE constraint of PostgreSQL."""

    name: str
    elements: tuple[tuple[str, str], ...]
    using: str
    where: Over | None = None
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Table:
    """A table with all that belongs to it."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    key_name: str | None = None
    uniques: tuple[Unique, ...] = ()
    checks: tuple[Check, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    indexes: tuple[Index, ...] = ()
    excludes: tuple[Exclude, ...] = ()
    comment: str | None = None
    schema: str | None = None
    options: tuple[tuple[str, str], ...] = ()

    def column(self, name: str) -> Column | None:
        """The column of a name."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True)
class Enumeration:
    """A native enumerated type."""

    name: str
    values: tuple[str, ...]
    schema: str | None = None


@dataclass(frozen=True)
class Sequence:
    """A sequence; ``options`` are arguments as (name, Python source)."""

    name: str
    options: tuple[tuple[str, str], ...] = ()
    schema: str | None = None


@dataclass(frozen=True)
class Model:
    """Everything.

    :param convention: a key of ``source.CONVENTIONS``.
    :param qualified: whether the default schema is said wherever no other one is.
    """

    database: str
    tables: tuple[Table, ...] = ()
    enums: tuple[Enumeration, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    convention: str = ""
    qualified: bool = field(default=False)

    def table(self, name: str) -> Table | None:
        """The table of a name."""
        return next((table for table in self.tables if table.name == name), None)
