"""How PostgreSQL's indexes and constraints compare, where what Alembic compares is compared."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from limbeck.ddl.comparison import ComparisonResult
from limbeck.dialects.postgresql.index_expressions import element_of
from limbeck.dialects.postgresql.normalise import PostgresqlWords
from limbeck.dialects.postgresql.scratch import on_scratch
from limbeck.dialects.postgresql.serial_columns import forget_serial_default
from limbeck.dialects.standard.classic_constraints import (
    ConstraintRules,
    result_of,
    sorted_columns,
    unique_difference,
)
from limbeck.dialects.standard.scratch import ScratchImpossible
from limbeck.facts.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Index, UniqueConstraint

_DOCUMENTATION = "https://docs.sqlalchemy.org/en/latest/dialects/postgresql.html#operator-classes"


class PostgresqlConstraintRules(ConstraintRules):
    """The answers for PostgreSQL."""

    def compare_indexes(self, model: Index, found: Index) -> ComparisonResult:
        """Compare uniqueness, whether NULLs are distinct, and the elements with their order.

        An operator class that stands in the element itself is not reflected, so an index with one
        is not compared.
        """
        differences = unique_difference(model, found)
        before, after = _nulls_not_distinct(found), _nulls_not_distinct(model)
        if before != after:
            differences.append(f"options {before} to {after}")
        elements, skipped = self._element_differences(model, found)
        differences += elements
        return (
            ComparisonResult.Skip(skipped)
            if skipped and not differences
            else result_of(differences)
        )

    def _element_differences(self, model: Index, found: Index) -> tuple[list[str], list[str]]:
        """In which elements two indexes differ, and which of them cannot be compared."""
        before, after = self._elements(found), self._elements(model)
        if len(before) != len(after):
            return [f"expression number {len(before)} to {len(after)}"], []
        if self._is_only_spelled_otherwise(before, after, model):
            return [], []
        differences, skipped = [], []
        for number, (old, new) in enumerate(zip(before, after, strict=True), start=1):
            if element_of(new).operator_class is not None:
                _warn_of_operator_class(number, new, model)
                skipped.append(
                    f"expression #{number} {new!r} detected as including operator clause."
                )
            elif element_of(old) != element_of(new):
                differences.append(f"expression #{number} {old!r} to {new!r}")
        return differences, skipped

    def _is_only_spelled_otherwise(self, before: list[str], after: list[str], model: Index) -> bool:
        """Whether the server spells the models' elements as it spells those that it has."""
        old, new = [element_of(text) for text in before], [element_of(text) for text in after]
        if old == new or self.connection is None or model.table is None:
            return False
        if any(element.operator_class for element in new):
            return False
        try:
            tables = on_scratch(self.connection, [model.table], Scope())
        except ScratchImpossible:
            return False
        indexes = (index for table in tables for index in table.indexes)
        said = next((index.elements for index in indexes if index.source is model), ())
        spelled = [replace(element_of(text), operator_class=None) for text in said]
        return spelled == old

    def _elements(self, index: Index) -> list[str]:
        words = PostgresqlWords(self.dialect, Scope())
        return [words.expression(element) for element in index.expressions]

    def compare_unique_constraints(
        self, model: UniqueConstraint, found: UniqueConstraint
    ) -> ComparisonResult:
        """Compare the columns, and whether NULLs are distinct."""
        before = (*sorted_columns(found), *_nulls_not_distinct(found))
        after = (*sorted_columns(model), *_nulls_not_distinct(model))
        return result_of([f"expression {before} to {after}"] if before != after else [])

    def correct_constraints(
        self,
        found_uniques: set[UniqueConstraint],
        found_indexes: set[Index],
        model_uniques: set[UniqueConstraint],
        model_indexes: set[Index],
    ) -> None:
        """Leave out the indexes by which PostgreSQL carries out constraints."""
        for index in list(found_indexes):
            if "duplicates_constraint" in index.info:
                found_indexes.discard(index)

    def reflected_options(self, reflected: Mapping[str, Any], kind: str) -> dict[str, Any]:
        """The options as they are, but no empty list of included columns."""
        options = super().reflected_options(reflected, kind)
        if not options.get("postgresql_include"):
            options.pop("postgresql_include", None)
        return options

    def reflect_column(self, inspector: Any, table: Any, column_info: Any) -> None:
        """Take the default of a SERIAL column away."""
        forget_serial_default(inspector, table, column_info)


def _nulls_not_distinct(item: Any) -> tuple[str, ...]:
    said = item.dialect_kwargs.get("postgresql_nulls_not_distinct")
    return ("nulls_not_distinct",) if said else ()


def _warn_of_operator_class(number: int, text: str, index: Index) -> None:
    warnings.warn(
        f"Expression #{number} {text!r} in index {index.name!r} detected to include an operator "
        "clause. Expression compare cannot proceed. Please move the operator clause to the "
        "``postgresql_ops`` dict to enable proper compare of the index expressions: "
        f"{_DOCUMENTATION}",
        UserWarning,
        stacklevel=2,
    )
