"""What a revision drops although no revision before it creates it.

Somebody has made it by hand on the project's own database: a table that ``--drop-unowned`` is to
drop, a view that stands in the way of a column's new type. What the history makes of an empty
database is without it. Views and the like are made there too before the revision is tried; a
revision that drops anything else of this kind cannot be tried, and that is no mistake of its.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from limbeck.dialects.backend import EmitTarget
from limbeck.dialects.registry import backend_for
from limbeck.diff.changes import Removed
from limbeck.facts.schema_objects import SchemaObject
from limbeck.operations import ops
from limbeck.value import Value

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from limbeck.autogenerate.context import AutogenContext
    from limbeck.database.comparison import Comparison
    from limbeck.script.drops import Dropped

__all__ = ["Strangers"]


class Strangers(Value):
    """What a revision drops and no revision before it creates.

    :param dropped: what it is.
    :param objects: the views and the like among it, as the project's own database has them.
    """

    dropped: tuple[Dropped, ...] = ()
    objects: tuple[SchemaObject, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.dropped)

    def __str__(self) -> str:
        return ", ".join(map(str, self.dropped))

    def let_be(self, context: AutogenContext, comparison: Comparison) -> Comparison:
        """A comparison with the models that asks for none of these views and the like to go.

        :param context: the run.
        :param comparison: what differs.
        """
        mine = {item.key for item in self.objects}
        return replace(
            comparison,
            changes=tuple(
                change
                for change in comparison.changes
                if not (
                    isinstance(change, Removed)
                    and isinstance(change.before, SchemaObject)
                    and change.before.key in mine
                )
            ),
        )

    def make(self, engine: Engine) -> None:
        """Make the views and the like on a scratch database, as far as it takes them.

        :param engine: the database.
        """
        backend = backend_for(engine.dialect)
        for item in self.objects:
            with suppress(DBAPIError), engine.begin() as connection:
                target = EmitTarget(engine.dialect, connection)
                for statement in backend.statements(ops.CreateObjectOp(item), target):
                    connection.execute(statement)
