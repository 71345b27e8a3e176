"""What SQLite says of a statement that may have been interrupted."""

from __future__ import annotations

from typing import Any

from limbeck.dialects.standard.recovery import Recovery, first_word, text_in


class SqliteRecovery(Recovery):
    """The answers of SQLite, where all but VACUUM runs in a transaction."""

    keeps_journal = True

    def is_table_there(self, schema: str | None) -> str:
        from limbeck.dialects.sqlite.sql_tokens import quoted  # nobody else needs its expressions

        catalogue = f"{quoted(schema or 'main')}.sqlite_master"
        return f"EXISTS (SELECT 1 FROM {catalogue} WHERE type = 'table' AND name = :name)"

    def needs_own_step(
        self, statement: Any, version: tuple[int, ...] | None, *, splits: bool = False
    ) -> bool:
        # https://www.sqlite.org/lang_vacuum.html
        sql = text_in(statement)
        return sql is not None and first_word(sql) == "VACUUM"

    def wraps(self, sql: str) -> bool:
        return first_word(sql) != "VACUUM"

    def is_repeatable(self, sql: str) -> bool:
        return first_word(sql) == "VACUUM"
