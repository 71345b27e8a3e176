"""The ``USING`` clause of a change of type, which PostgreSQL wants where it has no cast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy import Dialect
    from sqlalchemy.types import TypeEngine

    from limbeck.facts.objects import ColumnFact


def cast_of(
    before: ColumnFact, after: ColumnFact, type_: TypeEngine[Any], dialect: Dialect
) -> str | None:
    """Return the expression that turns a column into its new type, or None for none.

    :param type_: the new type.
    """
    if dialect.name != "postgresql" or before.type == after.type:
        return None
    old: TypeEngine[Any] = before.source.type  # type: ignore[attr-defined]  # see facts.objects
    return cast_text(before.name, old, type_, dialect)


def cast_text(
    column: str, old: TypeEngine[Any], new: TypeEngine[Any], dialect: Dialect
) -> str | None:
    """Return ``column::type`` as far as PostgreSQL needs to be told."""
    from limbeck.dialects.dialect_type import dialect_type
    from limbeck.dialects.postgresql.casts import cast_path

    path = cast_path(old, new, dialect)
    resolved = dialect_type(new, dialect)
    if isinstance(resolved, sa.ARRAY) and isinstance(resolved.item_type, sa.Enum):
        path = "text[]"
    if path is None:
        return None
    name = dialect.identifier_preparer.quote(column)
    words = dialect.type_compiler_instance.process(new)
    return "::".join(part for part in (name, path, words) if part)


def through_text(column: str, new: TypeEngine[Any], dialect: Dialect) -> str:
    """Return ``column::text::type``, for types of which nothing is known but that they differ."""
    name = dialect.identifier_preparer.quote(column)
    return f"{name}::text::{dialect.type_compiler_instance.process(new)}"
