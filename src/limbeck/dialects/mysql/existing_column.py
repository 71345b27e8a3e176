"""One column, or one constraint, as the catalogue has it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import text

from limbeck.dialects.mysql.ddl import CatalogueText, ColumnDefinition
from limbeck.dialects.mysql.exact_defaults import text_of_table, with_exact_defaults
from limbeck.dialects.mysql.exact_values import with_exact_values
from limbeck.dialects.mysql.features import is_mariadb, lists_column_checks
from limbeck.dialects.mysql.show_create import read_table
from limbeck.dialects.standard.own_statements import ABOUT_TABLE
from limbeck.dialects.text import plain_dialect

if TYPE_CHECKING:
    from sqlalchemy import Connection, TextClause

_COLUMN = text(
    "SELECT c.column_type, c.is_nullable, c.column_default, c.extra, c.column_comment, "
    "c.character_set_name, c.collation_name, c.generation_expression, t.table_collation "
    "FROM information_schema.columns c JOIN information_schema.tables t "
    "ON t.table_schema = c.table_schema AND t.table_name = c.table_name "
    "WHERE c.table_schema = COALESCE(:schema, DATABASE()) AND c.table_name = :table "
    "AND c.column_name = :column"
)
_CHECK = text(
    "SELECT check_clause FROM information_schema.check_constraints "
    "WHERE constraint_schema = COALESCE(:schema, DATABASE()) AND table_name = :table "
    "AND constraint_name = :column AND level = 'Column'"
)
_KINDS = text(
    "SELECT constraint_type FROM information_schema.table_constraints "
    "WHERE table_schema = COALESCE(:schema, DATABASE()) AND table_name = :table "
    "AND constraint_name = :name"
)
_INDEX = text(
    "SELECT COUNT(*) FROM information_schema.statistics "
    "WHERE table_schema = COALESCE(:schema, DATABASE()) AND table_name = :table "
    "AND index_name = :name"
)
_ON_UPDATE = re.compile(r"on update (current_timestamp(?:\(\d*\))?)", re.IGNORECASE)

KINDS = {
    "FOREIGN KEY": "foreignkey",
    "PRIMARY KEY": "primary",
    "UNIQUE": "unique",
    "CHECK": "check",
}


def column_definition(
    connection: Connection, table: str, column: str, schema: str | None
) -> ColumnDefinition | None:
    """The whole definition of a column, None where there is no such column."""
    address = {"table": table, "column": column, "schema": schema}
    found = _answer(connection, _COLUMN, address).one_or_none()
    if found is None:
        return None
    type_, nullable, default, extra, comment, charset, collation, expression, own = found
    check = _own_check(connection, address)
    if any("?" in (text or "") for text in (type_, default, expression, check)):
        type_, default, expression, check = _exact(
            connection, address, _Texts(type_, default, expression, check)
        )
    on_update = _ON_UPDATE.search(extra)
    suffixes = ["INVISIBLE" if "invisible" in extra.lower() else ""]
    suffixes.append(f"CHECK ({check})" if check else "")
    return ColumnDefinition(
        type_=str(type_),
        nullable=nullable == "YES",
        autoincrement="auto_increment" in extra.lower(),
        default=_default(connection, default, extra),
        on_update=f"ON UPDATE {on_update.group(1)}" if on_update else "",
        comment=comment or None,
        type_suffix=(
            f"CHARACTER SET {charset} COLLATE {collation}"
            if collation is not None and collation != own
            else ""
        ),
        generated=_generated(expression, extra),
        suffix=" ".join(suffix for suffix in suffixes if suffix),
    )


def _answer(connection: Connection, question: TextClause, address: dict[str, Any]) -> Any:
    """What the catalogue says of a part of a table, which the table's definition says as well."""
    options = {} if address["schema"] else {ABOUT_TABLE: address["table"]}
    return connection.execute(question, address, execution_options=options)


class _Texts(NamedTuple):
    """What a column says in words that may have question marks for other letters."""

    type: str
    default: str | None
    expression: str | None
    check: str | None


def _exact(connection: Connection, address: dict[str, Any], texts: _Texts) -> _Texts:
    """The texts with what ``information_schema`` has question marks for."""
    if not is_mariadb(connection.dialect):
        return texts
    quote = plain_dialect(connection.dialect).identifier_preparer.quote
    schema, table = address["schema"] or "", address["table"]
    lead = f"{quote(schema)}." if schema else ""
    read = read_table(text_of_table(connection, lead + quote(table)))
    name = address["column"].lower()
    wanted = [row for row in read.columns if row.name.lower() == name]
    if not wanted:
        return texts
    exact = with_exact_defaults(connection, schema, table, wanted)
    values = with_exact_values(connection, schema, table, [replace(wanted[0], type=texts.type)])
    checks = [row.condition for row in read.checks if (row.column or "").lower() == name]
    return _Texts(
        values[0].type,
        exact[0].default if texts.default else None,
        exact[0].generated if texts.expression else None,
        checks[0] if texts.check and checks else texts.check,
    )


def _default(connection: Connection, default: Any, extra: str) -> CatalogueText | bool:
    """The default as SQL: MariaDB keeps it so, MySQL keeps a literal without its quotes."""
    if default is None or str(default).upper() == "NULL":
        return False
    words = str(default)
    if is_mariadb(connection.dialect) or re.match(r"[bx]'", words):
        return CatalogueText(words)
    if "default_generated" in extra.lower():
        plain = words.lower().startswith("current_timestamp")
        return CatalogueText(words if plain else f"({words})")
    escaped = words.replace("\\", "\\\\").replace("'", "''")
    return CatalogueText(f"'{escaped}'")


def _generated(expression: str | None, extra: str) -> str:
    if not expression:
        return ""
    kind = "VIRTUAL" if "virtual" in extra.lower() else "STORED"
    return f"GENERATED ALWAYS AS ({expression}) {kind}"


def _own_check(connection: Connection, address: dict[str, Any]) -> str | None:
    """The condition of a CHECK that belongs to the column alone, which only MariaDB has.

    MySQL makes every CHECK one of the table, where MODIFY leaves it alone.
    """
    if not lists_column_checks(connection.dialect):
        return None
    clause: str | None = _answer(connection, _CHECK, address).scalar()
    return clause


def constraint_kind(
    connection: Connection, table: str, name: str, schema: str | None
) -> str | None:
    """The kind of a constraint, None where there is none of this name or more than one."""
    found = _answer(connection, _KINDS, {"table": table, "name": name, "schema": schema})
    kinds = [KINDS[row[0].upper()] for row in found if row[0].upper() in KINDS]
    return kinds[0] if len(kinds) == 1 else None


def index_exists(connection: Connection, table: str, name: str, schema: str | None) -> bool:
    """True where the table has an index of this name."""
    address = {"table": table, "name": name, "schema": schema}
    return bool(_answer(connection, _INDEX, address).scalar())
