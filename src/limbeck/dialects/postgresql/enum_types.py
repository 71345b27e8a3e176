"""Types with a name and a life of their own: enumerations and domains."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Integer, text
from sqlalchemy.dialects.postgresql import ARRAY, DOMAIN, ENUM
from sqlalchemy.dialects.postgresql.named_types import CreateDomainType, CreateEnumType

from limbeck.dialects.postgresql.casts import dialect_type
from limbeck.dialects.text import plain_dialect

if TYPE_CHECKING:
    from sqlalchemy import Dialect, Executable, Table
    from sqlalchemy.types import TypeEngine

    from limbeck.dialects.backend import EmitTarget

_CREATED = re.compile(r'\bcreate\s+(?:type|domain)\s+([\w."]+)', re.IGNORECASE)
_DROPPED = re.compile(
    r'\bdrop\s+(?:type|domain)\s+(?:if\s+exists\s+)?([\w."]+(?:\s*,\s*[\w."]+)*)', re.IGNORECASE
)


def create_types(table: Table, target: EmitTarget) -> Iterator[Executable]:
    """``CREATE TYPE`` for each named type that the table's columns need and that is not there.

    Offline, a type that the same run has created already is taken to be there.
    """
    for type_ in named_types(table, target.dialect):
        name = type_name(type_, target.dialect)
        if not getattr(type_, "create_type", True) or type_exists(name, target):
            continue
        target.named_types.add(name)
        yield CreateEnumType(type_) if isinstance(type_, ENUM) else CreateDomainType(type_)


def named_types(table: Table, dialect: Dialect) -> list[ENUM | DOMAIN]:
    """The enumerations and domains of a table's columns, each once, in the columns' order."""
    found: dict[str, ENUM | DOMAIN] = {}
    for column in table.c:
        type_ = dialect_type(column.type, dialect)
        while isinstance(type_, ARRAY):
            type_ = dialect_type(type_.item_type, dialect)
        if isinstance(type_, ENUM | DOMAIN) and type_.name:
            found.setdefault(type_name(type_, dialect), type_)
    return list(found.values())


def type_exists(name: str, target: EmitTarget) -> bool:
    """True where the database has a type that this name, quoted as needed, leads to."""
    if target.online is None:
        return name in target.named_types
    query = text("SELECT to_regtype(:name) IS NOT NULL")
    return bool(target.online.execute(query, {"name": name}).scalar())


def type_name(type_: TypeEngine[Any], dialect: Dialect) -> str:
    """A type in the words of the database; a named one by its name."""
    words: str = dialect.type_compiler_instance.process(type_)
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
