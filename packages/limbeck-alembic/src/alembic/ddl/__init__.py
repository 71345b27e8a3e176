"""DDL constructs that SQLAlchemy lacks, and what speaks for each database."""

from alembic.ddl import impl as impl
