"""Views, routines, triggers and policies of PostgreSQL as statements.

https://www.postgresql.org/docs/current/sql-createview.html and its siblings.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from limbeck.dialects.postgresql.rights_emit import RightsWriter

if TYPE_CHECKING:
    from limbeck.facts.routines import Function, Procedure, Trigger
    from limbeck.facts.schema_objects import MaterializedView, View
    from limbeck.operations import ops

Texts = Iterator[str]


class PostgresqlObjectWriter(RightsWriter):
    """Writes every kind of object."""

    # Views

    def create_view(self, view: View, op: ops.CreateObjectOp) -> Texts:
        if op.if_not_exists:
            yield from self._create_missing_view(view)
        else:
            yield f"CREATE VIEW {self._view(view)}"
        yield from self.surroundings("VIEW", self.address(view), view)

    def _create_missing_view(self, view: View) -> Texts:
        # There is no CREATE VIEW IF NOT EXISTS.
        address = self.literal(self.address(view))
        body = self.dollar_quoted(f"CREATE VIEW {self._view(view)}")
        yield self.block(f"IF to_regclass({address}) IS NULL THEN EXECUTE {body}; END IF;")

    def replace_view(self, view: View, op: ops.ReplaceObjectOp) -> Texts:
        yield f"CREATE OR REPLACE VIEW {self._view(view)}"
        yield from self.surroundings("VIEW", self.address(view), view)

    def _view(self, view: View) -> str:
        return f"{self.address(view)}{self._with(view)} AS\n{self.query(view)}"

    def _with(self, view: View | MaterializedView) -> str:
        options = ", ".join(f"{name}={value}" for name, value in view.settings.items())
        return f" WITH ({options})" if options else ""

    def create_materialized_view(self, view: MaterializedView, op: ops.CreateObjectOp) -> Texts:
        address = self.address(view)
        empty = "" if view.with_data else "\nWITH NO DATA"
        head = f"CREATE MATERIALIZED VIEW {self.if_not_exists(op)}{address}{self._with(view)}"
        yield f"{head} AS\n{self.query(view)}{empty}"
        for index in view.indexes:
            unique = "UNIQUE " if index.unique else ""
            name = f"{self.if_not_exists(op)}{self.quote(index.name)}"
            yield f"CREATE {unique}INDEX {name} ON {address} {index.definition}"
        yield from self.surroundings("MATERIALIZED VIEW", address, view)

    def drop_materialized_view(self, view: MaterializedView, op: ops.DropObjectOp) -> Texts:
        yield f"DROP MATERIALIZED VIEW {self.if_exists(op)}{self.address(view)}"

    # Routines

    def create_function(self, function: Function, op: ops.CreateObjectOp) -> Texts:
        yield from self._routine(function, "CREATE")

    def replace_function(self, function: Function, op: ops.ReplaceObjectOp) -> Texts:
        yield from self._routine(function, "CREATE OR REPLACE")

    def drop_function(self, function: Function, op: ops.DropObjectOp) -> Texts:
        yield self._drop_routine(function, op)

    def create_procedure(self, procedure: Procedure, op: ops.CreateObjectOp) -> Texts:
        yield from self._routine(procedure, "CREATE")

    def replace_procedure(self, procedure: Procedure, op: ops.ReplaceObjectOp) -> Texts:
        yield from self._routine(procedure, "CREATE OR REPLACE")

    def drop_procedure(self, procedure: Procedure, op: ops.DropObjectOp) -> Texts:
        yield self._drop_routine(procedure, op)

    def _routine(self, routine: Function | Procedure, verb: str) -> Texts:
        kind, address = routine.kind.upper(), f"{self.address(routine)}({routine.arguments})"
        yield f"{verb} {kind} {address}\n{routine.definition}"
        # The defaults of arguments may be said in these statements too: they are ignored there.
        yield from self.surroundings(kind, self.signature(routine), routine)

    def _drop_routine(self, routine: Function | Procedure, op: ops.DropObjectOp) -> str:
        return f"DROP {routine.kind.upper()} {self.if_exists(op)}{self.signature(routine)}"

    def signature(self, routine: Function | Procedure) -> str:
        """A routine's address with what tells it from others of its name."""
        if routine.signature is not None:
            return f"{self.address(routine)}({routine.signature})"
        return f"{self.address(routine)}({without_defaults(routine.arguments)})"

    # Triggers

    def create_trigger(self, trigger: Trigger, op: ops.CreateObjectOp) -> Texts:
        kind = "CONSTRAINT TRIGGER" if trigger.constraint else "TRIGGER"
        name, table = self.quote(trigger.name), self.address(trigger, trigger.table)
        yield f"CREATE {kind} {name} {trigger.when} ON {table}\n{trigger.action}"
        yield from self.surroundings("TRIGGER", f"{name} ON {table}", trigger)

    def drop_trigger(self, trigger: Trigger, op: ops.DropObjectOp) -> Texts:
        table = self.address(trigger, trigger.table)
        yield f"DROP TRIGGER {self.if_exists(op)}{self.quote(trigger.name)} ON {table}"


def without_defaults(arguments: str) -> str:
    """Arguments of a routine without the defaults, as ``DROP`` and ``COMMENT ON`` take them."""
    depth, quote, kept, skipping = 0, "", "", False
    words = arguments + ","
    for position, letter in enumerate(words):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        if not quote and depth == 0:
            rest = words[position:].upper()
            if letter == ",":
                skipping, kept = False, kept.rstrip()
            elif letter == "=" or (letter.isspace() and rest.lstrip().startswith("DEFAULT ")):
                skipping = True
        if not skipping:
            kept += letter
    return kept.removesuffix(",").replace(":,", ",").removesuffix(":").strip()
