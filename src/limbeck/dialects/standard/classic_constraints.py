"""When indexes and constraints are the same to a comparison that compares what Alembic does.

These are the answers of ``DefaultImpl``, which a dialect's subclass overrides; each database's own
are in the file of this name in its folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnClause

from limbeck.ddl.comparison import ComparisonResult
from limbeck.dialects.standard.item_words import without_order
from limbeck.operations.referred import referred_column

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import (
        CheckConstraint,
        Connection,
        Dialect,
        ForeignKeyConstraint,
        Index,
        UniqueConstraint,
    )


class ConstraintRules:
    """The answers for a database about which nothing but standard SQL is known.

    :param dialect: the dialect.
    :param connection: the database, None where it may not be asked.
    """

    def __init__(self, dialect: Dialect, connection: Connection | None = None) -> None:
        self.dialect = dialect
        self.connection = connection

    # whether two are the same

    def compare_indexes(self, model: Index, found: Index) -> ComparisonResult:
        """Compare an index of the models with the one of the same name in the database."""
        before, after = column_names(found), column_names(model)
        differences = unique_difference(model, found)
        if before != after:
            differences.append(f"expression {before} to {after}")
        return result_of(differences)

    def compare_unique_constraints(
        self, model: UniqueConstraint, found: UniqueConstraint
    ) -> ComparisonResult:
        """Compare a unique constraint of the models with the one that stands for it."""
        before, after = sorted_columns(found), sorted_columns(model)
        return result_of([f"expression {before} to {after}"] if before != after else [])

    def compare_check_constraints(
        self, model: CheckConstraint, found: CheckConstraint
    ) -> ComparisonResult:
        """Compare a CHECK of the models with the one of the same name: the name is all there is.

        Every database spells conditions in its own words.
        """
        return ComparisonResult.Equal()

    # what the database does by itself

    def correct_constraints(
        self,
        found_uniques: set[UniqueConstraint],
        found_indexes: set[Index],
        model_uniques: set[UniqueConstraint],
        model_indexes: set[Index],
    ) -> None:
        """Take out of the sets what cannot be compared, or is the database's own doing."""

    def correct_foreign_keys(
        self, found: set[ForeignKeyConstraint], models: set[ForeignKeyConstraint]
    ) -> None:
        """Take out of the sets what cannot be compared, or is the database's own doing."""

    # what reflection tells

    def reflected_options(self, reflected: Mapping[str, Any], kind: str) -> dict[str, Any]:
        """The options that a reflected index or constraint is made with.

        :param reflected: what the inspector says about it.
        :param kind: ``index`` or ``unique_constraint``.
        """
        return dict(reflected.get("dialect_options", {}))

    def reflect_column(self, inspector: Any, table: Any, column_info: Any) -> None:
        """Change what the inspector says about a column before it is compared."""


def result_of(differences: list[str]) -> ComparisonResult:
    """The answer that follows from what differs."""
    return ComparisonResult.Different(differences) if differences else ComparisonResult.Equal()


def unique_difference(model: Index, found: Index) -> list[str]:
    """Whether one of two indexes is unique and the other is not, in words."""
    before, after = bool(found.unique), bool(model.unique)
    return [f"unique={before} to unique={after}"] if before != after else []


def column_names(item: Index | UniqueConstraint) -> tuple[str, ...]:
    """The columns of an index or constraint, those within an index's expressions too."""
    return tuple(column.name for column in item.columns)


def sorted_columns(constraint: UniqueConstraint) -> tuple[str, ...]:
    """The columns of a unique constraint, whose order means nothing."""
    return tuple(sorted(column.name for column in constraint.columns))


def has_expressions(index: Index) -> bool:
    """Whether an index is over anything but columns."""
    return any(not is_column(without_order(element)[0]) for element in index.expressions)


def is_column(element: Any) -> bool:
    """Whether an element of an index is a column, of a table or by its name alone."""
    return isinstance(element, ColumnClause) and not element.is_literal


def key_ends(constraint: ForeignKeyConstraint) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """The columns of a foreign key, and those that it refers to with their schemas and tables."""
    columns = tuple(column.name for column in constraint.columns)
    return columns, tuple(referred_column(element) for element in constraint.elements)
