"""The ``limbeck`` command: parse, run, tell, and end with a documented exit code."""

from __future__ import annotations

import sys
import warnings
from contextlib import ExitStack
from functools import cached_property

from limbeck.cli.garbage import collected_as_fits, collected_rarely
from limbeck.cli.grammar import COMMANDS, Command
from limbeck.cli.plain_words import as_of_argparse, parse_plain
from limbeck.cli.terminal import Terminal, forget, use_utf8
from limbeck.light_typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence

    from limbeck.cli.parser import CommandLineParser, CommandsAction
    from limbeck.config import Config


PIPE_CLOSED = 141


class CommandLine:
    """The command line as an object, so that a project can add commands of its own.

    :param prog: the program's name in messages.
    """

    handles_signals = False
    """Whether a signal cancels the statement that runs; for the process that is limbeck's own."""

    def __init__(self, prog: str | None = None) -> None:
        self.prog = prog
        self.commands: dict[str, Command] = {command.name: command for command in COMMANDS}
        self._functions: dict[str, Callable[..., Any]] = {}

    @cached_property
    def _parsers(self) -> tuple[CommandLineParser, CommandsAction]:
        from limbeck.cli.parser import add_command, build_parser

        parser, subparsers = build_parser(self.prog)
        for name in self._functions:
            add_command(subparsers, self.commands[name])
        return parser, subparsers

    @property
    def parser(self) -> CommandLineParser:
        """The parser of the whole command line."""
        return self._parsers[0]

    @property
    def subparsers(self) -> CommandsAction:
        """What holds a parser for each command."""
        return self._parsers[1]

    def register_command(self, fn: Callable[..., Any]) -> None:
        """Add a command.

        :param fn: called with the Config; its name becomes the command's, the first line of its
            docstring the help. An argument without a default is a positional one, any other an
            option, which means what it means elsewhere if another command has it.
        """
        from limbeck.cli.own_commands import command_of

        command = command_of(fn)
        self.commands[command.name] = command
        self._functions[command.name] = fn
        if "_parsers" in vars(self):
            from limbeck.cli.parser import add_command

            add_command(self.subparsers, command)

    def main(self, argv: Sequence[str] | None = None) -> int:
        """Carry one call out.

        :param argv: the words after the program's name; None takes those of the process.
        :returns: the exit code.
        """
        words = list(sys.argv[1:] if argv is None else argv)
        with ExitStack() as within:
            return self._carried_out(words, within)

    def _carried_out(self, words: list[str], within: ExitStack) -> int:
        """Carry a call out, and tell what goes wrong.

        :param within: takes up what is to last until that is told.
        """
        terminal = Terminal(sys.stdout, sys.stderr)
        as_json = "--json" in words
        debug = "--debug" in words
        try:
            options = self._parsed(words)
            terminal = Terminal(
                sys.stdout, sys.stderr, options.color, options.quiet, options.verbose
            )
            as_json, debug = options.json, options.debug
            code = self._run_to_its_end(options, terminal, within)
            if not sys.stdout.closed:  # by code of the user's
                sys.stdout.flush()
            return code
        except BrokenPipeError:
            forget(sys.stdout)
            return PIPE_CLOSED
        except KeyboardInterrupt as error:
            from limbeck.cli import failures

            return failures.report_interruption(error, terminal, as_json=as_json)
        except Exception as error:  # the last boundary: below it nobody would read the error
            from limbeck.cli import failures

            if failures.is_of_output(error):
                forget(sys.stdout)
                as_json = False  # which would be written there
            if "--raiseerr" in words:
                from limbeck.database.secrets import hide_values

                hide_values(error)
                raise
            return failures.report(error, terminal, as_json=as_json, debug=debug)

    def _parsed(self, words: list[str]) -> Namespace:
        if "_parsers" not in vars(self):  # nobody has looked at the parser, or added to it
            found = parse_plain(words, self.commands)
            if found is not None:
                return found
        from limbeck.cli.parser import parse

        return parse(self.parser, words, self.commands)

    def _run_to_its_end(self, options: Namespace, terminal: Terminal, within: ExitStack) -> int:
        """Run, and take for an error what would end the program without a word.

        :raises OwnCodeEnded: an env.py, a template or the models called ``sys.exit()``, or raised
            what is no Exception: a cancelled task, or a group.
        """
        try:
            return self._run(options, terminal, within)
        except (KeyboardInterrupt, Exception):
            raise
        except SystemExit as error:
            if options.command_name in self._functions:
                raise  # a command of the user's may end as it likes
            from limbeck.cli import failures

            raise failures.OwnCodeEnded(error) from error
        except BaseException as error:
            from limbeck.cli import failures

            raise failures.OwnCodeEnded(error) from error

    def _run(self, options: Namespace, terminal: Terminal, within: ExitStack) -> int:
        from limbeck.cli.configuration import config_for, only_reads_files

        name = options.command_name
        if name is not None:
            within.enter_context(collected_as_fits(name))
            command = self.commands[name]
            options.cmd = (self._function(name), command.positional_names, command.keyword_names)
        config = config_for(options, terminal)
        if not only_reads_files(config, options):
            if self.handles_signals:
                from limbeck.cli.bare_answers import bare_answer

                code = bare_answer(config, options, terminal)
                if code is not None:
                    return code
            options = config.cmd_opts = as_of_argparse(options)
            if self.handles_signals:
                from limbeck.database.interruption import signals_handled

                within.enter_context(signals_handled())
        return self.run_cmd(config, options, terminal)

    def _function(self, name: str) -> Callable[..., Any]:
        from limbeck import command

        return self._functions.get(name) or getattr(command, name)

    def run_cmd(self, config: Config, options: Namespace, terminal: Terminal | None = None) -> int:
        """Run the command that a parsed namespace names.

        :param config: the settings.
        :param options: from the parser, with ``cmd`` filled in.
        :param terminal: where to talk.
        :returns: the exit code.
        """
        from limbeck.cli.answers import answer

        return answer(config, options, terminal or Terminal(sys.stdout, sys.stderr))


def main(argv: Sequence[str] | None = None, prog: str | None = None, **kwargs: Any) -> int:
    """Run the command line and return its exit code.

    :param argv: the words after the program's name; None takes those of the process.
    :param prog: the program's name in messages.
    :param kwargs: ignored; console scripts pass none.
    :returns: the exit code.
    """
    use_utf8()
    format_before, warnings.formatwarning = warnings.formatwarning, _one_line
    line = CommandLine(prog)
    line.handles_signals = True
    try:
        with collected_rarely(to_the_end=argv is None):
            return line.main(argv)
    except KeyboardInterrupt as error:  # before or after all that knows how to tell it
        from limbeck.cli import failures

        return failures.report_interruption(error, Terminal(sys.stdout, sys.stderr), as_json=False)
    finally:
        warnings.formatwarning = format_before


def _one_line(message: Warning | str, *place: object, **line: object) -> str:
    """A warning for a person: the place is somewhere in a library, and tells nothing."""
    from limbeck.visible import visible

    return f"warning: {visible(' '.join(str(message).split()))}\n"


if __name__ == "__main__":
    sys.exit(main())
