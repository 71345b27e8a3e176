"""What is wrong for all databases of a fleet is told once, before any of them is opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from limbeck.runtime.deploy_options import checked_options
from limbeck.workflow.environment import uses_env_py
from limbeck.workflow.missing_models import refuse_models_without_tables
from limbeck.workflow.native_environment import models_of_tenants

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.fleet.work import Command
    from limbeck.script import ScriptDirectory

__all__ = ["refuse_for_all"]


def refuse_for_all(
    config: Config, script: ScriptDirectory, command: Command, options: Mapping[str, Any]
) -> None:
    """Refuse what would be wrong for every database, by the files and the settings alone.

    An ``env.py`` may say something else than the settings do, and imports the models itself: of
    such a project only that is told which no ``env.py`` can put right.

    :param config: the settings.
    :param script: the revisions.
    :param command: what is to be done to each database.
    :param options: arguments of the command.
    :raises CommandError: it would fail everywhere; with the code that it has for one database.
    """
    _ = script.revision_map.graph
    has_env_py = uses_env_py(config, script)
    if has_env_py:
        script.refuse_unusable_env()

    def said(name: str) -> Any:
        on_command = options.get(name)
        if on_command is not None or has_env_py:
            return on_command
        return config.deploy_setting(name)

    checked_options(said)
    if command == "check" or not has_env_py:
        _refuse_history_settings(config, command, options)
    # an upgrade asks no models, but imports those that there are, as revisions may
    asks_models = command == "check" or (command == "upgrade" and bool(config.models))
    if asks_models and not has_env_py:
        metadatas = models_of_tenants(config, script)
        if command == "check":
            refuse_models_without_tables(config, metadatas)


def _refuse_history_settings(config: Config, command: Command, options: Mapping[str, Any]) -> None:
    asks = config.keeps_history or bool(options.get("accept"))
    if command == "current" or options.get("allow_out_of_order") or not asks:
        return
    if config.get_alembic_option("out_of_order"):  # few say it, and what reads it is large
        from limbeck.workflow.fit import policy_of

        policy_of(config)
