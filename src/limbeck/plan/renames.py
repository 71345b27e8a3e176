"""New names of tables, columns and enumerated types as operations, there and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from limbeck.facts.name_steps import name_steps
from limbeck.facts.names import cut_name
from limbeck.facts.objects import ColumnFact, EnumFact, TableFact, TableKey
from limbeck.operations import ops
from limbeck.plan.columns import ColumnPlanner
from limbeck.plan.enum_values import literal
from limbeck.plan.enums import EnumTypes
from limbeck.plan.name_changes import address
from limbeck.plan.not_null_names import not_null_steps, renaming_not_null

if TYPE_CHECKING:
    from limbeck.facts.new_names import NewNames
    from limbeck.plan.situation import Situation

Operations = Iterator[ops.MigrateOperation]


def rename_operations(
    names: NewNames, situation: Situation
) -> tuple[list[ops.MigrateOperation], list[ops.MigrateOperation]]:
    """Return the operations that give the new names, and those that take them back.

    They come before everything else of ``upgrade()``, and after it in ``downgrade()``: in between
    everything has its new name.

    :param names: the new names.
    :param situation: what is planned, of which ``before`` is under the new names already.
    """
    if not names:
        return [], []
    renaming = _Renaming(names, situation)
    forward, backward = list(renaming.operations()), list(renaming.inverses())
    return forward, backward


class _Renaming:
    def __init__(self, names: NewNames, situation: Situation) -> None:
        self._names = names
        self._situation = situation
        self._tables = {table.key: table for table in situation.before.tables}
        self._columns = ColumnPlanner(situation, EnumTypes(situation, ()))
        # Each step as (the operation, the one that undoes it).
        self._steps: list[tuple[ops.MigrateOperation, ops.MigrateOperation]] = [
            *self._enum_steps(),
            *self._table_steps(),
            *self._column_steps(),
            *self._not_null_steps(),
            *self._sequence_steps(),
        ]

    def operations(self) -> Operations:
        """The steps there."""
        yield from _grouped([forward for forward, _ in self._steps])

    def inverses(self) -> Operations:
        """The steps back."""
        yield from _grouped([backward for _, backward in reversed(self._steps)])

    def _enum_steps(self) -> Iterator[tuple[ops.MigrateOperation, ops.MigrateOperation]]:
        enums = {enum.key: enum for enum in self._situation.before.enums}
        for schema, pairs in _by_schema(self._names.enums).items():
            taken = [self._old_enum(key).name for key in enums if key.schema == schema]
            for before, after in name_steps(pairs, taken):
                yield self._statements("ALTER TYPE {} RENAME TO {}", schema, before, after)
        for key in sorted({key for key, _, _ in self._names.values}):
            yield from self._value_steps(key, enums[self._names.enum(key)])

    def _old_enum(self, key: TableKey) -> TableKey:
        old = {self._names.enum(one): one for one, _ in self._names.enums}
        return old.get(key, key)

    def _value_steps(
        self, key: TableKey, enum: EnumFact
    ) -> Iterator[tuple[ops.MigrateOperation, ops.MigrateOperation]]:
        name = address(self._names.enum(key), self._situation)
        values = self._names.values_of(key)
        old = {after: before for before, after in values.items()}
        taken = [old.get(value, value) for value in enum.values]
        for before, after in name_steps(values.items(), taken):
            one, other = literal(before), literal(after)
            yield (
                ops.ExecuteSQLOp(f"ALTER TYPE {name} RENAME VALUE {one} TO {other}"),
                ops.ExecuteSQLOp(f"ALTER TYPE {name} RENAME VALUE {other} TO {one}"),
            )

    def _table_steps(self) -> Iterator[tuple[ops.MigrateOperation, ops.MigrateOperation]]:
        for schema, pairs in _by_schema(self._names.tables).items():
            taken = [self._names.original(key).name for key in self._tables if key.schema == schema]
            spelled = {after: self._schema(TableKey(schema, after)) for _, after in pairs}
            for before, after in name_steps(pairs, taken):
                said = spelled.get(after, schema or None)
                step = ops.RenameTableOp(before, after, schema=said)
                yield step, step.reverse()

    def _column_steps(self) -> Iterator[tuple[ops.MigrateOperation, ops.MigrateOperation]]:
        for key in sorted({key for key, _, _ in self._names.columns}):
            table = self._tables[self._names.table(key)]
            new = self._names.columns_of(key)
            old = {after: before for before, after in new.items()}
            facts = {old.get(column.name, column.name): column for column in table.columns}
            steps = name_steps(new.items(), list(facts))
            place = {before: before for before in new}
            for before, after in steps:
                first = place.pop(before)
                place[after] = first
                step = self._column_step(table, facts[first], before, after)
                yield step, step.reverse()

    def _column_step(
        self, table: TableFact, fact: ColumnFact, before: str, after: str
    ) -> ops.AlterColumnOp:
        """MySQL wants the whole column said; Alembic cannot rename one there otherwise."""
        step = self._columns.unchanged(table.key, fact)
        step.column_name, step.modify_name = before, after
        step.schema = self._schema(table.key)
        if not self._situation.mysql:
            step.existing_server_default = False
            step.existing_comment = None
        return step

    def _not_null_steps(self) -> Iterator[tuple[ops.MigrateOperation, ops.MigrateOperation]]:
        """The names of NOT NULL, where it has one."""
        if not self._situation.features.names_not_null:
            return
        for key in sorted(self._names.touched()):
            steps = not_null_steps(self._tables[key], self._names)
            if steps:
                table = address(key, self._situation)
                back = [(after, before) for before, after in reversed(steps)]
                yield (
                    ops.ExecuteSQLOp(renaming_not_null(table, steps)),
                    ops.ExecuteSQLOp(renaming_not_null(table, back)),
                )

    def _sequence_steps(self) -> Iterator[tuple[ops.MigrateOperation, ops.MigrateOperation]]:
        """The sequences that columns count by, where they have the names that they get by
        themselves."""
        if not self._situation.counts_by_sequence:
            return
        others = {sequence.key for sequence in self._situation.before.sequences}
        pairs: list[tuple[TableKey, str]] = []
        for key in sorted(self._names.touched()):
            old = self._names.original(key)
            names = {after: name for name, after in self._names.columns_of(old).items()}
            for column in self._tables[key].columns:
                before = cut_name(old.name, names.get(column.name, column.name), "seq")
                after = cut_name(key.name, column.name, "seq")
                counts = column.autoincrement or column.identity is not None
                both = {TableKey(key.schema, before), TableKey(key.schema, after)}
                if counts and before != after and both.isdisjoint(others):
                    pairs.append((TableKey(key.schema, before), after))
        for schema, named in _by_schema(pairs).items():
            for before, after in name_steps(named, ()):
                words = "ALTER SEQUENCE IF EXISTS {} RENAME TO {}"
                yield self._statements(words, schema, before, after)

    def _statements(
        self, words: str, schema: str, before: str, after: str
    ) -> tuple[ops.ExecuteSQLOp, ops.ExecuteSQLOp]:
        quote = self._situation.dialect.identifier_preparer.quote
        one, other = (address(TableKey(schema, name), self._situation) for name in (before, after))
        return (
            ops.ExecuteSQLOp(words.format(one, quote(after))),
            ops.ExecuteSQLOp(words.format(other, quote(before))),
        )

    def _schema(self, key: TableKey) -> str | None:
        """The schema as the models spell it."""
        fact = self._situation.tables_after.get(key)
        source: Any = getattr(fact, "source", None)
        found: str | None = source.schema if source is not None else key.schema or None
        return found


def _by_schema(names: Sequence[tuple[TableKey, str]]) -> Mapping[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for key, after in names:
        found.setdefault(key.schema, []).append((key.name, after))
    return found


def _grouped(steps: Sequence[ops.MigrateOperation]) -> Operations:
    """The steps, those on the columns of one table together."""
    group: ops.ModifyTableOps | None = None
    for step in steps:
        if not isinstance(step, ops.AlterColumnOp):
            group = None
            yield step
            continue
        if group is None or (group.table_name, group.schema) != (step.table_name, step.schema):
            group = ops.ModifyTableOps(step.table_name, [], schema=step.schema)
            yield group
        group.ops.append(step)
