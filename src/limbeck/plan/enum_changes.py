"""Creating, changing and dropping enumerated types, as statements.

``ALTER TYPE … ADD VALUE`` adds a value without touching a row, and a value cannot be used in
the transaction that adds it; nor can one be taken away at all:
https://www.postgresql.org/docs/current/sql-altertype.html. Where that does not do, the type is
made anew and its columns are moved over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from limbeck.diff.changes import Changed, Removed
from limbeck.facts.objects import ColumnFact, EnumFact, TableKey
from limbeck.operations import ops
from limbeck.plan.casts import cast_text
from limbeck.plan.enum_dependents import computed_columns_gone, dependents
from limbeck.plan.enum_values import is_made_anew, literal, new_values

if TYPE_CHECKING:
    from limbeck.plan.columns import ColumnPlanner
    from limbeck.plan.enum_dependents import Gone
    from limbeck.plan.situation import Situation

Operations = Iterator[ops.MigrateOperation]


def add_types(facts: Iterable[EnumFact], situation: Situation) -> Operations:
    """The statements that create types which no ``create_table`` brings along."""
    for fact in facts:
        yield ops.ExecuteSQLOp(_create_words(fact, situation))


def drop_type(change: Removed, situation: Situation) -> ops.ExecuteSQLOp:
    """The statement that drops a type whose last user is gone."""
    assert isinstance(change.before, EnumFact)
    return ops.ExecuteSQLOp(f"DROP TYPE {_name(change.before.key, situation)}")


def change_type(
    change: Changed, situation: Situation, columns: ColumnPlanner, gone: Gone
) -> Operations:
    """The statements that give a type other values.

    :param gone: what is dropped here for good, and must not be dropped again, is added to it.
    """
    before, after = change.before, change.after
    assert isinstance(before, EnumFact)
    assert isinstance(after, EnumFact)
    if is_made_anew(change, situation):
        yield from _make_anew(before, after, situation, columns, gone)
    else:
        yield from _add_values(after, new_values(change), situation)


def _add_values(after: EnumFact, new: list[str], situation: Situation) -> Operations:
    name = _name(after.key, situation)
    for value in new:
        at = after.values.index(value)
        place = ""
        if at == 0:
            first_old = next(each for each in after.values if each not in new)
            place = f" BEFORE {literal(first_old)}"
        elif any(each not in new for each in after.values[at:]):
            place = f" AFTER {literal(after.values[at - 1])}"
        yield ops.ExecuteSQLOp(f"ALTER TYPE {name} ADD VALUE {literal(value)}{place}")


def _make_anew(
    before: EnumFact, after: EnumFact, situation: Situation, columns: ColumnPlanner, gone: Gone
) -> Operations:
    name, old = _name(after.key, situation), f"{after.key.name[:59]}_old"
    quote = situation.dialect.identifier_preparer.quote
    yield ops.ExecuteSQLOp(f"ALTER TYPE {name} RENAME TO {quote(old)}")
    yield ops.ExecuteSQLOp(_create_words(after, situation))
    users = list(_users(before, situation, columns))
    yield from computed_columns_gone(users, situation, columns, gone)
    aside = list(dependents(users, situation, gone))
    yield from (each.drop(situation) for each in aside)
    for key, fact in users:
        yield from _move_over(key, fact, before, after, situation, columns)
    yield ops.ExecuteSQLOp(f"DROP TYPE {_name(TableKey(after.key.schema, old), situation)}")
    for each in aside:
        yield from each.create(situation)


def _users(
    enum: EnumFact, situation: Situation, columns: ColumnPlanner
) -> Iterator[tuple[TableKey, ColumnFact]]:
    """Yield the columns of a type as they are before, each with an object behind it."""
    for table in situation.before.tables:
        for column in table.columns:
            type_: Any = getattr(column.source, "type", None)
            if type_ is not None and columns.enums.key_of(type_) == enum.key:
                yield table.key, column


def _move_over(
    key: TableKey,
    fact: ColumnFact,
    before: EnumFact,
    after: EnumFact,
    situation: Situation,
    columns: ColumnPlanner,
) -> Operations:
    """Take the default away, change the type, and give the default back in the new type."""
    if fact.default is not None:
        yield columns.without_default(key, fact)
    operation = columns.unchanged(key, fact)
    operation.existing_server_default = False
    operation.modify_type = _with_values(operation.existing_type, after)
    operation.kw["postgresql_using"] = cast_text(
        fact.name, operation.modify_type, operation.modify_type, situation.dialect
    )
    yield operation
    if fact.default is not None and not _default_changes(key, fact, situation):
        restored = columns.with_default(key, fact)
        restored.existing_type = operation.modify_type
        yield restored


def _with_values(type_: Any, after: EnumFact) -> Any:
    from sqlalchemy.dialects import postgresql

    if isinstance(type_, sa.ARRAY):
        return postgresql.ARRAY(_with_values(type_.item_type, after), dimensions=type_.dimensions)
    return postgresql.ENUM(*after.values, name=type_.name, schema=type_.schema, create_type=False)


def _default_changes(key: TableKey, fact: ColumnFact, situation: Situation) -> bool:
    return any(
        isinstance(change, Changed)
        and change.table == key
        and isinstance(change.before, ColumnFact)
        and change.before.name == fact.name
        and "default" in change.fields
        for change in situation.of_kind("column")
    )


def _create_words(fact: EnumFact, situation: Situation) -> str:
    values = ", ".join(literal(value) for value in fact.values)
    return f"CREATE TYPE {_name(fact.key, situation)} AS ENUM ({values})"


def _name(key: TableKey, situation: Situation) -> str:
    preparer = situation.dialect.identifier_preparer
    name = preparer.quote(key.name)
    return f"{preparer.quote_schema(key.schema)}.{name}" if key.schema else name
