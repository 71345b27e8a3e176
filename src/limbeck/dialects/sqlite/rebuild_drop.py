"""Drop a column, and what cannot be without it.

As in PostgreSQL (https://www.postgresql.org/docs/current/sql-altertable.html, DROP COLUMN),
indexes and constraints of the column go with it. What other columns need as well - a CHECK over
several columns, a generated column, the primary key, a foreign key of another table - is not
dropped silently: whoever wrote the revision must say what becomes of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from limbeck.dialects.sqlite.rebuild_names import constraints_of, described
from limbeck.dialects.sqlite.schema_reader import read_constraint
from limbeck.dialects.sqlite.sql_tokens import folded, mentions, same_name
from limbeck.errors import CommandError

if TYPE_CHECKING:
    from limbeck.dialects.sqlite.rebuild_draft import Draft
    from limbeck.dialects.sqlite.rebuild_names import Found
    from limbeck.dialects.sqlite.schema_text import ColumnText


def drop_column(draft: Draft, name: str) -> Draft:
    """The draft without a column.

    :raises CommandError: there is no such column, or something else needs it.
    """
    column = draft.column(name)
    _refuse_if_needed(draft, column)
    for found in constraints_of(draft.table):
        if found.column is None and any(same_name(each, column.name) for each in found.columns):
            draft = draft.without(found)
            if found.piece.kind == "primary key" and len(found.columns) > 1:
                draft = _without_key(draft, found, column)
    table = draft.table.without_column(column.name)
    if not table.columns:
        raise CommandError(
            f"column {name!r} is the only one of table {draft.table.name!r}",
            hint="drop the table instead",
        )
    lost = [i for i in draft.indexes if mentions(i.body, column.name)]
    return replace(
        draft,
        table=table,
        indexes=tuple(i for i in draft.indexes if i not in lost),
        lost_indexes=(*draft.lost_indexes, *((i, column.name) for i in lost)),
        created=tuple(
            i for i in draft.created if not any(same_name(c.name, name) for c in i.columns)
        ),
        added=draft.added - {folded(column.name)},
        dropped=(*draft.dropped, column.name),
    )


def _without_key(draft: Draft, key: Found, column: ColumnText) -> Draft:
    """The draft without a primary key of several columns that loses one of them.

    Nobody has said what the key shall be then; in Alembic it is what is left of it.
    """
    if not draft.is_reflected:
        return replace(draft, lost_key=key.columns)
    left = [draft.column(name) for name in key.columns if not same_name(name, column.name)]
    name = key.piece.text.partition("PRIMARY")[0] if key.piece.name else ""
    words = f"{name}PRIMARY KEY ({', '.join(each.name_text.strip() for each in left)})"
    return replace(draft, table=draft.table.with_constraint(read_constraint(words)))


def _refuse_if_needed(draft: Draft, column: ColumnText) -> None:
    needing = []
    for other in draft.table.columns:
        if other.name == column.name:
            continue
        needing += [
            f"generated column {other.name}"
            if clause.kind == "generated"
            else f"CHECK of {other.name}"
            for clause in other.clauses
            if clause.kind in ("generated", "check") and mentions(clause.expression, column.name)
        ]
    needing += [
        described(found)
        for found in constraints_of(draft.table)
        if found.column is None
        and found.piece.kind == "check"
        and len(found.columns) > 1
        and column.name in found.columns
    ]
    key = [folded(each) for each in draft.table.primary_key]
    for referring in draft.live.referring:
        own = same_name(referring.table, draft.table.name)
        points_here = folded(column.name) in (referring.columns or key)
        # Alembic leaves such a foreign key dangling, for the revision to drop it later.
        if points_here and not own and not draft.is_reflected:
            needing.append(f"a foreign key of table {referring.table}")
    if needing:
        raise CommandError(
            f"column {draft.table.name}.{column.name} cannot be dropped: it is needed by "
            + ", ".join(sorted(set(needing))),
            hint="drop or change that first, in the same revision",
        )
