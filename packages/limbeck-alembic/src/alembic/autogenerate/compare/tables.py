"""Tables and columns."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from limbeck.autogenerate.compare.tables import compare_tables, table_pairs
from limbeck.autogenerate.compare.tables import setup as setup


def _compare_tables(
    conn_table_names: Collection[tuple[str | None, str]],
    metadata_table_names: Collection[tuple[str | None, str]],
    inspector: Any,
    upgrade_ops: Any,
    autogen_context: Any,
) -> None:
    # The context's metadata may be another one than in the call before.
    tables = [table for each in autogen_context.metadatas for table in each.sorted_tables]
    models = {(table.schema, table.name): table for table in tables}
    modelled = {name: models[name] for name in metadata_table_names}
    pairs = table_pairs(autogen_context, conn_table_names, modelled)
    compare_tables(autogen_context, upgrade_ops, pairs)
