"""DDL constructs that SQLAlchemy lacks."""

from limbeck.ddl.base import *  # noqa: F403  # the whole module under the other name
