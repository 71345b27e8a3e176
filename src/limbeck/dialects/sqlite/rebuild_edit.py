"""Operations as edits of a table's text. Nothing here asks the database.

Each edit takes a :class:`Draft` and gives a new one in which only the pieces that the operation
speaks of are different.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Enum
from sqlalchemy.types import to_instance

from limbeck.dialects.sqlite.rebuild_draft import Draft
from limbeck.dialects.sqlite.rebuild_drop import drop_column
from limbeck.dialects.sqlite.rebuild_names import (
    Found,
    constraints_of,
    find_constraint,
    same_constraint,
)
from limbeck.dialects.sqlite.rebuild_pieces import (
    column_pieces,
    constraint_piece,
    default_clause,
    type_pieces,
)
from limbeck.dialects.sqlite.schema_text import Clause, ColumnText, ConstraintText, TableText
from limbeck.dialects.sqlite.sql_tokens import folded, quoted, same_name
from limbeck.dialects.standard.batch import NoSuchPart
from limbeck.errors import CommandError
from limbeck.operations.ops import (
    AddColumnOp,
    AddConstraintOp,
    AlterColumnOp,
    CreateIndexOp,
    CreateTableCommentOp,
    DropColumnOp,
    DropConstraintOp,
    DropIndexOp,
    DropTableCommentOp,
    MigrateOperation,
)

if TYPE_CHECKING:
    from limbeck.dialects.backend import EmitTarget

Edit = Callable[[Draft, Any, "EmitTarget"], Draft]


def edited(draft: Draft, operation: MigrateOperation, target: EmitTarget) -> Draft:
    """The draft after an operation.

    :raises CommandError: the table cannot be altered like that.
    """
    for kind, edit in _EDITS:
        if isinstance(operation, kind):
            return edit(draft, operation, target)
    raise CommandError(
        f"{type(operation).__name__} is nothing that can be done to a table of SQLite"
    )


def finished(draft: Draft) -> Draft:
    """The draft, checked as a whole, with the indexes of columns that went and came again.

    :raises CommandError: something went that nobody asked to go.
    """
    if draft.lost_key and not draft.table.primary_key:
        raise CommandError(
            f"table {draft.table.name!r} would be left without its primary key "
            f"({', '.join(draft.lost_key)})",
            hint="drop the primary key first and create another, in one batch_alter_table()",
        )
    taken = {folded(index.name) for index in draft.indexes}
    taken |= {folded(str(index.name)) for index in draft.created}
    gone = {index.name for index, column in draft.lost_indexes if not draft.table.column(column)}
    back = [
        index
        for index, _ in draft.lost_indexes
        if index.name not in gone and folded(index.name) not in taken
    ]
    return replace(draft, indexes=(*draft.indexes, *back), lost_indexes=())


# -- columns -------------------------------------------------------------------------------


def _add_column(draft: Draft, op: AddColumnOp, target: EmitTarget) -> Draft:
    name = op.column.name
    if draft.table.column(name) is not None:
        if op.if_not_exists:
            return draft
        raise CommandError(f"table {draft.table.name!r} has a column {name!r} already")
    pieces = column_pieces([op.column], draft.table.name, op.schema, target)
    table = draft.table.with_column(pieces.columns[0], _wanted_place(draft.table, op.kw))
    draft = replace(
        draft,
        table=table,
        added=draft.added | {folded(name)},
        created=(*draft.created, *pieces.indexes),
    )
    for constraint in pieces.constraints:
        # As in an ALTER TABLE, a column that is added takes no part in a primary key that is there.
        if constraint.kind != "primary key" or not draft.table.primary_key:
            draft = with_constraint(draft, constraint)
    return draft


def _drop_column(draft: Draft, op: DropColumnOp, target: EmitTarget) -> Draft:
    if (op.if_exists or op.kw.get("if_exists")) and draft.table.column(op.column_name) is None:
        return draft
    return drop_column(draft, op.column_name)


def _alter_column(draft: Draft, op: AlterColumnOp, target: EmitTarget) -> Draft:
    column = draft.column(op.column_name)
    if op.modify_type is not None:
        draft = _set_type(draft, column, op, target)
        column = draft.column(op.column_name)
    if op.modify_server_default is not False:
        column = _set_default(column, op.modify_server_default, target)
    if op.modify_nullable is not None:
        column = _set_nullable(column, op.modify_nullable)
    table = draft.table.replacing(column)
    place = _wanted_place(table, op.kw, moving=column.name)
    if place is not None:
        table = table.without_column(column.name).with_column(column, place)
    return replace(draft, table=table)


def _set_type(draft: Draft, column: ColumnText, op: AlterColumnOp, target: EmitTarget) -> Draft:
    assert op.modify_type is not None
    new = type_pieces(op.modify_type, column.name, draft.table.name, target)
    old = (
        type_pieces(op.existing_type, column.name, draft.table.name, target)
        if (op.existing_type is not None)
        else None
    )
    written = new.columns[0]
    changed = replace(column, type_text=written.type_text)
    collation = column.clause("collate")
    new_collation = written.clause("collate")
    had_collation = old is not None and old.columns[0].clause("collate") is not None
    if collation is not None and (new_collation is not None or had_collation):
        changed = changed.without(collation)
    if new_collation is not None:
        changed = changed.with_clause(new_collation, 0)
    draft = replace(draft, table=draft.table.replacing(changed))
    draft = _without_bound_check(draft, column, op, target)
    for belonging in new.constraints:
        draft = with_constraint(draft, belonging)
    return draft


def _without_bound_check(
    draft: Draft, column: ColumnText, op: AlterColumnOp, target: EmitTarget
) -> Draft:
    """The draft without the CHECK by which an old type kept out what is none of its values.

    It is known by the type's name, or by its condition where it has no name, as SQLAlchemy wrote
    it for every Boolean and Enum before 1.4.
    """
    old = to_instance(op.existing_type) if op.existing_type is not None else None
    if old is None and column.type.upper() == "BOOLEAN":
        old = Boolean()
    stays = isinstance(old, Boolean) and isinstance(op.modify_type, Boolean)
    if not isinstance(old, Boolean | Enum) or stays:
        return draft
    if old.name is not None:
        named = find_constraint(
            draft.table, DropConstraintOp(old.name, op.table_name, "check"), target
        )
        if named is not None and named.piece.name is not None:
            return draft.without(named)
    typed: Any = old
    constrained = typed.copy()
    constrained.create_constraint = True
    # Only its condition is asked for, which a naming convention would want a name for.
    unnamed = replace(target, metadata=None, opts={})
    pieces = type_pieces(constrained, column.name, draft.table.name, unnamed)
    for found in constraints_of(draft.table):
        if found.piece.name is None and any(same_constraint(found, p) for p in pieces.constraints):
            return draft.without(found)
    return draft


def _set_default(column: ColumnText, default: Any, target: EmitTarget) -> ColumnText:
    existing = column.clause("default") or column.clause("generated")
    clause = default_clause(default, column.name, target.dialect) if default is not None else None
    if existing is None:
        return column if clause is None else column.with_clause(clause, 0)
    if clause is None:
        return column.without(existing)
    return replace(
        column, clauses=tuple(clause if each is existing else each for each in column.clauses)
    )


def _set_nullable(column: ColumnText, nullable: bool) -> ColumnText:
    not_null, null = column.clause("not null"), column.clause("null")
    if nullable:
        return column.without(not_null) if not_null is not None else column
    if not_null is not None:
        return column
    if null is not None:
        column = column.without(null)
    default = column.clause("default")
    place = 0 if default is None else column.clauses.index(default) + 1
    return column.with_clause(Clause("not null", " NOT NULL"), place)


def _wanted_place(table: TableText, kw: dict[str, Any], moving: str | None = None) -> int | None:
    """Where ``insert_before`` or ``insert_after`` put a column, None where they say nothing."""
    names = [c.name for c in table.columns if moving is None or not same_name(c.name, moving)]
    for key, behind in (("insert_before", 0), ("insert_after", 1)):
        neighbour = kw.get(key)
        if neighbour is None:
            continue
        for place, name in enumerate(names):
            if same_name(name, neighbour):
                return place + behind
        raise CommandError(f"table {table.name!r} has no column {neighbour!r} to put another by")
    return None


# -- constraints and indexes ---------------------------------------------------------------


def _add_constraint(draft: Draft, op: AddConstraintOp, target: EmitTarget) -> Draft:
    return with_constraint(draft, constraint_piece(op.to_constraint(target), target))


def with_constraint(draft: Draft, constraint: ConstraintText) -> Draft:
    """The draft with a constraint, in the place of one of the same name or of the same meaning.

    A table has one primary key; a new one takes the place of the old one.
    """
    while (found := _displaced(draft.table, constraint)) is not None:
        draft = draft.without(found)
    missing = [name for name in constraint.columns if draft.table.column(name) is None]
    if missing:
        draft.column(missing[0])
    return replace(draft, table=draft.table.with_constraint(constraint))


def _displaced(table: TableText, constraint: ConstraintText) -> Found | None:
    """What cannot be beside a new constraint: one of its name, and another primary key."""
    for found in constraints_of(table):
        name = found.piece.name
        if name is not None and constraint.name is not None and same_name(name, constraint.name):
            return found
        if found.piece.kind == constraint.kind == "primary key":
            return found
    return None


def _drop_constraint(draft: Draft, op: DropConstraintOp, target: EmitTarget) -> Draft:
    found = find_constraint(draft.table, op, target)
    if found is None and draft.convention is not None:
        named = replace(target, opts={**target.opts, "target_metadata": draft.convention})
        found = find_constraint(draft.table, op, named)
    if found is not None:
        return draft.without(found)
    unseen = draft.is_reflected and find_constraint(draft.live.text, op, target) is not None
    if op.if_exists or unseen:
        return draft
    if op.constraint_name is None:
        raise NoSuchPart(
            "Constraint must have a name", hint=f"name the constraint of {op.table_name!r} to drop"
        )
    known = sorted(quoted(f.piece.name) for f in constraints_of(draft.table) if f.piece.name)
    raise NoSuchPart(
        f"No such constraint: {str(op.constraint_name)!r}",
        hint=f"table {draft.table.name!r} has {', '.join(known) or 'no constraint with a name'}",
    )


def _create_index(draft: Draft, op: CreateIndexOp, target: EmitTarget) -> Draft:
    index = op.to_index(target)
    if op.if_not_exists and draft.index(str(index.name)) is not None:
        return draft
    return replace(draft, created=(*draft.created, index))


def _drop_index(draft: Draft, op: DropIndexOp, target: EmitTarget) -> Draft:
    name = str(op.to_index(target).name)
    kept = tuple(index for index in draft.indexes if not same_name(index.name, name))
    created = tuple(index for index in draft.created if str(index.name) != name)
    # It may have gone with one of its columns, earlier in the same batch.
    lost = tuple(pair for pair in draft.lost_indexes if not same_name(pair[0].name, name))
    after = replace(draft, indexes=kept, created=created, lost_indexes=lost)
    unseen = draft.is_reflected and any(same_name(i.name, name) for i in draft.live.indexes)
    if after == draft and not (op.if_exists or unseen):
        raise NoSuchPart(f"No such index: {name!r}")
    return after


def _nothing(draft: Draft, op: MigrateOperation, target: EmitTarget) -> Draft:
    return draft


_EDITS: tuple[tuple[type[MigrateOperation] | tuple[type[MigrateOperation], ...], Edit], ...] = (
    (AddColumnOp, _add_column),
    (DropColumnOp, _drop_column),
    (AlterColumnOp, _alter_column),
    (AddConstraintOp, _add_constraint),
    (DropConstraintOp, _drop_constraint),
    (CreateIndexOp, _create_index),
    (DropIndexOp, _drop_index),
    # SQLite has no comments.
    ((CreateTableCommentOp, DropTableCommentOp), _nothing),
)
