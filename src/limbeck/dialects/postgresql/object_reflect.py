"""Views, routines, triggers and the like as PostgreSQL's catalogue has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from limbeck.dialects.postgresql.object_catalogue import ObjectCatalogue
from limbeck.dialects.standard.item_words import without_parentheses
from limbeck.facts.rights import Domain, Extension, Grant, Policy, RowSecurity
from limbeck.facts.routines import Function, Procedure, Trigger
from limbeck.facts.schema_objects import (
    MaterializedView,
    Need,
    ObjectKey,
    SchemaObject,
    View,
    ViewIndex,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from limbeck.facts.scope import Scope

Row = Any
"""A row of the catalogue; its columns are those of the query."""

_COMMANDS = {"*": "ALL", "r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE"}


def reflect_objects(connection: Connection, scope: Scope) -> tuple[SchemaObject, ...]:
    """All objects of the database, but for those of the server and of extensions."""
    schemas = connection.execute(
        text(
            "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' "
            "AND nspname <> 'information_schema'"
        )
    ).scalars()
    reader = ObjectReader(ObjectCatalogue(connection, list(schemas)), scope)
    return tuple(sorted(reader.objects(), key=lambda item: item.key))


class ObjectReader:
    """Makes objects of rows.

    :param catalogue: where the rows come from.
    :param scope: gives objects their keys.
    :param index_kinds: kinds of relations whose indexes are read: ``m`` is a materialised view.
    """

    def __init__(
        self, catalogue: ObjectCatalogue, scope: Scope, index_kinds: tuple[str, ...] = ("m",)
    ) -> None:
        self._catalogue = catalogue
        self._scope = scope
        self._index_kinds = index_kinds

    def objects(self) -> Iterator[SchemaObject]:
        """All objects, in any order."""
        needs = self._needs()
        yield from self.views(needs)
        yield from self.routines(needs)
        yield from self.triggers(needs)
        yield from self.policies(needs)
        yield from self.domains(needs)
        for row in self._rows(self._catalogue.row_security()):
            yield RowSecurity(row.relname, row.forced, schema=self._schema(row))
        for row in self._rows(self._catalogue.extensions()):
            yield Extension(row.extname, row.extversion, schema=row.nspname, comment=row.comment)
        yield from self._grants()

    def views(self, needs: Mapping[int, tuple[Need, ...]]) -> Iterator[SchemaObject]:
        """The views and materialised views."""
        indexes = self.indexes()
        for row in self._rows(self._catalogue.views()):
            options = dict(option.split("=", 1) for option in row.reloptions or ())
            common: dict[str, Any] = {
                "schema": self._schema(row),
                "comment": row.comment,
                "owner": row.owner,
                "needs": needs.get(row.oid, ()),
                "further": tuple(row.further),
            }
            if row.relkind == "v":
                columns = tuple(row.columns)
                yield View(row.relname, row.definition, options, columns, **common)
                continue
            yield MaterializedView(
                row.relname,
                row.definition,
                indexes.get(row.oid, ()),
                options,
                row.relispopulated,
                **common,
            )

    def indexes(self) -> dict[int, tuple[ViewIndex, ...]]:
        """The indexes of relations by the relation's oid."""
        found: dict[int, list[ViewIndex]] = defaultdict(list)
        for row in self._rows(self._catalogue.indexes(*self._index_kinds)):
            definition = _around(row.definition, row, " ON ", " ")[1]
            found[row.indrelid].append(ViewIndex(row.relname, definition, row.indisunique))
        return {oid: tuple(items) for oid, items in found.items()}

    def routines(self, needs: Mapping[int, tuple[Need, ...]]) -> Iterator[SchemaObject]:
        """The functions and procedures."""
        for row in self._rows(self._catalogue.routines()):
            # CREATE OR REPLACE FUNCTION address(arguments)\n and what a definition is here
            definition = _around(row.definition, row, " ", f"({row.arguments})")[1]
            kind = Function if row.prokind == "f" else Procedure
            yield kind(
                row.proname,
                row.arguments,
                definition,
                row.signature,
                schema=self._schema(row),
                comment=row.comment,
                owner=row.owner,
                needs=needs.get(row.oid, ()),
                further=tuple(row.further),
            )

    def triggers(self, needs: Mapping[int, tuple[Need, ...]]) -> Iterator[SchemaObject]:
        """The triggers, without those that keep foreign keys."""
        for row in self._rows(self._catalogue.triggers()):
            before, action = _around(row.definition, row, " ON ", " ")
            yield Trigger(
                row.tgname,
                row.relname,
                before.partition(f" TRIGGER {row.quoted} ")[2],
                action,
                row.is_constraint,
                schema=self._schema(row),
                comment=row.comment,
                needs=needs.get(row.oid, ()),
                further=tuple(row.further),
            )

    def policies(self, needs: Mapping[int, tuple[Need, ...]]) -> Iterator[SchemaObject]:
        """The policies of row security."""
        for row in self._rows(self._catalogue.policies()):
            yield Policy(
                row.polname,
                row.relname,
                _COMMANDS[row.command],
                _inner(row.qualification),
                _inner(row.with_check),
                tuple(row.roles),
                row.polpermissive,
                schema=self._schema(row),
                comment=row.comment,
                needs=needs.get(row.oid, ()),
            )

    def domains(self, needs: Mapping[int, tuple[Need, ...]]) -> Iterator[SchemaObject]:
        """The domains."""
        for row in self._rows(self._catalogue.domains()):
            collation = f" COLLATE {row.collation}" if row.collation else ""
            conditions = (str(_inner(condition)) for condition in row.conditions)
            yield Domain(
                row.typname,
                row.type + collation,
                row.default_text,
                not row.typnotnull,
                dict(zip(row.names, conditions, strict=True)),
                schema=self._schema(row),
                comment=row.comment,
                owner=row.owner,
                needs=needs.get(row.oid, ()),
            )

    def _grants(self) -> Iterator[SchemaObject]:
        rows = self._rows(self._catalogue.grants())
        for (kind, _, name, role), held in groupby(
            rows, key=lambda row: (row.kind, row.nspname, row.name, row.role)
        ):
            privileges = list(held)
            yield Grant(
                tuple(row.privilege for row in privileges),
                name,
                role,
                kind,
                all(row.grantable for row in privileges),
                schema=None if kind == "schema" else self._schema(privileges[0]),
            )

    def _needs(self) -> dict[int, tuple[Need, ...]]:
        found: dict[int, list[Need]] = defaultdict(list)
        for row in self._rows(self._catalogue.needs()):
            schema = self._schema(row) or ""
            key = ObjectKey(row.kind, schema, row.name, row.signature or "")
            found[row.oid].append(Need(key, row.attname))
        return {oid: tuple(sorted(items)) for oid, items in found.items()}

    def _schema(self, row: Row) -> str | None:
        return self._scope.key(row.nspname, "").schema or None

    def _rows(self, rows: Any) -> Iterator[Row]:
        yield from rows


def _around(definition: str, row: Row, opening: str, closing: str) -> tuple[str, str]:
    """What stands before an object's address and what it stands in, and what stands behind.

    In the temporary schema, newer versions say pg_temp and not the schema's real name.
    """
    for schema in (row.quoted_schema, "pg_temp"):
        before, found, after = definition.partition(f"{opening}{schema}.{row.quoted_name}{closing}")
        if found:
            return before, after
    raise LookupError(f"{row.quoted_name} is not found in {definition!r}")


def _inner(condition: str | None) -> str | None:
    """A condition without the parentheses around the whole of it, which statements put there."""
    return None if condition is None else without_parentheses(condition)
