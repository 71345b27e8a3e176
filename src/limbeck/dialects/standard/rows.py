"""Rows to insert: at once where they are sent to a database, one by one on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ClauseElement, Executable, insert

from limbeck.dialects.standard.literals import literal_value

if TYPE_CHECKING:
    from sqlalchemy import Connection, CursorResult, Dialect, Table
    from sqlalchemy.engine.interfaces import Compiled
    from sqlalchemy.sql import Insert
    from sqlalchemy.sql.expression import TableClause

    from limbeck.dialects.backend import EmitTarget
    from limbeck.operations.ops import BulkInsertOp


class InsertRows(Executable, ClauseElement):
    """One INSERT with many rows as its parameters, so that the driver sends them at once.

    :param statement: the INSERT without values.
    :param rows: a mapping of column names to values for each row.
    """

    inherit_cache = False

    def __init__(self, statement: Insert, rows: Sequence[Mapping[str, Any]]) -> None:
        self.statement = statement
        self.rows = rows

    def compile(self, *args: Any, **kw: Any) -> Compiled:
        """The INSERT of one row into all columns, its values as parameters."""
        return self.statement.compile(*args, **kw)

    def _execute_on_connection(
        self, connection: Connection, distilled_params: object, execution_options: Any
    ) -> CursorResult[Any]:
        # Connection.execute() asks its statement to run itself; the statement knows its rows.
        return connection.execute(
            self.statement, [dict(row) for row in self.rows], execution_options=execution_options
        )


def insert_statements(op: BulkInsertOp, target: EmitTarget) -> Iterator[Executable]:
    """The statements that insert the rows.

    :raises TypeError: the rows are not a sequence of mappings.
    """
    if not isinstance(op.rows, Sequence):
        raise TypeError("List expected")
    if op.rows and not all(isinstance(row, Mapping) for row in op.rows):
        raise TypeError("List of dictionaries expected")
    if not op.rows:
        return
    plain = not any(isinstance(v, ClauseElement) for row in op.rows for v in row.values())
    if op.multiinsert and plain and not target.as_sql:
        yield InsertRows(insert(op.table).inline(), op.rows)
        return
    for row in op.rows:
        values = _on_paper(op.table, row, target.dialect) if target.as_sql else dict(row)
        yield insert(op.table).values(values).inline()


def _on_paper(
    table: Table | TableClause, row: Mapping[str, Any], dialect: Dialect
) -> dict[str, Any]:
    """A row's values in a form that can be written into the text of a statement."""
    return {
        key: literal_value(value, table.c[key].type, dialect) if key in table.c else value
        for key, value in row.items()
    }
