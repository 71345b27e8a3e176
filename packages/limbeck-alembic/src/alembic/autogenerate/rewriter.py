"""Edits generated operations."""

from limbeck.autogenerate.rewriter import *  # noqa: F403  # the whole module under the other name
from limbeck.autogenerate.rewriter import Rewriter as Rewriter
from limbeck.runtime.dispatch import Dispatcher

# Libraries register here that operations of theirs are to be left as they are, as limbeck leaves
# them anyway.
Rewriter._traverse = Dispatcher()  # type: ignore[attr-defined]  # a name that limbeck lacks
