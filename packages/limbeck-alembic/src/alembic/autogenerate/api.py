"""Comparing models with a database, and writing operations as Python."""

from limbeck.autogenerate import *  # noqa: F403  # the whole module under the other name
