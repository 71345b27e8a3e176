"""The table that a batch of Alembic's copies: what SQLAlchemy reflects of it, and no more.

A project that has always run under Alembic has had its tables copied like this long ago.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, MetaData, Table

from limbeck.dialects.sqlite.expressions import default_clause
from limbeck.dialects.sqlite.rebuild_names import constraints_of, conventional_name
from limbeck.dialects.sqlite.rebuild_source import read_given
from limbeck.dialects.sqlite.sql_tokens import tokens_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from limbeck.dialects.backend import EmitTarget
    from limbeck.dialects.sqlite.rebuild_draft import Draft
    from limbeck.dialects.sqlite.rebuild_names import Found
    from limbeck.operations.batch_value import BatchOptions


def as_reflected(draft: Draft, target: EmitTarget) -> Draft:
    """The draft with nothing in it but what SQLAlchemy reflects, in SQLAlchemy's words.

    Gone are orders and collations, AUTOINCREMENT, indexes over expressions, triggers, what a
    foreign key within a column says of deletions, and whatever else ``sqlite_master`` alone knows.
    A table that SQLAlchemy cannot write anew, as Alembic then cannot copy it, stays as it is.
    """
    connection, text = target.online, draft.table
    if connection is None or any(each.is_generated or not each.type for each in text.columns):
        return draft
    table = _reflected(connection, text.name, draft.live.schema)
    known = read_given(table, target.dialect, None, draft.live.schema)
    live = replace(draft.live, triggers=())
    return replace(draft, live=live, table=known.text, indexes=known.indexes, is_reflected=True)


def _reflected(connection: Connection, name: str, schema: str | None) -> Table:
    return Table(
        name,
        MetaData(),
        schema=schema,
        autoload_with=connection,
        resolve_fks=False,
        listeners=[("column_reflect", _in_brackets)],
    )


def _in_brackets(inspector: Any, table: Table, column: Any) -> None:
    """Put the brackets around a default that SQLite wants and does not tell."""
    if column["default"] is not None:
        column["default"] = _bracketed(column["default"])


_VALUES = frozenset(("NULL", "TRUE", "FALSE", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP"))


def _bracketed(sql: str) -> str:
    """A default as Alembic writes it.

    Whole numbers, texts and what is in brackets go without brackets around them, unless they take
    several lines: those Alembic does not know again.
    """
    tokens = [token for token in tokens_of(sql) if not token.is_trivia]
    if "\n" in sql:
        return f"({sql})"
    if len(tokens) > 1:
        return default_clause(sql)
    token = tokens[0]
    # Within brackets SQLite takes a name for a column's, and not for a text.
    is_name = token.can_be_name and token.kind != "string" and token.text.upper() not in _VALUES
    is_text = token.kind == "string" and token.text != "''"
    return sql if is_name or is_text or token.text.isdecimal() else f"({sql})"


def as_alembic_reflects(draft: Draft, options: BatchOptions, target: EmitTarget) -> Draft:
    """The draft as it is known after reflection.

    Constraints without a name get one by the batch's naming convention. CHECK constraints that have
    none even then are left out; a warning says so, unless ``table_args`` say what to do about them.
    """
    if options.naming_convention:
        convention = MetaData(naming_convention=dict(options.naming_convention))
        draft = named_by(draft, convention, target)
    settled = any(isinstance(item, CheckConstraint) for item in options.table_args)
    for found in list(constraints_of(draft.table)):
        if found.piece.kind == "check" and found.piece.name is None:
            draft = draft.without(found)
            if not settled:
                _warn(draft, found)
    return draft


def _warn(draft: Draft, found: Found) -> None:
    warnings.warn(
        f"Unnamed CHECK constraint on reflected table {draft.table.name!r} is being omitted from "
        f"the table recreate: {found.piece.text.strip()}; restate it in table_args to keep it",
        UserWarning,
        stacklevel=2,
    )


def named_by(draft: Draft, convention: MetaData, target: EmitTarget) -> Draft:
    """The draft in which a naming convention has named the constraints that had no name.

    The names are written out, for those who drop the constraints by name later.
    """
    for found in list(constraints_of(draft.table)):
        if found.piece.name is None and found.piece.kind in _NAMED:
            name = conventional_name(draft.table, found, convention, target.dialect)
            if name is not None:
                draft = _with_name(draft, found, name, target)
    return draft


_NAMED = ("primary key", "unique", "check", "foreign key")


def _with_name(draft: Draft, found: Found, name: str, target: EmitTarget) -> Draft:
    words = found.piece.text.lstrip()
    lead = found.piece.text[: -len(words)]
    spelled = target.dialect.identifier_preparer.quote(name)
    piece = replace(found.piece, name=name, text=f"{lead}CONSTRAINT {spelled} {words}")
    if found.column is None:
        pieces = draft.table.constraints
        table = replace(
            draft.table,
            constraints=tuple(piece if each is found.piece else each for each in pieces),  # type: ignore[misc]  # a piece of no column is a table constraint
        )
    else:
        column = draft.column(found.column.name)
        clauses = tuple(piece if each is found.piece else each for each in column.clauses)
        table = draft.table.replacing(replace(column, clauses=clauses))  # type: ignore[arg-type]  # a piece of a column is a clause
    return replace(draft, table=table)
