"""The property: the closing loop of :mod:`tests.loop.loop` for two models that were drawn."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from limbeck.facts.objects import SchemaFact, TableFact
from tests.fuzz.clean import cleaned
from tests.fuzz.model import Model
from tests.fuzz.source import metadata_of
from tests.loop.loop import Loop, Revision, without_names


class DrawnLoop(Loop):
    """Runs pairs of models on one database, one after the other."""

    def __init__(self, engine: sa.Engine) -> None:
        # Otherwise a table in a schema that the changed models no longer name stays, and with it
        # what it refers to. In MariaDB schemas are the databases of all who use the server.
        everywhere = engine.name == "postgresql"
        folder = Path(tempfile.mkdtemp(prefix="limbeck-fuzz-"))
        super().__init__(engine, folder, include_schemas=everywhere)

    def close(self) -> None:
        """Take the files away."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def hold(self, before: Model, after: Model, respelled: Model | None = None) -> None:
        """Take a pair through the loop; anything that does not hold raises.

        :param respelled: ``before`` in other words; it must be no change at all.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            cleaned(self.engine)
            default = self.engine.url.database if self.engine.name == "mariadb" else None
            first, second = metadata_of(before, default), metadata_of(after, default)
            one = self._built(first)
            if respelled is not None:
                self.closed(one, metadata_of(respelled, default))
            self._changed(one, first, second)
            self._directly(second, one)

    def _built(self, first: sa.MetaData) -> Revision:
        one = self.revision("first", first)
        one.run(self.engine, "upgrade", self._opts(first))
        return one

    def _changed(self, one: Revision, first: sa.MetaData, second: sa.MetaData) -> None:
        self.at_first = at_first = self.closed(one, first)
        two = self.revision("second", second)
        two.run(self.engine, "upgrade", self._opts(second))
        at_second = self.closed(two, second)
        two.run(self.engine, "downgrade", self._opts(second))
        self.same(at_first, self.schema(first), two)
        two.run(self.engine, "upgrade", self._opts(second))
        self.same(at_second, self.schema(second), two)
        self.at_second = at_second
        two.run(self.engine, "downgrade", self._opts(second))
        one.run(self.engine, "downgrade", self._opts(first))
        self.same(SchemaFact(), self.schema(sa.MetaData()), one)

    def _directly(self, second: sa.MetaData, one: Revision) -> None:
        with self.engine.begin() as connection:
            for schema in sorted({t.schema for t in second.tables.values() if t.schema}):
                if schema not in sa.inspect(connection).get_schema_names():
                    connection.execute(sa.schema.CreateSchema(schema))
            second.create_all(connection)
        comparison = self.comparison(second)
        given = {name for table in comparison.after.tables for name in _names(table)}
        both = (only_names(each, given) for each in (self.at_second, self.schema(second)))
        kept = (in_kept_orders(each, self.at_first, comparison.after) for each in both)
        wanted, found = (counting(each, comparison.after) for each in kept)
        self.same(wanted, found, one)


def _names(table: TableFact) -> list[str | None]:
    key = table.primary_key
    return [*(fact.name for fact in table.constraints), None if key is None else key.name]


def in_kept_orders(schema: SchemaFact, before: SchemaFact, models: SchemaFact) -> SchemaFact:
    """The schema with keys that were there in another order, and may stay so, in one order.

    The models are content with the order of the columns where ``create_all`` has the one that
    counts first: ``dialects/standard/describe.py``. A key that is new has to have the latter.
    """
    was = {table.key: key.columns for table in before.tables if (key := table.primary_key)}
    free = {
        table.key
        for table in models.tables
        if (key := table.primary_key) and key.written and key.written == was.get(table.key)
    }
    tables = (
        replace(table, primary_key=replace(key, columns=tuple(sorted(key.columns))))
        if table.key in free and (key := table.primary_key)
        else table
        for table in schema.tables
    )
    return replace(schema, tables=tuple(tables))


def counting(schema: SchemaFact, models: SchemaFact) -> SchemaFact:
    """The schema with one way of counting where the models do not say which one they want.

    They are content with an identity where ``create_all`` makes a SERIAL: ``diff/compare.py``.
    """
    free = {
        (table.key, column.name)
        for table in models.tables
        for column in table.columns
        if column.autoincrement and column.identity is None
    }
    return replace(
        schema,
        tables=tuple(
            replace(
                table,
                columns=tuple(
                    replace(column, identity=None, autoincrement=True)
                    if (table.key, column.name) in free
                    else column
                    for column in table.columns
                ),
            )
            for table in schema.tables
        ),
    )


def only_names(schema: SchemaFact, given: set[str | None]) -> SchemaFact:
    """The schema without the names of constraints that the models leave to the database."""
    bare = without_names(schema)
    named = {
        table.key: [name for name in _names(table) if name in given] for table in schema.tables
    }
    return replace(
        bare,
        tables=tuple(
            # The names of a table stand in its options, as its constraints have lost them.
            replace(t, options=(*t.options, ("names", repr(sorted(filter(None, named[t.key]))))))
            for t in bare.tables
        ),
    )
