"""What a third-party dialect subclasses."""

from limbeck.ddl.impl import *  # noqa: F403  # the whole module under the other name
from limbeck.ddl.impl import DefaultImpl as DefaultImpl

ImplMeta = type(DefaultImpl)
