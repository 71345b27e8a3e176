"""The operations as values."""

from limbeck.operations.ops import *  # noqa: F403  # the whole module under the other name
