"""The answers of a :class:`~limbeck.runtime.default_impl.DefaultImpl` to a comparison."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from sqlalchemy import Column, Connection, DefaultClause, MetaData, Table

from limbeck.dialects.registry import backend_for
from limbeck.dialects.standard.scratch import ScratchImpossible
from limbeck.operations.literal_text import literal_text
from limbeck.runtime.impl_types import ImplTypes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.types import TypeEngine

    from limbeck.facts.objects import TableFact


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
        type_ = metadata_column.type
        before = _alone(
            type_ if inspector_column is None else inspector_column.type,
            rendered_inspector_default,
        )
        given: Any = metadata_column.server_default
        readings: list[Any] = [rendered_metadata_default]
        if isinstance(given, DefaultClause) and rendered_metadata_default is not None:
            readings.insert(0, given)  # it alone tells a string in quotes from SQL text
        return not any(
            self._is_same_default(before, _alone(type_, reading)) for reading in readings
        )

    def _is_same_default(self, before: Table, after: Table) -> bool:
        """Whether the only column of two tables has the same default.

        Text that is equal is equal; of what still differs the database says what it is to it.
        """

        from limbeck.facts.scope import Scope

        backend = backend_for(self.dialect)
        described = [backend.describe([t.metadata], self.dialect, Scope()) for t in (before, after)]
        sides = [schema.tables[0] for schema in backend.settle(*described)]
        if _is_same(*sides):
            return True
        online = None if self.as_sql else self.connection
        if not isinstance(online, Connection):
            return False
        try:
            found = [backend.on_scratch(online, [table], Scope()) for table in (before, after)]
        except ScratchImpossible:
            return False
        return all(found) and _is_same(found[0][0], found[1][0])

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


def _alone(type_: TypeEngine[Any], default: Any) -> Table:
    """A table with one column, of a type and a default that may be SQL text."""
    if isinstance(default, DefaultClause):
        default = default.arg
    elif default is not None:
        default = literal_text(default)
    return Table("t", MetaData(), Column("x", type_, server_default=default))


def _is_same(before: TableFact, after: TableFact) -> bool:
    """Whether the only columns of two tables have the same default, or the same number as one."""
    one, other = before.columns[0].default, after.columns[0].default
    if one == other:
        return True
    numbers = [_number(default) for default in (one, other)]
    return numbers[0] is not None and numbers[0] == numbers[1]


_NUMBER = re.compile(r"[('\s]*([+-]?\d+(?:\.\d*)?)[)'\s]*(?:::[\w\s]+)?")


def _number(default: str | None) -> Decimal | None:
    found = _NUMBER.fullmatch(default or "")
    return Decimal(found.group(1)) if found else None


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
