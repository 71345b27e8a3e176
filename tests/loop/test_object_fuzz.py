"""Random models with views, functions and triggers, changed at random, through the closing loop."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Column, MetaData, Table
from sqlalchemy.types import TypeEngine

from limbeck.schema import (
    Function,
    MaterializedView,
    Policy,
    SchemaObject,
    Trigger,
    View,
    ViewIndex,
)
from tests.loop.case import Case
from tests.loop.loop import Loop

FIRST = int(os.environ.get("LIMBECK_OBJECT_SEED", "0"))
"""The first seed; each is a change from one random schema to another."""

COUNT = int(os.environ.get("LIMBECK_OBJECT_SEEDS", "8"))
"""How many seeds there are."""

TYPES: tuple[TypeEngine[object], ...] = (
    sa.Integer(),
    sa.BigInteger(),
    sa.String(20),
    sa.String(50),
    sa.Text(),
    sa.Numeric(8, 2),
)
NAMES = ("alpha", "beta", "gamma", "delta")
COMPARED = {
    "postgresql": ("view", "function", "trigger", "materialized_view", "policy"),
    "mariadb": ("view", "trigger"),
    "sqlite": ("view", "trigger"),
}


class RandomModels:
    """Two tables, and views, functions and triggers over what they have.

    :param seed: decides everything.
    :param dialect: the database that they are for.
    """

    def __init__(self, seed: int, dialect: str) -> None:
        self.draw = random.Random(seed)
        self.dialect = dialect
        self.tables = {
            table: {name: self.draw.choice(TYPES) for name in NAMES if self.draw.random() < 0.8}
            for table in ("first", "second")
            if self.draw.random() < 0.9
        }
        self.functions = list(self._functions()) if dialect == "postgresql" else []
        self.objects: list[SchemaObject] = [
            *self.functions,
            *self._views(),
            *self._triggers(),
            *self._policies(),
        ]
        self.draw.shuffle(self.objects)

    def build(self, metadata: MetaData) -> None:
        """Put them into a MetaData."""
        for name, columns in self.tables.items():
            key: Column[int] = Column("id", sa.Integer, primary_key=True)
            Table(name, metadata, key, *(Column(n, type_) for n, type_ in columns.items()))
        for item in self.objects:
            item.attach(metadata)

    def _functions(self) -> list[Function]:
        return [
            Function(
                f"f{number}",
                f"n {self.draw.choice(('text', 'int'))}{self.draw.choice(('', ' DEFAULT 5'))}",
                f"RETURNS {self.draw.choice(('text', 'bigint'))} IMMUTABLE LANGUAGE plpgsql AS "
                f"$$ BEGIN RETURN {self.draw.randint(0, 3)}; END $$",
            )
            for number in range(self.draw.randint(0, 2))
        ]

    def _views(self) -> list[SchemaObject]:
        sources = {table: ["id", *columns] for table, columns in self.tables.items()}
        found: list[SchemaObject] = []
        for number in range(self.draw.randint(0, 4) if sources else 0):
            source = self.draw.choice(sorted(sources))
            words, names = self._selected(source, sources[source])
            name = f"{self.draw.choice('vwxyz')}{number}"
            sources[name] = names
            query = f"SELECT {', '.join(words)} FROM {source}"
            found.append(self._view(name, query, names))
        return found

    def _selected(self, source: str, columns: list[str]) -> tuple[list[str], list[str]]:
        """What a view selects, and what that is called."""
        names = self.draw.sample(columns, self.draw.randint(1, len(columns)))
        if self.draw.random() < 0.3:
            return [f"count({source}.{names[0]}) AS total"], ["total"]
        words = [f"{source}.{name}" for name in names]
        if self.functions and "called" not in columns and self.draw.random() < 0.4:
            function = self.draw.choice(self.functions)
            return [*words, f"{function.name}('5') AS called"], [*names, "called"]
        return words, names

    def _view(self, name: str, query: str, columns: list[str]) -> SchemaObject:
        if self.dialect != "postgresql":
            return View(name, query)
        if self.draw.random() < 0.3:
            indexed = [column for column in columns if self.draw.random() < 0.3]
            indexes = [ViewIndex(f"{name}_{column}", f"({column})") for column in indexed]
            return MaterializedView(name, query, tuple(indexes))
        return View(name, query, comment=self.draw.choice((None, "it's")))

    def _triggers(self) -> list[SchemaObject]:
        found: list[SchemaObject] = []
        for table, columns in self.tables.items():
            if self.draw.random() < 0.5 and columns:
                column = self.draw.choice(sorted(columns))
                found.append(self._trigger(table, column))
        if found and self.dialect == "postgresql":
            body = "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
            found.append(Function("trig", "", body))
        return found

    def _trigger(self, table: str, column: str) -> Trigger:
        match self.dialect:
            case "postgresql":
                condition = f"OLD.{column} IS DISTINCT FROM NEW.{column}"
                action = f"FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION trig()"
                return Trigger("g", table, f"BEFORE UPDATE OF {column}", action)
            case "sqlite":
                action = f"BEGIN SELECT NEW.{column}; END"
                return Trigger(f"g_{table}", table, "AFTER UPDATE", action)
            case _:
                action = f"FOR EACH ROW SET NEW.{column} = NULL"
                return Trigger(f"g_{table}", table, "BEFORE UPDATE", action)

    def _policies(self) -> list[SchemaObject]:
        if self.dialect != "postgresql":
            return []
        return [
            Policy("p", table, using=f"{self.draw.choice(sorted(columns))} IS NOT NULL")
            for table, columns in self.tables.items()
            if columns and self.draw.random() < 0.3
        ]


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
@pytest.mark.parametrize("seed", range(FIRST, FIRST + COUNT))
def test_random_changes_close(seed: int, engine: sa.Engine, tmp_path: Path) -> None:
    dialect = engine.dialect.name
    before, after = RandomModels(2 * seed, dialect), RandomModels(2 * seed + 1, dialect)
    case = Case(f"seed {seed}", before.build, after.build, compares=COMPARED[dialect])
    Loop(engine, tmp_path).run(case)
