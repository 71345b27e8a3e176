"""Run something inside the project's environment: its ``env.py``, or the built-in one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limbeck.database.secrets import without_passwords
from limbeck.project.event_loop import beside_a_running_loop, is_running

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.project.tenant import Tenant
    from limbeck.runtime.environment import EnvironmentContext
    from limbeck.script import ScriptDirectory


def run_environment(
    config: Config,
    script: ScriptDirectory,
    fn: Callable[..., Any],
    *,
    with_models: bool = False,
    **context_opts: Any,
) -> None:
    """Run a function for every database that the environment opens.

    A project with an ``env.py`` decides there what is opened and how. One without, in
    limbeck's own settings, gets the built-in environment: one database at ``url``.

    :param config: the settings.
    :param script: the project's revisions.
    :param fn: called with the database's revisions and its MigrationContext.
    :param with_models: whether the built-in environment imports the models; an ``env.py`` does.
    :param context_opts: how it is run: ``as_sql``, ``starting_rev``, ``destination_rev``,
        ``tag``, ``purge``, ``dont_mutate``, …
    :raises CommandError: the database cannot be reached, or a revision fails; with the option
        ``original_errors``, the driver's error itself is raised.
    """
    from limbeck.runtime.environment import EnvironmentContext

    environment_class = config.environment_context_class or EnvironmentContext
    if config.tenant is not None and uses_env_py(config, script):
        fn = _in_its_place(fn, config.tenant)
    environment = environment_class(config, script, fn=fn, **context_opts)
    try:
        with environment:
            _run(config, script, environment, with_models=with_models)
    except Exception as error:
        from limbeck.database.connection_errors import translated

        meant = translated(error, _address(config, script))
        if meant is None or environment.keeps_original_errors:
            raise
        raise meant from error


def _in_its_place(fn: Callable[..., Any], tenant: Tenant) -> Callable[..., Any]:
    """The function, which is not called where an ``env.py`` has opened another database."""
    from limbeck.workflow.tenant_place import refuse_another_place

    def checked(rows: Any, context: Any) -> Any:
        refuse_another_place(context, tenant)
        return fn(rows, context)

    return checked


def _run(
    config: Config, script: ScriptDirectory, environment: EnvironmentContext, *, with_models: bool
) -> None:
    if uses_env_py(config, script):
        _run_env_py(config, script)
        environment.ensure_carried_out()
    else:
        from limbeck.workflow.native_environment import run_native_environment

        run_native_environment(config, environment, with_models=with_models)


def _run_env_py(config: Config, script: ScriptDirectory) -> None:
    """Run ``env.py``; one that begins an event loop beside the loop that is running here.

    It stays in the caller's thread where the caller has handed it a connection that belongs
    there, and where it says nothing of event loops.
    """
    if is_running() and not _has_a_connection(config) and _may_begin_a_loop(script):
        beside_a_running_loop(script.run_env)
    else:
        script.run_env()


def _has_a_connection(config: Config) -> bool:
    return any(hasattr(given, "dialect") for given in config.attributes.values())


def _may_begin_a_loop(script: ScriptDirectory) -> bool:
    path = Path(script.env_py_location)
    return path.is_file() and any(word in path.read_bytes() for word in (b"asyncio", b"anyio"))


def uses_env_py(config: Config, script: ScriptDirectory) -> bool:
    """Whether the project decides by an ``env.py`` of its own what is opened.

    :param config: the settings.
    :param script: the project's revisions.
    """
    return script.has_env_py or not config.is_native


def _address(config: Config, script: ScriptDirectory) -> str | None:
    if not uses_env_py(config, script) and "connection" not in config.attributes:
        return without_passwords(config.database_url() or "")
    return None
