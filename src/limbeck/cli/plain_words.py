"""Calls in plain words, parsed without argparse: making its parsers costs more than ``heads`` does.

Plain are whole names of commands and options, each value in a word of its own that begins with no
dash. Of whatever is not plain, or not right, argparse has the word; of the rest, both say the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace

from limbeck.cli.grammar import GLOBAL_OPTIONS, Argument, Command
from limbeck.light_typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from argparse import Namespace

__all__ = ["as_of_argparse", "parse_plain"]

_GLOBAL = {flag: option for option in GLOBAL_OPTIONS for flag in option.flags}


def parse_plain(words: Sequence[str], commands: Mapping[str, Command]) -> Namespace | None:
    """Parse the words of one call.

    :param words: the words after the program's name.
    :param commands: the commands by their names.
    :returns: a namespace with the attributes of argparse's; None where that has to look at it.
    """
    values: dict[str, Any] = {one.name: _default(one) for one in GLOBAL_OPTIONS}
    values.update(cmd=None, command_name=None)
    rest = list(words)
    while rest and rest[0].startswith("-"):
        if not _take(rest, _GLOBAL, values):
            return None
    if not rest:
        return _namespace(values)
    command = commands.get(rest.pop(0))
    if command is None:
        return None
    values["command_name"] = command.name
    for argument in command.arguments:
        if argument.name != "verbose":  # it is a global option too
            values[argument.name] = _default(argument)
    known = {**_GLOBAL, **{flag: one for one in command.arguments for flag in one.flags}}
    found: list[str] = []
    is_first = bool(rest) and not rest[0].startswith("-")
    while rest:
        if rest[0].startswith("-"):
            if not _take(rest, known, values):
                return None
            continue
        if found:  # argparse wants them side by side
            return None
        while rest and not rest[0].startswith("-"):
            found.append(rest.pop(0))
    return _namespace(values) if _place(found, command, values, is_first) else None


def _namespace(values: Mapping[str, Any]) -> Namespace:
    return cast("Namespace", SimpleNamespace(**values))  # importing argparse's costs as much again


def as_of_argparse(options: Namespace) -> Namespace:
    """The options in argparse's class, which code of the user's may look at.

    :param options: the parsed command line.
    """
    from argparse import Namespace

    return options if isinstance(options, Namespace) else Namespace(**vars(options))


def _default(argument: Argument) -> Any:
    is_switch = argument.settings.get("action") == "store_true"
    return argument.settings.get("default", False if is_switch else None)


def _take(rest: list[str], known: Mapping[str, Argument], values: dict[str, Any]) -> bool:
    """Take an option, and its value, from the beginning of the words."""
    option = known.get(rest.pop(0))
    if option is None:
        return False
    action = option.settings.get("action", "store")
    if action == "store_true":
        values[option.name] = True
        return True
    is_plain = action in ("store", "append") and not option.settings.keys() & {"nargs", "type"}
    if not is_plain or not rest or rest[0].startswith("-"):
        return False
    value = rest.pop(0)
    if value not in option.settings.get("choices", (value,)):
        return False
    values[option.name] = [*(values[option.name] or ()), value] if action == "append" else value
    return True


def _place(found: list[str], command: Command, values: dict[str, Any], is_first: bool) -> bool:
    """Give the positional arguments their words.

    :param is_first: no option stands before them; argparse gives nothing to a ``*`` else.
    """
    places = [one for one in command.arguments if not one.is_option]
    kinds = [one.settings.get("nargs") for one in places]
    if kinds in (["+"], ["*"]) and found:
        values[places[0].name] = found
        return is_first or kinds == ["+"]
    if any(kinds) or len(places) != len(found):
        return False
    values.update(zip((one.name for one in places), found, strict=True))
    return True
