"""What is said about renames: by the models' own hints, by options, by answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.facts.objects import TableKey


class Decision(Value):
    """What was dropped is something else now, or gone.

    :param kind: ``table``, ``column`` or ``value``.
    :param owner: the table of a column, the type of a value, the old key of a table.
    :param before: the old name.
    :param after: the new name, None for what is gone.
    """

    kind: str
    owner: TableKey
    before: str
    after: str | None


class Choices(Value):
    """What was said about renames.

    :param renames: as typed: ``users.name:full_name``.
    :param drops: as typed: ``users.name``.
    :param decisions: answers to questions.
    """

    renames: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()


NO_CHOICES = Choices()


class Hints(Value):
    """What the models say that things were called before.

    :param tables: (table, old name).
    :param columns: (table, column, old name).
    :param values: (enumerated type, value, old value).
    """

    tables: tuple[tuple[TableKey, str], ...] = ()
    columns: tuple[tuple[TableKey, str, str], ...] = ()
    values: tuple[tuple[TableKey, str, str], ...] = ()
