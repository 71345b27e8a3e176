"""The table that says which revisions are applied, as Alembic keeps it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    inspect,
    literal,
    literal_column,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable

from limbeck.database.version_update import VersionUpdate
from limbeck.dialects.standard.own_statements import OwnQuery, send
from limbeck.errors import CommandError, HistoryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, Dialect, Executable
    from sqlalchemy.sql.dml import UpdateBase

    from limbeck.revisions.rows import RowChanges

LONGEST_ID = 32
"""Characters that fit into ``version_num`` as the table is created."""


class VersionTable:
    """The version table of one database.

    :param name: its name.
    :param schema: its schema, None for the default one.
    :param primary_key: whether it is created with a primary key.
    """

    def __init__(
        self, name: str = "alembic_version", schema: str | None = None, primary_key: bool = True
    ) -> None:
        self.name = name
        self.schema = schema
        self.table = Table(
            name,
            MetaData(),
            Column("version_num", String(LONGEST_ID), nullable=False),
            schema=schema,
        )
        self._compiled_update: VersionUpdate | None = None
        self._query: tuple[Table, OwnQuery] | None = None
        if primary_key:
            self.table.append_constraint(PrimaryKeyConstraint("version_num", name=f"{name}_pkc"))

    def exists(self, connection: Connection) -> bool:
        """Whether the database has the table."""
        return inspect(connection).has_table(self.name, schema=self.schema)

    def create(self) -> Executable:
        """The statement that creates the table."""
        return CreateTable(self.table)

    def read(
        self, connection: Connection, *, is_there: bool = False, latest: bool = False
    ) -> tuple[str, ...]:
        """The ids in the table as they come; none where there is no table.

        :param is_there: the table is known to exist.
        :param latest: read what is committed by now, whatever the transaction has seen before.
        :raises HistoryError: the table is another one, or holds what is no id.
        """
        if not is_there and not self.exists(connection):
            return ()
        try:
            rows = self._asked(connection, latest)
        except DBAPIError as error:
            if "version_num" not in str(error.orig):
                raise
            raise HistoryError(
                f"the table {self.name} has no column version_num, so it is no version table",
                hint="rename that table, or set version_table to another name",
            ) from error
        self._refuse_rows(rows)
        return tuple(rows)

    def _asked(self, connection: Connection, latest: bool) -> Sequence[Any]:
        if latest:
            query = select(self.table.c.version_num).with_for_update()
            return connection.execute(query).scalars().all()
        if self._query is None or self._query[0] is not self.table:
            self._query = (self.table, OwnQuery(select(self.table.c.version_num)))
        return [row[0] for row in self._query[1].rows(connection)]

    def _refuse_rows(self, rows: Sequence[Any]) -> None:
        """Refuse what somebody else must have written; bytes are told of where they are looked up.

        :raises HistoryError: a row is NULL or empty.
        """
        for row in rows:
            if row is None or row == "":
                raise HistoryError(
                    f"the version table {self.name} holds a row that is "
                    f"{'NULL' if row is None else 'empty'}",
                    hint=f"delete that row of {self.name}, or type 'limbeck stamp --purge' and the "
                    "revision at which the database is",
                )

    def refuse_doubles(self, rows: Sequence[str], changes: Iterable[RowChanges]) -> None:
        """Refuse to change a row that is there twice, before anything runs.

        :param rows: the ids in the table.
        :param changes: what is to be done to them.
        :raises HistoryError: such a row is to change.
        """
        counts = Counter(rows)
        for change in changes:
            words = {id_: self._deleting(id_) for id_ in change.deleted}
            words |= {before: self._updating(before, after) for before, after in change.updated}
            for id_, each in words.items():
                if counts[id_] > 1:
                    raise HistoryError(
                        _mismatch(each, counts[id_]),
                        hint=f"delete one of these rows of {self.name}, or type 'limbeck stamp "
                        "--purge' and the revision at which the database is",
                    )

    def _deleting(self, id_: str) -> str:
        return f"deleting '{id_}' in '{self.name}'"

    def _updating(self, before: str, after: str) -> str:
        return f"updating '{before}' to '{after}' in '{self.name}'"

    def clear(self) -> UpdateBase:
        """The statement that deletes all rows."""
        return self.table.delete()

    def changes(
        self, rows: RowChanges, *, returning: bool = False
    ) -> Iterator[tuple[UpdateBase, str]]:
        """The statements that change the rows, in order.

        Values stand in the statements as literals, so that they read the same on paper.

        :param returning: let an INSERT return the value where the database can, as Alembic's
            scripts do; a new value that is an expression makes SQLAlchemy add that.
        :return: each with the words for what it does, to be said where it did not match one row;
            an INSERT has none.
        """
        number = self.table.c.version_num
        for id_ in rows.deleted:
            statement = self.table.delete().where(number == _literal(id_))
            yield statement, self._deleting(id_)
        for id_ in rows.inserted:
            new = _expression(id_) if returning else _literal(id_)
            yield self.table.insert().values(version_num=new), ""
        for before, after in rows.updated:
            yield self._update(before, after), self._updating(before, after)

    def _update(self, before: str, after: str) -> UpdateBase:
        update = self.table.update().where(self.table.c.version_num == _literal(before))
        return update.values(version_num=_literal(after))

    def carry_out(self, connection: Connection, rows: RowChanges) -> None:
        """Change the rows.

        :raises CommandError: a row that was to change was not there: somebody else changed it.
        """
        for statement, words in self.changes(replace(rows, updated=())):
            _expect_one_row(connection.execute(statement).rowcount, words, connection)
        for before, after in rows.updated:
            found = self._move(connection, before, after)
            _expect_one_row(found, self._updating(before, after), connection)

    def bare_changes(self, dialect: Dialect, rows: RowChanges) -> list[tuple[str, bool]]:
        """The statements that change the rows, for a driver, in order.

        :param dialect: the dialect.
        :param rows: how they change.
        :returns: each with whether it has to match one row.
        """
        said = []
        if rows.deleted or rows.inserted:
            for statement, words in self.changes(replace(rows, updated=())):
                text = statement.compile(
                    dialect=dialect, compile_kwargs={"render_postcompile": True}
                )
                said.append((str(text), bool(words)))
        update = self._update_of(dialect)
        return said + [(update.text(before, after), True) for before, after in rows.updated]

    def bare_query(self, dialect: Dialect) -> str:
        """The query for the ids, for a driver.

        :param dialect: the dialect.
        """
        return str(select(self.table.c.version_num).compile(dialect=dialect))

    def _update_of(self, dialect: Dialect) -> VersionUpdate:
        update = self._compiled_update
        if update is None or (update.table, update.dialect) != (self.table, dialect):
            update = self._compiled_update = VersionUpdate(self.table, dialect)
        return update

    def _move(self, connection: Connection, before: str, after: str) -> int:
        """Change a row; how many there were."""
        if connection.get_execution_options().get("schema_translate_map"):
            return connection.execute(self._update(before, after)).rowcount
        return send(connection, self._update_of(connection.dialect).text(before, after))

    def refuse_long_ids(self, ids: Iterable[str], connection: Connection) -> None:
        """Refuse ids that the table cannot hold, before anything runs.

        :param ids: the ids that are to be written.
        :raises HistoryError: one is too long.
        """
        long = [id_ for id_ in ids if len(id_) > LONGEST_ID]
        # SQLite keeps texts of any length: https://www.sqlite.org/datatype3.html
        if not long or connection.dialect.name == "sqlite":
            return
        fits = self._length(connection)
        for id_ in long:
            if fits is not None and len(id_) > fits:
                raise HistoryError(
                    f"the revision id '{id_}' has {len(id_)} characters, and "
                    f"{self.name}.version_num holds {fits}",
                    hint="shorten the id in its file and in the files that name it, or make "
                    "the column longer",
                )

    def _length(self, connection: Connection) -> int | None:
        """How many characters the column holds, None for any number."""
        if not self.exists(connection):
            return LONGEST_ID
        columns = inspect(connection).get_columns(self.name, schema=self.schema)
        found = next(column for column in columns if column["name"] == "version_num")
        length: int | None = getattr(found["type"], "length", None)
        return length


def _expect_one_row(found: int, words: str, connection: Connection) -> None:
    """Make sure that a statement has matched one row, where the database can say so.

    :param found: how many rows it has matched.
    :param words: what the statement does; empty for an INSERT.
    """
    if words and connection.dialect.supports_sane_rowcount and found != 1:
        raise CommandError(
            _mismatch(words, found),
            hint="somebody else migrates this database at the same time; 'limbeck current' "
            "says where it is now",
        )


def _literal(id_: str) -> ColumnElement[str]:
    return literal(id_, String(), literal_execute=True)


def _expression(id_: str) -> ColumnElement[str]:
    return literal_column("'" + id_.replace("'", "''") + "'", String())


def _mismatch(words: str, found: int) -> str:
    return f"Online migration expected to match one row when {words}; {found} found"
