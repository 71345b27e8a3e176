"""The revisions of a project on disk."""

from limbeck.script.base import *  # noqa: F403  # the whole module under the other name
