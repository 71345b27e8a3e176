"""What is told of SQL Server's indexes, to a comparison that compares what Alembic does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.dialects.standard.classic_constraints import ConstraintRules

if TYPE_CHECKING:
    from collections.abc import Mapping


class MssqlConstraintRules(ConstraintRules):
    """The answers for SQL Server."""

    def reflected_options(self, reflected: Mapping[str, Any], kind: str) -> dict[str, Any]:
        """The options as they are, but none that says what an index is not."""
        options = super().reflected_options(reflected, kind)
        for name in ("mssql_include", "mssql_clustered"):
            if not options.get(name):
                options.pop(name, None)
        return options
