"""The old place of :mod:`alembic.runtime.environment`."""

from alembic.runtime.environment import *  # noqa: F403  # the whole module under the other name
