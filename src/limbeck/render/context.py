"""What rendering needs to know, and what it collects on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy.engine.default import DefaultDialect

from limbeck.render.nodes import Code
from limbeck.render.values import expression

if TYPE_CHECKING:
    from sqlalchemy import MetaData
    from sqlalchemy.engine import Dialect

    from limbeck.render.nodes import Node

Layout = Literal["limbeck", "alembic"]
"""How text is laid out: as formatters do it, or as Alembic has always done it."""

RenderItem = Callable[[str, Any, Any], "str | Literal[False] | None"]

RenderType = Callable[[Any, Any], "str | Literal[False] | None"]


@dataclass(slots=True)
class Rendering:
    """The settings of one rendering, with the imports and the remarks it collects.

    :param dialect: the database for which SQL inside the file is spelled.
    :param sqlalchemy_prefix: what stands before SQLAlchemy's names.
    :param operations_prefix: what stands before the operations.
    :param user_prefix: what stands before the user's own types; None for their module, which
        is then imported too.
    :param as_batch: whether changes of a table go into ``op.batch_alter_table``.
    :param keeping_batches: whether a batch says that a copy is to keep all that the table has.
    :param render_item: the user's hook, asked first about every object.
    :param hook_context: handed to the hook as its third argument.
    :param models: where the tables that a foreign key names are looked for.
    :param render_type: a third-party dialect's own way to write its types, asked after the hook.
    :param render_sql: a third-party dialect's own way to write an expression as it stands in DDL.
    :param imports: the import lines that the text needs.
    :param layout: how the text is laid out.
    :param explicit: whether arguments that say no more than their default are written too,
        such as ``schema=None`` or ``always=False``.
    :param types_by_repr: whether types of the user's are written as their ``repr`` says.
    :param most_arguments: how many columns and constraints ``op.create_table`` takes one by one;
        more are handed over as a list.
    :param marks_risks: whether comments say where an operation can lose data, or fail for rows.
    """

    dialect: Dialect = field(default_factory=DefaultDialect)
    sqlalchemy_prefix: str = "sa."
    operations_prefix: str = "op."
    user_prefix: str | None = None
    as_batch: bool = False
    keeping_batches: bool = False
    render_item: RenderItem | None = None
    hook_context: Any = None
    models: MetaData | None = None
    render_type: RenderType | None = None
    render_sql: Callable[..., str] | None = None
    imports: set[str] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)
    layout: Layout = "limbeck"
    explicit: bool = False
    types_by_repr: bool = False
    most_arguments: int = 255
    marks_risks: bool = True
    plain_types: dict[object, Node] = field(default_factory=dict, init=False, repr=False)
    """How types were written before, by all that they say; of these very settings."""

    def sa(self, name: str) -> str:
        """Return a name of SQLAlchemy as the file spells it."""
        return self.sqlalchemy_prefix + name

    def op(self, name: str) -> str:
        """Return the name of an operation as the file spells it."""
        return self.operations_prefix + name

    def remark(self, text: str) -> None:
        """Add a comment line to the statement that is being rendered, once."""
        if text not in self.remarks:
            self.remarks.append(text)

    def take_remarks(self) -> list[str]:
        """Return the comment lines collected since the last statement."""
        remarks, self.remarks = self.remarks, []
        return remarks

    def hooked(self, kind: str, item: object) -> Node | Literal[False] | None:
        """Ask the user's hook about an object.

        :returns: False where it leaves the object to us, None where it leaves it out.
        """
        if self.render_item is None:
            return False
        answer = self.render_item(kind, item, self.hook_context)
        if answer is None or answer is False:
            return answer
        return Code(answer) if self.layout == "alembic" else expression(answer)

    def dialect_type(self, type_: object) -> Node | None:
        """Ask the dialect how it writes a type; None where it leaves that to us."""
        answer = self.render_type and self.render_type(type_, self.hook_context)
        return expression(answer) if answer else None

    def in_layout(self, layout: Layout) -> Rendering:
        """Return this rendering with a layout, and with what is usual to spell out in it."""
        classic = layout == "alembic"
        marks = self.marks_risks and not classic
        return replace(
            self, layout=layout, explicit=classic, types_by_repr=classic, marks_risks=marks
        )
