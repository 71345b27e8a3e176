"""The old place of :mod:`alembic.runtime.migration`."""

from alembic.runtime.migration import *  # noqa: F403  # the whole module under the other name
