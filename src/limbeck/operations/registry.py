"""Which function carries out an operation that limbeck does not know by itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from limbeck.operations import ops

if TYPE_CHECKING:
    from limbeck.operations.ops import MigrateOperation

Implementation = Callable[[Any, Any], Any]
"""Called with the operations object and the operation."""

_implementations: dict[type[MigrateOperation], Implementation] = {}


@cache
def _built_in() -> frozenset[type[MigrateOperation]]:
    """The classes that limbeck knows by itself."""
    found = (getattr(ops, name) for name in ops.__all__)
    return frozenset(each for each in found if isinstance(each, type))


def register_implementation(
    op_class: type[MigrateOperation], implementation: Implementation, *, replace: bool = False
) -> None:
    """Let a function carry out every operation of a class.

    :param op_class: the class; its subclasses without one of their own are carried out by it too.
    :param implementation: the function.
    :param replace: take the place of one that is there, or of limbeck's own.
    :raises ValueError: there is one already, and ``replace`` is not given.
    """
    if not replace and (op_class in _implementations or op_class in _built_in()):
        raise ValueError(
            f"Can not set dispatch function for object {op_class!r}: key already exists. "
            "To replace existing function, use replace=True."
        )
    _implementations[op_class] = implementation


def implementation_of(operation: MigrateOperation) -> Implementation | None:
    """The function that carries out an operation, None where limbeck does it by itself."""
    built_in = _built_in()
    for cls in type(operation).__mro__:
        if cls in _implementations:
            return _implementations[cls]
        if cls in built_in:
            return None
    return None


def forget_implementation(op_class: type[MigrateOperation]) -> None:
    """Carry operations of a class out as if nothing had been registered for them."""
    _implementations.pop(op_class, None)


def has_implementations() -> bool:
    """Whether anybody has registered a function."""
    return bool(_implementations)
