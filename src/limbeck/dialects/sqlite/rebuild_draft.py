"""A table on its way to a new form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING

from limbeck.dialects.sqlite.sql_tokens import same_name
from limbeck.errors import CommandError
from limbeck.value import Value

if TYPE_CHECKING:
    from sqlalchemy import Index, MetaData

    from limbeck.dialects.sqlite.rebuild_names import Found
    from limbeck.dialects.sqlite.rebuild_source import LiveTable, StoredObject
    from limbeck.dialects.sqlite.schema_text import ColumnText, TableText


class Draft(Value, slots=True):
    """What a table was, and what it is to become.

    :param live: the table as it is in the database.
    :param table: its text so far.
    :param indexes: the indexes that stay.
    :param created: the indexes that come.
    :param added: folded names of columns that hold nothing of the old table, even where a column
        of the same name was there before.
    :param dropped: the columns that go.
    :param renamed: the old names of columns that get a new name in the copy, by the folded new one.
    :param lost_indexes: the indexes that went with a column, each with that column's name; they
        come back with a column of that name.
    :param lost_key: the columns of a primary key that went with one of its columns.
    :param is_reflected: what SQLAlchemy's reflection does not see of the table is left out.
    :param convention: a naming convention for constraints that have no name, besides the models'.
    """

    live: LiveTable
    table: TableText
    indexes: tuple[StoredObject, ...]
    created: tuple[Index, ...] = ()
    added: frozenset[str] = frozenset()
    dropped: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    lost_indexes: tuple[tuple[StoredObject, str], ...] = ()
    lost_key: tuple[str, ...] = ()
    is_reflected: bool = False
    convention: MetaData | None = None

    def column(self, name: str) -> ColumnText:
        """The column of a name.

        :raises CommandError: there is none.
        """
        column = self.table.column(name)
        if column is None:
            known = ", ".join(each.name for each in self.table.columns)
            raise CommandError(
                f"table {self.table.name!r} has no column {name!r}", hint=f"it has {known}"
            )
        return column

    def without(self, found: Found) -> Draft:
        """The draft without a constraint."""
        if found.column is None:
            table = self.table.without_constraint(found.piece)  # type: ignore[arg-type]  # a piece of no column is a table constraint
        else:
            column = self.column(found.column.name)
            table = self.table.replacing(column.without(found.piece))  # type: ignore[arg-type]  # a piece of a column is a clause
        return replace(self, table=table)

    def index(self, name: str) -> StoredObject | None:
        """The index of a name, among those that stay."""
        return next((index for index in self.indexes if same_name(index.name, name)), None)


def draft_of(live: LiveTable) -> Draft:
    """A draft in which nothing has changed yet."""
    return Draft(live, live.text, live.indexes)
