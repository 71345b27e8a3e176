"""The commands as functions: settings in, lines out through the settings."""

from limbeck.command import *  # noqa: F403  # the whole module under the other name
