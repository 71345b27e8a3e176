"""The classes behind ``alembic.op``."""

from limbeck.operations import BatchOperations as BatchOperations
from limbeck.operations import Operations as Operations
from sqlalchemy.sql.naming import conv as conv
