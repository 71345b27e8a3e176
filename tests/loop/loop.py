"""The closing loop: what is generated is run up, compared, run down and compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from limbeck.autogenerate import AutogenContext, produce_migrations
from limbeck.autogenerate.api import render_into_template
from limbeck.database.compare import compare_database
from limbeck.database.comparison import CompareOptions, Comparison
from limbeck.facts.object_kinds import OBJECT_KINDS
from limbeck.facts.objects import ForeignKeyFact, IndexFact, SchemaFact, TableFact
from limbeck.operations.operations import Operations
from limbeck.runtime.migration import MigrationContext
from tests.loop.case import Case, is_among
from tests.loop.picture import Picture, picture

FILE = """\
\"\"\"{name}\"\"\"

import sqlalchemy as sa
from limbeck import op
{imports}

def upgrade() -> None:
    {upgrades}


def downgrade() -> None:
    {downgrades}
"""


@dataclass(frozen=True)
class Revision:
    """A generated file."""

    path: Path

    @property
    def text(self) -> str:
        """What is in it."""
        return self.path.read_text(encoding="utf-8")

    def run(self, engine: sa.Engine, direction: str, opts: dict[str, Any]) -> None:
        """Call ``upgrade()`` or ``downgrade()`` in a transaction."""
        names: dict[str, Any] = {}
        exec(compile(self.text, str(self.path), "exec"), names)
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts=opts)
            with context.begin_transaction(), Operations.context(context):
                names[direction]()


class Loop:
    """Runs one case on one database.

    :param engine: an empty database.
    :param folder: where the files go.
    :param opts: options of ``context.configure()``.
    """

    def __init__(self, engine: sa.Engine, folder: Path, **opts: Any) -> None:
        self.engine = engine
        self.database = "mariadb" if engine.name == "mysql" else engine.name
        self.folder = folder
        self.opts = opts
        self.compares: tuple[str, ...] = ()

    def run(self, case: Case) -> tuple[Revision, Revision]:
        """Take a case through the whole loop.

        :returns: the two files.
        """
        self.compares = case.compares
        first_models, second_models = case.models(case.before), case.models(case.after)
        self.prepare(case)
        first = self.revision(f"{case.name} 1", first_models)
        empty, untouched = self.picture(), self.everything()
        first.run(self.engine, "upgrade", self._opts(first_models))
        at_first, first_picture = self.closed(first, first_models), self.picture()
        if not is_among(self.database, case.same_on):
            found = self.comparison(second_models)
            assert found.changes or found.names, "nothing differs"
        second = self.revision(f"{case.name} 2", second_models)
        second.run(self.engine, "upgrade", self._opts(second_models))
        at_second, second_picture = self.closed(second, second_models), self.picture()
        second.run(self.engine, "downgrade", self._opts(second_models))
        self.same(at_first, self.schema(first_models), second)
        self.alike(first_picture, self.picture(), second)
        second.run(self.engine, "upgrade", self._opts(second_models))
        self.same(at_second, self.schema(second_models), second)
        self.alike(second_picture, self.picture(), second)
        nameless = self.picture(names=False)
        second.run(self.engine, "downgrade", self._opts(second_models))
        first.run(self.engine, "downgrade", self._opts(first_models))
        self.same(untouched, self.everything(), first)
        self.alike(empty, self.picture(), first)
        self.direct(case, second_models, at_second, second_picture)
        self.same(untouched, self.everything(), first)
        if at_first.objects or at_second.objects:
            return first, second  # create_all() does not know what is no table
        with self.engine.begin() as connection:
            owners = (*second_models.tables.values(), *second_models._sequences.values())
            for schema in sorted({owner.schema for owner in owners if owner.schema}):
                connection.execute(sa.schema.CreateSchema(schema))
            second_models.create_all(connection)
        self.same(without_names(at_second), without_names(self.schema(second_models)), second)
        self.alike(nameless, self.picture(names=False), second)
        return first, second

    def prepare(self, case: Case) -> None:
        """Put into the database what is there before any revision."""
        with self.engine.begin() as connection:
            for statement in case.setup:
                connection.exec_driver_sql(statement, None, {"no_parameters": True})

    def direct(self, case: Case, models: sa.MetaData, schema: SchemaFact, picture: Picture) -> None:
        """Make sure that a first revision of the second models makes the same schema."""
        revision = self.revision(f"{case.name} at once", models)
        revision.run(self.engine, "upgrade", self._opts(models))
        found = self.closed(revision, models)
        if is_among(self.database, case.keeps_names_on):
            self.same(without_names(schema), without_names(found), revision)
        else:
            self.same(schema, found, revision)
            self.alike(picture, self.picture(), revision)
        revision.run(self.engine, "downgrade", self._opts(models))

    def _opts(self, metadata: sa.MetaData) -> dict[str, Any]:
        compares = {"compare_objects": self.compares} if self.compares else {}
        return {**self.opts, **compares, "target_metadata": metadata}

    def revision(self, name: str, metadata: sa.MetaData) -> Revision:
        """Generate a file from models and the database."""
        with self.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts=self._opts(metadata))
            script = produce_migrations(context, metadata)
            variables: dict[str, Any] = {}
            render_into_template([AutogenContext(context, metadata)], script, variables)
        if variables["imports"]:
            variables["imports"] += "\n"
        text = FILE.format(name=name, **variables)
        path = self.folder / f"{'_'.join(name.split())}.py".replace("/", "_")
        path.write_text(text, encoding="utf-8")
        return Revision(path)

    def comparison(self, metadata: sa.MetaData) -> Comparison:
        """What still differs."""
        with self.engine.connect() as connection:
            everywhere = bool(self.opts.get("include_schemas"))
            options = CompareOptions(compare_objects=self.compares, include_schemas=everywhere)
            return compare_database(connection, [metadata], options)

    def closed(self, revision: Revision, metadata: sa.MetaData) -> SchemaFact:
        """Make sure that nothing differs any more, and return the schema."""
        comparison = self.comparison(metadata)
        assert not comparison.changes, f"{comparison.changes}\nafter\n{revision.text}"
        return in_order(comparison.before)

    def schema(self, metadata: sa.MetaData) -> SchemaFact:
        """The schema of the database."""
        return in_order(self.comparison(metadata).before)

    def everything(self) -> SchemaFact:
        """The whole schema of the database, with what no model declares."""
        options = CompareOptions(compare_objects=tuple(OBJECT_KINDS))
        with self.engine.connect() as connection:
            return in_order(compare_database(connection, [sa.MetaData()], options).before)

    def picture(self, *, names: bool = True) -> Picture:
        """The schema as the catalogue itself says it."""
        with self.engine.connect() as connection:
            return picture(connection, names=names)

    def alike(self, wanted: Picture, found: Picture, revision: Revision) -> None:
        """Make sure that two pictures are the same."""
        lines = [f"- {line}" for line in sorted(wanted - found)]
        lines += [f"+ {line}" for line in sorted(found - wanted)]
        assert wanted == found, "\n".join(lines) + f"\nafter\n{revision.text}"

    def same(self, wanted: SchemaFact, found: SchemaFact, revision: Revision) -> None:
        """Make sure that two schemas are the same."""
        lines = "\n".join(differences(wanted, found))
        assert wanted == found, f"{lines}\nafter\n{revision.text}"


def differences(wanted: SchemaFact, found: SchemaFact) -> Iterator[str]:
    """What is on one side only, for people."""
    for sign, one, other in (("-", wanted, found), ("+", found, wanted)):
        parts = {part for table in other.tables for part in _parts(table)}
        for table in one.tables:
            yield from (f"{sign} {table.key} {p}" for p in _parts(table) if p not in parts)
        yield from (f"{sign} {e}" for e in one.enums if e not in other.enums)
        yield from (f"{sign} {s}" for s in one.sequences if s not in other.sequences)
        yield from (f"{sign} {o}" for o in one.objects if o not in other.objects)


def _parts(table: TableFact) -> Iterator[Any]:
    yield ("table", table.key, table.comment, table.options)
    yield from table.columns
    yield table.primary_key
    yield from table.constraints
    yield from table.indexes


def in_order(schema: SchemaFact) -> SchemaFact:
    """The schema with each table's columns by name: a column that comes back is the last one."""
    tables = (
        replace(table, columns=tuple(sorted(table.columns, key=lambda column: column.name)))
        for table in schema.tables
    )
    return replace(schema, tables=tuple(tables))


def without_names(schema: SchemaFact) -> SchemaFact:
    """The schema without the names of constraints, which ``create_all`` leaves to the database."""
    return replace(schema, tables=tuple(_without_names(table) for table in schema.tables))


def _without_names(table: TableFact) -> TableFact:
    key = table.primary_key
    constraints = (replace(fact, name=None) for fact in table.constraints)
    return replace(
        table,
        primary_key=None if key is None else replace(key, name=None),
        constraints=tuple(sorted(constraints, key=lambda fact: (type(fact).__name__, repr(fact)))),
        indexes=tuple(index for index in table.indexes if not _serves_a_key(index, table)),
    )


def _serves_a_key(index: IndexFact, table: TableFact) -> bool:
    """MySQL makes an index for a foreign key, and takes it away when another one serves."""
    return any(
        isinstance(fact, ForeignKeyFact) and index.elements[: len(fact.columns)] == fact.columns
        for fact in table.constraints
    )
