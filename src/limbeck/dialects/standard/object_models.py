"""What models declare beside tables: objects that are attached, and SQLAlchemy's own views."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import exc
from sqlalchemy.schema import CreateIndex

from limbeck.dialects.text import plain_dialect
from limbeck.errors import ConfigurationError
from limbeck.facts.schema_objects import (
    INFO_KEY,
    MaterializedView,
    ObjectKey,
    SchemaObject,
    View,
    ViewIndex,
)

if TYPE_CHECKING:
    from sqlalchemy import Dialect, MetaData, Table

    from limbeck.facts.scope import Scope

_DATABASE_NAMES = {"mariadb": ("mariadb", "mysql"), "mysql": ("mysql",)}


def declared_objects(
    metadatas: Sequence[MetaData], dialect: Dialect, scope: Scope
) -> tuple[SchemaObject, ...]:
    """The objects that the models declare for a database, in the order of their keys.

    :param metadatas: the models.
    :param dialect: the database.
    :raises ConfigurationError: an object is declared twice, or its query has no text.
    """
    found: dict[ObjectKey, SchemaObject] = {}
    for metadata in metadatas:
        for declared in _declared(metadata, dialect):
            if not _is_meant_for(declared, dialect):
                continue
            known = _in_scope(_with_text(declared, dialect), scope)
            if known.key in found:
                raise ConfigurationError(
                    f"{known.kind} {known.key} is declared twice",
                    hint="attach each object to one MetaData, once",
                )
            found[known.key] = replace(known, source=known)
    return tuple(found[key] for key in sorted(found))


def _declared(metadata: MetaData, dialect: Dialect) -> Iterator[SchemaObject]:
    for declared in metadata.info.get(INFO_KEY, ()):
        if not isinstance(declared, SchemaObject):
            raise ConfigurationError(
                f"{declared!r} in MetaData.info[{INFO_KEY!r}] is no object of limbeck.schema",
                hint="use the attach() method of View, Function and the others",
            )
        yield declared
    for table in metadata.tables.values():
        if getattr(table, "is_view", False):
            view = _sqlalchemy_view(table, dialect)
            if view is not None:
                yield view


def _is_meant_for(declared: SchemaObject, dialect: Dialect) -> bool:
    names = _DATABASE_NAMES.get(dialect.name, (dialect.name,))
    return not declared.only_on or any(name in declared.only_on for name in names)


def _with_text(declared: SchemaObject, dialect: Dialect) -> SchemaObject:
    """The object with its query as text."""
    if not isinstance(declared, View | MaterializedView) or isinstance(declared.definition, str):
        return declared
    return replace(declared, definition=_compiled(declared.definition, declared.name, dialect))


def _in_scope(declared: SchemaObject, scope: Scope) -> SchemaObject:
    """The object with the default schema under its one spelling."""
    if declared.schema is None:
        return declared
    return replace(declared, schema=scope.key(declared.schema, "").schema or None)


def _compiled(query: Any, name: str, dialect: Dialect) -> str:
    try:
        compiled = query.compile(
            dialect=plain_dialect(dialect), compile_kwargs={"literal_binds": True}
        )
    except exc.CompileError as error:
        raise ConfigurationError(
            f"the query of view {name!r} has no text: {error}",
            hint="values in it need types with literals; or give the query as text",
        ) from None
    # SQLAlchemy ends some lines with a blank.
    return "\n".join(line.rstrip() for line in str(compiled).split("\n"))


def _sqlalchemy_view(table: Table, dialect: Dialect) -> SchemaObject | None:
    """A view of SQLAlchemy 2.1's, which is kept as the creator of a table."""
    creator: Any = table._creator_ddl  # the only place that knows it
    if creator.temporary:
        return None
    definition = _compiled(creator.selectable, table.name, dialect)
    own: Any = creator.dialect_options.get(dialect.name, {}) if creator.dialect_kwargs else {}
    options = dict(own["with"] or {}) if "with" in own else {}
    if not creator.materialized:
        return View(table.name, definition, options, schema=table.schema, comment=table.comment)
    return MaterializedView(
        table.name,
        definition,
        tuple(_index(index, dialect) for index in table.indexes),
        options,
        schema=table.schema,
        comment=table.comment,
    )


def _index(index: Any, dialect: Dialect) -> ViewIndex:
    plain = plain_dialect(dialect)
    words = str(CreateIndex(index).compile(dialect=plain))
    address = plain.identifier_preparer.format_table(index.table)
    return ViewIndex(index.name, words.partition(f" ON {address} ")[2], bool(index.unique))
