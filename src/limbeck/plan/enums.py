"""Enumerated types that live on their own (PostgreSQL), and the columns that use them.

A table that is created brings its types along: ``sa.Enum(…)`` inside ``op.create_table``. A
column that is added or altered does not, so there the type is created by a statement of its
own, and the column is written with ``create_type=False``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from limbeck.dialects.loaded_class import loaded_class
from limbeck.diff.changes import Added
from limbeck.facts.objects import EnumFact, TableKey

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Dialect

    from limbeck.facts.objects import TableFact
    from limbeck.plan.situation import Situation

AnyType = TypeEngine[Any]


class EnumTypes:
    """Which types are there, step by step, while the operations are planned.

    :param situation: the direction that is planned.
    :param tables: the tables that will be created, in that order.
    """

    def __init__(self, situation: Situation, tables: Iterable[TableFact]) -> None:
        self._dialect = situation.dialect
        self._separate = situation.features.native_enums
        self._default_schema = situation.default_schema
        self._missing = {
            change.after.key: change.after
            for change in situation.of_kind("enum")
            if isinstance(change, Added) and isinstance(change.after, EnumFact)
        }
        self.alone = tuple(self._created_alone(tables))

    def _created_alone(self, tables: Iterable[TableFact]) -> Iterable[EnumFact]:
        """The types that no ``create_table`` can bring: their first use is not a plain column."""
        left = dict(self._missing)
        for table in tables:
            for column in table.columns:
                type_ = getattr(column.source, "type", None)
                if type_ is None:
                    continue
                key = self.key_of(type_)
                if key in left and _is_enum(type_):
                    if type_._variant_mapping:
                        continue
                    del left[key]
        # What is not the plain type of a column of a new table has to be there before it; a
        # plain column that comes later then finds its type.
        for table in tables:
            for column in table.columns:
                inner = self._inside(getattr(column.source, "type", None))
                if inner in self._missing:
                    left[inner] = self._missing[inner]
        for key in left:
            del self._missing[key]
        return [left[key] for key in sorted(left)]

    def _inside(self, type_: AnyType | None) -> TableKey | None:
        """Return the key of an enum that is wrapped into an array or another type."""
        if type_ is None or (_is_enum(type_) and not type_._variant_mapping):
            return None
        return self.key_of(type_)

    def key_of(self, type_: AnyType) -> TableKey | None:
        """Return the key of the enum that a column's type needs, if it needs one."""
        enum = native_enum(type_, self._dialect) if self._separate else None
        if enum is None or enum.name is None:
            return None
        schema = enum.schema or ""
        return TableKey("" if schema == self._default_schema else schema, str(enum.name))

    def in_new_table(self, type_: AnyType) -> AnyType:
        """Return a column's type as it stands in ``op.create_table``."""
        key = self.key_of(type_)
        if key is None:
            return type_
        if key in self._missing and self._inside(type_) is None:
            del self._missing[key]
            enum = native_enum(type_, self._dialect)
            assert enum is not None
            return sa.Enum(*enum.enums, name=enum.name, schema=enum.schema)
        return self.existing(type_)

    def existing(self, type_: AnyType) -> AnyType:
        """Return a column's type where its enum, if it has one, is there already."""
        if self.key_of(type_) is None:
            return type_
        return _without_creation(type_, self._dialect)


def _is_enum(type_: AnyType) -> bool:
    """Whether a type is an enumerated one itself, and no class of the user's that extends it."""
    return type(type_) is sa.Enum or type(type_) is loaded_class("postgresql", "ENUM")


def native_enum(type_: AnyType, dialect: Dialect) -> sa.Enum | None:
    """Return the enumerated type behind a column's type: itself, decorated, or in an array."""
    inner = _unwrapped(type_, dialect)
    if isinstance(inner, sa.ARRAY):
        return native_enum(inner.item_type, dialect)
    if isinstance(inner, sa.Enum) and inner.native_enum:
        return inner
    return None


def _unwrapped(type_: AnyType, dialect: Dialect) -> AnyType:
    variant = type_._variant_mapping.get(dialect.name)
    found = type_ if variant is None else variant
    while isinstance(found, sa.TypeDecorator):
        found = found.load_dialect_impl(dialect)
    return found


def _without_creation(type_: AnyType, dialect: Dialect) -> AnyType:
    from sqlalchemy.dialects import postgresql

    inner = _unwrapped(type_, dialect)
    if isinstance(inner, sa.ARRAY):
        item = _without_creation(inner.item_type, dialect)
        return postgresql.ARRAY(item, dimensions=inner.dimensions)
    assert isinstance(inner, sa.Enum)
    return postgresql.ENUM(*inner.enums, name=inner.name, schema=inner.schema, create_type=False)
