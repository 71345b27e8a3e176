"""Model tables in PostgreSQL's own words.

Each table is created as a temporary one, without its foreign keys, inside of a savepoint that is
rolled back, and read back by the same queries as the real ones. All tables of a batch are created
by one ``DO`` statement, in which each has an exception block of its own, so one that cannot be
built (a function that does not exist yet) takes no other along, and no driver has to know how to
send several statements at once.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, exc, text
from sqlalchemy.schema import CreateIndex

from limbeck.dialects.postgresql.catalogue import Catalogue
from limbeck.dialects.postgresql.normalise import PostgresqlWords
from limbeck.dialects.postgresql.reflect import read_tables
from limbeck.dialects.postgresql.scratch_types import (
    ScratchType,
    on_scratch_spelled,
    really_spelled,
    types_for,
)
from limbeck.dialects.postgresql.table_options import PARTITION
from limbeck.dialects.standard.describe import describe_table
from limbeck.dialects.standard.scratch import ScratchImpossible
from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
    ConstraintFact,
    ExcludeFact,
    IndexFact,
    TableFact,
    in_order,
    indexes_in_order,
)

if TYPE_CHECKING:
    from sqlalchemy import Column, Connection, Table

    from limbeck.facts.scope import Scope

PREFIX = "limbeck_scratch_"
"""What the names of everything on scratch begin with."""
SETTING = "limbeck.scratch_failures"
_BATCH = 250
"""Tables a savepoint: each holds a few of the server's ``max_locks_per_transaction``."""

_NEVER = {"25006": "the database is read-only", "42501": "no right to create temporary tables"}
"""SQLSTATEs that are not one table's fault:
https://www.postgresql.org/docs/current/errcodes-appendix.html"""


def on_scratch(
    connection: Connection, tables: Sequence[Table], scope: Scope
) -> tuple[TableFact, ...]:
    """``tables`` as PostgreSQL would say them; those that cannot be built are left out.

    :raises ScratchImpossible: no temporary table can be created here.
    """
    words = PostgresqlWords(connection.dialect, scope)
    types = types_for(connection, tables, words)
    drafts = [_Drafter(words, types).draft(n, table) for n, table in enumerate(tables)]
    found: list[TableFact] = []
    for first in range(0, len(drafts), _BATCH):
        found += _build_and_read(connection, drafts[first : first + _BATCH], types, words)
    return tuple(found)


@dataclass
class _Draft:
    """One table on scratch: its statements, and what its parts are called there."""

    name: str
    described: TableFact
    statements: list[str] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    """From the identity of a model's constraint or index to its name on scratch."""


class _Drafter:
    """Writes the statements that build model tables on scratch.

    :param types: what is made on scratch for them.
    """

    def __init__(self, words: PostgresqlWords, types: Sequence[ScratchType]) -> None:
        self._words = words
        self._types = types
        self._quote = words.dialect.identifier_preparer.quote

    def draft(self, number: int, table: Table) -> _Draft:
        """The draft of one table."""
        draft = _Draft(f"{PREFIX}{number}", describe_table(self._words, table))
        parts = [self._column(column) for column in table.columns if not column.system]
        for position, fact in enumerate(draft.described.constraints):
            if isinstance(fact, CheckFact | ExcludeFact):
                name = f"{draft.name}_c{position}"
                draft.names[id(fact.source)] = name
                parts.append(f"CONSTRAINT {name} {self._constraint(fact, table)}")
        inside = ", ".join(parts)
        key = dict(draft.described.options).get(PARTITION)
        end = f" PARTITION BY {key}" if key is not None else ""
        draft.statements.append(f"CREATE TEMPORARY TABLE {draft.name} ({inside}){end}")
        for position, index in enumerate(draft.described.indexes):
            if _is_plain(index):
                continue
            name = f"{draft.name}_i{position}"
            draft.names[id(index.source)] = name
            draft.statements.append(self._index(index, name, f"pg_temp.{draft.name}"))
        draft.statements[:] = [
            on_scratch_spelled(each, self._types, self._quote) for each in draft.statements
        ]
        return draft

    def _column(self, column: Column[Any]) -> str:
        if self._words.autoincrement(column):  # a plain number is the same, without a sequence
            return f"{self._quote(column.name)} {self._words.type_text(column)} NOT NULL"
        with warnings.catch_warnings():
            # What SQLAlchemy makes of a column is said when it is made for good, not here.
            warnings.simplefilter("ignore", exc.SAWarning)
            compiled: str = self._words.compiler.get_column_specification(column)
        return compiled

    def _constraint(self, fact: CheckFact | ExcludeFact, table: Table) -> str:
        if isinstance(fact.source, CheckConstraint):
            suffix = " NO INHERIT" if ("postgresql_no_inherit", "true") in fact.options else ""
            return f"CHECK ({self._words.expression(fact.source.sqltext)}){suffix}"
        assert isinstance(fact, ExcludeFact)
        # SQLAlchemy says the table in front of each column of the condition; here it is another.
        owner = self._words.dialect.identifier_preparer.format_table(table)
        return fact.definition.replace(owner + ".", "")

    def _index(self, fact: IndexFact, name: str, table: str) -> str:
        """``CREATE INDEX`` with the names on scratch in place of the model's."""
        preparer: Any = copy(self._words.dialect.identifier_preparer)
        preparer.format_table = lambda *_args, **_options: table
        preparer.format_index = lambda *_args, **_options: name
        compiler: Any = copy(self._words.compiler)
        compiler.preparer = preparer
        index: Any = fact.source
        created: str = compiler.process(CreateIndex(index))
        return re.sub(r"^(CREATE (?:UNIQUE )?INDEX) CONCURRENTLY ", r"\1 ", created)


def _is_plain(index: IndexFact) -> bool:
    """Whether text alone decides about an index: it has columns and nothing else."""
    source: Any = index.source
    names = {column.name for column in source.table.columns}
    return index.where is None and not index.options and names.issuperset(index.elements)


def _build_and_read(
    connection: Connection,
    drafts: Sequence[_Draft],
    types: Sequence[ScratchType],
    words: PostgresqlWords,
) -> list[TableFact]:
    with rolled_back(connection):
        connection.exec_driver_sql(_block(drafts, types, words), None, {"no_parameters": True})
        schema, failures = connection.execute(
            text(
                "SELECT (SELECT nspname FROM pg_namespace WHERE oid = pg_my_temp_schema()),"
                f" current_setting('{SETTING}', true)"
            )
        ).one()
        refuse_if_hopeless(failures or "", len(drafts))
        read = {t.key.name: t for t in read_tables(Catalogue(connection, [schema]), words)}
    return [
        _merged(draft, really_spelled(read[draft.name], types))
        for draft in drafts
        if draft.name in read
    ]


@contextmanager
def rolled_back(connection: Connection) -> Iterator[None]:
    """Undo what happens inside, in a transaction of the caller's or not.

    A connection in autocommit mode is in no transaction, whatever SQLAlchemy says; there, a
    setting that is local to the transaction is forgotten at once.
    """
    connection.execute(text(f"SELECT set_config('{SETTING}', 'kept', true)"))
    forgotten = text(f"SELECT current_setting('{SETTING}', true) IS DISTINCT FROM 'kept'")
    if connection.execute(forgotten).scalar_one():
        connection.exec_driver_sql("BEGIN")
        try:
            yield
        finally:
            connection.exec_driver_sql("ROLLBACK")
    else:
        savepoint = connection.begin_nested()
        try:
            yield
        finally:
            savepoint.rollback()


def _block(drafts: Sequence[_Draft], types: Sequence[ScratchType], words: PostgresqlWords) -> str:
    """The ``DO`` statement that builds everything and notes what cannot be built."""
    literal = words.dialect.identifier_preparer.quote
    parts = [f"PERFORM set_config('{SETTING}', '', true);"]
    parts += [attempt("", [each.create(literal)]) for each in types]
    parts += [attempt(draft.name, draft.statements) for draft in drafts]
    return dollar_quoted("DO ", "BEGIN\n" + "\n".join(parts) + "\nEND")


def attempt(name: str, statements: Sequence[str]) -> str:
    """Statements of which all or none are carried out, and whose failure is noted.

    :param name: what is noted; :data:`PREFIX` and whatever follows.
    """
    executes = "\n".join(dollar_quoted("EXECUTE ", s) + ";" for s in statements)
    return (
        f"BEGIN\n{executes}\nEXCEPTION WHEN OTHERS THEN\n"
        f"PERFORM set_config('{SETTING}', current_setting('{SETTING}')"
        f" || '{name} ' || SQLSTATE || ' ', true);\nEND;"
    )


def dollar_quoted(prefix: str, body: str) -> str:
    """``body`` in quotes of a kind that it does not contain."""
    number = 0
    while f"$q{number}$" in body:
        number += 1
    return f"{prefix}$q{number}${body}$q{number}$"


def refuse_if_hopeless(failures: str, tables: int) -> None:
    """Say so when every table failed for a reason that has nothing to do with the tables."""
    words = failures.split()
    failed = [state for name, state in pairwise(words) if PREFIX in name]
    if len(failed) == tables and len(set(failed)) == 1 and failed[0] in _NEVER:
        raise ScratchImpossible(_NEVER[failed[0]])


def _merged(draft: _Draft, read: TableFact) -> TableFact:
    """The model's table with every spelling as PostgreSQL read it back."""
    columns = {column.name: column for column in read.columns}
    constraints = {item.name: item for item in read.constraints}
    indexes = {item.name: item for item in read.indexes}
    described = draft.described
    return replace(
        described,
        columns=tuple(_merged_column(c, columns[c.name]) for c in described.columns),
        constraints=in_order(
            _merged_constraint(c, constraints.get(draft.names.get(id(c.source), "")))
            for c in described.constraints
        ),
        indexes=indexes_in_order(
            i
            if id(i.source) not in draft.names
            else replace(indexes[draft.names[id(i.source)]], name=i.name, source=i.source)
            for i in described.indexes
        ),
        options=tuple(
            (name, dict(read.options).get(name, value)) if name == PARTITION else (name, value)
            for name, value in described.options
        ),
    )


def _merged_column(described: ColumnFact, read: ColumnFact) -> ColumnFact:
    if described.autoincrement:
        return described
    # A type in the scratch schema is read without that schema.
    own = described.type.removesuffix("[]").rpartition(".")[2]
    kept = own == read.type.removesuffix("[]")
    return replace(
        described,
        type=described.type if kept else read.type,
        default=read.default,
        computed=read.computed,
        identity=read.identity,
        collation=read.collation,
    )


def _merged_constraint(described: ConstraintFact, read: ConstraintFact | None) -> ConstraintFact:
    if read is None:
        return described
    # A new table has no rows that a constraint could leave out, so scratch does not know of it.
    asked = [pair for pair in described.options if pair[0] == "postgresql_not_valid"]
    options = tuple(sorted({*read.options, *asked}))
    return replace(read, name=described.name, source=described.source, options=options)
