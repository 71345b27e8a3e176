"""Where facts are compared: the comparators of others, and what they add to both directions.

They run after limbeck's own comparison. What they add to a table stands in the last of the
operations that modify it; its inverse comes first on the way back. They may also change how a
column is altered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.autogenerate.compare.schemas import compared_schemas
from limbeck.autogenerate.compare.tables import TablePair, both_sides, table_pairs
from limbeck.operations import ops

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Column

    from limbeck.autogenerate.context import AutogenContext


def add_what_others_find(
    context: AutogenContext, upgrade: ops.UpgradeOps, downgrade: ops.DowngradeOps
) -> None:
    """Call the comparators of others, and let them add to the operations of both directions.

    :param context: the run.
    :param upgrade: limbeck's own operations.
    :param downgrade: those of the way back.
    """
    additions = _Additions(context, upgrade, downgrade)
    if context.comparators.has("autogenerate"):
        additions.find("autogenerate")
    if context.comparators.has("schema", "table", "column"):
        schemas = compared_schemas(context)
        additions.find("schema", schemas)
        if context.comparators.has("table", "column"):
            for pair in list(_pairs(context, schemas)):
                additions.find_in(pair)


def _pairs(context: AutogenContext, schemas: set[str | None]) -> Iterator[TablePair]:
    """The tables of these schemas, and whatever the models have in others."""
    stored, modelled = both_sides(context, schemas)
    others = {schema for schema, _ in modelled if schema is not None} - schemas
    if others:
        existing = others.intersection(context.inspector.get_schema_names())
        stored += [name for name in both_sides(context, existing)[0] if name in modelled]
    return table_pairs(context, stored, modelled)


class _Additions:
    """Puts what comparators find where it belongs.

    :param context: the run.
    :param upgrade: what is added to.
    :param downgrade: what gets the inverses.
    """

    def __init__(
        self, context: AutogenContext, upgrade: ops.UpgradeOps, downgrade: ops.DowngradeOps
    ) -> None:
        self.context = context
        self.upgrade = upgrade
        self.downgrade = downgrade

    def find(self, target: str, *arguments: Any) -> None:
        """Call the comparators of a target that adds whole operations."""
        known = _identities(self.upgrade.ops)
        self.context.comparators.dispatch(target, qualifier=self.context.dialect.name)(
            self.context, self.upgrade, *arguments
        )
        self.downgrade.ops[:0] = _inverses(self.upgrade.ops, known)

    def find_in(self, pair: TablePair) -> None:
        """Call the comparators of a table, and of its columns where it is on both sides."""
        modify = self._last_container(pair)
        is_new = modify is None
        if modify is None:
            modify = ops.ModifyTableOps(pair.name, [], schema=pair.schema)
        known = _identities(modify.ops)
        if pair.conn_table is not None and pair.metadata_table is not None:
            for _, before, after in pair.columns(self.context).on_both_sides():
                self._find_in_column(pair, modify, before, after)
        pair.compare(self.context, modify)
        inverses = _inverses(modify.ops, known)
        if not inverses:
            return
        if is_new:
            self.upgrade.ops.insert(self._place(pair), modify)
        back = ops.ModifyTableOps(pair.name, inverses, schema=pair.schema)
        self.downgrade.ops.insert(self._place_back(pair), back)

    def _find_in_column(
        self, pair: TablePair, modify: ops.ModifyTableOps, before: Column[Any], after: Column[Any]
    ) -> None:
        alter = _alteration(self.upgrade, pair, after.name)
        if alter is None:
            alter = _unaltered(pair, before)
            pair.columns(self.context).compare(alter, before, after)
            if alter.has_changes():
                modify.ops.append(alter)
            return
        planned = {**vars(alter), "kw": dict(alter.kw)}
        pair.columns(self.context).compare(alter, before, after)
        back = _alteration(self.downgrade, pair, alter.modify_name or after.name)
        if back is not None and vars(alter) != planned:
            vars(back).update(vars(alter.reverse()))

    def _last_container(self, pair: TablePair) -> ops.ModifyTableOps | None:
        found = list(_containers(self.upgrade, pair))
        return found[-1] if found else None

    def _place(self, pair: TablePair) -> int:
        """After a new table and its indexes, before one that goes, else at the end."""
        operations = self.upgrade.ops
        if pair.metadata_table is None:
            return _index(operations, ops.DropTableOp, pair, default=0)
        return len(operations)

    def _place_back(self, pair: TablePair) -> int:
        """After a table that is made again, else at the beginning."""
        if pair.metadata_table is None:
            return 1 + _index(self.downgrade.ops, ops.CreateTableOp, pair, default=-1)
        return 0


def _identities(operations: Iterable[ops.MigrateOperation]) -> set[int]:
    return {id(operation) for operation in operations}


def _inverses(
    operations: list[ops.MigrateOperation], known: set[int]
) -> list[ops.MigrateOperation]:
    """The inverses of those operations that are new, the last one first."""
    return [each.reverse() for each in reversed(operations) if id(each) not in known]


def _containers(container: ops.OpContainer, pair: TablePair) -> Iterator[ops.ModifyTableOps]:
    for operation in container.ops:
        if isinstance(operation, ops.ModifyTableOps) and _is_of(operation, pair):
            yield operation


def _alteration(
    container: ops.OpContainer, pair: TablePair, column: str
) -> ops.AlterColumnOp | None:
    """How a column is altered, if it is."""
    for modify in _containers(container, pair):
        for operation in modify.ops:
            if isinstance(operation, ops.AlterColumnOp) and operation.column_name == column:
                return operation
    return None


def _unaltered(pair: TablePair, column: Column[Any]) -> ops.AlterColumnOp:
    """An operation that says how a column is, and alters nothing."""
    default = column.server_default or column.computed or column.identity
    return ops.AlterColumnOp(
        pair.name,
        column.name,
        schema=pair.schema,
        existing_type=column.type,
        existing_nullable=column.nullable,
        existing_server_default=False if default is None else default,
        existing_comment=column.comment,
    )


def _is_of(operation: Any, pair: TablePair) -> bool:
    schemas = {
        table.schema for table in (pair.conn_table, pair.metadata_table) if table is not None
    }
    return operation.table_name == pair.name and operation.schema in schemas


def _index(
    operations: list[ops.MigrateOperation],
    kind: type[ops.MigrateOperation],
    pair: TablePair,
    *,
    default: int,
) -> int:
    """Where the operation on a whole table is."""
    found = (i for i, op in enumerate(operations) if isinstance(op, kind) and _is_of(op, pair))
    return next(found, default)
