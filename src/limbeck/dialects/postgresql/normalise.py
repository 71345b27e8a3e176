"""How models are spelled in PostgreSQL's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, Column, Integer
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.sql import coercions, roles
from sqlalchemy.types import TypeDecorator

from limbeck.dialects.postgresql.enum_types import enums_in
from limbeck.dialects.postgresql.sequence_options import sequence_options
from limbeck.dialects.postgresql.table_options import storage_options, table_options
from limbeck.dialects.postgresql.types import normal_default, normal_type, with_casts_outside
from limbeck.dialects.standard.describe import describe_with
from limbeck.dialects.standard.item_words import (
    has_keywords,
    initially,
    options_of,
    without_order,
    without_parentheses,
)
from limbeck.dialects.standard.normalise import Words
from limbeck.facts.objects import (
    ConstraintFact,
    EnumFact,
    ExcludeFact,
    IdentityFact,
    Options,
    SchemaFact,
    SequenceFact,
    TableKey,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Dialect, ForeignKeyConstraint, Index, MetaData, Table
    from sqlalchemy.schema import Computed, Constraint

    from limbeck.facts.scope import Scope

_AROUND = (TypeDecorator, ARRAY)
"""Types that are about another one."""

_LONGEST_NAME = 63
"""Bytes of a name that PostgreSQL keeps (``NAMEDATALEN - 1``)."""


def describe(metadatas: Sequence[MetaData], dialect: Dialect, scope: Scope) -> SchemaFact:
    """The models in PostgreSQL's words.

    :raises ConfigurationError: the models contradict themselves.
    """
    return describe_with(PostgresqlWords(dialect, scope), metadatas)


class PostgresqlWords(Words):
    """What models say, in PostgreSQL's words."""

    def __init__(self, dialect: Dialect, scope: Scope) -> None:
        super().__init__(dialect, scope)
        self._conditions: dict[str, str] = {}

    def stored_name(self, name: str) -> str:
        """PostgreSQL cuts names that are too long, at a whole character."""
        if len(name) <= _LONGEST_NAME and name.isascii():
            return str(name)
        return str(name).encode()[:_LONGEST_NAME].decode(errors="ignore")

    def normal_type(self, text: str) -> str:
        """Types as ``format_type()`` spells them; the default schema is not said."""
        if "." in text:
            quoted = self.dialect.identifier_preparer.quote(self.scope.default_schema or "public")
            text = text.removeprefix(f"{quoted}.")
        return normal_type(text)

    def normal_condition(self, text: str) -> str:
        """A condition as it is spelled the first time: see :func:`with_casts_outside`."""
        known = self._conditions.get(text)
        if known is None:
            known = with_casts_outside(super().normal_condition(text))
            self._conditions[text] = known
        return known

    def normal_default(self, text: str, type_text: str) -> str | None:
        """The one spelling of a server default, None for NULL too."""
        return self.default_text(text, type_text)

    def default_text(self, text: str, type_text: str) -> str | None:
        """The one spelling of a server default from either side."""
        return normal_default(without_parentheses(text.strip()), type_text)

    def collation(self, column: Column[Any]) -> str | None:
        """The collation; that of an array is said of its items."""
        kind: Any = column.type
        while isinstance(kind, _AROUND):
            kind = kind.impl if isinstance(kind, TypeDecorator) else kind.item_type
        found: str | None = getattr(kind, "collation", None)
        return found

    def persisted(self, computed: Computed) -> bool | None:
        """Computed columns are virtual by default from 18 on, and always stored before."""
        if computed.persisted is not None:
            return computed.persisted
        return (getattr(self.dialect, "server_version_info", None) or (18,)) < (18,)

    def identity(self, column: Column[Any]) -> IdentityFact | None:
        """The column's identity, without the options that are the default."""
        if column.identity is None:
            return None
        options = {
            name: getattr(column.identity, name)
            for name in ("start", "increment", "minvalue", "maxvalue", "cycle", "cache")
        }
        return IdentityFact(
            bool(column.identity.always), sequence_options(self.type_text(column), **options)
        )

    def autoincrement(self, column: Column[Any]) -> bool:
        """Whether SQLAlchemy makes the column SERIAL."""
        if not super().autoincrement(column):
            return False
        default: Any = column.default
        if default is not None and not getattr(default, "optional", False):
            return False  # values come from Python or from a sequence of its own
        if self.shares_types and self.plain_types.key(column.type) is not None:
            return isinstance(column.type, Integer)
        impl: Any = column.type.dialect_impl(self.dialect)
        return isinstance(impl.impl if isinstance(impl, TypeDecorator) else impl, Integer)

    def constraint_options(self, constraint: Constraint) -> Options:
        """When it is checked, what it includes, and whether NULLs are distinct."""
        if not has_keywords(constraint):
            return super().constraint_options(constraint)
        own: Any = constraint.dialect_options["postgresql"]
        return options_of(
            deferrable=constraint.deferrable,
            initially=initially(constraint.initially),
            postgresql_include=self._included(_option(own, "include")),
            postgresql_not_valid=_option(own, "not_valid"),
            postgresql_nulls_not_distinct=_option(own, "nulls_not_distinct"),
        )

    def foreign_key_options(self, constraint: ForeignKeyConstraint) -> Options:
        """Whether the rows that are there already may break it."""
        if not has_keywords(constraint):
            return ()
        own: Any = constraint.dialect_options["postgresql"]
        return options_of(postgresql_not_valid=_option(own, "not_valid"))

    def table_options(self, table: Table) -> Options:
        """How it is stored, and of what it is a part."""
        if not table._prefixes and not has_keywords(table):
            return ()
        own: Any = table.dialect_options["postgresql"]
        inherits = own["inherits"] or ()
        return table_options(
            unlogged="UNLOGGED" in (str(prefix).upper() for prefix in table._prefixes),
            storage=storage_options(_option(own, "with") or {}),
            partition_by=own["partition_by"],
            inherits=self._parents([inherits] if isinstance(inherits, str) else inherits),
            using=_option(own, "using"),
            tablespace=own["tablespace"],
        )

    def _parents(self, names: Iterable[str]) -> Iterator[TableKey]:
        for name in names:
            words = [_plain(word) for word in _NAME_WORDS.findall(str(name))]
            schema = ".".join(words[:-1])
            yield self.scope.key(schema or None, words[-1])

    def action(self, action: str | None, constraint: ForeignKeyConstraint) -> str | None:
        """``ON DELETE SET NULL (a, b)`` keeps the columns as they are."""
        if action is None or "(" not in action:
            return super().action(action, constraint)
        word, _, columns = action.partition("(")
        return f"{word.strip().upper()} ({columns}"

    def special_constraint(self, constraint: Constraint) -> ConstraintFact | None:
        """EXCLUDE constraints."""
        if not isinstance(constraint, ExcludeConstraint):
            return None
        definition = self.compiler.process(constraint)
        if constraint.name is not None:
            definition = definition[definition.index("EXCLUDE") :]
        return ExcludeFact(
            name=self.constraint_name(constraint),
            definition=definition,
            options=(),
            source=constraint,
        )

    def element(self, index: Index, expression: Any) -> str:
        """A column or expression, its operator class, and its order.

        Ascending is the default; NULLs come last in ascending order and first in descending.
        """
        inner, words = without_order(expression)
        if inner is expression and isinstance(inner, Column) and not has_keywords(index):
            return self.stored_name(inner.name)
        operators: Any = index.dialect_options["postgresql"]["ops"] or {}
        operator = operators.get(getattr(expression, "key", None))
        column = isinstance(inner, Column)
        text = self.stored_name(inner.name) if column else self.expression(inner)
        return index_element(text, operator, " ".join(words))

    def index_where(self, index: Index) -> str | None:
        """The condition of a partial index."""
        if not has_keywords(index):
            return None
        where: Any = index.dialect_options["postgresql"]["where"]
        if where is None:
            return None
        # The compiler of indexes takes strings, columns and conditions alike.
        condition: Any = coercions.expect(roles.DDLExpressionRole, where)
        return self.normal_condition(self.expression(condition))

    def index_options(self, index: Index) -> Options:
        """Method, included columns, storage parameters, and whether NULLs are distinct."""
        if not has_keywords(index):
            return ()
        own: Any = index.dialect_options["postgresql"]
        using = (own["using"] or "btree").lower()
        storage = own["with"] or {}
        return options_of(
            postgresql_using=None if using == "btree" else using,
            postgresql_include=self._included(own["include"]),
            postgresql_with=storage_options(storage) or None,
            postgresql_nulls_not_distinct=_option(own, "nulls_not_distinct"),
        )

    def _included(self, columns: Any) -> str | None:
        if not columns:
            return None
        return ", ".join(self.stored_name(c if isinstance(c, str) else c.name) for c in columns)

    def enums(self, tables: Iterable[tuple[TableKey, Table]]) -> tuple[EnumFact, ...]:
        """The native enumerated types of the columns."""
        found: dict[TableKey, EnumFact] = {}
        for _, table in tables:
            for column in table.columns:
                for kind in enums_in(column.type, self.dialect):
                    key = self.scope.key(kind.schema, self.stored_name(str(kind.name)))
                    managed = bool(kind.create_type)
                    known = found.get(key)
                    if known is None or (managed and not known.managed):
                        values = tuple(str(value) for value in kind.enums)
                        found[key] = EnumFact(key, values, managed=managed, source=kind)
        return tuple(found.values())

    def sequences(self, metadatas: Sequence[MetaData]) -> tuple[SequenceFact, ...]:
        """The sequences that the models name; MetaData has no public list of them."""
        found: dict[TableKey, SequenceFact] = {}
        for metadata in metadatas:
            own: Any = metadata._sequences
            for sequence in own.values():
                if sequence.optional:
                    continue  # SERIAL takes its place
                key = self.scope.key(sequence.schema, self.stored_name(sequence.name))
                options = {
                    name: getattr(sequence, name)
                    for name in ("start", "increment", "minvalue", "maxvalue", "cycle", "cache")
                }
                kind = sequence.data_type
                type_text = self.normal_type(
                    self.dialect.type_compiler_instance.process(kind) if kind else "bigint"
                )
                found[key] = SequenceFact(
                    key, sequence_options(type_text, **options, alone=True), source=sequence
                )
        return tuple(found.values())


_NAME_WORDS = re.compile(r'"(?:[^"]|"")*"|[^."]+')


def _plain(word: str) -> str:
    """A part of a name without its quotes."""
    return word[1:-1].replace('""', '"') if word.startswith('"') else word


def index_element(text: str, operator: str | None, order: str) -> str:
    """The one spelling of an element of an index, without what is the default."""
    words = order
    if words == "DESC NULLS FIRST":
        words = "DESC"
    elif words == "NULLS LAST":
        words = ""
    return " ".join(part for part in (text, operator, words) if part)


def _option(own: Any, name: str) -> Any:
    """A PostgreSQL option, None where this kind of object or this SQLAlchemy has no such one."""
    try:
        return own[name]
    except KeyError:
        return None
