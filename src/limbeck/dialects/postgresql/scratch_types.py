"""Enumerations and domains that model tables need on scratch and the database does not have so.

A type of another schema gets a name of its own there, as the temporary schema is one for all; what
is read back says the type's real name again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, bindparam, text
from sqlalchemy.dialects.postgresql import DOMAIN
from sqlalchemy.types import TypeDecorator

from limbeck.dialects.postgresql.catalogue import Catalogue
from limbeck.dialects.postgresql.enum_types import enums_in
from limbeck.value import Value

if TYPE_CHECKING:
    from sqlalchemy import Connection, Dialect, Table
    from sqlalchemy.types import TypeEngine

    from limbeck.dialects.postgresql.normalise import PostgresqlWords
    from limbeck.facts.objects import TableFact, TableKey

_DOMAINS = text(
    """
    SELECT n.nspname, t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'd' AND n.nspname IN :schemas
    """
).bindparams(bindparam("schemas", expanding=True))


class ScratchType(Value):
    """A type that exists for a moment.

    :param said: how DDL of the models spells it.
    :param real: how the server would spell it.
    :param name: what it is called on scratch.
    :param body: what follows its name in ``CREATE``.
    """

    said: str
    real: str
    name: str
    kind: str
    body: str

    def create(self, quote: Any) -> str:
        """The statement that makes it."""
        return f"CREATE {self.kind} pg_temp.{quote(self.name)} AS {self.body}"


def types_for(
    connection: Connection, tables: Sequence[Table], words: PostgresqlWords
) -> list[ScratchType]:
    """The types of ``tables`` that the database lacks, or has with other values."""
    dialect, scope = words.dialect, words.scope
    columns = [column for table in tables for column in table.columns]
    enums = {_said(e, dialect): e for c in columns for e in enums_in(c.type, dialect)}
    domains = {_said(d, dialect): d for c in columns for d in domains_in(c.type, dialect)}
    missing: list[tuple[str, Any, str, str]] = []
    if enums:
        known = {
            scope.key(row.nspname, row.typname): tuple(row.labels)
            for row in Catalogue(connection, _schemas(enums.values(), words)).enums()
        }
        for said, kind in enums.items():
            if known.get(_key(kind, words)) != tuple(kind.enums):
                values = ", ".join("'" + str(v).replace("'", "''") + "'" for v in kind.enums)
                missing.append((said, kind, "TYPE", f"ENUM ({values})"))
    if domains:
        found = connection.execute(_DOMAINS, {"schemas": _schemas(domains.values(), words)})
        there = {scope.key(schema, name) for schema, name in found}
        for said, domain in domains.items():
            if _key(domain, words) not in there:
                missing.append((said, domain, "DOMAIN", _said(domain.data_type, dialect)))
    return [
        _scratch_type(number, said, _key(kind, words), word, body, words)
        for number, (said, kind, word, body) in enumerate(missing)
    ]


def _scratch_type(
    number: int, said: str, key: TableKey, kind: str, body: str, words: PostgresqlWords
) -> ScratchType:
    if not key.schema:
        return ScratchType(said, said.rpartition(".")[2], key.name, kind, body)
    return ScratchType(said, said, f"limbeck_type_{number}", kind, body)


def _schemas(kinds: Iterable[Any], words: PostgresqlWords) -> list[str]:
    return sorted({kind.schema or words.scope.default_schema for kind in kinds})


def _key(kind: Any, words: PostgresqlWords) -> TableKey:
    return words.scope.key(kind.schema, words.stored_name(str(kind.name)))


def _said(kind: TypeEngine[Any], dialect: Dialect) -> str:
    words: str = dialect.type_compiler_instance.process(kind)
    return words


def domains_in(kind: TypeEngine[Any], dialect: Dialect) -> Iterator[DOMAIN]:
    """The domains inside of a column's type."""
    impl: Any = kind.dialect_impl(dialect)
    if isinstance(impl, TypeDecorator):
        impl = impl.impl_instance.dialect_impl(dialect)
    if isinstance(impl, DOMAIN):
        yield impl
    elif isinstance(impl, ARRAY):
        yield from domains_in(impl.item_type, dialect)


def on_scratch_spelled(sql: str, types: Iterable[ScratchType], quote: Any) -> str:
    """A statement with the names on scratch. A name without a schema is found there anyway."""
    for each in types:
        if "." in each.said:
            sql = _replaced(sql, each.said, f"pg_temp.{quote(each.name)}")
    return sql


def _replaced(words: str, name: str, by: str) -> str:
    """``words`` with another name wherever ``name`` stands by itself."""
    return re.sub(rf'(?<![\w."]){re.escape(name)}(?![\w"])', by.replace("\\", r"\\"), words)


def really_spelled(table: TableFact, types: Iterable[ScratchType]) -> TableFact:
    """A table that was read back, with the real names of types in all of its texts."""
    names = {each.name: each.real for each in types if each.name != each.real}
    if not names:
        return table
    done: TableFact = _spelled(table, names)
    return done


def _spelled(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        for name, real in names.items():
            value = _replaced(value, name, real)
        return value
    if isinstance(value, tuple):
        return tuple(_spelled(item, names) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    texts = [f.name for f in fields(value) if f.compare and f.name not in ("key", "name")]
    return replace(value, **{name: _spelled(getattr(value, name), names) for name in texts})
