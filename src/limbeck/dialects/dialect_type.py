"""What a type is on a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Dialect
    from sqlalchemy.types import TypeEngine

__all__ = ["dialect_type"]


def dialect_type(type_: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    """The type that stands for ``type_`` on this database: variants and decorators resolved."""
    made = type_() if isinstance(type_, type) else type_
    unwrapped = made.dialect_impl(dialect)
    inner: TypeEngine[Any] = getattr(unwrapped, "impl_instance", unwrapped)
    return inner
