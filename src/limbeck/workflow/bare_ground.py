"""Where a version is looked for without SQLAlchemy, if the settings let that be certain."""

from __future__ import annotations

import os

from limbeck.config import Config
from limbeck.database.bare_reading import BareTables, Unsure
from limbeck.facts.own_tables import history_table_name, journal_table_name
from limbeck.light_typing import TYPE_CHECKING
from limbeck.workflow.project import script_directory

if TYPE_CHECKING:
    from limbeck.light_typing import Any

__all__ = [
    *("is_of_limbeck", "makes_no_difference", "models_are_harmless"),
    *("tables_called", "tables_of"),
]

_NO_DIFFERENCE = frozenset(
    {
        # what new files are, and what is compared
        *("compare_objects", "file_template", "include_schemas", "output_encoding"),
        *("post_write_hooks", "prove", "render_as_batch", "scratch_url", "timezone"),
        "truncate_slug_length",
        # how a revision runs
        *("downgrade_from_history", "transaction_per_migration"),
        # where things are, all of which is looked at
        *("history", "history_table", "models", "prepend_sys_path", "script_location", "url"),
        *("recursive_version_locations", "version_locations", "version_table"),
        "version_table_schema",
    }
)
"""Settings whose values change nothing of what is found where nothing is to be done."""

_FINE = {
    "deploy_lock": ("auto", "session", "transaction"),
    "out_of_order": ("refuse", "run", "ignore"),
}


def tables_of(config: Config, *, asks_history: bool) -> BareTables:
    """Where to look in a database of a project whose settings all make no difference.

    :raises Unsure: one may make a difference.
    """
    if not is_of_limbeck(config) or not config.is_native or config.config_file_name is not None:
        raise Unsure("other settings count too")
    if not all(map(makes_no_difference, config.toml_alembic_config.items())):
        raise Unsure("a setting may make a difference")
    if os.path.lexists(script_directory(config).env_py_location):
        raise Unsure("env.py decides")
    return tables_called(
        config,
        config.get_alembic_option("version_table"),
        config.get_alembic_option("version_table_schema"),
        asks_history=asks_history,
    )


def tables_called(
    config: Config, version: str | None, schema: str | None, *, asks_history: bool
) -> BareTables:
    """Where to look for the version.

    :param config: the settings.
    :param version: the version table, None for the usual one.
    :param schema: its schema, None for the default one.
    :param asks_history: whether the history is asked for, where one is kept.
    """
    version = version or "alembic_version"
    given = config.get_alembic_option("history_table")
    history = str(given or history_table_name(version))
    is_asked = asks_history and config.keeps_history
    return BareTables(version, journal_table_name(version), history if is_asked else None, schema)


def is_of_limbeck(config: Config) -> bool:
    """Whether settings are read by no class of the project's own.

    :param config: the settings.
    """
    return type(config) is Config


def makes_no_difference(setting: tuple[str, Any]) -> bool:
    """Whether a setting changes nothing of what is found where nothing is to be done.

    :param setting: its name and its value.
    """
    name, value = setting
    if name in ("lock_timeout", "lock_wait"):
        return type(value) in (int, float) and 0 <= value < float("inf")
    return name in _NO_DIFFERENCE or value in _FINE.get(name, ())


def models_are_harmless(config: Config) -> bool:
    """Whether importing the models would certainly not have led elsewhere.

    :param config: the settings.
    """
    from limbeck.project.harmless_models import is_harmless  # which the others do without

    folder = config.toml_args["here"]
    searched = [folder, *(config.get_prepend_sys_paths_list() or ())]
    return all(is_harmless(one, searched) for one in config.models)
