"""How MySQL and MariaDB spell what models say."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column
from sqlalchemy.sql.elements import TextClause

from limbeck.dialects.mysql.sql_tokens import canonical
from limbeck.dialects.mysql.table_options import model_options
from limbeck.dialects.mysql.types import canonical_default, canonical_type
from limbeck.dialects.standard.describe import describe_with
from limbeck.dialects.standard.item_words import has_keywords, options_of, without_order
from limbeck.dialects.standard.normalise import Words
from limbeck.facts.objects import ForeignKeyFact, TableFact, TableKey, in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Dialect, ForeignKeyConstraint, Index, MetaData, Table
    from sqlalchemy.schema import Computed, Constraint

    from limbeck.facts.objects import Options, SchemaFact
    from limbeck.facts.scope import Scope

_FOUR_BYTES = re.compile(r"[^\u0000-\uffff]")
_ORDERED = re.compile(r"(.*?)\s+(asc|desc)", re.IGNORECASE | re.DOTALL)


def describe(metadatas: Sequence[MetaData], dialect: Dialect, scope: Scope) -> SchemaFact:
    """The models in the server's words, as far as they are known without asking it.

    :raises ConfigurationError: the models contradict themselves.
    """
    schema = describe_with(MysqlWords(dialect, scope), metadatas)
    return replace(schema, tables=tuple(as_stored(table, dialect) for table in schema.tables))


def as_stored(table: TableFact, dialect: Dialect) -> TableFact:
    """A table of the models, in lower case where the server keeps names of tables so.

    ``lower_case_table_names = 1``, usual on Windows: https://mariadb.com/kb/en/identifier-case-sensitivity/.
    SQLAlchemy asks for it when it first connects.
    """
    if getattr(dialect, "_casing", 0) != 1:
        return table
    constraints = (
        replace(c, referred=_lowered(c.referred)) if isinstance(c, ForeignKeyFact) else c
        for c in table.constraints
    )
    return replace(table, key=_lowered(table.key), constraints=in_order(constraints))


def _lowered(key: TableKey) -> TableKey:
    return TableKey(key.schema.lower(), key.name.lower())


class MysqlWords(Words):
    """What models say, as MySQL and MariaDB keep it."""

    def normal_type(self, text: str) -> str:
        return canonical_type(text)

    def _type_words(self, column: Column[Any]) -> str:
        kinds = self.dialect.type_compiler_instance
        return str(kinds.process(column.type, type_expression=column))

    def normal_default(self, text: str, type_text: str) -> str | None:
        return canonical_default(text, type_text)

    def normal_condition(self, text: str) -> str:
        return canonical(text)

    def collation(self, column: Column[Any]) -> str | None:
        """The collation that the models ask for, or the character set followed by ``_``.

        Which collation a character set brings along only the server knows, so such a text differs
        from every one that is stored and goes to scratch.
        """
        chosen = getattr(column.type, "collation", None)
        charset = getattr(column.type, "charset", None)
        if chosen is not None:
            return str(chosen).lower()
        if charset is not None:
            return f"{charset}_".lower()
        if getattr(column.type, "binary", False):
            return "_bin"
        return None

    def comment(self, text: str | None) -> str | None:
        """A comment as MariaDB keeps it: its metadata has no characters of four bytes.

        https://mariadb.com/kb/en/information-schema-columns-table/: its columns are utf8mb3, and
        what that has not is kept as a question mark.
        """
        found = super().comment(text)
        if found is None or not getattr(self.dialect, "is_mariadb", False):
            return found
        return _FOUR_BYTES.sub("?", found)

    def persisted(self, computed: Computed) -> bool | None:
        return bool(computed.persisted)

    def primary_key_name(self, constraint: Constraint) -> str | None:
        """None: every primary key is called PRIMARY."""
        return None

    def constraint_options(self, constraint: Constraint) -> Options:
        return ()

    def action(self, action: str | None, constraint: ForeignKeyConstraint) -> str | None:
        """RESTRICT is what NO ACTION means: https://mariadb.com/kb/en/foreign-keys/."""
        return normal_action(action)

    def index_options(self, index: Index) -> Options:
        prefix = self.index_option(index, "prefix")
        return index_options(self.dialect.name, None if prefix is None else str(prefix))

    def table_options(self, table: Table) -> Options:
        if not has_keywords(table):
            return ()
        return model_options(self.dialect.name, table.kwargs)

    def index_option(self, index: Index, name: str) -> Any:
        """What a keyword of an index says; SQLAlchemy ignores those of the sibling dialect."""
        if not has_keywords(index):
            return None
        return index.dialect_options[self.dialect.name].get(name)

    def element(self, index: Index, expression: Any) -> str:
        inner, words = without_order(expression)
        if isinstance(inner, Column):
            return " ".join([self.stored_name(inner.name) + self._length(index, inner), *words])
        text = inner.text if isinstance(inner, TextClause) else self.expression(inner)
        ordered = _ORDERED.fullmatch(text)
        if ordered is not None and not words:
            text = ordered.group(1)
            words = ["DESC"] if ordered.group(2).lower() == "desc" else []
        return " ".join([canonical(text), *words])

    def _length(self, index: Index, column: Column[Any]) -> str:
        length = self.index_option(index, "length")
        if isinstance(length, dict):
            length = length.get(column.name, length.get(column.key))
        return "" if length is None else f"({length})"


def normal_action(action: str | None) -> str | None:
    """A foreign key's action, None for the refusal that is there anyway."""
    word = None if action is None else action.upper()
    return None if word in ("NO ACTION", "RESTRICT") else word


def index_options(dialect: str, prefix: str | None) -> Options:
    """What is particular about an index: FULLTEXT or SPATIAL."""
    if prefix is None:
        return ()
    return options_of(**{f"{dialect}_prefix": prefix.upper() if prefix else None})
