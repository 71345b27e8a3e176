"""Views and triggers of SQLite: https://www.sqlite.org/lang_createtrigger.html."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from limbeck.dialects.standard.object_emit import ObjectWriter

if TYPE_CHECKING:
    from limbeck.facts.routines import Trigger
    from limbeck.facts.schema_objects import View
    from limbeck.operations import ops

Texts = Iterator[str]


class SqliteObjectWriter(ObjectWriter):
    """Writes views and triggers, of which SQLite keeps the text."""

    database = "SQLite"

    def create_view(self, view: View, op: ops.CreateObjectOp) -> Texts:
        self.refuse_options(view, op)
        yield self._view(view, self.if_not_exists(op))

    def replace_view(self, view: View, op: ops.ReplaceObjectOp) -> Texts:
        self.refuse_options(view, op)
        yield f"DROP VIEW {self.address(view)}"
        yield self._view(view)

    def _view(self, view: View, unless: str = "") -> str:
        columns = f" ({view.settings['columns']})" if view.options else ""
        return f"CREATE VIEW {unless}{self.address(view)}{columns} AS\n{self.query(view)}"

    def refuse_options(self, view: View, op: ops.MigrateOperation) -> None:
        if set(view.settings) - {"columns"}:
            super().refuse_options(view, op)

    def create_trigger(self, trigger: Trigger, op: ops.CreateObjectOp) -> Texts:
        # The schema is said of the trigger, and not of its table.
        name, table = self.address(trigger), self.quote(trigger.table)
        yield f"CREATE TRIGGER {name} {trigger.when} ON {table}\n{trigger.action}"

    def drop_trigger(self, trigger: Trigger, op: ops.DropObjectOp) -> Texts:
        yield f"DROP TRIGGER {self.if_exists(op)}{self.address(trigger)}"
