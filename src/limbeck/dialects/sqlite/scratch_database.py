"""Scratch databases of SQLite are files, which need no server: here is what is in one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from limbeck.dialects.standard.scratch_database import ScratchDatabases, loose_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterator

    from sqlalchemy import Connection

_ATTACH = re.compile(r"\s*(?:ATTACH|VACUUM\s+INTO)\b", re.IGNORECASE)


class SqliteScratchDatabases(ScratchDatabases):
    """SQLite."""

    def identity(self, connection: Connection) -> Hashable | None:
        """The file; one that is only in memory is told from others by nothing."""
        # https://www.sqlite.org/pragma.html#pragma_database_list
        for _, name, file in connection.exec_driver_sql("PRAGMA database_list"):
            if name == "main" and file:
                return str(Path(file).resolve())
        return None

    def contents(self, scratch: Connection) -> tuple[str, ...]:
        return tuple(name for _, name in _objects(scratch))

    def clear(self, scratch: Connection) -> None:
        scratch.exec_driver_sql("PRAGMA foreign_keys=OFF")
        quote = scratch.dialect.identifier_preparer.quote_identifier
        for kind in ("trigger", "view", "table"):
            for found, name in _objects(scratch):
                if found == kind:
                    scratch.exec_driver_sql(f"DROP {kind} {quote(name)}")

    def surroundings(self, scratch: Connection) -> tuple[str, ...]:
        rows = scratch.execute(
            text("SELECT type, name, sql FROM sqlite_master WHERE type IN ('view', 'trigger')")
        )
        found = [f"{kind} {name}: {' '.join(sql.split())}" for kind, name, sql in rows]
        return tuple(sorted([*found, *_loose_keys(scratch)]))

    def statements(
        self, scratch: Connection, left_out: Collection[tuple[str | None, str]]
    ) -> tuple[str, ...] | None:
        names = {name for _, name in left_out}
        # in the order of their making; an index that a constraint brings along has no text
        rows = scratch.execute(
            text(
                "SELECT tbl_name, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
            )
        )
        return tuple(
            sql
            for table, name, sql in rows
            if table not in names and not name.startswith("sqlite_")
        )

    def trespass(self, scratch: Connection) -> Callable[[str], str | None]:
        def reason(statement: str) -> str | None:
            if _ATTACH.match(statement):
                return "a revision attaches other database files"
            return None

        return reason


def _loose_keys(scratch: Connection) -> Iterator[str]:
    """The columns of primary keys that may be NULL, which no comparison takes for a difference.

    An INTEGER PRIMARY KEY is never NULL: https://www.sqlite.org/lang_createtable.html#rowid
    """
    quote = scratch.dialect.identifier_preparer.quote_identifier
    for kind, table in _objects(scratch):
        if kind != "table":
            continue
        # https://www.sqlite.org/pragma.html#pragma_table_info
        columns = scratch.exec_driver_sql(f"PRAGMA table_info({quote(table)})").all()
        keys = [column for column in columns if column.pk]
        if len(keys) == 1 and keys[0].type.upper() == "INTEGER":
            continue
        for column in keys:
            if not column.notnull:
                yield loose_key(table, column.name)


def _objects(scratch: Connection) -> list[tuple[str, str]]:
    # names that begin with sqlite_ are SQLite's own: https://www.sqlite.org/fileformat2.html
    rows = scratch.execute(
        text(
            "SELECT type, name FROM sqlite_master WHERE type <> 'index' "
            "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
        )
    )
    return [(kind, name) for kind, name in rows]
