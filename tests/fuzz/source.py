"""A model as Python source. The MetaData of a model is what that source makes."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

from tests.fuzz.model import (
    Check,
    Column,
    Element,
    Exclude,
    ForeignKey,
    Index,
    Model,
    Over,
    Table,
    Unique,
)

CONVENTIONS = {
    "": {},
    "plain": {
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    },
    "keys": {
        "ix": "%(table_name)s_%(column_0_name)s_idx",
        "pk": "%(table_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    },
}
DEFAULT_SCHEMAS = {"sqlite": "main", "postgresql": "public", "mariadb": None}
PREPARERS = {
    "sqlite": sqlite.dialect().identifier_preparer,
    "postgresql": postgresql.dialect(paramstyle="named").identifier_preparer,
    "mariadb": mysql.dialect(paramstyle="named").identifier_preparer,
}
ORDERS = {"asc": "asc", "desc": "desc", "nulls first": "nulls_first", "nulls last": "nulls_last"}
HEADER = """\
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

"""


def metadata_of(model: Model, default_schema: str | None = None) -> sa.MetaData:
    """The models as SQLAlchemy has them."""
    names: dict[str, Any] = {}
    text = HEADER + source_of(model, default_schema)
    exec(compile(text, "<model>", "exec"), names)
    metadata: sa.MetaData = names["metadata"]
    return metadata


def source_of(model: Model, default_schema: str | None = None) -> str:
    """The Python source of a model."""
    return "\n".join(_Source(model, default_schema).lines()) + "\n"


def quoted(name: str, database: str) -> str:
    """A name as SQL text of a database has it."""
    return str(PREPARERS[kind_of(database)].quote(name))


def kind_of(database: str) -> str:
    """The kind of a database: "postgresql15" is a "postgresql"."""
    return database.rstrip("0123456789")


def sql(text: str) -> str:
    """SQL text with its colons kept from being taken for parameters."""
    return re.sub(r"(?<![:\\]):(?=\w)", r"\\:", text)


class _Source:
    """Prints one model."""

    def __init__(self, model: Model, default_schema: str | None) -> None:
        self.model = model
        self.kind = kind_of(model.database)
        self.default = default_schema or DEFAULT_SCHEMAS[self.kind] if model.qualified else None

    def lines(self) -> list[str]:
        model = self.model
        convention = CONVENTIONS[model.convention]
        lines = [f"metadata = sa.MetaData({_arguments(naming_convention=convention or None)})"]
        for number, enum in enumerate(model.enums):
            values = "".join(f"{value!r}, " for value in enum.values)
            words = _arguments(name=enum.name, schema=enum.schema or self.default)
            lines.append(f"enum_{number} = sa.Enum({values}{words})")
        for sequence in model.sequences:
            words = _arguments(schema=sequence.schema or self.default)
            options = _options(sequence.options)
            lines.append(
                _call("sa.Sequence", repr(sequence.name), "metadata=metadata", *options, words)
            )
        for number, table in enumerate(model.tables):
            lines += self.table(f"table_{number}", table)
        return lines

    def table(self, variable: str, table: Table) -> list[str]:
        items = [self.column(table, column) for column in table.columns]
        items += self.key(table)
        items += [self.unique(unique) for unique in table.uniques]
        items += [self.check(check) for check in table.checks]
        items += [self.foreign_key(foreign_key) for foreign_key in table.foreign_keys]
        items += [self.exclude(exclude) for exclude in table.excludes]
        later = [
            i
            for i in table.indexes
            if any(e.order and not isinstance(e.what, Over) for e in i.elements)
        ]
        items += [self.index(variable, index) for index in table.indexes if index not in later]
        words = _arguments(comment=table.comment, schema=table.schema or self.default)
        items += [*_options(table.options), *([words] if words else [])]
        inside = "".join(f"    {item},\n" for item in items)
        made = f"{variable} = sa.Table(\n    {table.name!r},\n    metadata,\n{inside})"
        return [made, *(self.index(variable, index) for index in later)]

    def column(self, table: Table, column: Column) -> str:
        enums = {enum.name: f"enum_{n}" for n, enum in enumerate(self.model.enums)}
        kind = column.type.text
        if column.type.enum:
            kind = kind.replace("ENUM", enums[column.type.enum])
        parts = [repr(column.name), kind]
        if column.computed is not None:
            text = self.over(column.computed)
            parts.append(_call("sa.Computed", text, _arguments(persisted=column.persisted)))
        if column.identity is not None:
            parts.append(column.identity.text)
        if column.default is not None:
            parts.append(f"server_default={column.default.text}")
        in_key = column.name in table.key
        if in_key and table.key_name is None:
            parts.append("primary_key=True")
        if not in_key and not column.nullable:
            parts.append("nullable=False")
        if column.autoincrement is not None:
            parts.append(f"autoincrement={column.autoincrement}")
        if column.comment is not None:
            parts.append(f"comment={column.comment!r}")
        parts += [f"{word}=True" for word in ("unique", "index") if getattr(column, word)]
        return f"sa.Column({', '.join(parts)})"

    def key(self, table: Table) -> list[str]:
        if not table.key or table.key_name is None:
            return []
        columns = ", ".join(map(repr, table.key))
        return [f"sa.PrimaryKeyConstraint({columns}, name={table.key_name!r})"]

    def unique(self, unique: Unique) -> str:
        columns = [repr(column) for column in unique.columns]
        words = _arguments(name=unique.name)
        return _call("sa.UniqueConstraint", *columns, words, *_options(unique.options))

    def check(self, check: Check) -> str:
        return _call("sa.CheckConstraint", self.over(check.condition), _arguments(name=check.name))

    def foreign_key(self, fact: ForeignKey) -> str:
        table = self.model.table(fact.table)
        assert table is not None
        schema = table.schema or self.default
        if any("." in name for name in (fact.table, schema or "", *fact.referred)):
            raise ValueError("a foreign key by name cannot say a name with a dot")
        start = f"{schema}.{fact.table}" if schema else fact.table
        columns, referred = list(fact.columns), [f"{start}.{name}" for name in fact.referred]
        return _call(
            "sa.ForeignKeyConstraint",
            repr(columns),
            repr(referred),
            _arguments(name=fact.name),
            *_options(fact.options),
        )

    def exclude(self, exclude: Exclude) -> str:
        elements = [f"({column!r}, {operator!r})" for column, operator in exclude.elements]
        words = _arguments(name=exclude.name, using=exclude.using)
        where = [] if exclude.where is None else [f"where=sa.text({self.over(exclude.where)})"]
        return _call(
            "postgresql.ExcludeConstraint", *elements, words, *where, *_options(exclude.options)
        )

    def index(self, table: str, index: Index) -> str:
        parts = [self.element(table, element) for element in index.elements]
        if index.unique:
            parts.append("unique=True")
        if index.where is not None:
            parts.append(f"{self.kind}_where=sa.text({self.over(index.where)})")
        for word, values in (
            ("postgresql_ops", {e.what: e.operators for e in index.elements if e.operators}),
            ("mariadb_length", {e.what: e.length for e in index.elements if e.length}),
        ):
            if values:
                parts.append(f"{word}={values!r}")
        return _call("sa.Index", repr(index.name), *parts, *_options(index.options))

    def element(self, table: str, element: Element) -> str:
        if isinstance(element.what, Over):
            text = self.sql_of(element.what)
            text = text if self.kind == "sqlite" else f"({text})"
            order = element.order.upper().replace(",", "")
            return f"sa.text({(text + ' ' + order).strip()!r})"
        if not element.order:
            return repr(element.what)
        calls = "".join(f".{ORDERS[word]}()" for word in element.order.split(", "))
        return f"{table}.c[{element.what!r}]{calls}"

    def over(self, over: Over) -> str:
        return repr(self.sql_of(over))

    def sql_of(self, over: Over) -> str:
        names = [quoted(column, self.model.database) for column in over.columns]
        return sql(over.text.format(*names))


def _arguments(**values: object) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in values.items() if value is not None)


def _options(options: tuple[tuple[str, str], ...]) -> list[str]:
    return [f"{name}={value}" for name, value in options]


def _call(what: str, *parts: str) -> str:
    return f"{what}({', '.join(part for part in parts if part)})"
