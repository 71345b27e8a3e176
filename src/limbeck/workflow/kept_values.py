"""What has become of values between two readings of the same tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from limbeck.database.sample_rows import NULL, TableValues
from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.facts.objects import ColumnFact, TableFact, TableKey
    from limbeck.workflow.followed_names import FollowedNames, FollowedTable
    from limbeck.workflow.own_writes import OwnWrites

__all__ = ["Loss", "Values", "losses", "not_converted"]

Values = Mapping["TableKey", TableValues]
Tables = Mapping["TableKey", "TableFact"]
Rows = list[Mapping[str, str]]


class Loss(Value):
    """Something that is not what it was.

    :param words: what it is.
    :param is_own: whether a statement of the author's may have done it.
    """

    words: str
    is_own: bool


def losses(
    when: str,
    before: tuple[Values, Tables],
    after: tuple[Values, Tables],
    own: OwnWrites,
    names: FollowedNames,
) -> Iterator[Loss]:
    """What is not kept between two readings.

    :param when: what has happened in between.
    :param before: the values, and the tables that they are in.
    :param after: the same afterwards.
    :param own: what the author's statements may have written in between.
    :param names: what is called otherwise afterwards.
    """
    for key, values in before[0].items():
        now = names.tables.get(key)
        if now is None or now not in after[0]:
            continue
        followed = names.table(before[1][key])
        table = _Kept(followed, after[1][now], own)
        found = names.after(after[0][now], followed)
        for loss in table.losses(names.before(values, followed), found):
            yield Loss(f"{now}{loss.words} {when}", loss.is_own)


class _Kept:
    """One table that is there before and after."""

    def __init__(self, followed: FollowedTable, new: TableFact, own: OwnWrites) -> None:
        old = followed.fact
        self.followed = followed
        self.table_names = (followed.old_key, new.key)
        self.own = own
        pairs = [pair for pair in _pairs(old, new) if _is_unchanged(*pair)]
        self.names = [one.name for one, _ in pairs]
        self.fillable = {one.name for one, two in pairs if one.nullable and not two.nullable}
        keys = old.primary_key.columns if old.primary_key is not None else ()
        stay = set(keys) <= set(self.names) and not any(map(self._changes, keys))
        self.keys = keys if stay else ()

    def _changes(self, column: str) -> bool:
        """Whether the author may have changed a column, by whichever name."""
        names = (self.followed.old_columns[column], column)
        return any(self.own.changes(key, name) for key in self.table_names for name in names)

    def _adds_rows(self) -> bool:
        return any(map(self.own.adds_rows, self.table_names))

    def _removes_rows(self) -> bool:
        return any(map(self.own.removes_rows, self.table_names))

    def losses(self, before: TableValues, after: TableValues) -> Iterator[Loss]:
        """The rows that are gone, then the columns whose values are not what they were."""
        rows, found = list(before.rows), list(after.rows)
        if len(rows) != len(found):
            more = len(found) > len(rows)
            is_own = self._adds_rows() if more else self._removes_rows()
            yield Loss(f": {len(rows)} rows before, {len(found)}", is_own)
            if not is_own:
                return
        if not self.keys:
            yield from self._by_column(rows, found)
            return
        others = {self._key(row): row for row in found}
        gone = next((row for row in rows if self._key(row) not in others), None)
        if gone is not None and len(rows) == len(found):
            is_own = self._adds_rows() and self._removes_rows()
            values = [gone[name] for name in self.keys]
            yield Loss(f".{', '.join(self.keys)}: the row {values} is gone", is_own)
            if not is_own:
                return
        kept = [row for row in rows if self._key(row) in others]
        yield from self._by_row(kept, [others[self._key(row)] for row in kept])

    def _key(self, row: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(row[name] for name in self.keys)

    def _by_row(self, before: Rows, after: Rows) -> Iterator[Loss]:
        for name in self.names:
            for one, other in zip(before, after, strict=True):
                was, now = one[name], other[name]
                if was != now and not (name in self.fillable and was == NULL):
                    words = f".{name}: {_short(was)} became {_short(now)}"
                    yield Loss(words, self._changes(name))
                    break

    def _by_column(self, before: Rows, after: Rows) -> Iterator[Loss]:
        """Without a key that stays, rows can only be counted: by each column for itself."""
        adds, removes = self._adds_rows(), self._removes_rows()
        for name in self.names:
            one, other = (Counter(row[name] for row in rows) for rows in (before, after))
            if name in self.fillable and NULL in one:
                continue
            if one == other or (adds and one <= other) or (removes and other <= one):
                continue
            is_own = (adds and removes) or self._changes(name)
            yield Loss(f".{name}: {_example(one, other)}", is_own)


def not_converted(start: Values, down: Values, parent: Tables, after: Tables) -> Iterator[str]:
    """The columns of another type after the upgrade whose values do not come back.

    :param start: the values at the start.
    :param down: those after up and down.
    :param parent: the tables before the revision.
    :param after: the tables after it.
    """
    for key, values in start.items():
        if key not in down or key not in after or len(values.rows) != len(down[key].rows):
            continue
        changed = [
            old.name
            for old, new in _pairs(parent[key], after[key])
            if not _is_unchanged(old, new) and old.computed is None
        ]
        for name in changed:
            words = _not_back(values, down[key], parent[key], name)
            if words is not None:
                yield f"{key}.{name}: {words} after up and down, as its type changes"


def _not_back(before: TableValues, after: TableValues, table: TableFact, name: str) -> str | None:
    keys = table.primary_key.columns if table.primary_key is not None else ()
    others = {tuple(row[key] for key in keys): row for row in after.rows}
    for row in before.rows if keys else ():
        other = others.get(tuple(row[key] for key in keys))
        if other is not None and row[name] != other[name]:
            return f"{_short(row[name])} became {_short(other[name])}"
    one, other_values = (Counter(row[name] for row in each.rows) for each in (before, after))
    return None if one == other_values else _example(one, other_values)


def _pairs(old: TableFact, new: TableFact) -> Iterator[tuple[ColumnFact, ColumnFact]]:
    columns = {column.name: column for column in new.columns}
    return ((column, columns[column.name]) for column in old.columns if column.name in columns)


def _is_unchanged(old: ColumnFact, new: ColumnFact) -> bool:
    return (old.type, old.collation, old.computed) == (new.type, new.collation, new.computed)


def _example(one: Counter[str], other: Counter[str]) -> str:
    was = next((value for value in sorted(one) if one[value] > other[value]), "a value")
    now = next((value for value in sorted(other) if other[value] > one[value]), "another")
    return f"{_short(was)} became {_short(now)}"


def _short(value: str) -> str:
    return value if len(value) <= 40 else f"{value[:39]}…"
