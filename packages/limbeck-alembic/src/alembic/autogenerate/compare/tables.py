"""Tables and columns."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from limbeck.autogenerate.compare.tables import compare_tables, table_pairs


def _compare_tables(
    conn_table_names: Collection[tuple[str | None, str]],
    metadata_table_names: Collection[tuple[str | None, str]],
    inspector: Any,
    upgrade_ops: Any,
    autogen_context: Any,
) -> None:
    models = {(table.schema, table.name): table for table in autogen_context.sorted_tables}
    modelled = {name: models[name] for name in metadata_table_names}
    pairs = table_pairs(autogen_context, conn_table_names, modelled)
    compare_tables(autogen_context, upgrade_ops, pairs)
