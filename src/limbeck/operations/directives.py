"""What ``op`` and ``batch_op`` have in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy.sql.elements import conv

from limbeck.operations.inline_literal import InlineLiteral
from limbeck.operations.registry import Implementation, register_implementation

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, Connection, Executable
    from sqlalchemy.ext.asyncio import AsyncConnection
    from sqlalchemy.types import TypeEngine

    from limbeck.operations.executor import Executor
    from limbeck.operations.ops import MigrateOperation

Params = ParamSpec("Params")
Result = TypeVar("Result")
OpClass = TypeVar("OpClass", bound=type["MigrateOperation"])
ImplementationFunction = TypeVar("ImplementationFunction", bound=Implementation)


class Directives:
    """Builds operations and hands them to the migration that is running.

    :param migration_context: carries the operations out.
    :param impl: taken for its place in the signature only.
    """

    _facades: ClassVar[list[tuple[dict[str, Any], Directives]]] = []
    """Modules that offer an object's directives as functions: their names, and the object."""

    migration_context: Executor

    def __init__(self, migration_context: Executor, impl: object = None) -> None:
        self.migration_context = migration_context

    # Operations of one's own

    @classmethod
    def register_operation(
        cls, name: str, sourcename: str | None = None
    ) -> Callable[[OpClass], OpClass]:
        """A decorator for an operation class: it becomes a directive.

        The class has a classmethod of the directive's name, which is called with the operations
        object and the arguments, builds the operation and calls ``operations.invoke()``.

        :param name: the directive's name.
        :param sourcename: the classmethod's name, where it is another one.
        """

        def register(op_class: OpClass) -> OpClass:
            source = getattr(op_class, sourcename or name)

            def directive(self: Self, *args: Any, **kw: Any) -> Any:
                return source(self, *args, **kw)

            directive.__name__ = name
            directive.__qualname__ = f"{cls.__qualname__}.{name}"
            directive.__doc__ = source.__doc__
            setattr(cls, name, directive)
            for names, facade in cls._facades:
                if isinstance(facade, cls):
                    names[name] = getattr(facade, name)
            return op_class

        return register

    @classmethod
    def implementation_for(
        cls, op_cls: type[MigrateOperation], replace: bool = False
    ) -> Callable[[ImplementationFunction], ImplementationFunction]:
        """A decorator for a function ``(operations, operation)`` that carries a class out.

        :param op_cls: the operation class.
        :param replace: take the place of an implementation that is there.
        :raises ValueError: there is one, and ``replace`` is not given.
        """

        def register(function: ImplementationFunction) -> ImplementationFunction:
            register_implementation(op_cls, function, replace=replace)
            return function

        return register

    def invoke(self, operation: MigrateOperation) -> Any:
        """Carry out an operation that was built by hand.

        :param operation: the operation.
        :return: the table for ``CreateTableOp``, what the implementation returns for an operation
            of one's own, else nothing.
        """
        return self.migration_context.perform(operation, self)

    # The migration that is running

    def get_context(self) -> Executor:
        """The ``MigrationContext`` in which the operations run."""
        return self.migration_context

    def get_bind(self) -> Connection:
        """The connection on which the migration runs.

        Offline it is a stand-in that prints statements and returns no rows.
        """
        return self.migration_context.bind  # type: ignore[return-value]  # typed for the online case, where every caller uses it

    def run_async(
        self,
        async_function: Callable[Concatenate[AsyncConnection, Params], Awaitable[Result]],
        *args: Params.args,
        **kw_args: Params.kwargs,
    ) -> Result:
        """Run a coroutine function on the migration's own connection and transaction.

        :param async_function: called with an ``AsyncConnection`` and the other arguments.
        :return: what it returns.
        :raises NotImplementedError: offline.
        :raises ValueError: the migration does not run on an async engine.
        """
        connection: Connection | None = self.get_bind()
        if self.migration_context.as_sql or connection is None:
            raise NotImplementedError("Cannot call run_async in SQL mode")
        if not self.migration_context.dialect.is_async:
            raise ValueError("Cannot call run_async with a sync engine")
        from sqlalchemy.ext.asyncio import AsyncConnection
        from sqlalchemy.util import await_only

        # The one that the caller made of this connection, if there is one, else another.
        on_the_same = AsyncConnection._retrieve_proxy_for_target(connection)
        result: Result = await_only(async_function(on_the_same, *args, **kw_args))
        return result

    # Values

    @staticmethod
    def f(name: str) -> conv:
        """A name that is taken as it is: no naming convention is applied to it.

        :param name: the name of a constraint or an index.
        """
        return conv(name)

    @staticmethod
    def inline_literal(
        value: str | int, type_: TypeEngine[Any] | None = None
    ) -> BindParameter[Any]:
        """A value that is written into the SQL text instead of being sent beside it.

        :param value: a string or a number.
        :param type_: its type, by default found out from the value.
        """
        return InlineLiteral(None, value, type_=type_)

    def execute(
        self,
        sqltext: Executable | str,
        *,
        execution_options: dict[str, Any] | None = None,
    ) -> None:
        """Run a statement.

        In a string ``:name`` is no parameter; results cannot be had, ``get_bind()`` has them.

        :param sqltext: SQL text, or any SQLAlchemy statement.
        :param execution_options: for this statement alone.
        """
        from limbeck.operations.ops import ExecuteSQLOp

        self.invoke(ExecuteSQLOp(sqltext, execution_options=execution_options))
