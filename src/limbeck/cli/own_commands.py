"""Commands that a project adds to the command line: functions of its own."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any

from limbeck.cli.arguments import Argument, option, switch
from limbeck.cli.grammar import COMMANDS, Command

__all__ = ["command_of"]


def command_of(function: Callable[..., Any]) -> Command:
    """Make a command out of a function of the user's.

    :param function: its first parameter takes the Config.
    """
    summary = (function.__doc__ or "").strip().partition("\n")[0] or function.__name__
    parameters = list(signature(function).parameters.values())[1:]
    arguments = tuple(_argument_of(parameter) for parameter in parameters)
    return Command(function.__name__, summary.rstrip("."), arguments)


def _argument_of(parameter: Parameter) -> Argument:
    for command in COMMANDS:
        for known in command.arguments:
            if known.name == parameter.name:
                is_option = parameter.default is not Parameter.empty
                if known.is_option == is_option:
                    return known
    if parameter.default is Parameter.empty:
        return option(parameter.name, help=parameter.name)
    flag = "--" + parameter.name.replace("_", "-")
    if isinstance(parameter.default, bool):
        return switch(flag, help=parameter.name)
    return option(flag, help=parameter.name, default=parameter.default)
