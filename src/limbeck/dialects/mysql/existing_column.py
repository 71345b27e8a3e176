"""One column, or one constraint, as the catalogue has it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from limbeck.dialects.mysql.ddl import CatalogueText, ColumnDefinition
from limbeck.dialects.mysql.exact_defaults import text_of_table, with_exact_defaults
from limbeck.dialects.mysql.features import is_mariadb, lists_column_checks
from limbeck.dialects.mysql.show_create import read_table
from limbeck.dialects.text import plain_dialect

if TYPE_CHECKING:
    from sqlalchemy import Connection

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
    found = connection.execute(_COLUMN, address).one_or_none()
    if found is None:
        return None
    type_, nullable, default, extra, comment, charset, collation, expression, own = found
    on_update = _ON_UPDATE.search(extra)
    suffixes = ["INVISIBLE" if "invisible" in extra.lower() else ""]
    suffixes.append(_own_check(connection, address))
    return ColumnDefinition(
        type_=str(type_),
        nullable=nullable == "YES",
        autoincrement="auto_increment" in extra.lower(),
        default=_default(connection, _exact(connection, address, default), extra),
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


def _exact(connection: Connection, address: dict[str, Any], default: str | None) -> str | None:
    """A default with what ``information_schema`` has question marks for."""
    if not default or "?" not in default or not is_mariadb(connection.dialect):
        return default
    quote = plain_dialect(connection.dialect).identifier_preparer.quote
    schema, table = address["schema"] or "", address["table"]
    lead = f"{quote(schema)}." if schema else ""
    read = read_table(text_of_table(connection, lead + quote(table)))
    wanted = [row for row in read.columns if row.name.lower() == address["column"].lower()]
    exact = with_exact_defaults(connection, schema, table, wanted)
    return exact[0].default if exact else default


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


def _own_check(connection: Connection, address: dict[str, Any]) -> str:
    """A CHECK that belongs to the column alone, which only MariaDB has.

    MySQL makes every CHECK one of the table, where MODIFY leaves it alone.
    """
    if not lists_column_checks(connection.dialect):
        return ""
    clause = connection.execute(_CHECK, address).scalar()
    return f"CHECK ({clause})" if clause else ""


def constraint_kind(
    connection: Connection, table: str, name: str, schema: str | None
) -> str | None:
    """The kind of a constraint, None where there is none of this name or more than one."""
    found = connection.execute(_KINDS, {"table": table, "name": name, "schema": schema})
    kinds = [KINDS[row[0].upper()] for row in found if row[0].upper() in KINDS]
    return kinds[0] if len(kinds) == 1 else None


def index_exists(connection: Connection, table: str, name: str, schema: str | None) -> bool:
    """True where the table has an index of this name."""
    address = {"table": table, "name": name, "schema": schema}
    return bool(connection.execute(_INDEX, address).scalar())
