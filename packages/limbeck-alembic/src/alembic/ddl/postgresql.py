"""What speaks for PostgreSQL."""

from limbeck.ddl.base import AlterColumn as AlterColumn
from limbeck.ddl.base import ColumnComment as ColumnComment
from limbeck.ddl.base import IdentityColumnDefault as IdentityColumnDefault
from limbeck.ddl.base import RenameTable as RenameTable
from limbeck.ddl.base import visit_column_comment as visit_column_comment
from limbeck.ddl.base import visit_rename_table as visit_rename_table
from limbeck.ddl.impl import PostgresqlImpl as PostgresqlImpl
from limbeck.dialects.postgresql.ddl import TypeUsing as PostgresqlColumnType
from limbeck.dialects.postgresql.ddl import visit_column_type as visit_column_type
from limbeck.dialects.postgresql.ddl import visit_identity_column as visit_identity_column
from limbeck.operations.ops import CreateExcludeConstraintOp as CreateExcludeConstraintOp

__all__ = ["PostgresqlColumnType"]
