"""From the options on the command line to the settings of the project."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from limbeck.config import Config
from limbeck.errors import ConfigurationError

if TYPE_CHECKING:
    from argparse import Namespace

    from limbeck.cli.terminal import Terminal


def config_for(options: Namespace, terminal: Terminal) -> Config:
    """Find the settings that a call means.

    :param options: the parsed command line; ``env.py`` reads it as ``config.cmd_opts``.
    :param terminal: its stdout takes what the commands print.
    :returns: the settings; no file is read before it is needed.
    :raises UsageError: two files of one kind were named.
    :raises ConfigurationError: a file that was named is not there.
    """
    named = options.config or any(
        os.environ.get(name) for name in ("LIMBECK_CONFIG", "ALEMBIC_CONFIG")
    )
    if options.command_name == "init" and not named:
        # settings that are already here belong to another project, or to another tool
        return Config(cmd_opts=options, stdout=terminal.stdout)
    for name in options.config or ():
        if options.command_name not in ("init", "list_templates") and not Path(name).is_file():
            raise ConfigurationError(
                f"there is no settings file {name}", hint="look at what is behind -c"
            )
    return Config.find(
        options.config or (),
        ini_section=options.name,
        cmd_opts=options,
        stdout=terminal.stdout,
    )
