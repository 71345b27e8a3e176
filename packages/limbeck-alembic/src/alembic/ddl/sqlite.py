"""What speaks for SQLite."""

from limbeck.ddl.impl import SQLiteImpl as SQLiteImpl
