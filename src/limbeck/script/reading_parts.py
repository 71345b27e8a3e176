"""The constraints and indexes of a revision that is read and not run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
)

from limbeck.operations import ops
from limbeck.script.literals import (
    constant,
    is_true,
    keyword,
    nested,
    text_of,
    texts,
    value_of,
)

if TYPE_CHECKING:
    from sqlalchemy.schema import SchemaItem
    from sqlalchemy.types import TypeEngine

PART_CALLS = frozenset(
    {
        "create_index",
        "create_unique_constraint",
        "create_check_constraint",
        "create_exclude_constraint",
        "create_primary_key",
        "create_foreign_key",
        "drop_index",
        "drop_constraint",
    }
)
"""The directives on one constraint or index."""

_SOMEWHERE = "t.c"
"""A foreign key refers to something; to what does not matter here."""


def part_operation(
    call: ast.Call, name: str, batch: tuple[str, str | None] | None
) -> ops.MigrateOperation | None:
    """The operation of a call of :data:`PART_CALLS`; None where its arguments are no literals.

    :param name: what is called.
    :param batch: table and schema, where it is called on a batch.
    """
    own = text_of(call, 0, "index_name" if name.endswith("_index") else "constraint_name")
    if batch is not None:
        (table, schema), rest = batch, 1
    else:
        named = "source_table" if name == "create_foreign_key" else "table_name"
        found = text_of(call, 1, named)
        if found is None and name != "drop_index":
            return None
        schema = keyword(call, "source_schema" if named == "source_table" else "schema")
        table, rest = found or "", 2
    match name:
        case "drop_index":
            return None if own is None else ops.DropIndexOp(own, table, schema=schema)
        case "drop_constraint":
            type_ = text_of(call, rest, "type_")
            return None if own is None else ops.DropConstraintOp(own, table, type_, schema=schema)
        case "create_check_constraint":
            return ops.CreateCheckConstraintOp(own, table, "1 = 1", schema=schema)
        case "create_exclude_constraint":
            return ops.ExecuteSQLOp(f'ALTER TABLE "{table}" ADD CONSTRAINT "{own}" EXCLUDE ()')
        case "create_foreign_key":
            columns = _columns(call, rest + 1, "local_cols")
            remote = columns or ["c"]
            if own is None and not columns:
                return None
            return ops.CreateForeignKeyOp(
                own, table, "t", columns or ["c"], remote, source_schema=schema
            )
    columns = _columns(call, rest, "columns")
    if own is None and not columns:
        return None
    if name == "create_index":
        unique = is_true(call, "unique")
        return ops.CreateIndexOp(own, table, columns or ["c"], schema=schema, unique=unique)
    kind = ops.CreatePrimaryKeyOp if name == "create_primary_key" else ops.CreateUniqueConstraintOp
    return kind(own, table, columns or ["c"], schema=schema)


def table_parts(call: ast.Call, columns: list[str]) -> Iterator[SchemaItem]:
    """The constraints and indexes within a call of ``create_table`` or ``Table``.

    :param columns: the columns that are known to be in it.
    """
    there = set(columns)
    for within in nested(call, "UniqueConstraint"):
        yield from _over(UniqueConstraint, within.args, keyword(within, "name"), there)
    for within in nested(call, "PrimaryKeyConstraint"):
        yield from _over(PrimaryKeyConstraint, within.args, keyword(within, "name"), there)
    for within in nested(call, "ForeignKeyConstraint"):
        named = texts(within.args[0] if within.args else value_of(within, "columns"))
        if named and there.issuperset(named):
            yield ForeignKeyConstraint(
                named, [_SOMEWHERE] * len(named), name=keyword(within, "name")
            )
    for within in nested(call, "CheckConstraint"):
        yield CheckConstraint("1 = 1", name=keyword(within, "name"))
    for within in nested(call, "Index"):
        name = text_of(within, 0, "name")
        known = [each for each in map(constant, within.args[1:]) if each in there]
        if name is not None and there:
            unique = is_true(within, "unique")
            yield Index(name, *(known or sorted(there)[:1]), unique=unique)


def with_parts(call: ast.Call, name: str, type_: TypeEngine[Any]) -> Column[Any]:
    """The column of a call of ``Column`` with what it says of constraints and indexes."""
    foreign = [ForeignKey(_SOMEWHERE, name=keyword(k, "name")) for k in nested(call, "ForeignKey")]
    return Column(
        name,
        type_,
        *foreign,
        unique=is_true(call, "unique"),
        index=is_true(call, "index"),
        primary_key=is_true(call, "primary_key"),
    )


def _over(kind: Any, arguments: list[ast.expr], name: str | None, there: set[str]) -> Iterator[Any]:
    named = [constant(each) for each in arguments]
    if named and there.issuperset(named):
        yield kind(*named, name=name)


def _columns(call: ast.Call, place: int, name: str) -> list[str] | None:
    return texts(call.args[place] if place < len(call.args) else value_of(call, name))
