"""How models are spelled, so that equal things have equal text.

:class:`Words` answers one small question after the other about one object of the models. A
database's own ``normalise.py`` subclasses it and overrides what it spells differently; the walk
over the models (``describe.py``) is the same for all. Words need not be perfect: what differs in
text is built on scratch and compared in the database's own words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypedDict

from sqlalchemy import Column, Index, exc
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.schema import Computed, CreateIndex, DefaultClause, Identity
from sqlalchemy.sql.compiler import IdentifierPreparer
from sqlalchemy.sql.ddl import CreateConstraint
from sqlalchemy.sql.elements import TextClause, conv

from limbeck.dialects.standard.item_words import (
    identity_options,
    initially,
    options_of,
    without_order,
    without_parentheses,
)
from limbeck.dialects.standard.plain_types import PlainTypes, compiles_types_itself
from limbeck.dialects.text import plain_dialect
from limbeck.errors import ConfigurationError
from limbeck.facts.objects import ComputedFact, IdentityFact, Options

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import CheckConstraint, Dialect, ForeignKeyConstraint, MetaData, Table
    from sqlalchemy.schema import Constraint
    from sqlalchemy.sql.elements import ColumnElement

    from limbeck.facts.objects import (
        ColumnFact,
        ConstraintFact,
        EnumFact,
        SchemaFact,
        SequenceFact,
        TableKey,
    )
    from limbeck.facts.scope import Scope

_SPACES = re.compile(r"""(?P<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*")|\s+""")
"""Spaces and what is quoted, in which spaces are a part of the text."""

_FINAL_NAMES = (str, conv)
"""Types of names that are as they are: written so, or made by a convention already."""


def describe(metadatas: Sequence[MetaData], dialect: Dialect, scope: Scope) -> SchemaFact:
    """The models in standard words.

    :raises ConfigurationError: the models contradict themselves.
    """
    from limbeck.dialects.standard.describe import describe_with

    return describe_with(StandardWords(dialect, scope), metadatas)


class ForeignKeyTiming(TypedDict):
    """The arguments of a :class:`~limbeck.facts.objects.ForeignKeyFact` of the same names."""

    deferrable: bool
    initially: str | None
    match: str | None


class Words:
    """What models say, in standard SQL.

    :param dialect: compiles types and expressions.
    :param scope: gives tables their keys.
    """

    def __init__(self, dialect: Dialect, scope: Scope) -> None:
        self.dialect = plain_dialect(dialect)  # facts have no percent signs doubled for a driver
        self.scope = scope
        # Whatever is set on the dialect later, such as a greatest length, holds for names.
        self._preparer: Any = dialect.identifier_preparer
        compiler: Any = dialect.ddl_compiler
        self.compiler: Any = compiler(self.dialect, None)
        self._types: dict[Column[Any], str] = {}
        # Within one description the same few types and defaults come again and again.
        self.shares_types = compiles_types_itself(self.dialect)
        self.plain_types = PlainTypes()
        self.known_columns: dict[object, ColumnFact] = {}
        self._texts_of_types: dict[object, str] = {}
        self._texts_of_texts: dict[str, str] = {}
        self._texts_of_defaults: dict[tuple[str, str], str | None] = {}
        self._longest_name = _longest_unchanged(dialect, self._preparer)

    # names

    def stored_name(self, name: str) -> str:
        """The name of a table or column as the database keeps it."""
        return str(name)

    def constraint_name(self, constraint: Constraint | Index) -> str | None:
        """The name that a constraint or index gets, by itself or by naming convention.

        :raises ConfigurationError: the name is too long for the database.
        """
        said: Any = constraint.name
        if said is None:
            return None
        if type(said) in _FINAL_NAMES and len(said) <= self._longest_name:
            return str(said)  # no convention makes it, and nothing shortens it
        # The unquoted form of the name has no public method; this argument exists for the purpose.
        try:
            name = self._preparer.format_constraint(constraint, _alembic_quote=False)
        except exc.IdentifierError as error:
            raise ConfigurationError(
                f"a name in the models is too long: {error}",
                hint="shorten the name, or let a naming convention make it",
            ) from None
        return None if name is None else str(name)

    def primary_key_name(self, constraint: Constraint) -> str | None:
        """The name of a primary key, None where it means nothing."""
        return self.constraint_name(constraint)

    def is_created(self, item: Constraint | Index) -> bool:
        """Whether ``create_all`` creates it on this database (native enums need no CHECK)."""
        rule: Any = getattr(item, "_create_rule", None)  # set by Enum and Boolean, not public
        if rule is not None and not rule(self.compiler):
            return False
        condition: Any = getattr(item, "_ddl_if", None)  # what ddl_if() was given, not public
        if condition is None:
            return True
        statement = CreateIndex(item) if isinstance(item, Index) else CreateConstraint(item)
        return bool(condition._should_execute(statement, item, None, compiler=self.compiler))

    # expressions

    def expression(self, element: ColumnElement[Any] | Any) -> str:
        """SQL text of an expression as it stands in DDL."""
        # A text without parameters is read in the same way each time.
        if type(element) is not TextClause or element._bindparams:
            return self._compiled(element)
        known = self._texts_of_texts.get(element.text)
        if known is None:
            known = self._texts_of_texts[element.text] = self._compiled(element)
        return known

    def _compiled(self, element: Any) -> str:
        return str(
            self.compiler.sql_compiler.process(element, include_table=False, literal_binds=True)
        )

    def normal_type(self, text: str) -> str:
        """The one spelling of a type's text, from the models or from the database."""
        return text

    def normal_default(self, text: str, type_text: str) -> str | None:
        """The one spelling of a server default's text, None for one that is no default."""
        return without_parentheses(text.strip())

    def normal_condition(self, text: str) -> str:
        """The one spelling of a condition or computed expression."""
        return without_parentheses(_SPACES.sub(lambda m: m["quoted"] or " ", text.strip()))

    # columns

    def type_text(self, column: Column[Any]) -> str:
        """The column's type without its collation."""
        known = self._types.get(column)
        if known is None:
            known = self._types[column] = self._text_of_type(column)
        return known

    def _text_of_type(self, column: Column[Any]) -> str:
        key = self.plain_types.key(column.type) if self.shares_types else None
        if key is None:
            return self.normal_type(self._type_words(column))
        known = self._texts_of_types.get(key)
        if known is None:
            known = self._texts_of_types[key] = self.normal_type(self._type_words(column))
        return known

    def _type_words(self, column: Column[Any]) -> str:
        compiled = self.dialect.type_compiler_instance.process(column.type, type_expression=column)
        if "COLLATE" not in compiled:
            return compiled
        return re.sub(r'\s+COLLATE\s+("[^"]+"|\S+)', "", compiled)

    def collation(self, column: Column[Any]) -> str | None:
        """The collation that the column's type asks for, or None."""
        found: str | None = getattr(column.type, "collation", None)
        return found

    def nullable(self, column: Column[Any]) -> bool:
        """Whether the column takes NULL."""
        return bool(column.nullable) and not column.primary_key

    def default(self, column: Column[Any]) -> str | None:
        """The server default's text, or None. Computed and identity columns have none."""
        given = column.server_default
        if not isinstance(given, DefaultClause):
            return None  # as get_column_default_string() says of it
        if type(given.arg) is not str:
            return self._default_words(column)
        key = (given.arg, self.type_text(column))
        if key not in self._texts_of_defaults:
            self._texts_of_defaults[key] = self._default_words(column)
        return self._texts_of_defaults[key]

    def _default_words(self, column: Column[Any]) -> str | None:
        text = self.compiler.get_column_default_string(column)
        return None if text is None else self.normal_default(str(text), self.type_text(column))

    def computed(self, column: Column[Any]) -> ComputedFact | None:
        """The column's generating expression."""
        if not isinstance(column.computed, Computed):
            return None
        text = self.normal_condition(self.expression(column.computed.sqltext))
        return ComputedFact(text, self.persisted(column.computed))

    def persisted(self, computed: Computed) -> bool | None:
        """Whether a computed column is stored, None where the database has one kind."""
        return computed.persisted

    def identity(self, column: Column[Any]) -> IdentityFact | None:
        """The column's identity, with the options that the models set."""
        if not isinstance(column.identity, Identity) or not self.dialect.supports_identity_columns:
            return None
        return IdentityFact(bool(column.identity.always), identity_options(column.identity))

    def autoincrement(self, column: Column[Any]) -> bool:
        """Whether the database makes the column's values by itself (SERIAL, AUTO_INCREMENT)."""
        if not column.primary_key or column.server_default is not None:
            return False
        return column.identity is None and column is column.table.autoincrement_column

    def column_options(self, column: Column[Any]) -> Options:
        """What only this database knows about a column."""
        return ()

    # constraints and indexes

    def constraint_options(self, constraint: Constraint) -> Options:
        """What is particular about a primary key, unique, CHECK or EXCLUDE constraint."""
        if not constraint.deferrable and not constraint.initially:
            return ()
        return options_of(
            deferrable=constraint.deferrable, initially=initially(constraint.initially)
        )

    def condition(self, constraint: CheckConstraint) -> str:
        """A CHECK's condition."""
        return self.normal_condition(self.expression(constraint.sqltext))

    def action(self, action: str | None, constraint: ForeignKeyConstraint) -> str | None:
        """``ON UPDATE`` or ``ON DELETE``, None for what the database does anyway."""
        if action is None:
            return None
        word = action.upper()
        return None if word == "NO ACTION" else word

    def foreign_key_timing(self, constraint: ForeignKeyConstraint) -> ForeignKeyTiming:
        """When a foreign key is checked, and how it matches."""
        match = (constraint.match or "").upper()
        return ForeignKeyTiming(
            deferrable=bool(constraint.deferrable),
            initially=initially(constraint.initially),
            match=None if match in ("", "SIMPLE") else match,
        )

    def foreign_key_options(self, constraint: ForeignKeyConstraint) -> Options:
        """What only this database knows about a foreign key."""
        return ()

    def special_constraint(self, constraint: Constraint) -> ConstraintFact | None:
        """A constraint of a kind that only this database has, None to leave it out."""
        return None

    def elements(self, index: Index) -> tuple[str, ...]:
        """What an index is made of: column names, or expressions, with their order."""
        return tuple([self.element(index, expression) for expression in index.expressions])

    def element(self, index: Index, expression: Any) -> str:
        """One element of an index."""
        inner, words = without_order(expression)
        text = inner.name if isinstance(inner, Column) else self.expression(inner)
        if isinstance(inner, Column):
            text = self.stored_name(text)
        return " ".join([text, *words])

    def index_where(self, index: Index) -> str | None:
        """The condition of a partial index."""
        return None

    def index_options(self, index: Index) -> Options:
        """What only this database knows about an index."""
        return ()

    # tables and the rest

    def comment(self, text: str | None) -> str | None:
        """A comment; the empty one is none."""
        return (text or None) if self.dialect.supports_comments else None

    def table_options(self, table: Table) -> Options:
        """What only this database knows about a table."""
        return ()

    def enums(self, tables: Iterable[tuple[TableKey, Table]]) -> tuple[EnumFact, ...]:
        """The native enumerated types that the models use."""
        return ()

    def sequences(self, metadatas: Sequence[MetaData]) -> tuple[SequenceFact, ...]:
        """The sequences that the models name."""
        return ()


class StandardWords(Words):
    """What models say to a database about which nothing but standard SQL is known."""

    def autoincrement(self, column: Column[Any]) -> bool:
        """Nobody can say how such a database numbers its rows, so it is not compared."""
        return False


def _longest_unchanged(dialect: Dialect, preparer: object) -> int:
    """How long a name may be of which is known that SQLAlchemy writes it as it is.

    Nothing is known of dialects that treat names in a way of their own.
    """
    plain = (
        type(preparer).format_constraint is IdentifierPreparer.format_constraint  # type: ignore[attr-defined]  # of a preparer
        and type(dialect).validate_identifier is DefaultDialect.validate_identifier
    )
    longest = (
        dialect.max_identifier_length,
        dialect.max_index_name_length,
        dialect.max_constraint_name_length,
    )
    return min(filter(None, longest)) if plain else 0
