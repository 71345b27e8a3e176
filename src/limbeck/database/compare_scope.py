"""Where a comparison looks: in which schemas, and past which tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect

from limbeck.database.schemas import is_of_users
from limbeck.dialects.standard.scratch_database import MARKER
from limbeck.facts.objects import SchemaFact, TableKey
from limbeck.facts.own_tables import JOURNAL
from limbeck.facts.scope import Scope

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from limbeck.database.comparison import CompareOptions
    from limbeck.facts.schema_objects import ObjectKey


@contextmanager
def as_found(connection: Connection) -> Iterator[None]:
    """End the transaction that SQLAlchemy begins by itself, unless there was one already."""
    inside = connection.in_transaction()
    try:
        yield
    finally:
        if not inside and connection.in_transaction():
            connection.rollback()


def default_schema(connection: Connection) -> str:
    """What the server calls the default schema now, "" where it has no name.

    The dialect remembers the answer of its first connection, but ``search_path`` may have been
    set since, so its own question is asked again.
    """
    ask: Callable[[Any], str | None] | None = getattr(
        connection.dialect, "_get_default_schema_name", None
    )
    if ask is None:
        return connection.dialect.default_schema_name or ""
    try:
        return ask(connection) or ""
    except NotImplementedError:
        return connection.dialect.default_schema_name or ""


def first_scope(connection: Connection, options: CompareOptions) -> Scope:
    """The scope as far as it is known before the models are: of no schemas yet."""
    default = default_schema(connection)
    here = Scope(default_schema=default)
    names = (options.version_table, JOURNAL, *options.own_tables)
    own = [here.key(options.version_table_schema, name) for name in names]
    return Scope(
        schemas=(),
        default_schema=default,
        include_name=options.include_name,
        exclude_tables=frozenset({*own, here.key(None, MARKER)}),
    )


def with_schemas(
    connection: Connection, scope: Scope, after: SchemaFact, options: CompareOptions
) -> tuple[Scope, frozenset[str]]:
    """The scope with its schemas, and those that are in it only for what the models have there."""
    keys: list[TableKey | ObjectKey] = [
        *(table.key for table in after.tables),
        *(enum.key for enum in after.enums),
        *(sequence.key for sequence in after.sequences),
        *(item.key for item in after.objects),
    ]
    named = {key.schema for key in keys} - {""}
    if not named and not options.include_schemas:
        schemas = [""] if takes_schema(options, None) else []
        return replace(scope, schemas=tuple(schemas)), frozenset()
    existing = set(inspect(connection).get_schema_names())
    others = {name for name in existing - {scope.default_schema} if is_of_users(name)}
    asked = {"", *(others if options.include_schemas else ())}
    owned = {schema for schema in asked if takes_schema(options, schema or None)}
    guests = frozenset((named & existing) - owned)
    return replace(scope, schemas=tuple(sorted(owned | guests))), guests


def takes_schema(options: CompareOptions, schema: str | None) -> bool:
    """Whether the user's filter of names lets a schema through, None for the default one."""
    if options.include_name is None:
        return True
    return bool(options.include_name(schema, "schema", {}))


def without_guests(
    before: SchemaFact,
    after: SchemaFact,
    guests: frozenset[str],
    renamed: Iterable[tuple[TableKey, TableKey]],
) -> SchemaFact:
    """``before`` without what the models do not name in schemas that are not theirs.

    :param renamed: the old and the new keys of tables that are said to be renamed.
    """
    if not guests:
        return before
    there = {table.key for table in before.tables}
    tables = {table.key for table in after.tables}
    tables |= {old for old, new in renamed if new not in there}
    enums = {enum.key for enum in after.enums}
    sequences = {sequence.key for sequence in after.sequences}
    return SchemaFact(
        tuple(t for t in before.tables if t.key.schema not in guests or t.key in tables),
        tuple(e for e in before.enums if e.key.schema not in guests or e.key in enums),
        tuple(s for s in before.sequences if s.key.schema not in guests or s.key in sequences),
    )
