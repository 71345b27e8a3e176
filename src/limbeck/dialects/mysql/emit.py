"""Operations as statements for MySQL and MariaDB."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, Computed, ForeignKeyConstraint, Identity
from sqlalchemy.schema import CreateIndex, DropIndex
from sqlalchemy.types import DateTime, Enum, String, TypeEngine

from limbeck.ddl.words import default_text
from limbeck.dialects.mysql.ddl import (
    AlterDefault,
    ChangeColumn,
    ColumnDefinition,
    DropIfExists,
    RenameColumn,
    is_literal,
)
from limbeck.dialects.mysql.existing_column import column_definition, constraint_kind, index_exists
from limbeck.dialects.mysql.features import features_of, is_mariadb
from limbeck.dialects.mysql.object_emit import MysqlObjectWriter
from limbeck.dialects.standard.alter_column import existing
from limbeck.dialects.standard.constraints import constraint_to_drop
from limbeck.dialects.standard.emit import StandardEmitter
from limbeck.errors import CommandError

if TYPE_CHECKING:
    from sqlalchemy import Column, Constraint, Executable

    from limbeck.dialects.backend import EmitTarget
    from limbeck.operations import ops

Statements = Iterator["Executable"]

# What follows DROP for each kind, where IF EXISTS may follow in turn.
DROP_WORDS = {
    "foreignkey": "FOREIGN KEY",
    "unique": "INDEX",
    "check": "CONSTRAINT",
}


def statements(operation: ops.MigrateOperation, target: EmitTarget) -> Statements:
    """The statements that carry out ``operation`` on MySQL or MariaDB."""
    return MysqlEmitter(target).statements(operation)


class MysqlEmitter(StandardEmitter):
    """Makes the statements for one MySQL or MariaDB target."""

    object_writer = MysqlObjectWriter
    names_indexes_alone = True
    describes_columns_alone = True

    def says_existence(self) -> bool:
        # MySQL has no such words; where it can be asked it has been, on paper the reader decides.
        return features_of(self.dialect).existence_clauses or self.target.online is None

    def before_add_column(self, column: Column[Any]) -> Statements:
        # MariaDB takes no name for a CHECK within a column: https://mariadb.com/kb/en/constraint/
        named = [c for c in column.constraints if isinstance(c.name, str)]
        if is_mariadb(self.dialect):
            for constraint in sorted(named, key=lambda c: c._creation_order):
                column.constraints.discard(constraint)
                column.table.append_constraint(constraint._copy())
        return iter(())

    # Copies of tables

    def is_late(self, constraint: Constraint) -> bool:
        """A schema has one foreign key of a name, and MySQL one CHECK: the old table has it."""
        return isinstance(constraint, ForeignKeyConstraint) or (
            isinstance(constraint, CheckConstraint) and not is_mariadb(self.dialect)
        )

    # Constraints and indexes

    def drop_constraint(self, op: ops.DropConstraintOp) -> Statements:
        kind = op.constraint_type
        online = self.target.online
        if online is not None and op.constraint_name is not None and (not kind or op.if_exists):
            name = constraint_to_drop(op, self.target).name
            found = constraint_kind(online, op.table_name, str(name), op.schema)
            if found is None and op.if_exists:
                return
            if found is None and kind is None:
                raise CommandError(
                    f"table {op.table_name} has no constraint {name}, or several of this name",
                    hint='give drop_constraint() the type_: "foreignkey", "unique", "check"',
                )
            kind = kind or found
        if kind is None:
            raise NotImplementedError(
                "No generic 'DROP CONSTRAINT' in MySQL - please specify constraint type"
            )
        op = _with_kind(op, kind)
        says_existence = features_of(self.dialect).existence_clauses
        if op.if_exists and says_existence and kind in DROP_WORDS:
            name = str(constraint_to_drop(op, self.target).name)
            yield DropIfExists(op.table_name, DROP_WORDS[kind], name, schema=op.schema)
            return
        op.if_exists = None
        yield from super().drop_constraint(op)

    def create_index(self, op: ops.CreateIndexOp) -> Statements:
        if op.if_not_exists and self._has_to_look():
            if not self._index_is_there(op.index_name, op.table_name, op.schema):
                yield CreateIndex(op.to_index(self.target))
            return
        yield from super().create_index(op)

    def drop_index(self, op: ops.DropIndexOp) -> Statements:
        if op.table_name is None:
            raise CommandError(
                f"cannot drop index {op.index_name}: on MySQL an index belongs to its table",
                hint="give drop_index() the table_name",
            )
        if op.if_exists and self._has_to_look():
            if self._index_is_there(op.index_name, op.table_name, op.schema):
                yield DropIndex(op.to_index(self.target))
            return
        yield from super().drop_index(op)

    def _has_to_look(self) -> bool:
        """True where there are no words for "if it exists", and the database can be asked."""
        return self.target.online is not None and not features_of(self.dialect).existence_clauses

    def _index_is_there(self, name: str | None, table: str, schema: str | None) -> bool:
        online = self.target.online
        return online is not None and name is not None and index_exists(online, table, name, schema)

    # Columns

    def check_alter_column(self, op: ops.AlterColumnOp) -> None:
        """Autoincrement is at home here."""

    def alter_column(self, op: ops.AlterColumnOp) -> Statements:
        yield from self.drop_type_constraints(op)
        sides = (op.modify_server_default, op.existing_server_default)
        if op.modify_server_default is not False and any(
            isinstance(side, Computed | Identity) for side in sides
        ):
            yield from self.alter_default(op)
        elif self._redefines(op):
            yield from self._change(op)
        elif op.modify_server_default is not False:
            yield AlterDefault(
                op.table_name, op.column_name, op.modify_server_default, **existing(op)
            )
        yield from self.add_type_constraints(op)

    def drop_type_constraints(self, op: ops.AlterColumnOp) -> Statements:
        """In a project of Alembic's the CHECK stays, for a later revision to drop by its name."""
        if self.target.opts.get("existing") != "alembic":
            yield from super().drop_type_constraints(op)

    def _redefines(self, op: ops.AlterColumnOp) -> bool:
        """True where the whole column has to be said again."""
        return (
            op.modify_name is not None
            or _modifies_definition(op)
            or self._has_temporal_default(op)
            or self._has_expression_default(op)
        )

    def _has_temporal_default(self, op: ops.AlterColumnOp) -> bool:
        """A date's default is a function, which SET DEFAULT did not always take."""
        type_ = op.modify_type if op.modify_type is not None else op.existing_type
        default = _default_of(op)
        return _is_temporal(type_) and default is not None and default is not False

    def _has_expression_default(self, op: ops.AlterColumnOp) -> bool:
        """Online, an expression is said in the column's definition, where any version takes it."""
        default = op.modify_server_default
        if self.target.online is None or default is None or default is False:
            return False
        compiler = self.dialect.ddl_compiler(
            self.dialect,
            None,  # type: ignore[arg-type]  # it compiles nothing
        )
        return not is_literal(default_text(compiler, default) or "NULL")

    def _change(self, op: ops.AlterColumnOp) -> Statements:
        renames = features_of(self.dialect).renames_columns and self.target.online is not None
        if op.modify_name is not None and renames and not self._file_counts(op):
            if _modifies_definition(op) or op.modify_server_default is not False:
                yield self._redefine(op, newname=None)
            yield RenameColumn(op.table_name, op.column_name, op.modify_name, op.schema)
            return
        newname = op.modify_name
        if newname is None and self._has_temporal_default(op):
            newname = op.column_name
        yield self._redefine(op, newname)

    def _file_counts(self, op: ops.AlterColumnOp) -> bool:
        """Whether a column becomes what the revision file says of it, and nothing else."""
        if self.target.opts.get("existing") != "alembic" or _type_said(op) is None:
            return False
        # What is computed has no definition without its expression.
        return not isinstance(op.existing_server_default, Computed)

    def _redefine(self, op: ops.AlterColumnOp, newname: str | None) -> ChangeColumn:
        return ChangeColumn(
            op.table_name,
            op.column_name,
            self._definition(op),
            newname=newname,
            schema=op.schema,
        )

    def _definition(self, op: ops.AlterColumnOp) -> ColumnDefinition:
        """The column as it becomes.

        What is not modified comes from the catalogue, which knows more than a revision file says;
        offline the file's ``existing_…`` are all there is. With the option ``existing="alembic"``
        they are what counts: so have revisions of Alembic's made the databases that there are.
        """
        found = None
        if self.target.online is not None and not self._file_counts(op):
            found = column_definition(self.target.online, op.table_name, op.column_name, op.schema)
        if found is not None:
            return _modified(found, op)
        type_ = _type_said(op)
        if type_ is None:
            raise CommandError(
                "All MySQL CHANGE/MODIFY COLUMN operations require the existing type.",
                hint="give alter_column() existing_type, existing_nullable and "
                "existing_server_default",
            )
        nullable = op.modify_nullable
        if nullable is None:
            nullable = op.existing_nullable if op.existing_nullable is not None else True
        autoincrement = op.kw.get("autoincrement")
        if autoincrement is None:
            autoincrement = op.kw.get("existing_autoincrement")
        comment = op.existing_comment if op.modify_comment is False else op.modify_comment
        return ColumnDefinition(
            type_=type_,
            nullable=nullable,
            autoincrement=bool(autoincrement),
            default=_default_of(op),
            comment=comment,
        )


def _type_said(op: ops.AlterColumnOp) -> Any:
    return op.modify_type if op.modify_type is not None else op.existing_type


def _modified(found: ColumnDefinition, op: ops.AlterColumnOp) -> ColumnDefinition:
    """The catalogue's definition with what the operation modifies."""
    changes: dict[str, Any] = {}
    if op.modify_type is not None:
        changes["type_"] = op.modify_type
        if not _keeps_character_set(op.modify_type):
            changes["type_suffix"] = ""
        if "json_valid" in found.suffix:
            # MariaDB's JSON is a LONGTEXT with this CHECK, which belongs to the type.
            changes["suffix"] = changes["type_suffix"] = ""
    if op.modify_nullable is not None:
        changes["nullable"] = op.modify_nullable
    if op.modify_server_default is not False:
        changes["default"] = op.modify_server_default
        changes["on_update"] = ""
    if op.modify_comment is not False:
        changes["comment"] = op.modify_comment
    if op.kw.get("autoincrement") is not None:
        changes["autoincrement"] = bool(op.kw["autoincrement"])
    return replace(found, **changes)


def _modifies_definition(op: ops.AlterColumnOp) -> bool:
    """True where more than the name or the default changes."""
    return (
        op.modify_nullable is not None
        or op.modify_type is not None
        or op.modify_comment is not False
        or op.kw.get("autoincrement") is not None
    )


def _keeps_character_set(type_: TypeEngine[Any]) -> bool:
    """True for a type of characters that does not say its own character set or collation."""
    said = [getattr(type_, name, None) for name in ("charset", "collation", "ascii", "unicode")]
    return isinstance(type_, String | Enum) and not any(said)


def _default_of(op: ops.AlterColumnOp) -> Any:
    if op.modify_server_default is not False:
        return op.modify_server_default
    return op.existing_server_default


def _is_temporal(type_: Any) -> bool:
    return issubclass(type_ if isinstance(type_, type) else type(type_), DateTime)


def _with_kind(op: ops.DropConstraintOp, kind: str) -> ops.DropConstraintOp:
    return type(op)(
        op.constraint_name,
        op.table_name,
        kind,
        schema=op.schema,
        if_exists=op.if_exists,
        _reverse=op._reverse,
    )
