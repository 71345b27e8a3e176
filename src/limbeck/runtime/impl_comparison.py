"""The answers of a :class:`~limbeck.runtime.default_impl.DefaultImpl` to a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from sqlalchemy import Column, MetaData, Table, text

from limbeck.dialects.registry import backend_for
from limbeck.facts.scope import Scope
from limbeck.runtime.impl_types import ImplTypes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from limbeck.facts.objects import ColumnFact


class ImplComparison(ImplTypes):
    """What autogenerate asks; a dialect's subclass overrides what it knows better."""

    identity_attrs_ignore: ClassVar[tuple[str, ...]] = ("on_null",)
    """Options of an identity column that are not compared."""

    def compare_server_default(
        self,
        inspector_column: Column[Any] | None,
        metadata_column: Column[Any],
        rendered_metadata_default: str | None,
        rendered_inspector_default: str | None,
    ) -> bool:
        """Whether two columns differ in their defaults, in the dialect's words.

        :param inspector_column: the column as it is.
        :param metadata_column: the column of the models.
        :param rendered_metadata_default: the models' default as SQL text.
        :param rendered_inspector_default: the default that the column has now, as SQL text.
        """
        type_ = metadata_column.type
        before, after = self._both(
            type_ if inspector_column is None else inspector_column.type,
            rendered_inspector_default,
            type_,
            rendered_metadata_default,
        )
        return before.default != after.default

    def _both(
        self, before: Any, before_default: str | None, after: Any, after_default: str | None
    ) -> tuple[ColumnFact, ColumnFact]:
        """Two columns as the engine compares them."""
        backend, facts = backend_for(self.dialect), []
        for type_, default in ((before, before_default), (after, after_default)):
            metadata = MetaData()
            server_default = None if default is None else text(default.replace(":", r"\:"))
            column: Column[Any] = Column("x", type_, server_default=server_default)
            Table("t", metadata, column)
            facts.append(backend.describe([metadata], self.dialect, Scope()))
        settled = backend.settle(*facts)
        return settled[0].tables[0].columns[0], settled[1].tables[0].columns[0]

    def render_type(self, type_obj: Any, autogen_context: Any) -> str | Literal[False]:
        """A type as Python text.

        :param type_obj: the type.
        :param autogen_context: what the text may use; add its imports there.
        :return: the text, or False for limbeck's own.
        """
        return False


def comparisons_of(impl: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """The comparisons that a dialect's subclass overrides, as functions that ``configure()`` takes.

    :param impl: the ``DefaultImpl`` of the migration.
    :param given: the options given to ``configure()``; a user's own function, or a refusal to
        compare, outweighs the dialect's.
    """
    from limbeck.runtime.carrying_out import is_overridden

    def compare_type(_: Any, inspected: Any, model: Any, *types: Any) -> bool | None:
        answer: bool | None = impl.compare_type(inspected, model)
        return answer

    def compare_server_default(
        _: Any, inspected: Any, model: Any, default: Any, __: Any, rendered: Any
    ) -> bool | None:
        answer: bool | None = impl.compare_server_default(inspected, model, rendered, default)
        return answer

    return {
        function.__name__: function
        for function in (compare_type, compare_server_default)
        if given.get(function.__name__, True) is True and is_overridden(impl, function.__name__)
    }
