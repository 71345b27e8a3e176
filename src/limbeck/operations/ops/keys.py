"""Primary keys, unique constraints and foreign keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint

from limbeck.operations.ops.base import name_words, qualified
from limbeck.operations.ops.constraints import AddConstraintOp, constraint_options
from limbeck.operations.referred import referred_column
from limbeck.operations.schema_objects import (
    HasOptions,
    build_foreign_key,
    build_primary_key,
    build_unique,
    constraint_name,
    throwaway_metadata,
)

if TYPE_CHECKING:
    from sqlalchemy import Constraint


def key_columns(constraint: PrimaryKeyConstraint) -> list[str]:
    """The names of a primary key's columns, in the order in which CREATE TABLE has them.

    Of columns that say ``primary_key=True`` SQLAlchemy writes the one that counts first.

    :param constraint: the key, in its table.
    """
    implicit = constraint._implicit_generated
    columns = constraint.columns_autoinc_first if implicit else constraint.columns
    return [column.name for column in columns]


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
            key_columns(constraint),
            schema=table.schema,
            **constraint_options(constraint),
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
            **constraint_options(constraint),
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
        targets = [referred_column(element) for element in constraint.elements]
        schema, table, _ = targets[0]
        keywords = constraint_options(constraint)
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
            [column for _, _, column in targets],
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


def _database_name(columns: Any, key: str) -> str:
    """What the database calls the column that the models know by ``key``."""
    name: str = columns[key].name if key in columns else key
    return name
