"""The revisions of the project that the settings are of."""

from __future__ import annotations

from limbeck.light_typing import TYPE_CHECKING
from limbeck.script import ScriptDirectory

if TYPE_CHECKING:
    from limbeck.config import Config


def script_directory(config: Config) -> ScriptDirectory:
    """The folder of revisions, of the class that the settings name.

    :param config: the settings.
    :raises ConfigurationError: a setting cannot be used.
    :raises CommandError: the folder does not exist.
    """
    if config.revisions_read is not None:
        return config.revisions_read
    return (config.script_directory_class or ScriptDirectory).from_config(config)
