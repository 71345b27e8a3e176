"""Comments on tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.operations.ops.base import AlterTableOp
from limbeck.operations.schema_objects import HasOptions, build_table, throwaway_metadata

if TYPE_CHECKING:
    from sqlalchemy import Table


class CreateTableCommentOp(AlterTableOp):
    """Give a table a comment, or another one.

    :param existing_comment: the comment that it has.
    """

    def __init__(
        self,
        table_name: str,
        comment: str | None,
        *,
        schema: str | None = None,
        existing_comment: str | None = None,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.comment = comment
        self.existing_comment = existing_comment

    def to_table(self, migration_context: HasOptions | None = None) -> Table:
        """The table with its new comment."""
        return _commented(self, self.comment, migration_context)

    def reverse(self) -> CreateTableCommentOp | DropTableCommentOp:
        if self.existing_comment is None:
            return DropTableCommentOp(
                self.table_name, existing_comment=self.comment, schema=self.schema
            )
        return CreateTableCommentOp(
            self.table_name,
            self.existing_comment,
            existing_comment=self.comment,
            schema=self.schema,
        )

    def to_diff_tuple(self) -> tuple[Any, ...]:
        return ("add_table_comment", self.to_table(), self.existing_comment)

    def describe(self) -> str:
        return f"comment on table {self.address}: {self.comment}"


class DropTableCommentOp(AlterTableOp):
    """Take a table's comment away.

    :param existing_comment: the comment that it has.
    """

    def __init__(
        self, table_name: str, *, schema: str | None = None, existing_comment: str | None = None
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.existing_comment = existing_comment

    def to_table(self, migration_context: HasOptions | None = None) -> Table:
        """The table without a comment."""
        return _commented(self, None, migration_context)

    def reverse(self) -> CreateTableCommentOp:
        return CreateTableCommentOp(self.table_name, self.existing_comment, schema=self.schema)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        return ("remove_table_comment", self.to_table())

    def describe(self) -> str:
        return f"drop comment of table {self.address}"


def _commented(op: AlterTableOp, comment: str | None, context: HasOptions | None) -> Table:
    return build_table(
        op.table_name, throwaway_metadata(context), schema=op.schema, comment=comment
    )
