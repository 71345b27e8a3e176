"""Rows, and statements in the user's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from limbeck.operations.ops.base import MigrateOperation, expression_words

if TYPE_CHECKING:
    from sqlalchemy import Executable, Table
    from sqlalchemy.sql.expression import TableClause


class BulkInsertOp(MigrateOperation):
    """Insert rows into a table.

    :param rows: a mapping of column names to values for each row.
    :param multiinsert: insert all rows by one statement; False where rows differ in their columns
        or hold SQL expressions.
    """

    def __init__(
        self,
        table: Table | TableClause,
        rows: Sequence[Mapping[str, Any]],
        *,
        multiinsert: bool = True,
    ) -> None:
        self.table = table
        self.rows = rows
        self.multiinsert = multiinsert

    def describe(self) -> str:
        count = "1 row" if len(self.rows) == 1 else f"{len(self.rows)} rows"
        return f"insert {count} into {self.table}"


class ExecuteSQLOp(MigrateOperation):
    """Run a statement.

    :param sqltext: SQL text, or any SQLAlchemy statement.
    :param execution_options: for this statement alone.
    """

    def __init__(
        self,
        sqltext: Executable | str,
        *,
        execution_options: dict[str, Any] | None = None,
    ) -> None:
        self.sqltext = sqltext
        self.execution_options = execution_options

    def to_diff_tuple(self) -> tuple[str, Executable | str]:
        return ("execute", self.sqltext)

    def describe(self) -> str:
        words = " ".join(expression_words(self.sqltext).split())
        return f"execute {words if len(words) <= 72 else words[:71] + '…'}"
