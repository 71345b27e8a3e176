"""Changes of one table, carried out together."""

from __future__ import annotations

from typing import Any

from limbeck.operations.batch import *  # noqa: F403  # the whole module under the other name


class ApplyBatchImpl:
    """A copy of a table that is being edited; limbeck rebuilds tables in a way of its own."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        raise NotImplementedError(
            "limbeck rebuilds tables by itself; use op.batch_alter_table() or op.alter_column()"
        )
