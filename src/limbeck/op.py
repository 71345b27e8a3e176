"""The directives of a revision: ``from limbeck import op``.

Each is a method of :class:`~limbeck.operations.Operations` that finds the migration which is
running in this thread. Directives of one's own (``register_operation``) are found here as well.
"""

from __future__ import annotations

from typing import Any

from limbeck.operations.operations import Operations
from limbeck.operations.running import running


class RunningOperations(Operations):
    """Operations that belong to whatever migration is running."""

    def __init__(self) -> None:
        # No migration_context of its own: __getattr__ finds the running one.
        pass

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(running.require(), name)

    def invoke(self, operation: Any) -> Any:
        return running.require().invoke(operation)

    invoke.__doc__ = Operations.invoke.__doc__


operations = RunningOperations()

add_column = operations.add_column
alter_column = operations.alter_column
batch_alter_table = operations.batch_alter_table
bulk_insert = operations.bulk_insert
context = operations.context
create_check_constraint = operations.create_check_constraint
create_domain = operations.create_domain
create_exclude_constraint = operations.create_exclude_constraint
create_extension = operations.create_extension
create_foreign_key = operations.create_foreign_key
create_function = operations.create_function
create_index = operations.create_index
create_materialized_view = operations.create_materialized_view
create_policy = operations.create_policy
create_primary_key = operations.create_primary_key
create_procedure = operations.create_procedure
create_table = operations.create_table
create_table_comment = operations.create_table_comment
create_trigger = operations.create_trigger
create_unique_constraint = operations.create_unique_constraint
create_view = operations.create_view
disable_row_security = operations.disable_row_security
drop_column = operations.drop_column
drop_constraint = operations.drop_constraint
drop_domain = operations.drop_domain
drop_extension = operations.drop_extension
drop_function = operations.drop_function
drop_index = operations.drop_index
drop_materialized_view = operations.drop_materialized_view
drop_policy = operations.drop_policy
drop_procedure = operations.drop_procedure
drop_table = operations.drop_table
drop_table_comment = operations.drop_table_comment
drop_trigger = operations.drop_trigger
drop_view = operations.drop_view
enable_row_security = operations.enable_row_security
execute = operations.execute
f = operations.f
get_bind = operations.get_bind
get_context = operations.get_context
grant = operations.grant
implementation_for = Operations.implementation_for
inline_literal = operations.inline_literal
invoke = operations.invoke
register_operation = Operations.register_operation
rename_table = operations.rename_table
replace_domain = operations.replace_domain
replace_extension = operations.replace_extension
replace_function = operations.replace_function
replace_procedure = operations.replace_procedure
replace_view = operations.replace_view
revoke = operations.revoke
run_async = operations.run_async

Operations._facades.append((globals(), operations))


def __getattr__(name: str) -> Any:
    """A directive that somebody has registered; ``_proxy`` is the running migration's, or None."""
    if name == "_proxy":
        return running.get()
    if name.startswith("_") or not hasattr(Operations, name):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(operations, name)
