"""The answers of a :class:`~limbeck.runtime.default_impl.DefaultImpl` about constraints.

They are asked where ``compare="alembic"``. A subclass for a dialect of its own gets the answers
of the class that it builds on, whatever the dialect builds on.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from limbeck.dialects.registry import backend_for
from limbeck.runtime.overriding import emit_target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import (
        CheckConstraint,
        Dialect,
        ForeignKeyConstraint,
        Index,
        Inspector,
        Table,
        UniqueConstraint,
    )

    from limbeck.ddl.comparison import ComparisonResult
    from limbeck.dialects.standard.classic_constraints import ConstraintRules


class ImplConstraints:
    """What autogenerate asks about indexes and constraints; a subclass overrides what it knows."""

    dialect: Dialect
    _rules_of: ClassVar[str] = "standard"
    """The dialect whose rules hold."""

    @cached_property
    def _constraint_rules(self) -> ConstraintRules:
        backend = backend_for(self._rules_of)
        return backend.constraint_rules(self.dialect, emit_target(self).online)

    def compare_indexes(self, metadata_index: Index, reflected_index: Index) -> ComparisonResult:
        """Compare two indexes of the same name.

        :param metadata_index: the index of the models.
        :param reflected_index: the one in the database.
        :returns: whether they are the same, and if not, why.
        """
        return self._constraint_rules.compare_indexes(metadata_index, reflected_index)

    def compare_unique_constraint(
        self, metadata_constraint: UniqueConstraint, reflected_constraint: UniqueConstraint
    ) -> ComparisonResult:
        """Compare two unique constraints of the same name.

        :param metadata_constraint: the one of the models.
        :param reflected_constraint: the one in the database.
        :returns: whether they are the same, and if not, why.
        """
        return self._constraint_rules.compare_unique_constraints(
            metadata_constraint, reflected_constraint
        )

    def compare_check_constraint(
        self, metadata_constraint: CheckConstraint, reflected_constraint: CheckConstraint
    ) -> ComparisonResult:
        """Compare two CHECK constraints of the same name.

        :param metadata_constraint: the one of the models.
        :param reflected_constraint: the one in the database.
        :returns: whether they are the same, and if not, why; their conditions are not compared.
        """
        return self._constraint_rules.compare_check_constraints(
            metadata_constraint, reflected_constraint
        )

    def correct_for_autogen_constraints(
        self,
        conn_uniques: set[UniqueConstraint],
        conn_indexes: set[Index],
        metadata_unique_constraints: set[UniqueConstraint],
        metadata_indexes: set[Index],
    ) -> None:
        """Called before the indexes and unique constraints of a table are compared.

        :param conn_uniques: the database's unique constraints; each of the sets may be changed.
        :param conn_indexes: the indexes of the database.
        :param metadata_unique_constraints: the unique constraints of the models.
        :param metadata_indexes: the indexes of the models.
        """
        self._constraint_rules.correct_constraints(
            conn_uniques, conn_indexes, metadata_unique_constraints, metadata_indexes
        )

    def correct_for_autogen_foreignkeys(
        self, conn_fks: set[ForeignKeyConstraint], metadata_fks: set[ForeignKeyConstraint]
    ) -> None:
        """Called before the foreign keys of a table are compared.

        :param conn_fks: the foreign keys of the database; each of the sets may be changed.
        :param metadata_fks: those of the models.
        """
        self._constraint_rules.correct_foreign_keys(conn_fks, metadata_fks)

    def adjust_reflected_dialect_options(
        self, reflected_object: Mapping[str, Any], kind: str
    ) -> dict[str, Any]:
        """The options of an index or constraint, as its inverse operation is to have them.

        :param reflected_object: what the inspector says about it.
        :param kind: ``index`` or ``unique_constraint``.
        :returns: the options by keyword, such as ``postgresql_using``.
        """
        return self._constraint_rules.reflected_options(reflected_object, kind)

    def autogen_column_reflect(
        self, inspector: Inspector, table: Table, column_info: dict[str, Any]
    ) -> None:
        """Called for each column that is read from the database.

        :param inspector: the database.
        :param table: the column's table.
        :param column_info: what is known of it; may be changed.
        """
        self._constraint_rules.reflect_column(inspector, table, column_info)
