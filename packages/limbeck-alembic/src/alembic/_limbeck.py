"""What holds under the name ``alembic`` where limbeck alone would do otherwise.

That this module exists tells limbeck that the package ``alembic`` is this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Options of ``context.configure()`` that hold where none are given.
CLASSIC: Mapping[str, Any] = {
    "compare": "alembic",
    "layout": "alembic",
    "original_errors": True,
    "transaction_per_migration": False,
}
