"""Code inside of the database: functions, procedures and triggers."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar

from limbeck.facts.schema_objects import SchemaObject


class _Routine(SchemaObject):
    name: str
    arguments: str
    definition: str
    signature: str | None = field(default=None, compare=False, repr=False)

    @property
    def _within(self) -> str:
        return self.arguments if self.signature is None else self.signature

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.arguments, self.definition)


class Function(_Routine):
    """A function.

    ::

        Function("full_name", "first text, last text", '''
            RETURNS text LANGUAGE sql IMMUTABLE
            AS $$ SELECT first || ' ' || last $$
        ''').attach(metadata)

    :param name: its name.
    :param arguments: what stands in the parentheses behind the name.
    :param definition: everything behind them, from ``RETURNS`` to the end of the body.
    :param signature: the types of the arguments in the database's words, by which functions of one
        name are told apart; limbeck asks the database for them.
    """

    kind: ClassVar[str] = "function"


class Procedure(_Routine):
    """A procedure; its parameters are those of a :class:`Function`."""

    kind: ClassVar[str] = "procedure"


class Trigger(SchemaObject):
    """A trigger.

    ::

        Trigger("touch", "users", "BEFORE UPDATE",
                "FOR EACH ROW EXECUTE FUNCTION touch()").attach(metadata)

    :param name: its name.
    :param table: the table or view that it belongs to, in the same schema.
    :param when: what stands between the name and ``ON``: ``BEFORE INSERT OR UPDATE OF email``.
    :param action: everything behind the table, body and all.
    :param constraint: whether it is a ``CONSTRAINT TRIGGER`` (PostgreSQL).
    """

    kind: ClassVar[str] = "trigger"

    name: str
    table: str
    when: str
    action: str
    constraint: bool = False

    @property
    def _within(self) -> str:
        return self.table

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.when, self.action)
