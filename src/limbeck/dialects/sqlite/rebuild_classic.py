"""The table that a batch of Alembic's copies: what SQLAlchemy reflects of it, and no more.

A project that has always run under Alembic has had its tables copied like this long ago.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, MetaData

from limbeck.dialects.sqlite.rebuild_names import constraints_of, conventional_name

if TYPE_CHECKING:
    from limbeck.dialects.backend import EmitTarget
    from limbeck.dialects.sqlite.rebuild_draft import Draft
    from limbeck.dialects.sqlite.rebuild_names import Found
    from limbeck.operations.batch_value import BatchOptions


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
