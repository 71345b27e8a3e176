"""What is particular about SQLite's indexes to a comparison that compares what Alembic does."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import sqlalchemy

from limbeck.dialects.sqlite.expressions import default_clause
from limbeck.dialects.standard.classic_constraints import ConstraintRules, has_expressions

if TYPE_CHECKING:
    from sqlalchemy import Index, UniqueConstraint


class SqliteConstraintRules(ConstraintRules):
    """The answers for SQLite."""

    def correct_constraints(
        self,
        found_uniques: set[UniqueConstraint],
        found_indexes: set[Index],
        model_uniques: set[UniqueConstraint],
        model_indexes: set[Index],
    ) -> None:
        """Leave out the models' indexes over expressions, with a warning.

        ``PRAGMA index_info`` has no name for an expression, and SQLAlchemy reflects no such index:
        https://www.sqlite.org/pragma.html#pragma_index_info
        """
        known = {index.name for index in found_indexes}
        for index in sorted(model_indexes, key=lambda each: str(each.name)):
            if index.name not in known and has_expressions(index):
                warnings.warn(
                    f"autogenerate skipping metadata-specified expression-based index "
                    f"{index.name!r}; dialect {self.dialect.name!r} under SQLAlchemy "
                    f"{sqlalchemy.__version__} can't reflect these indexes so they can't be "
                    "compared",
                    UserWarning,
                    stacklevel=2,
                )
                model_indexes.discard(index)

    def reflect_column(self, inspector: Any, table: Any, column_info: Any) -> None:
        """Put the brackets around a default that SQLite wants and does not tell."""
        if column_info["default"] is not None:
            column_info["default"] = default_clause(column_info["default"])
