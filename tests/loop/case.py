"""One change of the models, as data: how they look before and after."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.schema import SchemaItem

Build = Callable[[sa.MetaData], object]


@dataclass(frozen=True)
class Case:
    """A case of the closing loop.

    :param name: what changes.
    :param before: puts the first form of the models into a MetaData.
    :param after: puts the second one into another.
    :param databases: where it is run; empty for everywhere.
    :param convention: the naming convention of both.
    :param compares: kinds of objects that are compared although one side declares none.
    :param expected: parts of the second revision's text that must be there.
    """

    name: str
    before: Build
    after: Build
    databases: frozenset[str] = frozenset()
    convention: Mapping[str, str] | None = None
    expected: tuple[str, ...] = field(default=())
    compares: tuple[str, ...] = ()

    def models(self, build: Build) -> sa.MetaData:
        """The models of one side."""
        metadata = sa.MetaData(naming_convention=dict(self.convention) if self.convention else None)
        build(metadata)
        return metadata

    def runs_on(self, database: str) -> bool:
        """Whether the case is meant for a database."""
        kind = database.rstrip("0123456789")
        return not self.databases or bool({database, kind} & self.databases)


def nothing(metadata: sa.MetaData) -> None:
    """Models without a table."""


def on(*databases: str) -> frozenset[str]:
    """The databases of a case."""
    return frozenset(databases)


def fresh(items: Iterable[SchemaItem]) -> list[SchemaItem]:
    """Copies of columns, constraints and indexes that belong to no table yet."""
    # A copied column keeps the events of its type; what is no column cannot be copied yet.
    return [
        item._copy() if isinstance(item, sa.Column) else pickle.loads(pickle.dumps(item))
        for item in items
    ]
