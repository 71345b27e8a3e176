"""Runs a comparison case: build one set of models, compare with another, tell what was found.

A case is data: models before, models after, and the changes in words. Equal cases have one set of
models and no changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from limbeck.database.compare import compare_database
from limbeck.database.comparison import CompareOptions, Comparison
from limbeck.diff.changes import Added, Change, Changed, Removed

Models = Callable[[sa.MetaData], object]


@dataclass(frozen=True)
class Case:
    """Models before and after, and the changes between them in :func:`told`'s words."""

    name: str
    before: Models
    after: Models
    expected: tuple[str, ...] = ()


def same(name: str, models: Models) -> Case:
    """A case in which nothing differs."""
    return Case(name, models, models)


def metadata_of(models: Models) -> sa.MetaData:
    """The metadata that ``models`` fill."""
    metadata = sa.MetaData()
    models(metadata)
    return metadata


def compared(
    engine: sa.Engine, models: Models, options: CompareOptions | None = None
) -> Comparison:
    """Compare ``models`` with what is in the database."""
    with engine.connect() as connection:
        return compare_database(connection, [metadata_of(models)], options)


def run_case(engine: sa.Engine, case: Case) -> None:
    """Build the models before, compare with the models after."""
    metadata_of(case.before).create_all(engine)
    comparison = compared(engine, case.after)
    found = tuple(map(told, comparison.changes))
    assert found == case.expected, comparison.changes
    assert comparison.notes == ()


def told(change: Change) -> str:
    """A change in a few words: ``change column t.a: type, default``."""
    fact = change.before if isinstance(change, Removed) else change.after
    name = getattr(fact, "name", None) or str(getattr(fact, "key", "") or _columns(fact))
    where = f"{change.table}." if change.table is not None and change.kind != "table" else ""
    if isinstance(change, Changed):
        return f"change {change.kind} {where}{name}: {', '.join(change.fields)}"
    verb = "add" if isinstance(change, Added) else "remove"
    return f"{verb} {change.kind} {where}{name}"


def _columns(fact: object) -> str:
    return f"({', '.join(getattr(fact, 'columns', ()))})"
