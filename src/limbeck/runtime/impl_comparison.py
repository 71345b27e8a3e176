"""The answers of a :class:`~limbeck.runtime.default_impl.DefaultImpl` to a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Dialect


class ImplComparison:
    """What autogenerate asks; a dialect's subclass overrides what it knows better."""

    type_synonyms: ClassVar[Sequence[set[str]]] = ({"NUMERIC", "DECIMAL"},)
    """Sets of type names that mean the same type."""

    type_arg_extract: ClassVar[Sequence[str]] = ()
    """Regular expressions whose groups are arguments of a type that its text hides."""

    identity_attrs_ignore: ClassVar[tuple[str, ...]] = ("on_null",)
    """Options of an identity column that are not compared."""

    dialect: Dialect

    def render_type(self, type_obj: Any, autogen_context: Any) -> str | Literal[False]:
        """A type as Python text.

        :param type_obj: the type.
        :param autogen_context: what the text may use; add its imports there.
        :return: the text, or False for limbeck's own.
        """
        return False

    def autogen_column_reflect(self, inspector: Any, table: Any, column_info: Any) -> None:
        """Called for each column that is read from the database.

        :param column_info: what is known of it; may be changed.
        """

    def correct_for_autogen_constraints(
        self,
        conn_unique_constraints: set[Any],
        conn_indexes: set[Any],
        metadata_unique_constraints: set[Any],
        metadata_indexes: set[Any],
    ) -> None:
        """Called before the indexes and unique constraints of a table are compared.

        Each set may be changed.
        """

    def correct_for_autogen_foreignkeys(self, conn_fks: set[Any], metadata_fks: set[Any]) -> None:
        """Called before the foreign keys of a table are compared; each set may be changed."""
