"""SQLAlchemy objects made from the arguments of operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.operations.schema_objects import *  # noqa: F403  # the whole module under the other name
from limbeck.operations.schema_objects import build_table, throwaway_metadata

if TYPE_CHECKING:
    from sqlalchemy import MetaData, Table


class SchemaObjects:
    """Makes throw-away objects that know the naming convention of ``target_metadata``.

    :param migration_context: the context whose ``target_metadata`` it is.
    """

    def __init__(self, migration_context: Any = None) -> None:
        self.migration_context = migration_context

    def metadata(self) -> MetaData:
        return throwaway_metadata(self.migration_context)

    def table(self, name: str, *items: Any, **options: Any) -> Table:
        return build_table(name, self.metadata(), *items, **options)
