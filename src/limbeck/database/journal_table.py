"""The table in which a run writes down what it is about to do, and what it has done.

It is there only while a revision runs that the database could not roll back as a whole, and after
that revision was interrupted.
"""

from __future__ import annotations

import json
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    inspect,
    select,
    text,
)
from sqlalchemy.schema import DropTable

from limbeck.database.long_texts import LongText
from limbeck.database.own_tables import create_own_table
from limbeck.dialects.registry import backend_for
from limbeck.dialects.standard.own_statements import OwnStatement
from limbeck.dialects.standard.recovery import Objects
from limbeck.facts.own_tables import journal_table_name
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, TextClause

BareStatement = tuple[str, Any] | None
"""A statement for a driver, and its values."""

HEADER = 0
"""The number of the row that speaks of the revision as a whole."""


class Step(Value):
    """One statement of an operation.

    :param sql: its text; empty for rows, which are not copied into the journal.
    :param is_data: it changes rows, and is rolled back with them.
    :param restart: the statement to go back to where this one did not happen, None for itself.
    :param cleanup: what takes away the debris of the statements since then.
    :param before: what it names, before it ran.
    :param after: and after it ran.
    """

    sql: str
    is_data: bool = False
    restart: int | None = None
    cleanup: str | None = None
    before: Objects | None = None
    after: Objects | None = None


class JournalRow(Value):
    """One operation of a revision, or its header.

    :param number: which one it is in the order of calls, from 1.
    :param revision: the id of the revision.
    :param direction: ``upgrade`` or ``downgrade``.
    :param words: the operation for people; of a header, what of the revision cannot be resumed.
    :param fingerprint: a number over all that the operation says.
    :param shape: one over what is left of it without its values.
    :param is_data: it only changes rows.
    :param steps: its statements, as far as they are known.
    :param is_whole: all of its statements are known.
    :param position: how many of them are done.
    :param state: ``running``, ``done`` or ``unknown``.
    :param undo: the statements that undo it, where the definitions of its steps do not say.
    :param cannot_undo: why it cannot be undone.
    :param facts: of a header: the file's checksum and the session that runs it.
    """

    number: int
    revision: str
    direction: str
    words: str = ""
    fingerprint: str = ""
    shape: str = ""
    is_data: bool = False
    steps: tuple[Step, ...] = ()
    is_whole: bool = False
    position: int = 0
    state: str = "running"
    undo: tuple[str, ...] | None = None
    cannot_undo: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        """Whether all of it is in the database."""
        return self.state == "done"

    @property
    def has_begun(self) -> bool:
        """Whether something of it is, or may be, in the database."""
        return self.state != "running" or self.position > 0

    @property
    def session(self) -> str:
        """Of a header: the session in which the revision runs, as far as that is known."""
        return str(self.facts.get("session", ""))

    def with_step(self, number: int, **changes: Any) -> JournalRow:
        """The row with one of its statements changed."""
        steps = list(self.steps)
        steps[number] = replace(steps[number], **changes)
        return replace(self, steps=tuple(steps))


class JournalTable:
    """The journal of one version table, beside it.

    :param version_table: the name of the version table.
    :param schema: its schema, None for the default one.
    """

    def __init__(self, version_table: str, schema: str | None = None) -> None:
        self.name = journal_table_name(version_table)
        self.schema = schema
        self.rows_put: dict[int, JournalRow] | None = None
        """The rows by their numbers as they were written last, where somebody asks for them."""

    @cached_property
    def table(self) -> Table:
        """The table, which nobody needs where it is not there."""
        long = LongText()
        return Table(
            self.name,
            MetaData(),
            Column("number", Integer, primary_key=True, autoincrement=False),
            Column("revision", String(255), nullable=False),
            Column("direction", String(10), nullable=False),
            Column("words", long, nullable=False),
            Column("state", String(10), nullable=False),
            Column("position", Integer, nullable=False),
            Column("detail", long, nullable=False),
            schema=self.schema,
        )

    # Made once: a run says them for each operation.

    @cached_property
    def _insert(self) -> OwnStatement:
        return OwnStatement(self.table.insert())

    @cached_property
    def _update(self) -> OwnStatement:
        return OwnStatement(self.table.update().where(self.table.c.number == bindparam("mine")))

    @cached_property
    def _clear(self) -> OwnStatement:
        return OwnStatement(self.table.delete())

    def exists(self, connection: Connection) -> bool:
        """Whether the database has the table."""
        return inspect(connection).has_table(self.name, schema=self.schema)

    def is_there(self, connection: Connection) -> TextClause | None:
        """The same as a part of another query, None where no journal is kept."""
        recovery = backend_for(connection.dialect).recovery
        condition = recovery.is_table_there(self.schema)
        if not condition:
            return None
        given = {"name": self.name, "schema": self.schema}
        return text(condition).bindparams(
            *(
                bindparam(key, value, String())
                for key, value in given.items()
                if f":{key}" in condition
            )
        )

    def begun(self, connection: Connection) -> str:
        """What is at work, or was interrupted after it had begun; empty where nothing is.

        The table has to be there.
        """
        row = self.table.c
        query = select(row.direction, row.revision).where(row.number != HEADER).limit(1)
        for direction, revision in connection.execute(query):
            return f"the {direction} of revision {revision}"
        return ""

    def create(self, connection: Connection) -> None:
        """Create the table."""
        create_own_table(connection, self.table)

    def drop(self, connection: Connection) -> None:
        """Drop the table."""
        connection.execute(DropTable(self.table, if_exists=True))

    def clear(self, connection: Connection) -> None:
        """Delete all rows."""
        self._clear.run(connection, {})

    def read(self, connection: Connection) -> tuple[JournalRow, ...]:
        """The rows, the header first; none where there is no table."""
        if not self.exists(connection):
            return ()
        rows = connection.execute(select(self.table).order_by(self.table.c.number)).mappings()
        return tuple(_row(row) for row in rows.all())

    def put(self, connection: Connection, row: JournalRow, *, is_new: bool = False) -> None:
        """Write a row down, in the place of the one that it had before.

        :param is_new: it had none.
        """
        if self.rows_put is not None:
            self.rows_put[row.number] = row
        values = _values(row)
        # A row that is not there any more was rolled back by somebody.
        if is_new or not self._update.run(connection, {**values, "mine": row.number}):
            self._insert.run(connection, values)

    def bare_put(self, connection: Connection, row: JournalRow, *, is_new: bool) -> BareStatement:
        """What :meth:`put` says, for a driver.

        :param is_new: the row had none before.
        :returns: the statement and its values; None where only SQLAlchemy can say it.
        """
        values = _values(row)
        if not is_new:
            values["mine"] = row.number
        return self._bare(self._insert if is_new else self._update, connection, values)

    def bare_frame(self, connection: Connection, *, is_new: bool) -> str | None:
        """What :meth:`put` says, with ``%(name)s`` in the place of each column's value.

        :param is_new: the row had none before.
        :returns: the text; None where only SQLAlchemy can say it.
        """
        marks = {name: f"%({name})s" for name in (*_COLUMNS, "detail")}
        own = {} if is_new else {"mine": marks["number"]}
        statement = self._insert if is_new else self._update
        said = self._bare(statement, connection, {**marks, **own})
        # what is doubled in it would be taken for a place later on, and an escape for two letters
        is_odd = said is None or "%%" in said[0] or "\\" in said[0]
        return None if said is None or is_odd else str(said[0] % said[1])

    def bare_clear(self, connection: Connection) -> BareStatement:
        """What :meth:`clear` says, for a driver; None where only SQLAlchemy can say it."""
        return self._bare(self._clear, connection, {})

    def _bare(
        self, statement: OwnStatement, connection: Connection, values: dict[str, Any]
    ) -> BareStatement:
        text = statement.text(connection, tuple(values))
        return None if text is None else (text.sql, text.parameters(values))

    def delete(self, connection: Connection, row: JournalRow) -> None:
        """Forget an operation."""
        connection.execute(self.table.delete().where(self.table.c.number == row.number))


_ENCODER = json.JSONEncoder(sort_keys=True, default=vars)
_COLUMNS = ("number", "revision", "direction", "words", "state", "position")


def _values(row: JournalRow) -> dict[str, Any]:
    found = dict(vars(row))
    values = {name: found.pop(name) for name in _COLUMNS}
    # Fields are taken as they are: asdict() would copy all that is in them first.
    return {**values, "detail": _ENCODER.encode(found)}


def detail_of(row: JournalRow) -> str:
    """All that a row says beside its columns, as the table keeps it."""
    return str(_values(row)["detail"])


def detail_of_objects(objects: Objects) -> str:
    """Some objects, as they are within the detail of a row."""
    return _ENCODER.encode(objects)


def _row(values: Mapping[Any, Any]) -> JournalRow:
    detail: dict[str, Any] = json.loads(values["detail"])
    steps = tuple(
        Step(**{**step, "before": _named(step["before"]), "after": _named(step["after"])})
        for step in detail.pop("steps")
    )
    undo = detail.pop("undo")
    return JournalRow(
        **{name: values[name] for name in _COLUMNS},
        steps=steps,
        undo=None if undo is None else tuple(undo),
        **detail,
    )


def _named(value: dict[str, Any] | None) -> Objects | None:
    return None if value is None else Objects(value["definitions"], tuple(value["filled"]))
