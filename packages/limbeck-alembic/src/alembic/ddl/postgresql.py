"""What speaks for PostgreSQL."""

from limbeck.ddl.impl import PostgresqlImpl as PostgresqlImpl
