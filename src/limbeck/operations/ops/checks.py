"""CHECK and EXCLUDE constraints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import CheckConstraint

from limbeck.operations.copied_parts import freed
from limbeck.operations.ops.base import expression_words, name_words, qualified
from limbeck.operations.ops.constraints import AddConstraintOp, constraint_options
from limbeck.operations.schema_objects import (
    HasOptions,
    build_check,
    constraint_name,
    placeholder,
    throwaway_metadata,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Constraint, TextClause


@AddConstraintOp.register_add_constraint("check_constraint")
@AddConstraintOp.register_add_constraint("table_or_column_check_constraint")
@AddConstraintOp.register_add_constraint("column_check_constraint")
class CreateCheckConstraintOp(AddConstraintOp):
    """Add a CHECK constraint.

    :param condition: SQL text, or an expression.
    """

    constraint_type = "check"

    def __init__(
        self,
        constraint_name: str | None,
        table_name: str,
        condition: str | TextClause | ColumnElement[bool],
        *,
        schema: str | None = None,
        **kw: Any,
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.condition = condition
        self.schema = schema
        self.kw = kw

    @classmethod
    def from_constraint(cls, constraint: Constraint) -> Self:
        assert isinstance(constraint, CheckConstraint)
        table = constraint.table
        return cls(
            constraint_name(constraint),
            table.name,
            freed(constraint.sqltext),
            schema=table.schema,
            **constraint_options(constraint),
        )

    def to_constraint(self, migration_context: HasOptions | None = None) -> CheckConstraint:
        return build_check(
            self.constraint_name,
            self.table_name,
            self.condition,
            throwaway_metadata(migration_context),
            self.schema,
            **self.kw,
        )

    def describe(self) -> str:
        where = qualified(self.table_name, self.schema)
        return (
            f"add check constraint{name_words(self.constraint_name)} on {where}: "
            f"{expression_words(self.condition)}"
        )


@AddConstraintOp.register_add_constraint("exclude_constraint")
class CreateExcludeConstraintOp(AddConstraintOp):
    """Add an EXCLUDE constraint, which only PostgreSQL has.

    :param elements: pairs of a column or expression and an operator.
    :param where: the condition under which rows exclude one another.
    """

    constraint_type = "exclude"

    def __init__(
        self,
        constraint_name: str | None,
        table_name: str,
        elements: Sequence[tuple[Any, str]],
        where: ColumnElement[bool] | TextClause | str | None = None,
        schema: str | None = None,
        **kw: Any,
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.elements = elements
        self.where = where
        self.schema = schema
        self.kw = kw

    @classmethod
    def from_constraint(cls, constraint: Constraint) -> Self:
        from sqlalchemy.dialects.postgresql import ExcludeConstraint

        assert isinstance(constraint, ExcludeConstraint)
        keywords = constraint_options(constraint) | {"using": constraint.using}
        if constraint.ops:
            keywords["ops"] = dict(constraint.ops)
        return cls(
            constraint_name(constraint),
            constraint.table.name,
            [(freed(element), operator) for element, _, operator in constraint._render_exprs],
            where=freed(constraint.where) if constraint.where is not None else None,
            schema=constraint.table.schema,
            **keywords,
        )

    def to_constraint(self, migration_context: HasOptions | None = None) -> Constraint:
        from sqlalchemy import literal_column
        from sqlalchemy.dialects.postgresql import ExcludeConstraint

        metadata = throwaway_metadata(migration_context)
        names = [element for element, _ in self.elements if isinstance(element, str)]
        table = placeholder(self.table_name, metadata, names, self.schema)
        # A TextClause is no element that ExcludeConstraint takes; the same words as a column are.
        elements = [
            (literal_column(e.text) if getattr(e, "__visit_name__", "") == "textclause" else e, o)
            for e, o in self.elements
        ]
        constraint = ExcludeConstraint(
            *elements, name=self.constraint_name, where=self.where, **self.kw
        )
        table.append_constraint(constraint)
        return constraint

    def describe(self) -> str:
        pairs = ", ".join(
            f"{expression_words(element)} WITH {operator}" for element, operator in self.elements
        )
        where = qualified(self.table_name, self.schema)
        return f"add exclude constraint{name_words(self.constraint_name)} on {where} ({pairs})"
