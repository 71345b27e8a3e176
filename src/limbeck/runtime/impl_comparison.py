"""The answers of a :class:`~limbeck.runtime.default_impl.DefaultImpl` to a comparison."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from sqlalchemy import Connection

from limbeck.runtime.impl_types import ImplTypes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Column


class ImplComparison(ImplTypes):
    """What autogenerate asks; a dialect's subclass overrides what it knows better."""

    identity_attrs_ignore: ClassVar[tuple[str, ...]] = ("on_null",)
    """Options of an identity column that are not compared."""

    if TYPE_CHECKING:
        # The rest of DefaultImpl answers these.
        as_sql: bool
        connection: Connection | None

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
        # A revision compares nothing.
        from limbeck.runtime.compared_defaults import differ

        online = None if self.as_sql else self.connection
        return differ(
            self.dialect,
            online if isinstance(online, Connection) else None,
            None if inspector_column is None else inspector_column.type,
            rendered_inspector_default,
            metadata_column,
            rendered_metadata_default,
        )

    def normalize_computed(self, sqltext: str) -> str:
        """The expression of a computed column in the form in which two of them are compared.

        :param sqltext: the expression.
        """
        return re.sub(r"[\s'\"`()]", "", sqltext).lower()

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
    from limbeck.runtime.overriding import is_overridden

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
