"""``op`` and ``context`` as modules: one migration a thread, and Alembic's signatures."""

from __future__ import annotations

import contextvars
import inspect
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

import alembic.context
import alembic.op
from alembic.operations import Operations as AlembicOperations
from alembic.runtime.environment import EnvironmentContext as AlembicEnvironment
from alembic.runtime.migration import MigrationContext as AlembicMigration
from limbeck import context, op
from limbeck.operations import MigrateOperation, Operations, ops
from limbeck.operations.recorder import Recorder
from limbeck.operations.registry import forget_implementation
from limbeck.runtime.environment import EnvironmentContext
from limbeck.runtime.migration import MigrationContext
from tests.runtime.projects import Project, create

ALEMBICS_OWN = {"create_module_class_proxy"}


def public(thing: Any) -> set[str]:
    names = {name for name in dir(thing) if not name.startswith("_") and name[0].islower()}
    return names - ALEMBICS_OWN


def parameters(function: Any) -> list[tuple[str, Any]]:
    found = inspect.signature(function).parameters.values()
    return [(each.name, each.kind) for each in found if each.name != "self"]


@pytest.mark.parametrize("name", sorted(public(alembic.op)))
def test_a_directive_takes_what_alembics_takes(name: str) -> None:
    if name in ("register_operation", "implementation_for", "context", "f", "run_async"):
        assert callable(getattr(op, name))
        return
    assert parameters(getattr(op, name)) == parameters(getattr(AlembicOperations, name))


@pytest.mark.parametrize("name", sorted(public(AlembicEnvironment) | public(alembic.context)))
def test_an_environment_takes_what_alembics_takes(name: str) -> None:
    theirs = getattr(AlembicEnvironment, name, None)
    if callable(theirs):
        assert parameters(getattr(EnvironmentContext, name)) == parameters(theirs)
        assert callable(getattr(context, name))


@pytest.mark.parametrize("name", sorted(public(AlembicMigration)))
def test_a_migration_takes_what_alembics_takes(name: str) -> None:
    theirs = getattr(AlembicMigration, name)
    if callable(theirs):
        assert parameters(getattr(MigrationContext, name)) == parameters(theirs)


@pytest.mark.parametrize("name", ["add_column", "get_bind", "execute", "invoke"])
def test_outside_of_a_migration(name: str) -> None:
    arguments = {"add_column": ["t", sa.Column("x")], "execute": ["x"], "invoke": [None]}
    with pytest.raises(NameError) as refused:
        getattr(op, name)(*arguments.get(name, []))
    assert str(refused.value) == (
        f"Can't invoke function '{name}', as the proxy object has not yet been established for "
        "the Alembic 'Operations' class.  Try placing this code inside a callable."
    )


def test_outside_of_an_environment() -> None:
    with pytest.raises(NameError, match=r"function 'configure', .* 'EnvironmentContext' class"):
        context.configure()
    with pytest.raises(AttributeError, match="only while limbeck runs"):
        _ = context.config
    with pytest.raises(AttributeError, match="has no attribute"):
        _ = context.nothing


def test_an_error_leaves_nothing_behind(small: Project) -> None:
    small.revision("a1", "raise ValueError")
    with pytest.raises(Exception, match="revision a1 failed"):
        small.upgrade()
    with pytest.raises(NameError):
        op.get_bind()
    with pytest.raises(NameError):
        context.get_context()


def test_inner_and_outer() -> None:
    outer, inner = Recorder(sqlite.dialect()), Recorder(postgresql.dialect())
    with Operations.context(outer):
        with Operations.context(inner):
            op.execute("inner")
        op.execute("outer")
    assert [one.describe() for one in outer.operations] == ["execute outer"]
    assert [one.describe() for one in inner.operations] == ["execute inner"]


def test_two_threads_never_meet(tmp_path: Path) -> None:
    projects = []
    for number in range(2):
        (tmp_path / str(number)).mkdir()
        url = f"sqlite:///{tmp_path / str(number) / 'x.db'}"
        project = Project(tmp_path / str(number), url)
        for revision in range(20):
            wait = "import time; time.sleep(0.001)"
            project.revision(f"r{number}_{revision}", f"{wait}\n{create(f't{number}_{revision}')}")
        projects.append(project)
    threads = [threading.Thread(target=project.upgrade) for project in projects]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, project in enumerate(projects):
        assert project.versions() == [f"r{number}_19"]
        expected = {f"t{number}_{revision}" for revision in range(20)}
        assert project.tables() == expected | {"alembic_version"}


def in_a_bare_thread(action: Any) -> list[Any]:
    """Run something in a thread that begins with no context variables."""
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(contextvars.Context().run(action))
        except NameError as error:
            found.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found


def test_a_thread_of_the_only_migration_belongs_to_it() -> None:
    recorder = Recorder(sqlite.dialect())
    with Operations.context(recorder):
        in_a_bare_thread(lambda: op.execute("x"))
        with Operations.context(Recorder(sqlite.dialect())):
            assert isinstance(in_a_bare_thread(lambda: op.execute("y"))[0], NameError)
    assert [one.describe() for one in recorder.operations] == ["execute x"]


@pytest.fixture
def say_hello() -> Any:
    @Operations.register_operation("say_hello")
    @Operations.register_operation("say_hello_twice", "twice")
    class SayHello(MigrateOperation):
        def __init__(self, name: str) -> None:
            self.name = name

        @classmethod
        def say_hello(cls, operations: Operations, name: str) -> Any:
            """Say hello."""
            return operations.invoke(cls(name))

        @classmethod
        def twice(cls, operations: Operations, name: str) -> Any:
            return [operations.invoke(cls(name)), operations.invoke(cls(name))]

        def reverse(self) -> MigrateOperation:
            return self

    yield SayHello
    for name in ("say_hello", "say_hello_twice"):
        delattr(Operations, name)
        delattr(op, name)
    forget_implementation(SayHello)


def test_operations_of_ones_own(say_hello: Any) -> None:
    @Operations.implementation_for(say_hello)
    def carry_out(operations: Operations, operation: Any) -> str:
        operations.execute(f"SELECT '{operation.name}'")
        return operation.name.upper()

    with pytest.raises(ValueError, match="key already exists"):
        Operations.implementation_for(say_hello)(carry_out)
    Operations.implementation_for(say_hello, replace=True)(carry_out)
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        migration = MigrationContext.configure(connection)
        with Operations.context(migration):
            assert op.say_hello("a") == "A"
            assert op.say_hello_twice("b") == ["B", "B"]
            with op.batch_alter_table("t") as batch_op:
                assert batch_op.invoke(say_hello("c")) == "C"
    engine.dispose()
    assert op.say_hello.__doc__ == "Say hello."
    recorder = Recorder(sqlite.dialect())
    with Operations.context(recorder):
        op.say_hello("d")
    assert [type(each) for each in recorder.operations] == [say_hello]


def test_the_built_in_operations_are_taken() -> None:
    with pytest.raises(ValueError, match="use replace=True"):
        Operations.implementation_for(ops.CreateTableOp)(lambda operations, operation: None)


def test_run_async_needs_an_async_engine() -> None:
    async def nothing(connection: Any) -> None: ...

    with pytest.raises(NotImplementedError, match="Cannot call run_async in SQL mode"):
        Operations(Recorder(sqlite.dialect())).run_async(nothing)
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with pytest.raises(ValueError, match="Cannot call run_async with a sync engine"):
            operations.run_async(nothing)
    engine.dispose()


def test_a_recorder_returns_what_a_migration_would() -> None:
    recorder = Recorder(sqlite.dialect())
    with Operations.context(recorder):
        table = op.create_table("t", sa.Column("id", sa.Integer))
        op.bulk_insert(table, [{"id": 1}])
    assert [each.describe() for each in recorder.operations] == [
        "create table t with 1 column",
        "insert 1 row into t",
    ]
