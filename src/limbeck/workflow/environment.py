"""Run something inside the project's environment: its ``env.py``, or the built-in one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from limbeck.database.connection_errors import driver_errors_translated
from limbeck.database.secrets import without_passwords

if TYPE_CHECKING:
    from limbeck.config import Config
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
    :raises CommandError: the database cannot be reached, or a revision fails.
    """
    from limbeck.runtime.environment import EnvironmentContext

    environment_class = config.environment_context_class or EnvironmentContext
    with (
        driver_errors_translated(_address(config, script)),
        environment_class(config, script, fn=fn, **context_opts) as environment,
    ):
        if uses_env_py(config, script):
            script.run_env()
            environment.ensure_carried_out()
        else:
            from limbeck.workflow.native_environment import run_native_environment

            run_native_environment(config, environment, with_models=with_models)


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
