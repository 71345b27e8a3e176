"""Views, routines, triggers and the like as statements, in standard SQL.

:class:`ObjectWriter` has one method for each verb and kind; a database's folder subclasses it. What
a database has no method for it does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from limbeck.ddl.verbatim import Verbatim
from limbeck.dialects.text import plain_dialect
from limbeck.errors import CommandError
from limbeck.facts.kind_words import kind_words
from limbeck.operations import ops

if TYPE_CHECKING:
    from limbeck.dialects.backend import EmitTarget
    from limbeck.facts.routines import Trigger
    from limbeck.facts.schema_objects import SchemaObject, View

Texts = Iterator[str]


class ObjectWriter:
    """Writes the statements for one target.

    :param target: for whom.
    """

    database: ClassVar[str] = ""
    """What the database is called in messages; its dialect's name by default."""

    def __init__(self, target: EmitTarget) -> None:
        self.target = target
        # what is sent as it stands has no percent sign doubled
        self._preparer = plain_dialect(target.dialect).identifier_preparer
        self.quote = self._preparer.quote

    def statements(
        self, op: ops.CreateObjectOp | ops.ReplaceObjectOp | ops.DropObjectOp
    ) -> Iterator[Verbatim]:
        """The statements that carry out an operation.

        :raises CommandError: the database has no objects of this kind.
        """
        verb = {ops.CreateObjectOp: "create", ops.ReplaceObjectOp: "replace"}.get(type(op), "drop")
        method: Callable[..., Texts] | None = getattr(self, f"{verb}_{op.item.kind}", None)
        if method is None:
            raise self.refusal(op)
        has_body = op.item.kind in ("function", "procedure", "trigger")
        for words in method(op.item, op):
            yield Verbatim(words, has_body=has_body)

    def refusal(self, op: ops.MigrateOperation) -> CommandError:
        """What is said of an operation that the database cannot carry out."""
        name = self.database or self.target.dialect.name
        item: Any = op
        words = kind_words(item.item.kind)
        return CommandError(
            f"cannot {op.describe()}: limbeck knows no way to do that on {name}",
            hint=f"declare the {words} for other databases only, with only_on=(…,), or use "
            "op.execute()",
        )

    # Words

    def address(self, item: SchemaObject, name: str | None = None) -> str:
        """An object's name, or another one in its schema, as SQL."""
        name = self.quote(item.key.name if name is None else name)
        if not item.schema:
            return name
        return f"{self._preparer.quote_schema(item.schema)}.{name}"

    def query(self, item: Any) -> str:
        """The query of a view as text."""
        if isinstance(item.definition, str):
            return item.definition
        compiled = item.definition.compile(
            dialect=plain_dialect(self.target.dialect), compile_kwargs={"literal_binds": True}
        )
        return str(compiled)

    # Views

    def create_view(self, view: View, op: ops.CreateObjectOp) -> Texts:
        self.refuse_options(view, op)
        yield f"CREATE VIEW {self.address(view)} AS\n{self.query(view)}"

    def replace_view(self, view: View, op: ops.ReplaceObjectOp) -> Texts:
        self.refuse_options(view, op)
        yield f"CREATE OR REPLACE VIEW {self.address(view)} AS\n{self.query(view)}"

    def drop_view(self, view: View, op: ops.DropObjectOp) -> Texts:
        yield f"DROP VIEW {self.if_exists(op)}{self.address(view)}"

    def refuse_options(self, view: View, op: ops.MigrateOperation) -> None:
        """Refuse options where no view has any."""
        if view.options:
            raise CommandError(
                f"cannot {op.describe()}: a view of {self.target.dialect.name} has no options",
                hint="leave the options out",
            )

    def if_exists(self, op: ops.DropObjectOp) -> str:
        """``IF EXISTS`` where it is asked for."""
        return "IF EXISTS " if op.if_exists else ""

    def if_not_exists(self, op: ops.CreateObjectOp) -> str:
        """``IF NOT EXISTS`` where it is asked for."""
        return "IF NOT EXISTS " if op.if_not_exists else ""

    # What belongs to triggers everywhere

    def trigger_text(self, trigger: Trigger, head: str = "CREATE TRIGGER") -> str:
        """A whole trigger as text."""
        name, table = self.address(trigger), self.address(trigger, trigger.table)
        return f"{head} {name} {trigger.when} ON {table}\n{trigger.action}"
