"""DDL constructs that SQLAlchemy lacks, and what speaks for each database."""

from alembic.ddl import impl as impl
from alembic.ddl import mssql as mssql
from alembic.ddl import mysql as mysql
from alembic.ddl import oracle as oracle
from alembic.ddl import postgresql as postgresql
from alembic.ddl import sqlite as sqlite
from limbeck.ddl.impl import DefaultImpl as DefaultImpl
