"""Changes of one table, carried out together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from limbeck.dialects.standard.batch import temporary_name
from limbeck.dialects.standard.copy_parts import refer_to
from limbeck.dialects.standard.table_copy import TableCopy
from limbeck.operations.batch import *  # noqa: F403  # the whole module under the other name
from limbeck.operations.referred import referred_table

if TYPE_CHECKING:
    from sqlalchemy import Table


class ApplyBatchImpl(TableCopy):
    """A copy of a table that is being edited.

    :param impl: the ``DefaultImpl`` that says how values are cast.
    """

    new_table: Table

    def __init__(
        self,
        impl: Any,
        table: Table,
        table_args: Sequence[Any],
        table_kwargs: Mapping[str, Any],
        reflected: bool,
        partial_reordering: Sequence[tuple[str, ...]] = (),
    ) -> None:
        super().__init__(
            table,
            table_args,
            table_kwargs,
            reflected=reflected,
            partial_reordering=partial_reordering,
            cast=impl.cast_for_batch_migrate,
        )
        self.impl = impl
        self.temp_table_name = self._calc_temp_name(table.name)

    @staticmethod
    def _calc_temp_name(tablename: str) -> str:
        return temporary_name(tablename)

    def _create(self, op_impl: Any) -> None:
        op_impl.prep_table_for_batch(self, self.table)
        self.new_table = self.build()
        op_impl.create_table(self.new_table)
        try:
            rows = self.rows(self.new_table)
            if rows is not None:
                op_impl._exec(rows)
            op_impl.drop_table(self.table)
        except Exception:
            op_impl.drop_table(self.new_table)
            raise
        op_impl.rename_table(self.temp_table_name, self.table.name, schema=self.table.schema)
        self.new_table.name = self.table.name
        for index in self._gather_indexes_from_both_tables():
            op_impl.create_index(index)
        self.new_table.name = self.temp_table_name

    def _gather_indexes_from_both_tables(self) -> list[Any]:
        return self.indexes_on(self.new_table)

    @staticmethod
    def _setup_referent(metadata: Any, constraint: Any) -> None:
        for key in constraint.elements:
            schema, name, column = referred_table(key)
            refer_to(metadata, schema, name, [column or key.parent.name])
