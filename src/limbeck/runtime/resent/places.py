"""Where a revision is that is sent again with its journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from limbeck.runtime.resent.operations import KeptOperation, KeptStatement, operations_in
from limbeck.runtime.resent.sessions import NotAsExpected

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Place", "places_in"]


class Place(NamedTuple):
    """Where a revision is: at one statement of one operation.

    :param operation: the operation.
    :param statement: the statement.
    :param number: the operation's number, from 1.
    :param position: the statement's in it, from 0.
    """

    operation: KeptOperation
    statement: KeptStatement
    number: int
    position: int


def places_in(texts: Sequence[str]) -> list[Place]:
    """The places of a revision, in their order.

    :param texts: what was kept of it.
    :raises NotAsExpected: nothing is, or it was changed.
    """
    try:
        operations = operations_in(texts)
    except ValueError:
        raise NotAsExpected from None
    found = [
        Place(operation, statement, number, position)
        for number, operation in enumerate(operations, 1)
        for position, statement in enumerate(operation.statements)
    ]
    if not found:
        raise NotAsExpected
    return found
