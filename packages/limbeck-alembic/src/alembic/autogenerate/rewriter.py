"""Edits generated operations."""

from limbeck.autogenerate.rewriter import *  # noqa: F403  # the whole module under the other name
