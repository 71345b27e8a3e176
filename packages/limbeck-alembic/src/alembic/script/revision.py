"""The graph of revisions."""

from limbeck.script.revision import *  # noqa: F403  # the whole module under the other name
