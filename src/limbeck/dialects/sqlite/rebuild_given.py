"""What the author of a batch says of the table itself: what it is, and what it shall be besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Constraint, Index, Integer, MetaData, Table
from sqlalchemy.exc import InvalidRequestError

from limbeck.dialects.sqlite.rebuild_classic import named_by
from limbeck.dialects.sqlite.rebuild_edit import edited, with_constraint
from limbeck.dialects.sqlite.rebuild_names import constraints_of, same_constraint
from limbeck.dialects.sqlite.rebuild_pieces import AddedPieces, column_pieces, type_pieces
from limbeck.dialects.sqlite.schema_text import Clause, TableText
from limbeck.dialects.sqlite.sql_tokens import folded, same_name, tokens_of
from limbeck.dialects.standard.column_order import in_groups
from limbeck.errors import CommandError
from limbeck.operations.ops import AddColumnOp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from limbeck.dialects.backend import EmitTarget
    from limbeck.dialects.sqlite.rebuild_draft import Draft
    from limbeck.dialects.sqlite.schema_text import ConstraintText
    from limbeck.operations.batch_value import BatchOptions


def as_described(draft: Draft, options: BatchOptions, target: EmitTarget) -> Draft:
    """The draft as ``reflect_args``, ``reflect_kwargs`` and ``naming_convention`` describe it.

    A column or a constraint that the author knows better than the database keeps everything else
    that the database's text says of it. As all of it is there already, the models' naming
    convention has no say.
    """
    convention = MetaData(naming_convention=dict(options.naming_convention or {}))
    if options.naming_convention:
        draft = replace(named_by(draft, convention, target), convention=convention)
    given = [*_heard(draft, options.reflect_kwargs, target)]
    given += [item for item in options.reflect_args if isinstance(item, Column)]
    for column in given:
        known = draft.table.column(column.name)
        if known is not None:
            pieces = _pieces_of_type(column, draft.table.name, target, convention)
            known = replace(known, type_text=pieces.columns[0].type_text)
            draft = replace(draft, table=draft.table.replacing(known))
            for piece in pieces.constraints:
                draft = _with_known(draft, piece)
    constraints = [item for item in options.reflect_args if isinstance(item, Constraint)]
    for piece in _pieces_between(draft, constraints, target, convention).constraints:
        draft = _with_known(draft, piece)
    return draft


def as_wanted(
    draft: Draft,
    options: BatchOptions,
    target: EmitTarget,
    present: Callable[[str], str],
    renamed: Mapping[str, str],
) -> Draft:
    """The draft with what ``table_args``, ``table_kwargs`` and ``partial_reordering`` ask for.

    :param present: the present name of a column that gets another one.
    :param renamed: the new names of columns that have got one, by the old ones; ``table_args`` may
        speak of them by both.
    """
    for item in options.table_args:
        if isinstance(item, Column) and draft.table.column(item.name) is None:
            draft = edited(draft, AddColumnOp(draft.table.name, item), target)
    items = [item for item in options.table_args if isinstance(item, Constraint | Index)]
    pieces = _pieces_between(draft, items, target, MetaData(), renamed)
    for piece in pieces.constraints:
        draft = _with_known(draft, piece)
    draft = replace(draft, created=(*draft.created, *pieces.indexes))
    table = with_table_options(draft.table, options.table_kwargs)
    if options.partial_reordering:
        groups = [[present(name) for name in group] for group in options.partial_reordering]
        table = reordered(table, groups)
    return replace(draft, table=table)


def with_table_options(table: TableText, options: Mapping[str, Any]) -> TableText:
    """The table with SQLAlchemy's options for tables of SQLite.

    :raises CommandError: the options contradict each other.
    """
    strict = options.get("sqlite_strict", table.strict)
    with_rowid = options.get("sqlite_with_rowid", not table.without_rowid)
    if not with_rowid:
        if options.get("sqlite_autoincrement"):
            raise CommandError(
                f"table {table.name!r} cannot have AUTOINCREMENT without rowids",
                hint="leave out sqlite_autoincrement, or sqlite_with_rowid",
            )
        table = _without_autoincrement(table)
    if (bool(strict), bool(with_rowid)) != (table.strict, not table.without_rowid):
        words = [*(["STRICT"] if strict else []), *([] if with_rowid else ["WITHOUT ROWID"])]
        text = table.options[: table.options.index(")") + 1]
        table = replace(table, options=text + (" " + ", ".join(words) if words else ""))
    counts = options.get("sqlite_autoincrement")
    if counts and not table.autoincrement:
        return _with_autoincrement(table)
    return _without_autoincrement(table) if counts is False else table


def reordered(table: TableText, groups: Sequence[Sequence[str]]) -> TableText:
    """The table with its columns in an order that suits every group, else as they were.

    :raises CommandError: a column is not there, or two groups want opposite orders.
    """
    known = [folded(column.name) for column in table.columns]
    for name in (name for group in groups for name in group):
        if folded(name) not in known:
            raise CommandError(f"table {table.name!r} has no column {name!r} to reorder")
    return table.in_order(in_groups(known, [[folded(n) for n in group] for group in groups]))


def _without_autoincrement(table: TableText) -> TableText:
    """The table without AUTOINCREMENT, which is about rowids."""
    for column in table.columns:
        clause = column.clause("primary key")
        if clause is not None:
            after = replace(clause, text=_without_word(clause.text))
            clauses = tuple(after if each is clause else each for each in column.clauses)
            table = table.replacing(replace(column, clauses=clauses))
    constraints = tuple(
        replace(each, text=_without_word(each.text)) if each.kind == "primary key" else each
        for each in table.constraints
    )
    return replace(table, constraints=constraints)


def _without_word(text: str) -> str:
    kept = ""
    for token in tokens_of(text):
        if token.kind == "word" and token.text.upper() == "AUTOINCREMENT":
            kept = kept.rstrip()
        else:
            kept += token.text
    return kept


def _with_autoincrement(table: TableText) -> TableText:
    column = table.rowid_column
    if column is None:
        return table
    clause = column.clause("primary key")
    if clause is not None:
        after = replace(clause, text=clause.text + " AUTOINCREMENT")
        clauses = tuple(after if each is clause else each for each in column.clauses)
        return table.replacing(replace(column, clauses=clauses))
    constraint = next(c for c in table.constraints if c.kind == "primary key")
    name = constraint.text.lstrip().partition("PRIMARY")[0] if constraint.name else ""
    key = Clause("primary key", f" {name}PRIMARY KEY AUTOINCREMENT", constraint.name)
    return table.without_constraint(constraint).replacing(column.with_clause(key))


def _pieces_of_type(
    column: Column[Any], table_name: str, target: EmitTarget, convention: MetaData
) -> AddedPieces:
    try:
        return type_pieces(column.type, column.name, table_name, target, convention)
    except InvalidRequestError:
        # The convention makes a name of the one that is given, and this type gives none.
        return type_pieces(column.type, column.name, table_name, target, MetaData())


def _heard(
    draft: Draft, reflect_kwargs: Mapping[str, Any], target: EmitTarget
) -> list[Column[Any]]:
    """Columns of which a listener to reflection says another type than the database does."""
    if not reflect_kwargs or target.online is None:
        return []
    name, schema = draft.table.name, draft.live.schema
    options: dict[str, Any] = {"resolve_fks": False, **reflect_kwargs}
    heard = Table(name, MetaData(), autoload_with=target.online, schema=schema, **options)
    plain = Table(name, MetaData(), autoload_with=target.online, schema=schema, resolve_fks=False)
    compiled = target.dialect.type_compiler_instance.process
    return [
        column
        for column in heard.columns
        if column.name in plain.c and compiled(column.type) != compiled(plain.c[column.name].type)
    ]


def _pieces_between(
    draft: Draft,
    items: Sequence[Constraint | Index],
    target: EmitTarget,
    convention: MetaData,
    renamed: Mapping[str, str] = MappingProxyType({}),
) -> AddedPieces:
    """Constraints as text, and indexes; they know the columns of the table by their names.

    Where a name is the old one of a column and the new one of another, it means the former.
    """
    if not items:
        return AddedPieces((), ())
    known = dict.fromkeys((*(column.name for column in draft.table.columns), *renamed))
    columns = [Column(name, Integer) for name in known]
    name, schema = draft.table.name, draft.live.schema
    return column_pieces([*columns, *items], name, schema, target, convention, renamed)


def _with_known(draft: Draft, constraint: ConstraintText) -> Draft:
    """The draft with a constraint, which may be there already, perhaps without its name."""
    for found in list(constraints_of(draft.table)):
        piece = found.piece
        if not same_constraint(found, constraint):
            continue
        if constraint.name is None or (
            piece.name is not None and same_name(piece.name, constraint.name)
        ):
            return draft
        if piece.name is None:
            return with_constraint(draft.without(found), constraint)
    return with_constraint(draft, constraint)
