"""Facts about SQLite.

https://sqlite.org/lang_altertable.html: RENAME COLUMN since 3.25, DROP COLUMN since 3.35.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from limbeck.dialects.features import Features, Version

if TYPE_CHECKING:
    from collections.abc import Mapping

FEATURES = Features(
    transactional_ddl=True,
    alters_constraints=False,
)

SINCE: Mapping[str, Version] = MappingProxyType(
    {"renames_columns": (3, 25), "drops_columns": (3, 35)}
)
