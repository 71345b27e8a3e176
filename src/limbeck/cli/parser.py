"""From words on the command line to a namespace, with errors a person can use."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Collection, Sequence

from limbeck import __version__
from limbeck.cli.arguments import YES_OR_NO
from limbeck.cli.grammar import COMMANDS, GLOBAL_OPTIONS, Argument, Command
from limbeck.errors import UsageError
from limbeck.light_typing import TYPE_CHECKING, Any, NoReturn

COMMAND_NAMES = frozenset(command.name for command in COMMANDS)
_RELATIVE_START = re.compile(r"-\d")


if TYPE_CHECKING:
    _SubParsersAction = argparse._SubParsersAction["CommandLineParser"]
else:  # it is generic for type checkers only
    _SubParsersAction = argparse._SubParsersAction


class _Parsers(dict[str, Any]):
    """Parsers by the names of their commands, each built when it is asked for."""

    def __getitem__(self, name: str) -> CommandLineParser:
        found = super().__getitem__(name)
        parser: CommandLineParser = found if isinstance(found, CommandLineParser) else found()
        self[name] = parser
        return parser


class CommandsAction(_SubParsersAction):
    """The commands of a command line, of which one call parses one only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prefix: str = kwargs["prog"]
        self._later: dict[str, Any] = _Parsers()
        self.choices = self._name_parser_map = self._later

    def add_later(self, name: str, help: str, make: Callable[[], CommandLineParser]) -> None:
        """Add a command.

        :param name: its name.
        :param help: what it is for.
        :param make: makes its parser.
        """
        self._choices_actions.append(self._ChoicesPseudoAction(name, (), help))
        self._later[name] = make


class _Help(argparse.HelpFormatter):
    """As argparse writes help, which asks a module for the width that imports four others."""

    def __init__(self, prog: str, **kwargs: Any) -> None:
        super().__init__(prog, **{"width": terminal_width() - 2, **kwargs})


def terminal_width() -> int:
    """The columns of the terminal; 80 where there is none."""
    try:
        return int(os.environ["COLUMNS"]) or 80
    except (KeyError, ValueError):
        pass
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (AttributeError, ValueError, OSError):
        return 80


class CommandLineParser(argparse.ArgumentParser):
    """An argparse parser that raises :class:`UsageError` instead of ending the process."""

    examples: tuple[str, ...] = ()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(formatter_class=_Help, **kwargs)
        self.register("action", YES_OR_NO, argparse.BooleanOptionalAction)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments.

        :param message: argparse's own words.
        :raises UsageError: always.
        """
        hint = f"as in: {self.examples[0]}" if self.examples else f"see `{self.prog} --help`"
        raise UsageError(message, hint=hint)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        choices = [str(choice) for choice in action.choices]
        noun = "command" if action.dest == "command_name" else f"value for {action.dest}"
        raise UsageError(
            f"unknown {noun}: {value}",
            hint=nearest_hint(str(value), choices, f"{self.prog} --help"),
        )

    def parse_args(  # type: ignore[override]  # argparse overloads on the namespace's type
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> argparse.Namespace:
        """Parse, and name the option that an unknown one resembles.

        :param args: the words after the program's name; None takes those of the process.
        :param namespace: filled instead of a new one.
        :returns: the namespace.
        :raises UsageError: the words make no sense.
        """
        options: argparse.Namespace
        options, unknown = self.parse_known_args(args, namespace)
        if unknown:
            self._refuse(unknown, getattr(options, "command_name", None))
        return options

    def refuse_unknown_start(self, argv: Sequence[str], commands: Collection[str]) -> None:
        """Name an unknown option before the command, whose value argparse takes for one.

        :param argv: the words after the program's name.
        :param commands: the names of the commands.
        :raises UsageError: there is one.
        """
        known = [
            *(flag for option in GLOBAL_OPTIONS for flag in option.flags),
            "--help",
            "--version",
        ]
        for word in argv:
            start = word.partition("=")[0]
            if word in commands or word == "--":
                return
            if word.startswith("--") and not any(flag.startswith(start) for flag in known):
                self._refuse([word], None)

    def _refuse(self, unknown: Sequence[str], command_name: str | None) -> NoReturn:
        word = unknown[0]
        known = [flag for option in GLOBAL_OPTIONS for flag in option.flags]
        page = f"{self.prog} --help"
        for command in COMMANDS:
            if command.name == command_name:
                known += [
                    flag for each in command.arguments if each.is_option for flag in each.flags
                ]
                page = f"{self.prog} {command.name} --help"
        if word.startswith("-"):
            raise UsageError(
                f"unknown option: {word}", hint=nearest_hint(word.split("=")[0], known, page)
            )
        raise UsageError(f"unexpected argument: {word}", hint=f"see `{page}`")


def nearest_hint(word: str, known: Sequence[str], page: str) -> str:
    """Suggest the known word that is nearest to an unknown one.

    :param word: what was typed.
    :param known: what could have been typed.
    :param page: the command that lists them, for when nothing is near.
    :returns: one line.
    """
    import difflib

    nearest = difflib.get_close_matches(word, known, n=1)
    return f"did you mean `{nearest[0]}`?" if nearest else f"see `{page}`"


def build_parser(
    prog: str | None = None,
) -> tuple[CommandLineParser, CommandsAction]:
    """Build the parser of the whole command line.

    :param prog: the program's name; None takes it from the process.
    :returns: the parser, and the action that holds a parser for each command.
    """
    parser = CommandLineParser(
        prog=prog or "limbeck",
        description="Schema migrations for SQLAlchemy. Alone it says where you are.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    for option in GLOBAL_OPTIONS:
        _add(parser, option)
    parser.set_defaults(cmd=None, command_name=None)
    subparsers = parser.add_subparsers(
        dest="command_name",
        metavar="command",
        title="commands",
        prog=parser.prog,
        action=CommandsAction,
    )
    assert isinstance(subparsers, CommandsAction)
    for command in COMMANDS:
        add_command(subparsers, command)
    return parser, subparsers


def add_command(subparsers: CommandsAction, command: Command) -> None:
    """Add one command, which also accepts the global options that it does not redefine.

    :param subparsers: the action that holds the commands.
    :param command: the command.
    """
    prog = f"{subparsers.prefix} {command.name}"
    subparsers.add_later(command.name, command.summary, lambda: _parser_of(command, prog))


def _parser_of(command: Command, prog: str) -> CommandLineParser:
    parser = CommandLineParser(prog=prog, description=_sentence(command.summary))
    parser.examples = command.examples
    own_flags: set[str] = set()
    for argument in command.arguments:
        own_flags.update(argument.flags)
        # the global -v leaves False there; a default here would hide `limbeck -v history`
        _add(parser, argument, **({"default": argparse.SUPPRESS} if _is_verbose(argument) else {}))
    group = parser.add_argument_group("options of every command")
    for option in GLOBAL_OPTIONS:
        flags = tuple(flag for flag in option.flags if flag not in own_flags)
        if flags:
            _add_after_command(group, option, flags)
    return parser


def parse(
    parser: CommandLineParser, argv: Sequence[str], commands: Collection[str] = COMMAND_NAMES
) -> argparse.Namespace:
    """Parse the words of one call.

    :param parser: from :func:`build_parser`.
    :param argv: the words after the program's name.
    :param commands: the names of the commands.
    :returns: the namespace, with what was given before and after the command joined.
    :raises UsageError: the words make no sense.
    """
    parser.refuse_unknown_start(argv, commands)
    options = parser.parse_args(_join_relative_range(argv))
    for name in ("config", "x"):
        after = vars(options).pop(f"{name}_after_command", None)
        if after:
            setattr(options, name, [*(getattr(options, name) or []), *after])
    return options


def _add(parser: argparse._ActionsContainer, argument: Argument, **overrides: Any) -> None:
    parser.add_argument(*argument.flags, help=argument.help, **{**argument.settings, **overrides})


def _add_after_command(
    parser: argparse._ActionsContainer, option: Argument, flags: tuple[str, ...]
) -> None:
    settings = {**option.settings, "default": argparse.SUPPRESS, "dest": option.name}
    if settings.get("action") == "append":
        # argparse would put the command's list in the place of the one given before it
        settings["dest"] = f"{option.name}_after_command"
    parser.add_argument(*flags, help=option.help, **settings)


def _is_verbose(argument: Argument) -> bool:
    return argument.name == "verbose"


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _join_relative_range(argv: Sequence[str]) -> list[str]:
    """Let ``-r -3:current`` be typed with the space, which argparse takes for an option."""
    joined: list[str] = []
    for word in argv:
        if joined and joined[-1] in ("-r", "--rev-range") and _RELATIVE_START.match(word):
            joined[-1] += word if joined[-1] == "-r" else f"={word}"
        else:
            joined.append(word)
    return joined
