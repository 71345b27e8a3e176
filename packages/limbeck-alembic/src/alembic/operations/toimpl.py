"""How operations are carried out."""

from limbeck.operations.toimpl import *  # noqa: F403  # the whole module under the other name
