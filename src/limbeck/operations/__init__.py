"""Operations: values that say what a migration does, and the directives that make them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.operations.ops import MigrateOperation, MigrationScript

if TYPE_CHECKING:
    from limbeck.operations.batch import BatchOperations
    from limbeck.operations.operations import Operations

__all__ = ["BatchOperations", "MigrateOperation", "MigrationScript", "Operations"]

if not TYPE_CHECKING:  # a type checker would take any name for one of this module's

    def __getattr__(name: str) -> Any:
        """The directives, imported when they are asked for: as revisions are run, or read."""
        from importlib import import_module

        if name == "Operations":
            return import_module("limbeck.operations.operations").Operations
        if name == "BatchOperations":
            return import_module("limbeck.operations.batch").BatchOperations
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
