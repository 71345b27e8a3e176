"""From models to revisions."""

from limbeck.autogenerate import *  # noqa: F403  # the whole module under the other name
