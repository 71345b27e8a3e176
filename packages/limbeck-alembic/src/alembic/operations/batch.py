"""Changes of one table, carried out together."""

from limbeck.operations.batch import *  # noqa: F403  # the whole module under the other name
