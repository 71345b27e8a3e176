"""Where a version is looked for without running an ``env.py`` that opens any database alike.

What is certain has to be certain of the ini file too, of the modules that ``env.py`` imports, and
that nothing would be written to the log.
"""

from __future__ import annotations

import os
import sys

from limbeck.database.bare_reading import BareTables, Unsure
from limbeck.light_typing import TYPE_CHECKING
from limbeck.project.plain_ini import PlainIni
from limbeck.workflow.bare_ground import is_of_limbeck, makes_no_difference, tables_called
from limbeck.workflow.project import script_directory
from limbeck.workflow.usual_env_py import usual_env_py

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from limbeck.config import Config

__all__ = ["tables_behind_env_py"]

_NO_DIFFERENCE = frozenset(
    {
        *("here", "path_separator", "revision_environment", "sourceless", "sqlalchemy.url"),
        "version_path_separator",
    }
)
"""Keys of an ini file whose values make no difference where nothing is to be done, or are obeyed
here too."""

_WHERE = ("version_table", "version_table_schema")

_KNOWN = frozenset({"alembic", "limbeck", "sqlalchemy"})

_OF_ALEMBIC = "alembic"
"""The logger of most projects that came from there, by which limbeck says nothing."""

_QUIET = frozenset({"WARN", "WARNING", "ERROR", "CRITICAL", "FATAL"})
"""https://docs.python.org/3/library/logging.html#logging-levels"""


def tables_behind_env_py(config: Config, *, asks_history: bool) -> BareTables:
    """Where a command would look for the version, in each database that it is given.

    :param config: the settings.
    :param asks_history: whether the history is asked for, where one is kept.
    :raises Unsure: only running ``env.py`` says so, or it would do something else as well.
    """
    ini = config._ini
    if not (is_of_limbeck(config) and isinstance(ini, PlainIni)):
        raise Unsure("other settings count too")
    section = ini.sections.get(config.config_ini_section, {})
    said = {**section, **config.toml_alembic_config}
    different = (one for one in said.items() if not makes_no_difference(one))
    if not _NO_DIFFERENCE.issuperset(name for name, _ in different) or said.keys() & set(_WHERE):
        raise Unsure("a setting may make a difference")
    found = usual_env_py(config, script_directory(config))
    if found is None or found.changes_path or found.worked_out & set(_WHERE):
        raise Unsure("only env.py itself knows")
    if not _are_harmless(found.imports, config.get_prepend_sys_paths_list() or ()):
        raise Unsure("what env.py imports may lead elsewhere")
    if found.sets_other_logging or (found.sets_logging and not _are_quiet(ini.sections)):
        raise Unsure("the log tells of every database")
    options = dict(found.options)
    where = (options.get(name) for name in _WHERE)
    return tables_called(config, *where, asks_history=asks_history)


def _are_harmless(modules: Iterable[str], searched: Iterable[str]) -> bool:
    """Whether importing modules would certainly not lead elsewhere.

    :param modules: the modules.
    :param searched: the folders of the project's own ones.
    """
    from limbeck.project.harmless_models import is_harmless  # here: not for those left before

    for each in modules:
        top = each.partition(".")[0]
        # A folder without __init__.py, as the usual one of the revisions is, hides no package:
        # https://docs.python.org/3/reference/import.html#namespace-packages
        is_known = (top in _KNOWN or top in sys.stdlib_module_names) and not any(
            os.path.lexists(f"{folder}/{top}{end}")
            for folder in searched
            for end in (".py", "/__init__.py")
        )
        if not (is_known or is_harmless(each, searched)):
            return False
    return True


def _are_quiet(sections: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether an ini file lets the log say nothing of what goes well.

    :param sections: its sections.
    """
    if not {"loggers", "handlers", "formatters", "logger_root"} <= sections.keys():
        return False  # and so no logging can be set up
    return all(
        keys.get("level") in _QUIET
        for name, keys in sections.items()
        if name.startswith("logger_") and keys.get("qualname", "").partition(".")[0] != _OF_ALEMBIC
    )
