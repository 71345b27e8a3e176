"""Operations as statements for PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Computed,
    ForeignKeyConstraint,
    Identity,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.schema import DropConstraint

from limbeck.ddl.base import ColumnDefault, ComputedColumnDefault
from limbeck.dialects.features import features_at
from limbeck.dialects.postgresql.casts import cast_path, is_same_enumeration
from limbeck.dialects.postgresql.ddl import (
    AlterComputed,
    AlterIdentity,
    DefaultText,
    TypeUsing,
    changed_options,
)
from limbeck.dialects.postgresql.enum_types import create_domain, default_words, type_name
from limbeck.dialects.postgresql.features import FEATURES, SINCE
from limbeck.dialects.postgresql.object_emit import PostgresqlObjectWriter
from limbeck.dialects.postgresql.plain_emit import PostgresqlPlainEmitter
from limbeck.dialects.postgresql.serial_columns import forget_serial_default
from limbeck.dialects.standard.alter_column import existing
from limbeck.dialects.standard.constraints import in_order
from limbeck.dialects.standard.copy_parts import refers_to_itself
from limbeck.dialects.standard.emit import StandardEmitter
from limbeck.dialects.text import plain_dialect
from limbeck.errors import CommandError
from limbeck.facts.rights import Domain
from limbeck.operations import ops

if TYPE_CHECKING:
    from sqlalchemy import Column, Executable, Table

    from limbeck.dialects.backend import EmitTarget
    from limbeck.dialects.standard.table_copy import TableCopy

Statements = Iterator["Executable"]


class PostgresqlEmitter(PostgresqlPlainEmitter, StandardEmitter):
    """Makes the statements for one PostgreSQL target."""

    object_writer = PostgresqlObjectWriter
    aspects = ("type", "nullable", "default", "comment", "name")

    def schema_object(
        self, op: ops.CreateObjectOp | ops.ReplaceObjectOp | ops.DropObjectOp
    ) -> Statements:
        if self.target.as_sql and isinstance(op.item, Domain):
            address = self.object_writer(self.target).address(op.item)
            names = self.target.named_types
            (names.discard if isinstance(op, ops.DropObjectOp) else names.add)(address)
        return super().schema_object(op)

    # Copies of tables

    def column_reflect(self, inspector: Any, table: Table, column: Any) -> None:
        forget_serial_default(inspector, table, column)

    def before_copy(self, copy: TableCopy) -> Statements:
        """Free the names of keys: they are names of indexes, of which a schema has one each.

        A foreign key by which the table refers to itself would not let its key go.
        """
        constraints = in_order(copy.table)
        for held in constraints:
            if isinstance(held, ForeignKeyConstraint) and refers_to_itself(held):
                yield DropConstraint(held)
        for held in constraints:
            is_key = isinstance(held, PrimaryKeyConstraint | UniqueConstraint | ExcludeConstraint)
            if is_key and held.name in copy.named_constraints:
                yield DropConstraint(held)

    def before_rows(self, table: Table) -> Statements:
        """Let identities that are always generated take the values that they had."""
        for column, identity in _always_generated(table):
            yield _altered(column, identity, by_default=True)

    def after_rows(self, copy: TableCopy, table: Table) -> Statements:
        """Let the columns that count go on where they were."""
        for column, identity in _always_generated(table):
            yield _altered(column, identity, by_default=False)
        quote = self.dialect.identifier_preparer
        before, after = (_literal(quote.format_table(each)) for each in (copy.table, table))
        for column in table.columns:
            serial = column is table.autoincrement_column and column.server_default is None
            if column.key in copy.column_transfers and (serial or column.identity is not None):
                yield text(
                    f"SELECT setval(pg_get_serial_sequence({after}, {_literal(column.name)}), "
                    f"coalesce(nextval(pg_get_serial_sequence({before}, {_literal(column.key)})), "
                    f"max({quote.quote(column.name)}) + 1), false) "
                    f"FROM {quote.format_table(table)}".replace(":", r"\:")
                )

    def check_alter_column(self, op: ops.AlterColumnOp) -> None:
        super().check_alter_column(op)
        if op.kw.get("postgresql_using") is not None and op.modify_type is None:
            raise CommandError("postgresql_using must be used with the type_ parameter")

    def alter_type(self, op: ops.AlterColumnOp) -> Statements:
        if op.modify_type is None:
            return
        if not self._as_alembic():
            yield from create_domain(op.modify_type, self.target)
        using = op.kw.get("postgresql_using")
        types = (op.existing_type, op.modify_type, self.dialect)
        path = None if using or is_same_enumeration(*types) else cast_path(*types)
        if not using and path is None:
            yield from super().alter_type(op)
            return
        statement = TypeUsing(
            op.table_name,
            op.column_name,
            type_=op.modify_type,
            using=str(using) if using else None,
            through=path,
            **existing(op),
        )
        # A default is cast by assignment too, which these types do not have: it goes away for the
        # moment, and comes back in the new type's words.
        default = self._current_default(op)
        if default is not None:
            yield ColumnDefault(op.table_name, op.column_name, None, **existing(op))
        yield statement
        if default is not None and op.modify_server_default is False:
            words = _in_type(default, type_name(op.modify_type, self.dialect), path)
            yield DefaultText(op.table_name, op.column_name, words, **existing(op))

    def _current_default(self, op: ops.AlterColumnOp) -> str | None:
        """The column's default in the database's words, or in those of the revision file."""
        if self.target.online is not None:
            return catalogue_default(self.target, op)
        default: Any = op.existing_server_default
        if default is False or default is None or isinstance(default, Identity | Computed):
            return None
        return default_words(default, self.dialect)

    def alter_identity(self, op: ops.AlterColumnOp) -> Statements:
        before, after = op.existing_server_default, op.modify_server_default
        was = before if isinstance(before, Identity) else None
        becomes = after if isinstance(after, Identity) else None
        if becomes is not None and was is None and before is not None and before is not False:
            # "column already has a default value": the two exclude one another.
            yield ColumnDefault(op.table_name, op.column_name, None, **existing(op))
        stays = self._as_alembic()
        if was is None or becomes is None or changed_options(was, becomes, unsaid_stays=stays):
            yield AlterIdentity(
                op.table_name, op.column_name, before=was, after=becomes, unsaid_stays=stays,
                **existing(op),
            )  # fmt: skip
        if becomes is None and after is not None:
            yield ColumnDefault(op.table_name, op.column_name, after, **existing(op))

    def alter_computed(self, op: ops.AlterColumnOp) -> Statements:
        before, after = op.existing_server_default, op.modify_server_default
        becomes = after if isinstance(after, Computed) else None
        version = getattr(self.dialect, "server_version_info", None)
        can_set = features_at(FEATURES, SINCE, version).sets_expressions
        if becomes is not None and not (isinstance(before, Computed) and can_set):
            yield ComputedColumnDefault(op.table_name, op.column_name, becomes, **existing(op))
            return
        yield AlterComputed(op.table_name, op.column_name, after=becomes, **existing(op))
        if becomes is None and after is not None:
            yield ColumnDefault(op.table_name, op.column_name, after, **existing(op))


def _literal(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _always_generated(table: Table) -> list[tuple[Column[Any], Identity]]:
    found = [(column, column.identity) for column in table.columns]
    return [(column, each) for column, each in found if each is not None and each.always]


def _altered(column: Column[Any], identity: Identity, *, by_default: bool) -> AlterIdentity:
    relaxed = identity._copy()
    relaxed.always = False
    before, after = (identity, relaxed) if by_default else (relaxed, identity)
    table = column.table
    return AlterIdentity(table.name, column.name, before=before, after=after, schema=table.schema)


def catalogue_default(target: EmitTarget, op: ops.AlterColumnOp) -> str | None:
    """A column's default as the catalogue spells it, None where it has none."""
    if target.online is None:
        return None
    preparer = plain_dialect(target.dialect).identifier_preparer
    table = preparer.quote(op.table_name)
    if op.schema:
        table = f"{preparer.quote_schema(op.schema)}.{table}"
    found: str | None = target.online.execute(
        text(
            "SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a "
            "JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
            "WHERE a.attrelid = to_regclass(:table) AND a.attname = :column "
            "AND a.attgenerated = ''"
        ),
        {"table": table, "column": op.column_name},
    ).scalar()
    return found


_LITERAL = re.compile(r"('(?:[^']|'')*')(?:::.+)?", re.DOTALL)


def _in_type(default: str, type_: str, through: str | None) -> str:
    """A default that was of another type, cast the way its column was."""
    literal = _LITERAL.fullmatch(default.strip())
    if literal:
        return f"{literal.group(1)}::{type_}"
    steps = f"::{through}::{type_}" if through else f"::{type_}"
    return f"{default}{steps}" if default.isalnum() else f"({default}){steps}"
