"""The classes behind ``alembic.op``."""

from __future__ import annotations

from typing import Any

from sqlalchemy.sql.naming import conv as conv

from alembic import ddl as _ddl  # noqa: F401  # names that are added to an impl
from alembic.operations.schemaobj import SchemaObjects
from limbeck.operations import BatchOperations as BatchOperations
from limbeck.operations import Operations as Operations
from limbeck.operations import registry as _registry_of_limbeck


class _Implementations:
    """What carries operations out, as tests save it and put it back."""

    @property
    def _registry(self) -> dict[Any, Any]:
        return _registry_of_limbeck._implementations

    @_registry.setter
    def _registry(self, kept: dict[Any, Any]) -> None:
        before = dict(kept)
        _registry_of_limbeck._implementations.clear()
        _registry_of_limbeck._implementations.update(before)


setattr(Operations, "schema_obj", property(lambda self: SchemaObjects(self.migration_context)))  # noqa: B010  # as below
setattr(Operations, "impl", property(lambda self: self.migration_context.impl))  # noqa: B010  # as below
setattr(Operations, "_to_impl", _Implementations())  # noqa: B010  # a name that limbeck lacks
