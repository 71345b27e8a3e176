"""What SQLAlchemy forgets when it copies types and constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Enum

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

_CODING = ("charset", "collation", "ascii", "unicode", "binary")


def with_charset(copy: TypeEngine[Any], type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """The copy of a type as it should be: SQLAlchemy's copy of MySQL's ENUM forgets its coding.

    :param copy: the copy; changed in place.
    :param type_: what it is a copy of.
    """
    if isinstance(type_, Enum):
        for name in _CODING:
            if getattr(type_, name, None):
                setattr(copy, name, getattr(type_, name))
    return copy


def with_operator_classes(copy: Any, constraint: Any) -> Any:
    """The copy of a constraint as it should be: that of an EXCLUDE forgets its operator classes.

    :param copy: the copy; changed in place.
    :param constraint: what it is a copy of.
    """
    if getattr(constraint, "ops", None):
        copy.ops = constraint.ops
    return copy
