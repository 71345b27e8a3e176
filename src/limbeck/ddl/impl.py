"""What a third-party dialect subclasses, under the name that Alembic documents."""

from limbeck.operations.ops import CreateExcludeConstraintOp as CreateExcludeConstraintOp
from limbeck.runtime.default_impl import DefaultImpl as DefaultImpl
from limbeck.runtime.default_impl import MariaDBImpl as MariaDBImpl
from limbeck.runtime.default_impl import MSSQLImpl as MSSQLImpl
from limbeck.runtime.default_impl import MySQLImpl as MySQLImpl
from limbeck.runtime.default_impl import OracleImpl as OracleImpl
from limbeck.runtime.default_impl import PostgresqlImpl as PostgresqlImpl
from limbeck.runtime.default_impl import SQLiteImpl as SQLiteImpl
