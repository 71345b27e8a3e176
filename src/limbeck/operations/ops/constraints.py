"""Constraints of every kind: to add, and to drop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from limbeck.operations.ops.base import MigrateOperation, name_words, qualified
from limbeck.operations.schema_objects import HasOptions, constraint_name

if TYPE_CHECKING:
    from sqlalchemy import Constraint

ConstraintOpClass = TypeVar("ConstraintOpClass", bound=type["AddConstraintOp"])


class AddConstraintOp(MigrateOperation):
    """A constraint that is added to a table; the kinds are subclasses."""

    constraint_type: ClassVar[str] = ""
    add_constraint_ops: ClassVar[dict[str, type[AddConstraintOp]]] = {}

    constraint_name: str | None
    table_name: str
    schema: str | None

    @classmethod
    def register_add_constraint(
        cls, type_: str
    ) -> Callable[[ConstraintOpClass], ConstraintOpClass]:
        """A decorator: the class adds constraints whose ``__visit_name__`` is ``type_``."""

        def register(op_class: ConstraintOpClass) -> ConstraintOpClass:
            cls.add_constraint_ops[type_] = op_class
            return op_class

        return register

    @classmethod
    def from_constraint(cls, constraint: Constraint) -> AddConstraintOp:
        """The operation that adds ``constraint`` to its table.

        :raises ValueError: nobody knows how to add a constraint of this kind.
        """
        kind = constraint.__visit_name__
        if kind not in cls.add_constraint_ops:
            raise ValueError(f"no operation adds a constraint of the kind {kind!r}")
        return cls.add_constraint_ops[kind].from_constraint(constraint)

    def to_constraint(self, migration_context: HasOptions | None = None) -> Constraint:
        """The constraint as a SQLAlchemy object on a throw-away table."""
        raise NotImplementedError(type(self).__name__)

    def reverse(self) -> DropConstraintOp:
        return DropConstraintOp.from_constraint(self.to_constraint())

    def to_diff_tuple(self) -> tuple[str, Constraint]:
        return ("add_constraint", self.to_constraint())


class DropConstraintOp(MigrateOperation):
    """Drop a constraint of any kind.

    :param type_: ``foreignkey``, ``primary``, ``unique``, ``check`` or ``exclude``.
    :param _reverse: the operation that adds it again, where it is known.
    """

    constraint_types: ClassVar[dict[str, str]] = {
        "unique_constraint": "unique",
        "foreign_key_constraint": "foreignkey",
        "primary_key_constraint": "primary",
        "check_constraint": "check",
        "column_check_constraint": "check",
        "table_or_column_check_constraint": "check",
        "exclude_constraint": "exclude",
    }

    def __init__(
        self,
        constraint_name: str | None,
        table_name: str,
        type_: str | None = None,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        _reverse: AddConstraintOp | None = None,
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.constraint_type = type_
        self.schema = schema
        self.if_exists = if_exists
        self._reverse = _reverse

    @classmethod
    def from_constraint(cls, constraint: Constraint) -> Self:
        """The operation that drops ``constraint`` from its table, and knows how to add it again."""
        table = constraint.table
        return cls(
            constraint_name(constraint),
            table.name,
            cls.constraint_types.get(constraint.__visit_name__),
            schema=table.schema,
            _reverse=AddConstraintOp.from_constraint(constraint),
        )

    def to_constraint(self) -> Constraint:
        """The constraint that is dropped.

        :raises ValueError: it is known by name only.
        """
        if self._reverse is None:
            raise ValueError("constraint cannot be produced; original constraint is not present")
        constraint = self._reverse.to_constraint()
        constraint.name = self.constraint_name
        constraint.table.name = self.table_name
        constraint.table.schema = self.schema
        return constraint

    def reverse(self) -> AddConstraintOp:
        return AddConstraintOp.from_constraint(self.to_constraint())

    def to_diff_tuple(self) -> tuple[str, Constraint]:
        kind = "remove_fk" if self.constraint_type == "foreignkey" else "remove_constraint"
        return (kind, self.to_constraint())

    def describe(self) -> str:
        words = {
            "foreignkey": "foreign key",
            "primary": "primary key",
            "unique": "unique constraint",
            "check": "check constraint",
            "exclude": "exclude constraint",
        }
        what = words.get(self.constraint_type or "", "constraint")
        where = qualified(self.table_name, self.schema)
        return f"drop {what}{name_words(self.constraint_name)} from {where}"


def constraint_options(constraint: Constraint) -> dict[str, Any]:
    """The keywords with which a constraint was made, besides its name and what it is about."""
    found: dict[str, Any] = {}
    if constraint.deferrable is not None:
        found["deferrable"] = constraint.deferrable
    if constraint.initially is not None:
        found["initially"] = constraint.initially
    found.update(constraint.dialect_kwargs)
    return found
