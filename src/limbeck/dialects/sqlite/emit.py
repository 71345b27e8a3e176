"""Operations as statements for SQLite: natively where it can, by a copy of the table else.

https://www.sqlite.org/lang_altertable.html says what ``ADD COLUMN`` and ``DROP COLUMN`` cannot do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Computed, ForeignKeyConstraint, UniqueConstraint, text
from sqlalchemy.schema import CreateIndex

from limbeck.ddl.base import AddColumn, RenameTableInPlace
from limbeck.ddl.words import default_text
from limbeck.dialects.features import features_at
from limbeck.dialects.sqlite.ddl import AddWholeColumn, RenameColumn
from limbeck.dialects.sqlite.features import FEATURES, SINCE
from limbeck.dialects.sqlite.object_emit import SqliteObjectWriter
from limbeck.dialects.sqlite.refusals import is_counted_on, refusal
from limbeck.dialects.sqlite.sql_tokens import folded, tokens_of
from limbeck.dialects.standard.alter_column import existing
from limbeck.dialects.standard.bare_column import is_bare
from limbeck.dialects.standard.batch import is_placed, refuse_copy_options
from limbeck.dialects.standard.constraints import is_wanted
from limbeck.dialects.standard.emit import StandardEmitter
from limbeck.operations import ops

if TYPE_CHECKING:
    from sqlalchemy import Connection, Executable, Table

    from limbeck.dialects.backend import EmitTarget
    from limbeck.operations.batch_value import BatchAlterTable

Statements = Iterator["Executable"]

_CONSTANT = re.compile(
    r"[+-]?[\d.]+(?:e[+-]?\d+)? | x?'(?:[^']|'')*' | null | true | false",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


def statements(operation: ops.MigrateOperation, target: EmitTarget) -> Statements:
    """The statements that carry out ``operation`` on SQLite."""
    return SqliteEmitter(target).statements(operation)


def rebuild_statements(
    operations: Sequence[ops.MigrateOperation], target: EmitTarget, **options: Any
) -> Statements:
    """As in :mod:`limbeck.dialects.sqlite.rebuild`, which most revisions do not need."""
    from limbeck.dialects.sqlite.rebuild import rebuild_statements

    return rebuild_statements(operations, target, **options)


class SqliteEmitter(StandardEmitter):
    """Makes the statements for one SQLite target."""

    object_writer = SqliteObjectWriter
    names_indexes_alone = True

    def batch(self, op: BatchAlterTable) -> Statements:
        recreate = op.options.recreate
        hooks = self.target.batch_hooks
        native = self.is_native(op.operations) if hooks is None else not hooks.requires_recreate(op)
        classic = self.target.opts.get("batch") == "alembic"
        alters = recreate == "never" or (recreate == "auto" and native and not _wants_copy(op))
        if recreate == "never" or (classic and alters):
            refuse_copy_options(op)
        if alters:
            for inner in op.operations:
                yield from self.statements(inner)
            return
        yield from rebuild_statements(
            op.operations,
            self.target,
            table_name=op.table_name,
            schema=op.schema,
            options=replace(op.options, recreate="always"),
        )

    def is_native(self, operations: Iterable[ops.MigrateOperation]) -> bool:
        """True where a batch of operations needs no copy of its table."""
        return all(self._is_native_in_batch(operation) for operation in operations)

    def _is_native_in_batch(self, op: ops.MigrateOperation) -> bool:
        """True where a batch needs no copy of its table.

        SQLite can drop and rename columns by itself, and add some whose default is an expression,
        but who writes a batch asks for the copy, and for the table's text that it leaves.
        """
        if isinstance(op, ops.AddColumnOp):
            default = op.column.server_default
            plain = default is None or isinstance(getattr(default, "arg", None), str)
            computed = op.column.computed is not None
            placed = is_placed(op) and self.target.opts.get("batch") != "alembic"
            # The name of a key within a column is not to be seen by SQLAlchemy's inspector.
            refers = bool(op.column.foreign_keys) and not op.inline_references
            return not placed and not refers and (plain or computed) and self._adds_natively(op)
        copied = ops.DropColumnOp | ops.AlterColumnOp | ops.AddConstraintOp | ops.DropConstraintOp
        return not isinstance(op, copied)

    def rename_table(self, op: ops.RenameTableOp) -> Statements:
        yield RenameTableInPlace(op.table_name, op.new_table_name, schema=op.schema)

    # Columns

    def add_column(self, op: ops.AddColumnOp) -> Statements:
        if op.if_not_exists and self._column_is_there(op.table_name, op.column.name, op.schema):
            return
        if is_bare(op.column, self.dialect) and self._has_constant_default(op.column):
            yield AddWholeColumn(
                op.table_name,
                op.column,
                schema=op.schema,
                if_not_exists=op.if_not_exists and self.says_existence(),
            )
            return
        if self._brings_keys(op) and is_counted_on(self.target):
            yield AddColumn(op.table_name, self._placed(op.column, op).c[op.column.key], op.schema)
            raise refusal()
        if not self._adds_natively(op):
            yield from rebuild_statements([op], self.target)
            return
        table = self._placed(op.column, op)
        yield AddWholeColumn(
            op.table_name,
            table.c[op.column.key],
            schema=op.schema,
            if_not_exists=op.if_not_exists and self.says_existence(),
            inline_primary_key=op.inline_primary_key,
        )
        for index in sorted(table.indexes, key=lambda index: index.name or ""):
            yield CreateIndex(index)

    def _adds_natively(self, op: ops.AddColumnOp) -> bool:
        table = self._placed(op.column, op)
        column = table.c[op.column.key]
        constraints = [c for c in table.constraints if is_wanted(c, self.dialect)]
        if any(isinstance(c, UniqueConstraint) for c in constraints):
            return False
        if self.target.online is None:
            return True
        computed = column.computed
        refers = any(isinstance(c, ForeignKeyConstraint) for c in constraints)
        return not (
            column.primary_key
            or (isinstance(computed, Computed) and computed.persisted)
            or (column.server_default is not None and computed is None and refers)
            or not self._has_constant_default(column)
        )

    def _brings_keys(self, op: ops.AddColumnOp) -> bool:
        """True where Alembic adds a constraint of its own after the column."""
        wanted = (c for c in self._placed(op.column, op).constraints if is_wanted(c, self.dialect))
        own = UniqueConstraint if op.inline_references else UniqueConstraint | ForeignKeyConstraint
        return any(isinstance(constraint, own) for constraint in wanted)

    def _has_constant_default(self, column: Column[Any]) -> bool:
        """False for a default that SQLite adds to empty tables only."""
        if column.server_default is None or column.computed is not None:
            return True
        compiler = self.dialect.ddl_compiler(
            self.dialect,
            None,  # type: ignore[arg-type]  # it compiles nothing
        )
        words = default_text(compiler, column.server_default)
        return words is None or _CONSTANT.fullmatch(words.strip()) is not None

    def drop_column(self, op: ops.DropColumnOp) -> Statements:
        if op.if_exists and self._column_is_missing(op.table_name, op.column_name, op.schema):
            return
        if self._drops_natively(op):
            yield from super().drop_column(op)
        else:
            yield from rebuild_statements([op], self.target)

    def _drops_natively(self, op: ops.DropColumnOp) -> bool:
        """True where nothing but the column's own definition speaks of it."""
        online = self.target.online
        if online is None:
            return True
        version = getattr(self.dialect, "server_version_info", None)
        can_drop = features_at(FEATURES, SINCE, version).drops_columns
        return can_drop and not _is_key(online, op) and _mentions(online, op) == 1

    def alter_column(self, op: ops.AlterColumnOp) -> Statements:
        self.check_alter_column(op)
        if _alters_definition(op):
            yield from rebuild_statements([op], self.target)
        elif op.modify_name is not None:
            yield RenameColumn(op.table_name, op.column_name, op.modify_name, **existing(op))

    # Constraints

    def add_constraint(self, op: ops.AddConstraintOp) -> Statements:
        self._refuse_as_alembic()
        if isinstance(op, ops.CreateExcludeConstraintOp):
            self.require_exclude(op)
        return rebuild_statements([op], self.target)

    def drop_constraint(self, op: ops.DropConstraintOp) -> Statements:
        self._refuse_as_alembic()
        return rebuild_statements([op], self.target)

    def _refuse_as_alembic(self) -> None:
        """Refuse where the revision counts on it.

        So it is where a stand-in for a connection knows nothing of the table to copy.
        """
        knows_nothing = not self.target.as_sql and self.target.online is None
        if knows_nothing or is_counted_on(self.target):
            raise refusal()

    # Comments: there are none

    def create_table_comment(self, op: ops.CreateTableCommentOp) -> Statements:
        return iter(())

    def drop_table_comment(self, op: ops.DropTableCommentOp) -> Statements:
        return iter(())

    def table_comments(self, table: Table) -> Statements:
        return iter(())

    def says_existence(self) -> bool:
        # SQLite has no such words for columns; on paper the reader sees what was meant.
        return self.target.online is None


def _alters_definition(op: ops.AlterColumnOp) -> bool:
    """True where more changes than the name; a comment is nothing to SQLite."""
    return (
        op.modify_type is not None
        or op.modify_nullable is not None
        or op.modify_server_default is not False
    )


def _wants_copy(op: BatchAlterTable) -> bool:
    """True where the batch's options mean nothing without a copy."""
    options = op.options
    return bool(options.table_args or options.table_options or options.partial_reordering)


_IS_KEY = """
SELECT EXISTS (SELECT 1 FROM pragma_table_xinfo(:t, :s) WHERE name = :c AND pk > 0)
    OR EXISTS (SELECT 1 FROM pragma_foreign_key_list(:t, :s) WHERE "from" = :c)
    OR EXISTS (SELECT 1 FROM pragma_index_list(:t, :s) AS list, pragma_index_info(list.name, :s)
               AS part WHERE part.name = :c)
"""


def _is_key(connection: Connection, op: ops.DropColumnOp) -> bool:
    """True for a column of the primary key, of a unique or a foreign key, or of an index."""
    address = {"t": op.table_name, "c": op.column_name, "s": op.schema or "main"}
    return bool(connection.execute(text(_IS_KEY), address).scalar())


def _mentions(connection: Connection, op: ops.DropColumnOp) -> int:
    """How often the database's own texts speak of something by the column's name.

    Indexes and triggers of the table count, and every view and trigger that may read it.
    """
    quote = connection.dialect.identifier_preparer.quote
    prefix = f"{quote(op.schema)}." if op.schema else ""
    rows = connection.exec_driver_sql(
        f"SELECT sql FROM {prefix}sqlite_master WHERE sql IS NOT NULL "
        "AND (lower(tbl_name) = lower(?) OR type IN ('view', 'trigger'))",
        (op.table_name,),
    )
    wanted = folded(op.column_name)
    return sum(
        1
        for row in rows
        for token in tokens_of(row[0])
        if token.kind in ("word", "quoted") and folded(token.name) == wanted
    )
