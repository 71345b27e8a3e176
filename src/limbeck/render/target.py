"""Where the call of an operation goes, and what its writers have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from limbeck.operations import ops
from limbeck.render.items import option_expression
from limbeck.render.nodes import Call, Code, Keyword, Node, call
from limbeck.render.values import string
from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.render.context import Rendering

O = TypeVar("O", bound=ops.MigrateOperation)  # noqa: E741  # an operation


class Target(Value, slots=True):
    """Where a call goes: ``op`` itself, or a table's ``batch_op``."""

    rendering: Rendering
    batch: bool = False

    def call(self, name: str, *arguments: Node) -> Call:
        """Return a call of the operation with that name."""
        return call(f"batch_op.{name}" if self.batch else self.rendering.op(name), *arguments)

    def table(self, name: str) -> list[Node]:
        """Return the argument that tells the table, where one is needed."""
        return [] if self.batch else [string(name)]

    def schema(self, schema: str | None, keyword: str = "schema") -> list[Node]:
        """Return the keyword that tells the schema, where one is needed."""
        if schema is None or self.batch:
            return []
        return [Keyword(keyword, string(schema))]

    def any_schema(self, schema: str | None) -> list[Node]:
        """Return the keyword also where there is no schema, if that is to be spelled out."""
        if schema is None and self.rendering.explicit and not self.batch:
            return [Keyword("schema", Code("None"))]
        return self.schema(schema)


Writer = Callable[[Any, Target], "Node | None"]
WRITERS: dict[type[ops.MigrateOperation], Writer] = {}


def writes(kind: type[O]) -> Callable[[Callable[[O, Target], Node | None]], Writer]:
    """A decorator: the function writes operations of this class."""

    def register(writer: Callable[[O, Target], Node | None]) -> Writer:
        WRITERS[kind] = writer
        return writer

    return register


def flag(name: str, given: bool | None) -> list[Node]:
    """Return ``name=True`` or ``name=False``, or nothing."""
    return [] if given is None else [Keyword(name, Code(repr(given)))]


def keywords(given: Mapping[str, Any], target: Target) -> list[Node]:
    """Return keyword arguments, without those that are None or False."""
    return [
        Keyword(name, option_expression(option, target.rendering))
        for name, option in given.items()
        if option is not None and option is not False
    ]
