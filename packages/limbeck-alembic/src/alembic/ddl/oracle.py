"""What speaks for Oracle."""

from limbeck.ddl.impl import OracleImpl as OracleImpl
from limbeck.dialects.oracle.ddl import add_column as add_column
from limbeck.dialects.oracle.ddl import alter_column as alter_column
from limbeck.dialects.oracle.ddl import visit_add_column as visit_add_column
from limbeck.dialects.oracle.ddl import visit_column_comment as visit_column_comment
from limbeck.dialects.oracle.ddl import visit_column_default as visit_column_default
from limbeck.dialects.oracle.ddl import visit_column_name as visit_column_name
from limbeck.dialects.oracle.ddl import visit_column_nullable as visit_column_nullable
from limbeck.dialects.oracle.ddl import visit_column_type as visit_column_type
from limbeck.dialects.oracle.ddl import visit_identity_column as visit_identity_column
from limbeck.dialects.oracle.ddl import visit_rename_table as visit_rename_table
