"""What the constraints of the models are called in the database, and which of them it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Constraint, Index

from limbeck.dialects.standard.normalise import StandardWords
from limbeck.facts.scope import Scope

if TYPE_CHECKING:
    from sqlalchemy import Dialect

Item = TypeVar("Item", bound=Constraint | Index)


class ConstraintNames:
    """Names as they are stored: by naming convention, and cut to the length that is allowed.

    :param dialect: the database.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._words = StandardWords(dialect, Scope())

    def name(self, item: Constraint | Index) -> str | None:
        """The name of a constraint or index of the models, None where the database chooses it.

        :raises ConfigurationError: it is longer than the database allows.
        """
        return self._words.constraint_name(item)

    def created(self, items: Iterable[Item]) -> Iterator[Item]:
        """Those of some constraints or indexes that ``create_all()`` makes on this database."""
        return (item for item in items if self._words.is_created(item))
