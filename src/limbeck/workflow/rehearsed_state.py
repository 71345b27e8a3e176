"""What a scratch database holds, with its rows, to be compared with another time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import field, replace
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from limbeck.database.sample_rows import values_of
from limbeck.database.scratch_database import own_connection
from limbeck.facts.objects import ForeignKeyFact
from limbeck.value import Value
from limbeck.workflow.places import Place, deviations_between, place

if TYPE_CHECKING:
    from limbeck.facts.objects import SchemaFact, TableKey
    from limbeck.workflow.replay import Replay

Rows = tuple[Mapping[str, str], ...]


class RehearsedState(Value):
    """What a scratch database holds.

    :param place: its schema.
    :param rows: its rows, by table.
    :param version: the heads that it is at.
    :param ignored: the columns whose values are not compared.
    :param numbered: those among them that number the rows of tables which the revision creates,
        and what refers to them: a row that is rolled back uses a number up.
    """

    place: Place
    rows: Mapping[TableKey, Rows] = field(repr=False)
    version: frozenset[str]
    ignored: frozenset[tuple[TableKey, str]] = frozenset()
    numbered: frozenset[tuple[TableKey, str]] = frozenset()

    @property
    def left_out(self) -> list[str]:
        """The columns that are not compared, but for those that number new rows."""
        return sorted(f"{key}.{name}" for key, name in self.ignored - self.numbered)

    def agreed(self, other: RehearsedState, before: RehearsedState | None = None) -> RehearsedState:
        """The state without the columns of which another time says otherwise.

        :param other: the state after the same steps.
        :param before: what there was before them, None where nothing has run.
        """
        ignored = {
            (key, name)
            for key, rows in self.rows.items()
            for name in _names(rows)
            if _column(rows, name) != _column(other.rows.get(key, ()), name)
        }
        numbered = frozenset() if before is None else _numbered(self.place.schema, before.rows)
        return replace(self, ignored=frozenset(ignored) | numbered, numbered=numbered)

    def differences(self, wanted: RehearsedState) -> Iterator[str]:
        """What is not as it has to be, a line each.

        :param wanted: what there has to be.
        """
        if self.place != wanted.place:
            yield from deviations_between(wanted.place, self.place) or ["the schema is another one"]
        for key in sorted(wanted.rows.keys() & self.rows.keys()):
            ignored = {name for table, name in wanted.ignored if table == key}
            there = _counted(wanted.rows[key], ignored)
            here = _counted(self.rows[key], ignored)
            if here == there:
                continue
            missing, added = list((there - here).elements()), list((here - there).elements())
            yield f"{key} has {len(self.rows[key])} rows, and should have {len(wanted.rows[key])}"
            yield from (f"  {_shown(row)} is missing" for row in missing[:2])
            yield from (f"  {_shown(row)} should not be there" for row in added[:2])
        if self.version != wanted.version:
            yield f"it is at {_listed(self.version)}, and should be at {_listed(wanted.version)}"


def state_of(replay: Replay) -> RehearsedState:
    """What a scratch database holds now.

    :param replay: the scratch database.
    """
    heads: list[str] = []
    replay.look(lambda context: heads.extend(context.get_current_heads()))
    here = place(replay)
    with replay.scratch.engine.connect() as connection:
        values = values_of(connection, here.schema.tables)
    return RehearsedState(here, {each.key: tuple(each.rows) for each in values}, frozenset(heads))


def advance_counters(replay: Replay) -> None:
    """Let sequences and counters begin further on, as they do after rows were rolled back.

    :param replay: the scratch database.
    """
    engine = replay.scratch.engine
    asked = _COUNTERS.get(engine.dialect.name)
    if asked is None:
        return
    with own_connection(engine) as connection:
        plain = connection.execution_options(no_parameters=True)  # a percent sign is no parameter
        for (sql,) in plain.exec_driver_sql(asked).all():
            with suppress(DBAPIError):  # a sequence that has reached its end
                plain.exec_driver_sql(sql)


_MYSQL = (
    "SELECT CONCAT('ALTER TABLE `', REPLACE(table_name, '`', '``'), '` AUTO_INCREMENT = ', "
    "auto_increment + 7) FROM information_schema.tables "
    "WHERE table_schema = DATABASE() AND auto_increment IS NOT NULL AND table_type = 'BASE TABLE'"
)
_COUNTERS = {
    "postgresql": (
        "SELECT format('SELECT nextval(%L) FROM generate_series(1, 7)', c.oid::regclass) "
        "FROM pg_class c WHERE c.relkind = 'S'"
    ),
    "mysql": _MYSQL,
    "mariadb": _MYSQL,
}
"""What says, by database, which statements advance all counters."""


def _numbered(
    schema: SchemaFact, known: Mapping[TableKey, Rows]
) -> frozenset[tuple[TableKey, str]]:
    """Columns that number the rows of new tables, and those that refer to them."""
    found = {
        (table.key, column.name)
        for table in schema.tables
        if table.key not in known
        for column in table.columns
        if column.autoincrement or column.identity or column.sequence
    }
    referring = {
        (table.key, name)
        for table in schema.tables
        for constraint in table.constraints
        if isinstance(constraint, ForeignKeyFact)
        for name, referred in zip(constraint.columns, constraint.referred_columns, strict=True)
        if (constraint.referred, referred) in found
    }
    return frozenset(found | referring)


def _names(rows: Rows) -> tuple[str, ...]:
    return tuple(rows[0]) if rows else ()


def _column(rows: Rows, name: str) -> Counter[str]:
    return Counter(row.get(name, "") for row in rows)


def _counted(rows: Rows, ignored: set[str]) -> Counter[tuple[tuple[str, str], ...]]:
    return Counter(
        tuple((name, value) for name, value in row.items() if name not in ignored) for row in rows
    )


def _shown(row: tuple[tuple[str, str], ...]) -> str:
    text = ", ".join(f"{name} {value}" for name, value in row)
    return f"({text if len(text) <= 100 else text[:99] + '…'})"


def _listed(heads: frozenset[str]) -> str:
    return ", ".join(sorted(heads)) or "base"
