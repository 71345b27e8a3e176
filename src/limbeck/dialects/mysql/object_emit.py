"""Views, routines and triggers of MySQL and MariaDB.

https://mariadb.com/kb/en/create-view/, https://mariadb.com/kb/en/create-function/,
https://mariadb.com/kb/en/create-trigger/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from limbeck.dialects.mysql.features import is_mariadb
from limbeck.dialects.standard.object_emit import ObjectWriter
from limbeck.errors import CommandError

if TYPE_CHECKING:
    from limbeck.facts.routines import Function, Procedure, Trigger
    from limbeck.facts.schema_objects import View
    from limbeck.operations import ops

Texts = Iterator[str]

VIEW_OPTIONS = ("algorithm", "check_option", "definer", "security")


class MysqlObjectWriter(ObjectWriter):
    """Writes views, routines and triggers."""

    database = "MySQL and MariaDB"

    def create_view(self, view: View, op: ops.CreateObjectOp) -> Texts:
        yield self._view(view, "CREATE", op)

    def replace_view(self, view: View, op: ops.ReplaceObjectOp) -> Texts:
        yield self._view(view, "CREATE OR REPLACE", op)

    def _view(self, view: View, verb: str, op: ops.MigrateOperation) -> str:
        options = view.settings
        unknown = sorted(options.keys() - set(VIEW_OPTIONS))
        if unknown:
            raise CommandError(
                f"cannot {op.describe()}: {unknown[0]!r} is no option of a view here",
                hint=f"there are {', '.join(VIEW_OPTIONS)}",
            )
        words = [verb]
        if "algorithm" in options:
            words.append(f"ALGORITHM={options['algorithm'].upper()}")
        if "definer" in options:
            words.append(f"DEFINER={self._account(options['definer'])}")
        if "security" in options:
            words.append(f"SQL SECURITY {options['security'].upper()}")
        words.append(f"VIEW {self.address(view)} AS\n{self.query(view)}")
        text = " ".join(words)
        if "check_option" in options:
            text += f"\nWITH {options['check_option'].upper()} CHECK OPTION"
        return text

    def _account(self, definer: str) -> str:
        """An account such as ``app@%``, in the form that ``DEFINER`` takes."""
        user, _, host = definer.rpartition("@")
        return f"`{user.replace('`', '``')}`@`{host}`" if user else definer

    def create_function(self, function: Function, op: ops.CreateObjectOp) -> Texts:
        yield self._routine(function, "CREATE")

    def create_procedure(self, procedure: Procedure, op: ops.CreateObjectOp) -> Texts:
        yield self._routine(procedure, "CREATE")

    def replace_function(self, function: Function, op: ops.ReplaceObjectOp) -> Texts:
        yield from self._replaced(function)

    def replace_procedure(self, procedure: Procedure, op: ops.ReplaceObjectOp) -> Texts:
        yield from self._replaced(procedure)

    def _replaced(self, routine: Function | Procedure) -> Texts:
        if is_mariadb(self.target.dialect):
            yield self._routine(routine, "CREATE OR REPLACE")
            return
        yield f"DROP {routine.kind.upper()} {self.address(routine)}"
        yield self._routine(routine, "CREATE")

    def _routine(self, routine: Function | Procedure, verb: str) -> str:
        head = f"{verb} {routine.kind.upper()} {self.address(routine)}({routine.arguments})"
        return f"{head}\n{routine.definition}"

    def drop_function(self, function: Function, op: ops.DropObjectOp) -> Texts:
        yield f"DROP FUNCTION {self.if_exists(op)}{self.address(function)}"

    def drop_procedure(self, procedure: Procedure, op: ops.DropObjectOp) -> Texts:
        yield f"DROP PROCEDURE {self.if_exists(op)}{self.address(procedure)}"

    def create_trigger(self, trigger: Trigger, op: ops.CreateObjectOp) -> Texts:
        yield self.trigger_text(trigger)

    def drop_trigger(self, trigger: Trigger, op: ops.DropObjectOp) -> Texts:
        yield f"DROP TRIGGER {self.if_exists(op)}{self.address(trigger)}"
