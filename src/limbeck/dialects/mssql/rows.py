"""Rows on paper: a column that numbers its rows takes a value only while it is told to.

On a connection SQLAlchemy tells it by itself.

https://learn.microsoft.com/sql/t-sql/statements/set-identity-insert-transact-sql
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, Numeric, Table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import DDLElement
from sqlalchemy.types import NullType

from limbeck.dialects.mssql.names import Place, string
from limbeck.dialects.standard.rows import insert_statements
from limbeck.value import Value

if TYPE_CHECKING:
    from sqlalchemy import Executable
    from sqlalchemy.sql.compiler import DDLCompiler
    from sqlalchemy.sql.expression import TableClause

    from limbeck.dialects.backend import EmitTarget
    from limbeck.operations.ops import BulkInsertOp


class IdentityInsert(DDLElement):
    """``SET IDENTITY_INSERT t ON``, or ``OFF``.

    :param table: the table.
    :param guesses: columns of which one may be the identity: where none is, the statement would
        fail, so it is not said. None where it is known that there is one.
    """

    inherit_cache = False

    def __init__(self, table: TableClause, on: bool, guesses: tuple[str, ...] | None) -> None:
        self.table = table
        self.on = on
        self.guesses = guesses


@compiles(IdentityInsert)
def _identity_insert(element: IdentityInsert, compiler: DDLCompiler, **kw: Any) -> str:
    # A table of sa.table() has a name and a schema as any other.
    table: Any = element.table
    name = compiler.preparer.format_table(table)
    statement = f"SET IDENTITY_INSERT {name} {'ON' if element.on else 'OFF'}"
    if element.guesses is None:
        return statement
    view = Place.of(table.schema).view(compiler, "identity_columns")
    columns = ", ".join(string(compiler, guess) for guess in element.guesses)
    return (
        f"IF EXISTS (SELECT 1 FROM {view} WHERE object_id = OBJECT_ID({string(compiler, name)}) "
        f"AND name IN ({columns}))\n{statement}"
    )


class Numbering(Value):
    """What is known of the column that numbers a table's rows.

    :param identity: its key, None where there is none or nobody knows.
    :param guesses: the keys of the columns that may be it.
    """

    identity: str | None
    guesses: tuple[str, ...] = ()

    @classmethod
    def of(cls, table: TableClause) -> Numbering:
        """What a table says of itself; one of ``sa.table()`` says little."""
        if isinstance(table, Table):
            named = next((c for c in table.c if c.identity is not None), table.autoincrement_column)
            return cls(None if named is None else named.key)
        exact = (Integer, Numeric, NullType)
        guesses = tuple(str(c.key) for c in table.c if isinstance(c.type, exact))
        # What everybody calls the column that SQLAlchemy makes the identity.
        known = "id" if "id" in table.c and isinstance(table.c["id"].type, Integer) else None
        return cls(known, guesses)

    def given_by(self, row: Mapping[str, Any]) -> tuple[bool, tuple[str, ...]]:
        """Whether a row says the number, and the columns by which it may say it."""
        if self.identity in row:
            return True, ()
        return False, tuple(key for key in self.guesses if key in row)


def insert_on_paper(op: BulkInsertOp, target: EmitTarget) -> Iterator[Executable]:
    """Each row's INSERT, with a switch around those that say the number themselves."""
    numbering = Numbering.of(op.table)
    statements = zip(insert_statements(op, target), op.rows, strict=True)
    for (given, guesses), group in groupby(statements, lambda pair: numbering.given_by(pair[1])):
        switched = given or bool(guesses)
        if switched:
            yield IdentityInsert(op.table, True, None if given else guesses)
        yield from (statement for statement, _ in group)
        if switched:
            yield IdentityInsert(op.table, False, None if given else guesses)
