"""What speaks for Oracle."""

from limbeck.ddl.impl import OracleImpl as OracleImpl
