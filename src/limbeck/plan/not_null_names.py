"""The names that PostgreSQL gives to NOT NULL go with the names of table and column.

From version 18 on NOT NULL is a constraint: https://www.postgresql.org/docs/18/ddl-constraints.html.
Models cannot say its name, and a rename leaves it as it was: ``users_name_not_null`` in ``people``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from limbeck.facts.name_steps import name_steps
from limbeck.facts.names import cut_name
from limbeck.plan.enum_values import literal

if TYPE_CHECKING:
    from limbeck.facts.new_names import NewNames
    from limbeck.facts.objects import TableFact

# An older server has no such constraint, and another tool may have called it otherwise: the same
# file runs there too. What a table has from its parent is renamed with the parent's, and nothing
# is where a child calls its own otherwise.
_RENAMING = """\
DO $$
DECLARE pair text[];
BEGIN
    FOREACH pair SLICE 1 IN ARRAY ARRAY[
        {pairs}
    ] LOOP
        IF EXISTS (
            SELECT FROM pg_constraint WHERE conrelid = {name}::regclass
            AND conname = pair[1] AND contype = 'n' AND coninhcount = 0
        ) THEN
            BEGIN
                EXECUTE format({rename}, pair[1], pair[2]);
            EXCEPTION WHEN undefined_object THEN
                RAISE NOTICE '% stays', pair[1];
            END;
        END IF;
    END LOOP;
END $$"""


def not_null_steps(table: TableFact, names: NewNames) -> list[tuple[str, str]]:
    """The names that NOT NULL has in a table and is to have, (before, after), in order.

    :param table: the table under its new name.
    :param names: the new names.
    """
    key = names.original(table.key)
    old = {after: before for before, after in names.columns_of(key).items()}
    pairs: list[tuple[str, str]] = []
    for column in table.columns:
        before = cut_name(key.name, old.get(column.name, column.name), "not_null")
        after = cut_name(table.key.name, column.name, "not_null")
        if not column.nullable and before != after:
            pairs.append((before, after))
    others = {constraint.name for constraint in table.constraints if constraint.name}
    return name_steps((pair for pair in pairs if pair[1] not in others), others)


def renaming_not_null(table: str, steps: Sequence[tuple[str, str]]) -> str:
    """The statement that gives the NOT NULL constraints of a table other names.

    :param table: the table as a statement names it.
    :param steps: (before, after), in order.
    """
    pairs = (f"ARRAY[{literal(before)}, {literal(after)}]" for before, after in steps)
    rename = f"ALTER TABLE {table.replace('%', '%%')} RENAME CONSTRAINT %I TO %I"
    return _RENAMING.format(
        pairs=",\n        ".join(pairs), name=literal(table), rename=literal(rename)
    )
