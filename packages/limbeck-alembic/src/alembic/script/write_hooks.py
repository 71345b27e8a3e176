"""What runs over a new revision file."""

from limbeck.script.write_hooks import *  # noqa: F403  # the whole module under the other name
