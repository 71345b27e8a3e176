"""How operations are carried out."""

from __future__ import annotations

from typing import Any

from limbeck.operations.executor import result_of


def _by_limbeck(operations: Any, operation: Any) -> Any:
    """Carry an operation out as if nothing had been registered in its place."""
    context = operations.get_context()
    context.impl.carry_out(operation)
    return result_of(operation, context)


create_table = drop_table = rename_table = _by_limbeck
add_column = drop_column = alter_column = _by_limbeck
create_constraint = drop_constraint = create_index = drop_index = _by_limbeck
create_table_comment = drop_table_comment = bulk_insert = execute_sql = _by_limbeck
