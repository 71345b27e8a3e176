"""Types with a name and a life of their own: enumerations and domains."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Integer, text
from sqlalchemy.dialects.postgresql import ARRAY, DOMAIN, ENUM
from sqlalchemy.dialects.postgresql.named_types import CreateDomainType, CreateEnumType
from sqlalchemy.types import ARRAY as ANY_ARRAY
from sqlalchemy.types import SchemaType, TypeDecorator

from limbeck.dialects.dialect_type import dialect_type
from limbeck.dialects.text import plain_dialect

if TYPE_CHECKING:
    from sqlalchemy import Dialect, Executable, Table
    from sqlalchemy.types import TypeEngine

    from limbeck.dialects.backend import EmitTarget

_CREATED = re.compile(r'\bcreate\s+(?:type|domain)\s+([\w."]+)', re.IGNORECASE)
_DROPPED = re.compile(
    r'\bdrop\s+(?:type|domain)\s+(?:if\s+exists\s+)?([\w."]+(?:\s*,\s*[\w."]+)*)', re.IGNORECASE
)
_ABOUT_ENUMS = (SchemaType, ANY_ARRAY, TypeDecorator)
"""Types that are, or may be about, an enumerated one."""


def create_types(table: Table, target: EmitTarget) -> Iterator[Executable]:
    """``CREATE TYPE`` for each named type that the table's columns need and that is not there.

    Offline, a type that the same run has created already is taken to be there.
    """
    return _created(named_types(table, target.dialect), target)


def create_domain(type_: TypeEngine[Any], target: EmitTarget) -> Iterator[Executable]:
    """``CREATE DOMAIN`` for a column that gets a type which is not there.

    Offline nobody knows what is there, and a revision of its own may have created it.
    """
    named = named_type(type_, target.dialect)
    if isinstance(named, DOMAIN) and target.online is not None:
        yield from _created([named], target)


def _created(types: Iterable[ENUM | DOMAIN], target: EmitTarget) -> Iterator[Executable]:
    for type_ in types:
        name = type_name(type_, target.dialect)
        if not getattr(type_, "create_type", True) or type_exists(name, target):
            continue
        target.named_types.add(name)
        yield CreateEnumType(type_) if isinstance(type_, ENUM) else CreateDomainType(type_)


def named_types(table: Table, dialect: Dialect) -> list[ENUM | DOMAIN]:
    """The enumerations and domains of a table's columns, each once, in the columns' order."""
    found: dict[str, ENUM | DOMAIN] = {}
    for column in table.c:
        type_ = named_type(column.type, dialect)
        if type_ is not None:
            found.setdefault(type_name(type_, dialect), type_)
    return list(found.values())


def named_type(of: TypeEngine[Any], dialect: Dialect) -> ENUM | DOMAIN | None:
    """The enumeration or domain that a type is, or that an array is of."""
    type_ = dialect_type(of, dialect)
    while isinstance(type_, ARRAY):
        type_ = dialect_type(type_.item_type, dialect)
    return type_ if isinstance(type_, ENUM | DOMAIN) and type_.name else None


def type_exists(name: str, target: EmitTarget) -> bool:
    """True where the database has a type that this name, quoted as needed, leads to."""
    if target.online is None:
        return name in target.named_types
    query = text("SELECT to_regtype(:name) IS NOT NULL")
    return bool(target.online.execute(query, {"name": name}).scalar())


def type_name(type_: TypeEngine[Any], dialect: Dialect) -> str:
    """A type in the words of the database; a named one by its name."""
    words: str = plain_dialect(dialect).type_compiler_instance.process(type_)
    return words


def remember_types(sql: str, names: set[str]) -> None:
    """Learn from a statement in the user's own words which types there are now."""
    for created in _CREATED.findall(sql):
        names.add(created)
    for dropped in _DROPPED.findall(sql):
        names.difference_update(part.strip() for part in dropped.split(","))


def default_words(default: Any, dialect: Dialect) -> str | None:
    """A server default of the revision file in the words of the database."""
    plain = plain_dialect(dialect)
    compiler = plain.ddl_compiler(plain, None)  # type: ignore[arg-type]  # it compiles nothing
    column: Column[Any] = Column("x", Integer, server_default=default)
    return compiler.get_column_default_string(column)


def enums_in(kind: TypeEngine[Any], dialect: Dialect) -> Iterator[ENUM]:
    """The native enumerated types inside of a column's type."""
    if not isinstance(kind, _ABOUT_ENUMS) and not kind._variant_mapping:
        return  # what it becomes on a dialect need not be asked, which takes its time
    impl: Any = kind.dialect_impl(dialect)
    if isinstance(impl, TypeDecorator):
        impl = impl.impl_instance.dialect_impl(dialect)
    if isinstance(impl, ENUM):
        yield impl
    elif isinstance(impl, ANY_ARRAY):
        yield from enums_in(impl.item_type, dialect)
