"""CHECK conditions of the models in PostgreSQL's own words, each asked once.

What PostgreSQL makes of a condition depends on its text and on the columns that it speaks of, and a
schema says ``amount >= 0`` many times. So a condition that is stored in other words under the same
name is built on a table of those columns alone, and the answer holds for every table that has the
same condition over the same columns. A condition that turns out to be another one, or of which that
cannot be said, is left as it is: its whole table is built and compared then.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, CheckConstraint, Column, MetaData, Table, text
from sqlalchemy.types import SchemaType, TypeDecorator

from limbeck.dialects.postgresql.normalise import PostgresqlWords
from limbeck.dialects.postgresql.scratch import on_scratch
from limbeck.dialects.standard.scratch import ScratchImpossible
from limbeck.facts.objects import CheckFact, SchemaFact, TableFact
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from limbeck.facts.objects import ColumnFact
    from limbeck.facts.scope import Scope

Question = tuple[str, tuple[tuple[str, str, str | None], ...]]
"""A condition, and the name, type and collation of each column that it may speak of."""

_NOT_AS_WRITTEN = re.compile(r"""\\|(?<![:\w]):\w|u&["']""", re.IGNORECASE)
"""What SQLAlchemy would take for a parameter, and names that are not written as they are."""


class _Asked(Value):
    """A CHECK of the models that is stored in other words.

    :param table: its table.
    :param fact: the CHECK.
    :param stored: the condition that is stored under its name.
    :param columns: those of the table that it may speak of.
    """

    table: TableFact
    fact: CheckFact
    stored: str
    columns: tuple[ColumnFact, ...]

    @property
    def question(self) -> Question:
        """What is asked, the same for every table that asks it."""
        return (self.fact.condition, tuple((c.name, c.type, c.collation) for c in self.columns))


def with_stored_conditions(
    connection: Connection, before: SchemaFact, after: SchemaFact, scope: Scope
) -> SchemaFact:
    """The models with the stored text of each CHECK that PostgreSQL says is the same.

    :param before: what the database has.
    :param after: what the models want.
    """
    asked = list(_asked(before, after))
    if not asked:
        return after
    first = {each.question: each for each in asked}
    answers = _answers(connection, first, scope)
    same = {
        id(each.fact): each.stored for each in asked if answers.get(each.question) == each.stored
    }
    touched = {id(each.table) for each in asked if id(each.fact) in same}
    return replace(
        after,
        tables=tuple(
            _with_conditions(table, same) if id(table) in touched else table
            for table in after.tables
        ),
    )


def _asked(before: SchemaFact, after: SchemaFact) -> Iterator[_Asked]:
    stored = {table.key: table.constraints for table in before.tables}
    for table in after.tables:
        known = stored.get(table.key, ())
        if not known or known == table.constraints:
            continue
        there = {c.name: c for c in known if isinstance(c, CheckFact)}
        for fact in table.constraints:
            if not isinstance(fact, CheckFact) or fact.name not in there or fact.name is None:
                continue
            condition = there[fact.name].condition
            if condition != fact.condition and _is_as_written(fact.condition, table.key.name):
                columns = tuple(_columns_in(fact.condition, table.columns))
                if all(map(_is_plain, columns)):
                    yield _Asked(table, fact, condition, columns)


def _is_as_written(condition: str, table: str) -> bool:
    """Whether all that a condition speaks of stands in its text, and its table does not."""
    if _NOT_AS_WRITTEN.search(condition):
        return False
    if table.casefold() not in condition.casefold():
        return True  # most, for which no pattern has to be made
    row = rf"(?<![\w$]){re.escape(table)}(?![\w$])"  # a whole row is called like its table
    return not re.search(row, condition, re.IGNORECASE)


def _columns_in(condition: str, columns: Sequence[ColumnFact]) -> Iterator[ColumnFact]:
    """The columns whose names stand in a condition, and maybe some more."""
    folded = condition.lower().replace('""', '"')
    return (column for column in columns if column.name.lower() in folded)


def _is_plain(fact: ColumnFact) -> bool:
    """Whether a column's type can be had twice: others are made for the table that has them."""
    column: Any = fact.source
    kind = column.type
    return not kind._variant_mapping and not isinstance(kind, SchemaType | TypeDecorator | ARRAY)


def _answers(
    connection: Connection, asked: Mapping[Question, _Asked], scope: Scope
) -> dict[Question, str]:
    """The conditions as PostgreSQL says them, without those that cannot be built so."""
    words = PostgresqlWords(connection.dialect, scope)
    metadata = MetaData()
    tables = {f"t{number}": question for number, question in enumerate(asked)}
    built = [_draft(name, asked[question], metadata, words) for name, question in tables.items()]
    try:
        read = on_scratch(connection, built, scope)
    except ScratchImpossible:
        return {}  # which is said when the whole tables are tried
    return {
        tables[table.key.name]: fact.condition
        for table in read
        for fact in table.constraints
        if isinstance(fact, CheckFact)
    }


def _draft(name: str, asked: _Asked, metadata: MetaData, words: PostgresqlWords) -> Table:
    """A table of the columns that a condition speaks of."""
    check: Any = asked.fact.source
    columns: list[Any] = [fact.source for fact in asked.columns]
    return Table(
        name,
        metadata,
        *(Column(column.name, column.type) for column in columns),
        CheckConstraint(text(words.expression(check.sqltext)), name="condition"),
    )


def _with_conditions(table: TableFact, same: Mapping[int, str]) -> TableFact:
    constraints = (
        replace(fact, condition=same[id(fact)])
        if isinstance(fact, CheckFact) and id(fact) in same
        else fact
        for fact in table.constraints
    )
    return replace(table, constraints=tuple(constraints))
