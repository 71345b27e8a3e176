"""From the options on the command line to the settings of the project."""

from __future__ import annotations

import os

from limbeck.config import Config
from limbeck.errors import ConfigurationError
from limbeck.light_typing import TYPE_CHECKING

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
        if options.command_name not in ("init", "list_templates") and not os.path.isfile(name):
            raise ConfigurationError(
                f"there is no settings file {name}", hint="look at what is behind -c"
            )
    return Config.find(
        options.config or (),
        ini_section=options.name,
        cmd_opts=options,
        stdout=terminal.stdout,
    )


def only_reads_files(config: Config, options: Namespace) -> bool:
    """Whether a call looks at no database and runs no code of the project's.

    :param config: the settings.
    :param options: the parsed command line, with ``cmd`` filled in.
    """
    name = options.command_name
    if name is None or options.cmd[0].__module__ != "limbeck.command":
        return False
    if name == "show":
        return bool(options.rev != "current")
    if name == "history":
        from limbeck.workflow.history import needs_database

        asks = options.applied or options.verify
        return not asks and not needs_database(config, options.rev_range, options.indicate_current)
    return name in ("branches", "heads", "list_templates")
