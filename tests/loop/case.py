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
    :param setup: statements that are run in the empty database first.
    :param same_on: the databases to which the second models say the same as the first.
    :param keeps_names_on: the databases on which something that stays keeps a name that a schema
        of the second models, built at once, does not have.
    """

    name: str
    before: Build
    after: Build
    databases: frozenset[str] = frozenset()
    convention: Mapping[str, str] | None = None
    expected: tuple[str, ...] = field(default=())
    compares: tuple[str, ...] = ()
    setup: tuple[str, ...] = field(default=())
    same_on: frozenset[str] = frozenset()
    keeps_names_on: frozenset[str] = frozenset()

    def models(self, build: Build) -> sa.MetaData:
        """The models of one side."""
        metadata = sa.MetaData(naming_convention=dict(self.convention) if self.convention else None)
        build(metadata)
        return metadata

    def runs_on(self, database: str) -> bool:
        """Whether the case is meant for a database."""
        return not self.databases or is_among(database, self.databases)


def is_among(database: str, databases: frozenset[str]) -> bool:
    """Whether a database is one of some, which "postgresql" and "sqlite" stand for."""
    return not {database, database.rstrip("0123456789")}.isdisjoint(databases)


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
