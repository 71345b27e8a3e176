"""Operations on their way to a database: by a dialect's own methods, else by the engine.

What a dialect's ``DefaultImpl`` subclass overrides is asked of it; everything else never leaves the
engine, whose statements know more of the situation than the methods' arguments can say.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, MetaData, Table
from sqlalchemy.schema import (
    AddConstraint,
    CreateIndex,
    CreateTable,
    DropConstraint,
    DropIndex,
    DropTable,
    DropTableComment,
    SetColumnComment,
    SetTableComment,
)

from limbeck.ddl.base import Guarded
from limbeck.dialects.standard.bare_index import CreateBareIndex
from limbeck.dialects.standard.batch import copies_table
from limbeck.operations import ops
from limbeck.operations.batch_value import BatchAlterTable
from limbeck.runtime.calls import METHODS, call_of, method_of
from limbeck.runtime.overriding import emit_target, is_overridden

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Executable

    from limbeck.dialects.backend import Backend

_OF_STATEMENT = {
    AddConstraint: "add_constraint",
    DropConstraint: "drop_constraint",
    CreateIndex: "create_index",
    CreateBareIndex: "create_index",
    DropIndex: "drop_index",
    SetTableComment: "create_table_comment",
    DropTableComment: "drop_table_comment",
    SetColumnComment: "create_column_comment",
}


running_operation: ContextVar[ops.MigrateOperation | None] = ContextVar(
    "limbeck_running_operation", default=None
)
"""The operation whose statements run now; None while a revision runs statements by itself."""


def run_operation(impl: Any, operation: ops.MigrateOperation) -> None:
    """Carry an operation out.

    :param impl: the ``DefaultImpl`` of the migration.
    :param operation: the operation.
    """
    token = running_operation.set(operation)
    try:
        with _transaction_of(impl, operation):
            if not _is_overridden_in(impl, operation):
                run_engine(impl, operation, None)
    finally:
        running_operation.reset(token)


def _transaction_of(impl: Any, operation: ops.MigrateOperation) -> AbstractContextManager[Any]:
    """One transaction for a batch of Alembic's, where nobody has begun one."""
    classic = isinstance(operation, BatchAlterTable) and impl.opts.get("batch") == "alembic"
    connection = impl.connection
    if not classic or impl.as_sql or not isinstance(connection, Connection):
        return nullcontext()
    return nullcontext() if connection.in_transaction() else connection.begin()


def run_engine(impl: Any, operation: ops.MigrateOperation, method: str | None) -> None:
    """Carry an operation out by the engine.

    :param impl: the ``DefaultImpl`` of the migration.
    :param operation: the operation.
    :param method: the method that asks for it, whose statements are not handed to it again.
    """
    statements = _statements(impl, operation)
    journal = getattr(impl, "journal", None)
    if journal is not None:
        statements = journal.planned(
            operation, statements, lambda: method is None and not _is_hooked(impl)
        )
    for statement in statements:
        hook = _OF_STATEMENT.get(type(statement))
        if hook is None or hook == method or not is_overridden(impl, hook):
            _execute(impl, statement)
        else:
            getattr(impl, hook)(_element(statement))


def _element(statement: Any) -> Any:
    """What a statement is about, as a subclass expects it."""
    return statement.whole() if isinstance(statement, CreateBareIndex) else statement.element


def _is_hooked(impl: Any) -> bool:
    """Whether a subclass carries statements of the engine's out its own way."""
    return any(is_overridden(impl, hook) for hook in _OF_STATEMENT.values())


def _execute(impl: Any, statement: Executable) -> None:
    """Run a statement; who listens to the creation and dropping of tables is told of theirs."""
    inner = statement.statement if isinstance(statement, Guarded) else statement
    if not isinstance(inner, CreateTable | DropTable):
        impl._exec(statement)
        return
    table, verb = inner.element, "create" if isinstance(inner, CreateTable) else "drop"
    # Listeners of all tables, and not those that types add to one: the engine does their work.
    listeners = _listeners_of_all_tables()
    told = {"checkfirst": False, "_ddl_runner": impl}
    getattr(listeners, f"before_{verb}")(table, impl.connection, **told)
    impl._exec(statement)
    getattr(listeners, f"after_{verb}")(table, impl.connection, **told)


@cache
def _listeners_of_all_tables() -> Any:
    """Who listens to every table, now or from later on."""
    return Table("any", MetaData()).dispatch


def _statements(impl: Any, operation: ops.MigrateOperation) -> Iterator[Executable]:
    backend: Backend = impl._backend
    return backend.statements(operation, emit_target(impl))


def _is_overridden_in(impl: Any, operation: ops.MigrateOperation) -> bool:
    """Hand an operation to the subclass's method, and say whether there was one."""
    if isinstance(operation, ops.OpContainer):
        for inner in operation.ops:
            run_operation(impl, inner)
        return True
    if (
        isinstance(operation, BatchAlterTable)
        and _overrides_an_operation(impl)
        and not copies_table(operation, emit_target(impl))
    ):
        for inner in operation.operations:
            run_operation(impl, inner)
        return True
    method = method_of(operation)
    if method is not None and is_overridden(impl, method):
        call_of(operation, impl, emit_target(impl))
        return True
    return False


def _overrides_an_operation(impl: Any) -> bool:
    return any(is_overridden(impl, method) for method in METHODS)
