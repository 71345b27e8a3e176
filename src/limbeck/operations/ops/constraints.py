"""Constraints: to add and to drop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.exc import InvalidRequestError, NoReferencedColumnError, NoReferencedTableError

from limbeck.operations.ops.base import MigrateOperation, expression_words, name_words, qualified
from limbeck.operations.schema_objects import (
    HasOptions,
    build_check,
    build_foreign_key,
    build_primary_key,
    build_unique,
    constraint_name,
    freed,
    placeholder,
    referred_table,
    throwaway_metadata,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Constraint, TextClause

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


@AddConstraintOp.register_add_constraint("primary_key_constraint")
class CreatePrimaryKeyOp(AddConstraintOp):
    """Add a primary key."""

    constraint_type = "primarykey"

    def __init__(
        self,
        constraint_name: str | None,
        table_name: str,
        columns: Sequence[str],
        *,
        schema: str | None = None,
        **kw: Any,
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.columns = columns
        self.schema = schema
        self.kw = kw

    @classmethod
    def from_constraint(cls, constraint: Constraint) -> Self:
        assert isinstance(constraint, PrimaryKeyConstraint)
        table = constraint.table
        return cls(
            constraint_name(constraint),
            table.name,
            [column.name for column in constraint.columns],
            schema=table.schema,
            **_options(constraint),
        )

    def to_constraint(self, migration_context: HasOptions | None = None) -> PrimaryKeyConstraint:
        return build_primary_key(
            self.constraint_name,
            self.table_name,
            self.columns,
            throwaway_metadata(migration_context),
            self.schema,
            **self.kw,
        )

    def describe(self) -> str:
        where = f"{qualified(self.table_name, self.schema)} ({', '.join(self.columns)})"
        return f"add primary key{name_words(self.constraint_name)} on {where}"


@AddConstraintOp.register_add_constraint("unique_constraint")
class CreateUniqueConstraintOp(AddConstraintOp):
    """Add a unique constraint."""

    constraint_type = "unique"

    def __init__(
        self,
        constraint_name: str | None,
        table_name: str,
        columns: Sequence[str],
        *,
        schema: str | None = None,
        **kw: Any,
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.columns = columns
        self.schema = schema
        self.kw = kw

    @classmethod
    def from_constraint(cls, constraint: Constraint) -> Self:
        assert isinstance(constraint, UniqueConstraint)
        table = constraint.table
        return cls(
            constraint_name(constraint),
            table.name,
            [column.name for column in constraint.columns],
            schema=table.schema,
            **_options(constraint),
        )

    def to_constraint(self, migration_context: HasOptions | None = None) -> UniqueConstraint:
        return build_unique(
            self.constraint_name,
            self.table_name,
            self.columns,
            throwaway_metadata(migration_context),
            self.schema,
            **self.kw,
        )

    def describe(self) -> str:
        where = f"{qualified(self.table_name, self.schema)} ({', '.join(self.columns)})"
        return f"add unique constraint{name_words(self.constraint_name)} on {where}"


@AddConstraintOp.register_add_constraint("foreign_key_constraint")
class CreateForeignKeyOp(AddConstraintOp):
    """Add a foreign key.

    :param kw: ``onupdate``, ``ondelete``, ``deferrable``, ``initially``, ``match``,
        ``source_schema``, ``referent_schema`` and dialect options.
    """

    constraint_type = "foreignkey"

    def __init__(
        self,
        constraint_name: str | None,
        source_table: str,
        referent_table: str,
        local_cols: Sequence[str],
        remote_cols: Sequence[str],
        **kw: Any,
    ) -> None:
        self.constraint_name = constraint_name
        self.source_table = source_table
        self.referent_table = referent_table
        self.local_cols = local_cols
        self.remote_cols = remote_cols
        self.kw = kw

    @property
    def table_name(self) -> str:  # type: ignore[override]  # the documented name is source_table
        """The table that gets the constraint."""
        return self.source_table

    @property
    def schema(self) -> str | None:  # type: ignore[override]  # it is kept among the options
        """The schema of the table that gets the constraint."""
        found: str | None = self.kw.get("source_schema")
        return found

    @classmethod
    def from_constraint(cls, constraint: Constraint) -> Self:
        assert isinstance(constraint, ForeignKeyConstraint)
        targets = [referred_table(element) for element in constraint.elements]
        schema, table, _ = targets[0]
        keywords = _options(constraint)
        named = {
            "onupdate": constraint.onupdate,
            "ondelete": constraint.ondelete,
            "match": constraint.match,
            "use_alter": constraint.use_alter or None,
            "source_schema": constraint.parent.schema,
            "referent_schema": schema,
        }
        keywords.update({key: value for key, value in named.items() if value is not None})
        return cls(
            constraint_name(constraint),
            constraint.parent.name,
            table,
            [_database_name(constraint.parent.c, key) for key in constraint.column_keys],
            [_referred_name(e, t[2]) for e, t in zip(constraint.elements, targets, strict=True)],
            **keywords,
        )

    def to_constraint(self, migration_context: HasOptions | None = None) -> ForeignKeyConstraint:
        options = dict(self.kw)
        source = (options.pop("source_schema", None), self.source_table)
        referent = (options.pop("referent_schema", None), self.referent_table)
        return build_foreign_key(
            self.constraint_name,
            source,
            referent,
            self.local_cols,
            self.remote_cols,
            throwaway_metadata(migration_context),
            **options,
        )

    def to_diff_tuple(self) -> tuple[str, Constraint]:
        return ("add_fk", self.to_constraint())

    def describe(self) -> str:
        source = qualified(self.source_table, self.kw.get("source_schema"))
        referent = qualified(self.referent_table, self.kw.get("referent_schema"))
        local, remote = ", ".join(self.local_cols), ", ".join(self.remote_cols)
        name = name_words(self.constraint_name)
        return f"add foreign key{name} from {source} ({local}) to {referent} ({remote})"


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
            **_options(constraint),
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
        keywords = _options(constraint) | {"using": constraint.using}
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


def _options(constraint: Constraint) -> dict[str, Any]:
    """The keywords with which a constraint was made, besides its name and what it is about."""
    found: dict[str, Any] = {}
    if constraint.deferrable is not None:
        found["deferrable"] = constraint.deferrable
    if constraint.initially is not None:
        found["initially"] = constraint.initially
    found.update(constraint.dialect_kwargs)
    return found


def _database_name(columns: Any, key: str) -> str:
    """What the database calls the column that the models know by ``key``."""
    name: str = columns[key].name if key in columns else key
    return name


def _referred_name(foreign_key: Any, key: str | None) -> str:
    """The referred column's name in the database: its table may be there, or only named."""
    try:
        name: str = foreign_key.column.name
    except (NoReferencedTableError, NoReferencedColumnError, InvalidRequestError):
        return key if key is not None else foreign_key.parent.name
    return name
