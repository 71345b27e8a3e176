"""What speaks for SQL Server."""

from limbeck.ddl.impl import MSSQLImpl as MSSQLImpl
from limbeck.dialects.mssql.comments import visit_column_comment as visit_column_comment
from limbeck.dialects.mssql.ddl import mssql_add_column as mssql_add_column
from limbeck.dialects.mssql.ddl import visit_add_column as visit_add_column
from limbeck.dialects.mssql.ddl import visit_column_default as visit_column_default
from limbeck.dialects.mssql.ddl import visit_column_nullable as visit_column_nullable
from limbeck.dialects.mssql.ddl import visit_column_type as visit_column_type
from limbeck.dialects.mssql.ddl import visit_rename_column as visit_rename_column
from limbeck.dialects.mssql.ddl import visit_rename_table as visit_rename_table
