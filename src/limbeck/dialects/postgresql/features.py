"""Facts about PostgreSQL."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from limbeck.dialects.features import Features, Version

if TYPE_CHECKING:
    from collections.abc import Mapping

FEATURES = Features(
    transactional_ddl=True,
    # "redundant index specifications": transformIndexConstraints() of the server; the manual says
    # of a UNIQUE over the primary key's columns only that it makes sense for "a different set":
    # https://www.postgresql.org/docs/current/sql-createtable.html
    merges_equal_constraints=True,
    native_enums=True,
    existence_clauses=True,
    sets_expressions=True,
    replaces=frozenset(("view", "function", "procedure", "extension", "domain", "row_security")),
    rename_index="ALTER INDEX {index} RENAME TO {after}",
    rename_constraint="ALTER TABLE {table} RENAME CONSTRAINT {before} TO {after}",
    names_not_null=True,
)

# https://www.postgresql.org/docs/17/release-17.html
# https://www.postgresql.org/docs/18/release-18.html: "NOT NULL specifications in pg_constraint"
SINCE: Mapping[str, Version] = MappingProxyType(
    {"sets_expressions": (17,), "names_not_null": (18,)}
)
