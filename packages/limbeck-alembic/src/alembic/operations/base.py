"""The classes behind ``alembic.op``."""

from sqlalchemy.sql.naming import conv as conv

from limbeck.operations import BatchOperations as BatchOperations
from limbeck.operations import Operations as Operations
