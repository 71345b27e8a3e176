"""Whether a project's ``env.py`` opens each database that it is given in the same, usual way."""

from __future__ import annotations

from limbeck.light_typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.project.plain_environment import PlainEnvironment
    from limbeck.script import ScriptDirectory

__all__ = ["usual_env_py"]

_PREFIX = "sqlalchemy."


def usual_env_py(config: Config, script: ScriptDirectory) -> PlainEnvironment | None:
    """What ``env.py`` does with each database.

    :param config: the settings.
    :param script: the project's revisions.
    :returns: None where it may do to one what it does not do to another, or where the settings say
        of the engine more than its address.
    """
    from limbeck.project.plain_environment import plain_environment

    if config.environment_context_class is not None:
        return None
    try:
        with open(script.env_py_location, "rb") as file:  # noqa: PTH123  # pathlib costs too much
            source = file.read()
        said = config.get_section(config.config_ini_section, {}) or {}
    except Exception:  # whatever it is, running it finds it too
        return None
    if any(name.startswith(_PREFIX) and name != f"{_PREFIX}url" for name in said):
        return None
    found = plain_environment(source)
    return None if found is not None and found.asks_caller and config.attributes else found
