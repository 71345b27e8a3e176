"""What speaks for SQL Server."""

from limbeck.ddl.impl import MSSQLImpl as MSSQLImpl
