"""What a third-party dialect subclasses."""

from limbeck.ddl.impl import *  # noqa: F403  # the whole module under the other name
from limbeck.ddl.impl import DefaultImpl as DefaultImpl
from limbeck.runtime.default_impl import registered as _impls

__all__ = ["DefaultImpl", "_impls"]

ImplMeta = type(DefaultImpl)


def _normalize_computed_default(self: DefaultImpl, sqltext: str) -> str:
    return self.normalize_computed(sqltext)


for _added in (_normalize_computed_default,):
    setattr(DefaultImpl, _added.__name__, _added)  # names that limbeck lacks
