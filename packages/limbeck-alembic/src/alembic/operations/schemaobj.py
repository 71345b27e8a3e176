"""SQLAlchemy objects made from the arguments of operations."""

from limbeck.operations.schemaobj import *  # noqa: F403  # the whole module under the other name
from limbeck.operations.schemaobj import SchemaObjects as SchemaObjects
