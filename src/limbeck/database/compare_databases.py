"""What differs between two databases of one kind, each in its own words.

Neither side is described from models, so that nothing has to be built on scratch or settled: what
the two catalogues say is compared as it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from limbeck.database.compare_scope import as_found, default_schema, first_scope, takes_schema
from limbeck.database.filters import kept_changes
from limbeck.database.schemas import schemas_beside
from limbeck.dialects.registry import backend_for
from limbeck.dialects.standard.scratch_database import MARKER
from limbeck.diff.changes import Change, Removed
from limbeck.diff.compare import compare
from limbeck.diff.objects import compare_objects
from limbeck.facts.new_names import NO_NEW_NAMES
from limbeck.facts.objects import EnumFact, SchemaFact, SequenceFact, TableFact
from limbeck.facts.own_tables import journal_table_name
from limbeck.facts.rights import Extension, Grant
from limbeck.facts.schema_objects import SchemaObject
from limbeck.facts.scope import Scope
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from limbeck.database.comparison import CompareOptions
    from limbeck.facts.objects import TableKey


class Drift(Value):
    """What differs between a database and what its history makes.

    :param changes: what turns the database into what the history makes.
    :param strangers: what else would have to go: whole tables, types, sequences, views and the like
        that the history has not made, and that may be somebody else's.
    """

    changes: tuple[Change, ...]
    strangers: tuple[Removed, ...]


def compare_databases(
    connection: Connection,
    wanted: Connection,
    wanted_schemas: tuple[str, ...],
    options: CompareOptions,
) -> Drift:
    """Compare a database with another one, where the history has run.

    Both connections are left as they were found.

    :param connection: a connection to the database.
    :param wanted: one to the other.
    :param wanted_schemas: the schemas in the other one, "" for the default one.
    :param options: what is compared; types and defaults always are.
    """
    backend = backend_for(connection.dialect)
    with as_found(connection), as_found(wanted):
        wide = tuple(each for each in wanted_schemas if takes_schema(options, each or None))
        wanted_scope = replace(first_scope(wanted, options), schemas=wide)
        after = _stored(wanted, wanted_scope)
        schemas = _schemas(connection, after, options)
        scope = replace(first_scope(connection, options), schemas=schemas)
        before = _stored(connection, scope)
        changes = changes_between(before, after)
        if changes and options.include_object is not None:
            tables = _tables(changes)
            before = backend.with_sources(connection, before, tables, scope, NO_NEW_NAMES)
            after = backend.with_sources(wanted, after, tables, wanted_scope, NO_NEW_NAMES)
            changes = kept_changes(
                changes_between(before, after), before, after, options.include_object
            )
    strangers = [each for each in changes if _is_strange(each, after)]
    return Drift(
        tuple(each for each in changes if each not in strangers and not _is_apart(each)),
        tuple(each for each in strangers if isinstance(each, Removed) and not _is_apart(each)),
    )


def changes_between(before: SchemaFact, after: SchemaFact) -> tuple[Change, ...]:
    """What turns one stored schema into another.

    :param before: the one.
    :param after: the other.
    """
    return (
        *compare(replace(before, objects=()), replace(after, objects=())),
        *compare_objects(before.objects, after.objects),
    )


def stored_facts(
    connection: Connection,
    schemas: tuple[str, ...],
    options: CompareOptions,
    tables_of_the_tool: Iterable[tuple[str | None, str]] = (),
) -> SchemaFact:
    """All that lies in some schemas of a database, views and the like with it.

    :param connection: a connection to the database, which is left as it was found.
    :param schemas: the schemas, "" for the default one.
    :param options: what is looked at.
    :param tables_of_the_tool: further tables to leave out, as schema and name.
    """
    with as_found(connection):
        scope = first_scope(connection, options)
        own = frozenset(scope.key(*each) for each in tables_of_the_tool)
        excluded = scope.exclude_tables | own
        return _stored(connection, replace(scope, schemas=schemas, exclude_tables=excluded))


def scratch_facts(
    connection: Connection,
    schemas: tuple[str, ...],
    version_tables: Iterable[tuple[str | None, str]],
) -> SchemaFact:
    """The tables, types and sequences of a scratch database, each table's columns by name.

    limbeck's own tables are left out.

    :param connection: a connection to it.
    :param schemas: the schemas, "" for the default one.
    :param version_tables: the version tables, as schema and name.
    """
    scope = Scope(schemas, default_schema(connection))
    versions = tuple(version_tables)
    own = {scope.key(None, MARKER), *(scope.key(*table) for table in versions)}
    own |= {scope.key(schema, journal_table_name(name)) for schema, name in versions}
    found = backend_for(connection.dialect).reflect(
        connection, replace(scope, exclude_tables=frozenset(own))
    )
    tables = tuple(
        replace(table, columns=tuple(sorted(table.columns, key=lambda column: column.name)))
        for table in found.tables
    )
    return replace(found, tables=tables)


def _stored(connection: Connection, scope: Scope) -> SchemaFact:
    """All that lies in a scope, views and the like with it."""
    backend = backend_for(connection.dialect)
    found = backend.reflect(connection, scope)
    objects = tuple(
        item
        for item in backend.reflect_objects(connection, scope)
        if scope.takes_schema(item.schema or "") and scope.takes_object(item.key)
    )
    return replace(found, objects=objects)


def _schemas(connection: Connection, after: SchemaFact, options: CompareOptions) -> tuple[str, ...]:
    """The default schema, those in which the history makes something, and all if so asked."""
    first = first_scope(connection, options)
    keys = [
        *(table.key for table in after.tables),
        *(enum.key for enum in after.enums),
        *(sequence.key for sequence in after.sequences),
    ]
    wanted = {"", *(key.schema for key in keys), *(item.schema or "" for item in after.objects)}
    existing = {""}
    if options.include_schemas or wanted != existing:
        others = schemas_beside(connection, first.default_schema)
        existing |= others
        wanted |= others if options.include_schemas else set()
    return tuple(sorted(s for s in wanted & existing if takes_schema(options, s or None)))


def _is_strange(change: Change, after: SchemaFact) -> bool:
    """Whether it is about something whole that the history has not made.

    A trigger or a policy on a table of the history's is no thing of its own.
    """
    if not isinstance(change, Removed):
        return False
    fact = change.before
    if isinstance(fact, SchemaObject):
        table = getattr(fact, "table", None)
        made = {(each.key.schema, each.key.name) for each in after.tables}
        return table is None or (fact.schema or "", table) not in made
    return isinstance(fact, TableFact | EnumFact | SequenceFact)


def _is_apart(change: Change) -> bool:
    """Whether it is about what a database is given by its administrators, and no revision."""
    return isinstance(change, Removed) and isinstance(change.before, Grant | Extension)


def _tables(changes: tuple[Change, ...]) -> set[TableKey]:
    return {change.table for change in changes if change.table is not None}
