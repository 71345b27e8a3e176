"""What the catalogue of MySQL or MariaDB says about one table.

The rows of ``information_schema`` and the text of ``SHOW CREATE TABLE`` both end up here, so that
a stored table and one that was built on scratch become facts by the same code.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from limbeck.value import Value


class ColumnRow(Value, slots=True):
    """A column.

    :param type: the type as the server spells it, without character set and collation.
    :param default: SQL text of the default, None where there is none (``NULL`` is one).
    :param on_update: SQL text of ``ON UPDATE``.
    :param generated: the generating expression.
    :param stored: whether a generated column is stored.
    """

    name: str
    type: str
    nullable: bool
    default: str | None = None
    on_update: str | None = None
    generated: str | None = None
    stored: bool = False
    auto_increment: bool = False
    collation: str | None = None
    comment: str = ""

    def __hash__(self) -> int:
        """Of what most columns differ in; to hash everything takes much longer."""
        return hash((self.name, self.type))


class ElementRow(Value, slots=True):
    """An element of an index: a column, or an expression (MySQL only)."""

    column: str | None
    expression: str | None = None
    length: int | None = None
    descending: bool = False


_PREFIXES = {"FULLTEXT": "FULLTEXT", "SPATIAL": "SPATIAL", "RTREE": "SPATIAL"}


class IndexRow(Value, slots=True):
    """An index. ``kind`` is BTREE, HASH, FULLTEXT, SPATIAL or RTREE."""

    name: str
    unique: bool
    elements: tuple[ElementRow, ...]
    kind: str = "BTREE"
    comment: str = ""

    @property
    def prefix(self) -> str | None:
        """FULLTEXT or SPATIAL, None for an ordinary index."""
        return _PREFIXES.get(self.kind)

    @property
    def is_plain(self) -> bool:
        """Whether it is made of whole columns in their natural order, nothing else."""
        if self.prefix is not None:
            return False
        for each in self.elements:
            if each.column is None or each.length is not None or each.descending:
                return False
        return True


class ForeignKeyRow(Value, slots=True):
    """A foreign key; actions as the server spells them."""

    name: str
    columns: tuple[str, ...]
    schema: str
    table: str
    referred_columns: tuple[str, ...]
    on_update: str
    on_delete: str


class CheckRow(Value, slots=True):
    """A CHECK. ``column`` is the column in whose definition it stands, if it stands in one."""

    name: str
    condition: str
    column: str | None = None


@dataclass(slots=True)
class TableRows:
    """A table and all that belongs to it; filled while rows come in.

    :param options: engine, character set and their like, as far as they are not the server's usual.
    :param defaults: those that are.
    """

    name: str
    collation: str | None = None
    comment: str = ""
    engine: str | None = None
    options: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    columns: list[ColumnRow] = field(default_factory=list)
    indexes: list[IndexRow] = field(default_factory=list)
    foreign_keys: list[ForeignKeyRow] = field(default_factory=list)
    checks: list[CheckRow] = field(default_factory=list)
