"""What MySQL and MariaDB say in their own way.

https://dev.mysql.com/doc/refman/8.4/en/alter-table.html, https://mariadb.com/kb/en/alter-table/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.compiler import compiles

from limbeck.ddl.base import AlterTable, ColumnDefault
from limbeck.ddl.verbatim import for_driver
from limbeck.ddl.words import (
    alter_column,
    alter_table,
    default_text,
    literal_string,
    quoted,
    type_text,
)
from limbeck.value import Value

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import DDLCompiler
    from sqlalchemy.types import TypeEngine


class ColumnDefinition(Value):
    """All that ``MODIFY`` and ``CHANGE`` have to say again, or the column loses it.

    :param type_: the type, or its text where it comes from the catalogue.
    :param type_suffix: character set and collation.
    :param default: a server default, False where there is none; its text from the catalogue.
    :param generated: ``GENERATED ALWAYS AS (…) STORED``, for a generated column.
    :param suffix: what follows the comment: ``INVISIBLE``, a column's own CHECK.
    """

    type_: TypeEngine[Any] | str
    nullable: bool
    autoincrement: bool = False
    default: Any = False
    on_update: str = ""
    comment: str | None = None
    type_suffix: str = ""
    generated: str = ""
    suffix: str = ""


class CatalogueText(Value):
    """SQL text that the database itself gave."""

    words: str


class ChangeColumn(AlterTable):
    """``MODIFY c …``, or ``CHANGE c d …``.

    :param newname: the new name; None says MODIFY.
    """

    def __init__(
        self,
        name: str,
        column_name: str,
        definition: ColumnDefinition,
        newname: str | None = None,
        schema: str | None = None,
    ) -> None:
        super().__init__(name, schema=schema)
        self.column_name = column_name
        self.definition = definition
        self.newname = newname


class AlterDefault(ColumnDefault):
    """``ALTER COLUMN c SET DEFAULT …``, where an expression stands in parentheses."""


class RenameColumn(AlterTable):
    """``RENAME COLUMN old TO new``, which carries the new name into CHECKs and expressions."""

    def __init__(self, name: str, column_name: str, newname: str, schema: str | None) -> None:
        super().__init__(name, schema=schema)
        self.column_name = column_name
        self.newname = newname


class DropIfExists(AlterTable):
    """``DROP FOREIGN KEY IF EXISTS c`` and its like, which MariaDB knows.

    :param kind: ``FOREIGN KEY``, ``INDEX``, ``CONSTRAINT``.
    """

    def __init__(self, name: str, kind: str, constraint: str, schema: str | None = None) -> None:
        super().__init__(name, schema=schema)
        self.kind = kind
        self.constraint = constraint


@compiles(ChangeColumn)
def _change_column(element: ChangeColumn, compiler: DDLCompiler, **kw: Any) -> str:
    words = definition_text(compiler, element.definition)
    name = quoted(compiler, element.column_name)
    if element.newname is None:
        return f"{alter_table(compiler, element)} MODIFY {name} {words}"
    newname = quoted(compiler, element.newname)
    return f"{alter_table(compiler, element)} CHANGE {name} {newname} {words}"


@compiles(AlterDefault)
def _alter_default(element: AlterDefault, compiler: DDLCompiler, **kw: Any) -> str:
    if element.default is None:
        return f"{alter_column(compiler, element)} DROP DEFAULT"
    words = default_text(compiler, element.default) or "NULL"
    if not is_literal(words):
        words = f"({words})"
    return f"{alter_column(compiler, element)} SET DEFAULT {words}"


@compiles(RenameColumn)
def _rename_column(element: RenameColumn, compiler: DDLCompiler, **kw: Any) -> str:
    before, after = quoted(compiler, element.column_name), quoted(compiler, element.newname)
    return f"{alter_table(compiler, element)} RENAME COLUMN {before} TO {after}"


@compiles(DropIfExists)
def _drop_if_exists(element: DropIfExists, compiler: DDLCompiler, **kw: Any) -> str:
    name = quoted(compiler, element.constraint)
    return f"{alter_table(compiler, element)} DROP {element.kind} IF EXISTS {name}"


_LITERAL = re.compile(
    r"""\(.*\) | [+-]?[\d.]+(?:e[+-]?\d+)? | [bxn]?'(?:[^']|'')*' | null | true | false""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


def is_literal(words: str) -> bool:
    """True for a default that may stand without parentheses everywhere."""
    return _LITERAL.fullmatch(words.strip()) is not None


def definition_text(compiler: DDLCompiler, definition: ColumnDefinition) -> str:
    """A column's definition in the order in which both databases take it."""

    def own(words: str) -> str:
        return for_driver(compiler, words)

    type_ = definition.type_
    words = [own(type_) if isinstance(type_, str) else type_text(compiler, type_)]
    words.append(definition.type_suffix)
    words.append(own(definition.generated))
    if not definition.generated:
        words.append("NULL" if definition.nullable else "NOT NULL")
    if definition.autoincrement:
        words.append("AUTO_INCREMENT")
    has_default = definition.default is not None and definition.default is not False
    if has_default and not definition.generated:
        words.append(f"DEFAULT {_default(compiler, definition.default)}")
    words.append(definition.on_update)
    if definition.comment:
        words.append(f"COMMENT {literal_string(compiler, definition.comment)}")
    words.append(own(definition.suffix))
    return " ".join(word for word in words if word)


def _default(compiler: DDLCompiler, default: Any) -> str:
    if isinstance(default, CatalogueText):
        return for_driver(compiler, default.words)
    words = default_text(compiler, default) or "NULL"
    plain = is_literal(words) or _CALL.fullmatch(words.strip()) or _ON_UPDATE.search(words)
    return words if plain else f"({words})"


_CALL = re.compile(r"\w+(?:\s*\([^()]*\))?")
_ON_UPDATE = re.compile(r"\bon\s+update\b", re.IGNORECASE)
