"""Views and routines of the models in the words of MySQL and MariaDB.

There are no temporary views and routines. Each is created under a name of its own, read back and
dropped, on another connection: such statements commit whatever transaction they are in
(https://mariadb.com/kb/en/sql-statements-that-cause-an-implicit-commit/). The server keeps triggers
as they were written, so their text alone is compared, and none is ever put on a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import exc, text

from limbeck.dialects.backend import EmitTarget
from limbeck.dialects.mysql.object_emit import MysqlObjectWriter
from limbeck.dialects.mysql.object_reflect import read_routine, view_options, without_database
from limbeck.dialects.mysql.sql_tokens import tokens_of
from limbeck.dialects.standard.scratch import ScratchImpossible
from limbeck.diff.object_order import mentions
from limbeck.facts.routines import Function, Procedure, Trigger
from limbeck.facts.schema_objects import ObjectKey, SchemaObject, View
from limbeck.operations import ops

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

    from limbeck.facts.scope import Scope

_ACCESS_DENIED = frozenset((1044, 1045, 1142, 1227, 1370, 1419))
_STAR = re.compile(r"(?<![(\s\w])\*|(?:select|,|\.)\s*\*", re.IGNORECASE)


def objects_on_scratch(
    connection: Connection,
    objects: Sequence[SchemaObject],
    stored: Sequence[SchemaObject],
    tables: Sequence[Table],
    scope: Scope,
) -> tuple[SchemaObject, ...]:
    """``objects`` as the server would say them; those that cannot be built stay as they are.

    :raises ScratchImpossible: the user may not create views or routines.
    """
    known = {item.key: item for item in stored}
    changing = {table.name for table in tables}
    with _Scratch.opened(connection, scope) as scratch:
        return tuple(_decided(item, known, changing, scratch) for item in objects)


def _decided(
    item: SchemaObject,
    known: dict[ObjectKey, SchemaObject],
    changing: set[str],
    scratch: _Scratch,
) -> SchemaObject:
    match item:
        case View():
            if _STAR.search(str(item.definition)) and any(mentions(item, t) for t in changing):
                return item  # what * means changes with the table, and has to be said anew
            return _with_definer(scratch.view(item), known.get(item.key))
        case Function() | Procedure():
            plain = replace(item, signature="")
            before = known.get(plain.key)
            if isinstance(before, Function | Procedure) and _is_same_text(plain, before):
                return replace(plain, arguments=before.arguments, definition=before.definition)
            return scratch.routine(plain)
        case Trigger():
            return _as_stored(item, known.get(item.key))
        case _:
            return item


def _with_definer(view: View, stored: SchemaObject | None) -> View:
    """A view that leaves its definer open has the one that it has."""
    if not isinstance(stored, View) or "definer" in view.settings:
        return view
    definer = {k: v for k, v in stored.settings.items() if k == "definer"}
    return replace(view, options={**view.settings, **definer})


def _is_same_text(one: Function | Procedure, other: Function | Procedure) -> bool:
    return all(
        _meaning(getattr(one, part)) == _meaning(getattr(other, part))
        for part in ("arguments", "definition")
    )


def _as_stored(trigger: Trigger, stored: SchemaObject | None) -> Trigger:
    if not isinstance(stored, Trigger):
        return trigger
    same = {
        part: getattr(stored, part)
        for part in ("when", "action")
        if _meaning(getattr(trigger, part)) == _meaning(getattr(stored, part))
    }
    return replace(trigger, **same)


def _meaning(sql: str) -> list[str]:
    """A text without its blanks and the case of its words."""
    return [words.lower() if kind == "word" else words for kind, words in tokens_of(sql)]


class _Scratch:
    """A connection on which objects exist for a moment."""

    def __init__(self, connection: Connection, scope: Scope) -> None:
        self._connection = connection
        self._scope = scope
        self._writer = MysqlObjectWriter(EmitTarget(connection.dialect))
        self._number: int | None = None
        self._me = ""

    @classmethod
    @contextmanager
    def opened(cls, connection: Connection, scope: Scope) -> Iterator[_Scratch]:
        """A scratch on a connection of its own to the same server."""
        with connection.engine.connect() as other:
            apart = other.execution_options(isolation_level="AUTOCOMMIT")
            yield cls(apart, scope)

    def view(self, view: View) -> View:
        """A view as the server says it."""
        made = self._made(view)
        with self._existing(made) as built:
            if not built:
                return view
            schema = self._scope.real_schema(view.schema or "")
            row = (
                self._connection.execute(
                    text(
                        "SELECT * FROM information_schema.VIEWS "
                        "WHERE TABLE_SCHEMA = :schema AND TABLE_NAME = :name"
                    ),
                    {"schema": schema, "name": made.name},
                )
                .mappings()
                .one()
            )
            definition = without_database(row["VIEW_DEFINITION"], self._scope.real_schema(""))
            return replace(view, definition=definition, options=view_options(row, self._me))

    def routine(self, routine: Function | Procedure) -> Function | Procedure:
        """A routine as the server says it."""
        made = self._made(routine)
        with self._existing(made) as built:
            schema = self._scope.real_schema(routine.schema or "")
            kind = routine.kind.upper()
            read = read_routine(self._connection, kind, schema, made.name) if built else None
            if read is None:
                return routine
            return replace(routine, arguments=read[0], definition=read[1])

    def _made(self, item: Any) -> Any:
        """The same object under a name that nobody else has."""
        if self._number is None:
            self._number, self._me = self._connection.exec_driver_sql(
                "SELECT CONNECTION_ID(), CURRENT_USER()"
            ).one()
        name = f"limbeck_scratch_{self._number}"
        schema = self._scope.real_schema(item.schema or "")
        return replace(item, name=name, schema=schema, source=None)

    @contextmanager
    def _existing(self, item: SchemaObject) -> Iterator[bool]:
        """An object for as long as it is entered; False where it cannot be built."""
        created = self._sql(ops.CreateObjectOp(item))
        try:
            self._connection.exec_driver_sql(created, None, {"no_parameters": True})
        except exc.DBAPIError as error:
            code = getattr(error.orig, "args", (0,))[0]
            if code in _ACCESS_DENIED:
                raise ScratchImpossible("no right to create views and routines") from None
            yield False
            return
        try:
            yield True
        finally:
            dropped = self._sql(ops.DropObjectOp(item, if_exists=True))
            self._connection.exec_driver_sql(dropped, None, {"no_parameters": True})

    def _sql(self, operation: ops.CreateObjectOp | ops.DropObjectOp) -> str:
        return next(each.sql for each in self._writer.statements(operation))
