"""SQLAlchemy objects made from the arguments of operations."""

from limbeck.operations.schema_objects import *  # noqa: F403  # the whole module under the other name
