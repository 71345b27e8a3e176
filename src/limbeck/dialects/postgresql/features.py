"""Facts about PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from limbeck.dialects.features import Features, Version

FEATURES = Features(
    transactional_ddl=True,
    native_enums=True,
    existence_clauses=True,
)

SINCE: Mapping[str, Version] = MappingProxyType({})
