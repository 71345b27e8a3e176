"""Views, routines, triggers and the like of the models in PostgreSQL's own words.

Each is created in the temporary schema, inside of a savepoint that is rolled back, and read back by
the same queries as the real ones. Tables that the models have otherwise than the database are there
too, as they shall be: PostgreSQL looks for tables, views and types in the temporary schema first
(https://www.postgresql.org/docs/current/runtime-config-client.html, ``search_path``), so that a
view of a column which is still to be added is understood, and ``SELECT *`` means what it will mean.
Nothing that is real is locked by more than a query would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from limbeck.dialects.backend import EmitTarget
from limbeck.dialects.postgresql.normalise import PostgresqlWords
from limbeck.dialects.postgresql.object_catalogue import ObjectCatalogue
from limbeck.dialects.postgresql.object_emit import PostgresqlObjectWriter
from limbeck.dialects.postgresql.object_reflect import ObjectReader
from limbeck.dialects.postgresql.scratch import (
    PREFIX,
    SETTING,
    attempt,
    dollar_quoted,
    refuse_if_hopeless,
    rolled_back,
)
from limbeck.dialects.text import plain_dialect
from limbeck.diff.object_order import belongs_to, creation_order
from limbeck.facts.rights import Domain, Policy
from limbeck.facts.routines import Function, Procedure, Trigger
from limbeck.facts.schema_objects import (
    MaterializedView,
    Need,
    ObjectKey,
    SchemaObject,
    View,
    ViewIndex,
)
from limbeck.operations import ops

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

    from limbeck.facts.scope import Scope

_BUILT = (View, MaterializedView, Function, Procedure, Trigger, Policy, Domain)
_TEMPORARY = "pg_temp"


def objects_on_scratch(
    connection: Connection,
    objects: Sequence[SchemaObject],
    stored: Sequence[SchemaObject],
    tables: Sequence[Table],
    scope: Scope,
) -> tuple[SchemaObject, ...]:
    """``objects`` as PostgreSQL would say them; those that cannot be built stay as they are.

    :raises ScratchImpossible: nothing can be created here.
    """
    drafter = _Drafter(connection, stored, scope)
    drafts = [drafter.draft(item) for item in creation_order(objects) if isinstance(item, _BUILT)]
    if not drafts:
        return tuple(objects)
    shadows = list(drafter.shadows(tables, {item.key for item in objects}))
    with rolled_back(connection):
        connection.exec_driver_sql(_block(shadows, drafts), None, {"no_parameters": True})
        schema, failures = connection.execute(
            text(
                "SELECT (SELECT nspname FROM pg_namespace WHERE oid = pg_my_temp_schema()),"
                f" current_setting('{SETTING}', true)"
            )
        ).one()
        refuse_if_hopeless(failures or "", len(drafts))
        reader = ObjectReader(ObjectCatalogue(connection, [schema]), scope, ("m", "r"))
        read = {(o.kind, o.key.name, _table_of(o)): o for o in reader.objects()}
        indexes = {index.name: index for found in reader.indexes().values() for index in found}
    names = {(draft.item.kind, draft.name): draft.item.key for draft in drafts}
    names |= {(key.kind, name): key for name, key in drafter.stand_ins.items()}
    built = {draft.item.key: _merged(draft, read, names) for draft in drafts}
    for draft in drafts:
        item = built[draft.item.key]
        if isinstance(item, MaterializedView):
            built[item.key] = replace(item, indexes=tuple(_merged_indexes(item, draft, indexes)))
    return tuple(built.get(item.key, item) for item in objects)


@dataclass
class _Draft:
    """One object on scratch.

    :param item: the object.
    :param name: what it is called there.
    :param table: what its table is called there, "" where it has none.
    :param statements: what creates it.
    """

    item: SchemaObject
    name: str
    table: str
    statements: list[str]


class _Drafter:
    """Writes the statements that build objects on scratch."""

    def __init__(
        self, connection: Connection, stored: Sequence[SchemaObject], scope: Scope
    ) -> None:
        self._words = PostgresqlWords(connection.dialect, scope)
        self._writer = PostgresqlObjectWriter(EmitTarget(connection.dialect))
        self._views = {item.key for item in stored if isinstance(item, View | MaterializedView)}
        self.stand_ins: dict[str, ObjectKey] = {}
        """What each copy of a table or view is a copy of."""
        self._quote = plain_dialect(connection.dialect).identifier_preparer.quote
        self._count = 0

    def draft(self, item: SchemaObject) -> _Draft:
        """The draft of one object."""
        self._views |= {item.key} if isinstance(item, View) else set()
        match item:
            case View() | Domain():
                return self._plain(item)
            case MaterializedView():
                return self._materialized(item)
            case Function() | Procedure():
                draft = self._plain(replace(item, name=self._fresh()))
                return replace(draft, item=item)
            case _:
                return self._of_table(item)

    def shadows(self, tables: Sequence[Table], declared: set[ObjectKey]) -> Iterator[str]:
        """The attempts to build the models' tables."""
        for table in tables:
            key = self._words.scope.key(table.schema, table.name)
            if key.schema or ObjectKey("view", "", table.name) in declared:
                continue
            columns = ", ".join(
                f"{self._quote(column.name)} {self._words.type_text(column)}"
                for column in table.columns
                if not column.system
            )
            name = self._quote(table.name)
            yield attempt("table", [f"CREATE TEMPORARY TABLE {_TEMPORARY}.{name} ({columns})"])

    def _plain(self, item: Any) -> _Draft:
        """An object that is created as it is, in the default schema under its own name."""
        name = item.name if item.schema is None else self._fresh()
        placed = replace(item, name=name, schema=_TEMPORARY, comment=None, owner=None, source=None)
        return _Draft(item, name, "", self._created(placed))

    def _materialized(self, item: MaterializedView) -> _Draft:
        """A view for the query, and a table for the indexes: neither can be told from the real."""
        view = View(item.name, item.definition, schema=item.schema)
        draft = self._plain(view)
        if item.indexes:
            table = f"{_TEMPORARY}.{self._quote(f'{draft.name}_kept')}"
            draft.statements.append(f"CREATE TEMPORARY TABLE {table} AS {item.definition}")
            draft.statements[-1] += "\nWITH NO DATA"
            for number, index in enumerate(item.indexes):
                name = self._quote(f"{draft.name}_{number}")
                unique = "UNIQUE " if index.unique else ""
                draft.statements.append(
                    f"CREATE {unique}INDEX {name} ON {table} {index.definition}"
                )
        return replace(draft, item=item)

    def _of_table(self, item: Any) -> _Draft:
        """A trigger or a policy, on a stand-in of its table."""
        statements: list[str] = []
        name = next((n for n, key in self.stand_ins.items() if belongs_to(item, key)), None)
        if name is None:
            name = self._fresh()
            key = ObjectKey("view", item.schema or "", item.table)
            key = key if key in self._views else replace(key, kind="table")
            self.stand_ins[name] = key
            statements.append(self._stand_in(name, key))
        placed = replace(item, table=name, schema=_TEMPORARY, comment=None, source=None)
        return _Draft(item, item.name, name, [*statements, *self._created(placed)])

    def _stand_in(self, name: str, key: ObjectKey) -> str:
        """A statement that copies a table or view, as it is or as it will be.

        The copy has a name that nobody speaks of: one of the same name would hide the real table
        from the texts that are read back.
        """
        real = f"{self._quote(key.schema)}." if key.schema else ""
        real += self._quote(key.name)
        copy = f"{_TEMPORARY}.{self._quote(name)}"
        if key.kind == "view":
            return f"CREATE TEMPORARY VIEW {copy} AS SELECT * FROM {real}"
        return f"CREATE TEMPORARY TABLE {copy} (LIKE {real})"

    def _created(self, item: SchemaObject) -> list[str]:
        operation = ops.CreateObjectOp(item)
        return [each.sql for each in self._writer.statements(operation)]

    def _fresh(self) -> str:
        self._count += 1
        return f"{PREFIX}{self._count}"


def _block(shadows: Sequence[str], drafts: Sequence[_Draft]) -> str:
    """The ``DO`` statement that builds everything and notes what cannot be built."""
    domains = [d for d in drafts if isinstance(d.item, Domain)]
    others = [d for d in drafts if not isinstance(d.item, Domain)]
    parts = [
        f"PERFORM set_config('{SETTING}', '', true);",
        "PERFORM set_config('check_function_bodies', 'off', true);",
        *(_attempt(draft, number) for number, draft in enumerate(domains)),
        *shadows,
        *(_attempt(draft, number) for number, draft in enumerate(others, len(domains))),
    ]
    return dollar_quoted("DO ", "BEGIN\n" + "\n".join(parts) + "\nEND")


def _attempt(draft: _Draft, number: int) -> str:
    return attempt(f"{PREFIX}{number}", draft.statements)


def _merged(
    draft: _Draft,
    read: Mapping[tuple[str, str, str], SchemaObject],
    names: Mapping[tuple[str, str], ObjectKey],
) -> SchemaObject:
    """The model's object with every spelling as PostgreSQL read it back."""
    item = draft.item
    kind = "view" if isinstance(item, MaterializedView) else item.kind
    found = read.get((kind, draft.name, draft.table))
    if found is None:
        return item
    kept: dict[str, Any] = {
        "schema": item.schema,
        "comment": item.comment,
        "owner": None,
        "further": (),
        "only_on": item.only_on,
        "depends_on": item.depends_on,
        "needs": tuple(_real(need, names) for need in found.needs),
        "source": item.source,
    }
    if isinstance(item, MaterializedView) and isinstance(found, View):
        return replace(item, definition=found.definition, **kept)
    kept["name"] = item.key.name
    if draft.table:
        kept["table"] = item.key.within
    return replace(found, **kept)


def _table_of(item: SchemaObject) -> str:
    """The table of a trigger or a policy; on scratch, a routine's name is its own."""
    return item.table if isinstance(item, Trigger | Policy) else ""


def _merged_indexes(
    view: MaterializedView, draft: _Draft, read: Mapping[str, ViewIndex]
) -> Iterator[ViewIndex]:
    for number, index in enumerate(view.indexes):
        found = read.get(f"{draft.name}_{number}")
        yield index if found is None else replace(found, name=index.name)


def _real(need: Need, names: Mapping[tuple[str, str], ObjectKey]) -> Need:
    """What an object leans on, by its real address."""
    if not need.key.schema.startswith("pg_temp"):
        return need
    known = names.get((need.key.kind, need.key.name))
    return replace(need, key=known if known is not None else replace(need.key, schema=""))
