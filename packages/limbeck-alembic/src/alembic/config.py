"""The settings of a project, and the command line."""

from __future__ import annotations

import logging
import os
import re
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from configparser import ConfigParser
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TextIO

from alembic import __version__, command, util
from limbeck import config as _config
from limbeck.cli.answers import run_function
from limbeck.cli.grammar import COMMANDS, OWN_OPTIONS, Argument, Command
from limbeck.cli.own_commands import command_of
from limbeck.config import MessagingOptions as MessagingOptions
from limbeck.config import PostWriteHookConfig as PostWriteHookConfig
from limbeck.database.connection_errors import translated
from limbeck.errors import CommandError, UsageError
from limbeck.project.separators import separating_character

if TYPE_CHECKING:
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script.base import ScriptDirectory

log = logging.getLogger(__name__)

_GLOBAL_OPTIONS = (
    Argument(
        ("-c", "--config"),
        "settings file to use, an ini file or a pyproject.toml; may be given once for each "
        "(default: $ALEMBIC_CONFIG, or alembic.ini and pyproject.toml)",
        {"action": "append"},
    ),
    Argument(("-n", "--name"), "section of the ini file to use", {"default": "alembic"}),
    Argument(
        ("-x",),
        "a word for env.py, read there by context.get_x_argument(); may be repeated",
        {"action": "append"},
    ),
    Argument(("--raiseerr",), "let errors out with their traceback", {"action": "store_true"}),
    Argument(("-q", "--quiet"), "print nothing on stdout", {"action": "store_true"}),
)
_MARKUP = re.compile(r":\w+:`[~.]*([^`]*)`|``([^`]*)``")


class Config(_config.Config):
    __doc__ = _config.Config.__doc__

    tool: ClassVar[str] = "alembic"

    def __init__(
        self,
        file_: str | os.PathLike[str] | None = None,
        toml_file: str | os.PathLike[str] | None = None,
        ini_section: str = "alembic",
        output_buffer: TextIO | None = None,
        stdout: TextIO | None = None,
        cmd_opts: Namespace | None = None,
        config_args: Mapping[str, Any] | None = None,
        attributes: Mapping[Any, Any] | None = None,
    ) -> None:
        super().__init__(
            file_, toml_file, ini_section, output_buffer, stdout, cmd_opts, config_args, attributes
        )

    @property
    def environment_context_class(self) -> type[EnvironmentContext]:
        """The class of the environment in which ``env.py`` runs."""
        from alembic.runtime.environment import EnvironmentContext

        return EnvironmentContext

    @property
    def script_directory_class(self) -> type[ScriptDirectory]:
        """The class of the folder of revisions."""
        from alembic.script.base import ScriptDirectory

        return ScriptDirectory

    @cached_property
    def file_config(self) -> ConfigParser:
        """The parsed ini file; without one, an empty section that options can be set in."""
        if getattr(self.cmd_opts, "verbose", False):
            file = self.config_file_name
            log.info(
                "No config file provided; using in-memory default config"
                if file is None
                else f"Loading config from file: {file}"
            )
        parser = super().file_config
        if self.config_file_name is None:
            parser.add_section(self.config_ini_section)
        self.config_args["here"] = parser.defaults()["here"]
        return parser

    @cached_property
    def toml_alembic_config(self) -> Mapping[str, Any]:
        """The settings of the TOML file; read again by whoever deletes this attribute."""
        vars(self).pop("toml_settings", None)
        return self.toml_settings.values

    def get_section_option(self, section: str, name: str, default: str | None = None) -> Any:
        """A key of any section of the ini file, which must have the section.

        :param section: the section.
        :param name: the key.
        :param default: what to give where it is not set.
        :raises CommandError: there is no such section.
        """
        if not self.file_config.has_section(section):
            raise CommandError(
                f"No config file {self.config_file_name!r} found, "
                f"or file has no '[{section}]' section"
            )
        return super().get_section_option(section, name, default)

    def _refuse_unknown_section(self, section: str) -> None:
        """A key that may be in the TOML file needs no section in the ini file."""

    @property
    def _config_file_path(self) -> Path | None:
        return None if self.config_file_name is None else Path(self.config_file_name)

    @property
    def _toml_file_path(self) -> Path | None:
        return None if self.toml_file_name is None else Path(self.toml_file_name)

    def _get_file_separator_char(self, *names: str) -> str | None:
        """What stands between two paths, by the first of these settings that there is."""
        for name in names:
            separator = self.get_main_option(name)
            if separator is not None:
                return separating_character(separator, name)
        return None


class CommandFunction(Protocol):
    """A command: called with the settings, and with what the command line says."""

    __name__: str

    def __call__(self, config: Config, *args: Any, **kwargs: Any) -> Any: ...


def _as_alembic(known: Command) -> Command:
    """A command with the arguments that Alembic's has; functions of others may answer it."""
    arguments = (each for each in known.arguments if each.name not in OWN_OPTIONS)
    return known._replace(arguments=tuple(arguments))


class CommandLine:
    """The command line: its grammar, and the functions that it calls.

    :param prog: the program's name in messages.
    """

    def __init__(self, prog: str | None = None) -> None:
        self.parser = ArgumentParser(prog=prog)
        self.parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
        for argument in _GLOBAL_OPTIONS:
            self.parser.add_argument(*argument.flags, help=argument.help, **argument.settings)
        self.subparsers = self.parser.add_subparsers()
        grammar = {one.name: one for one in COMMANDS}
        for name in sorted(command.__all__):
            self._add(getattr(command, name), _as_alembic(grammar[name]))

    def register_command(self, fn: CommandFunction) -> None:
        """Add a command.

        :param fn: called with the :class:`Config`; its name becomes the command's, the first line
            of its docstring the help. A parameter without a default becomes an argument; one with
            a default an option.
        """
        self._add(fn, command_of(fn))

    def _add(self, fn: Callable[..., Any], grammar: Command) -> None:
        summary = (fn.__doc__ or "").strip().partition("\n")[0]
        parser = self.subparsers.add_parser(grammar.name, help=_MARKUP.sub(r"\1\2", summary))
        for argument in grammar.arguments:
            settings = {**argument.settings}
            if settings.get("nargs") == "?":  # `init` needs its folder here
                del settings["nargs"]
            parser.add_argument(*argument.flags, help=argument.help, **settings)
        parser.set_defaults(cmd=(fn, grammar.positional_names, grammar.keyword_names))

    def run_cmd(self, config: _config.Config, options: Namespace) -> None:
        """Run the command that a parsed namespace names.

        :param config: the settings.
        :param options: from the parser.
        :raises SystemExit: the command failed.
        :raises Exception: it failed, and ``--raiseerr`` was given, or it is no one's error.
        """
        try:
            run_function(config, options)
        except Exception as error:
            failed = error if isinstance(error, CommandError) else translated(error)
            if failed is None or options.raiseerr:
                raise
            # of a driver's error, the note says which revision it was and what is in the database
            words = "\n".join((failed.message, *getattr(error, "__notes__", ())))
            util.err(words, **config.messaging_opts)

    def _inis_from_config(self, options: Namespace) -> tuple[str, str]:
        """The TOML file and the ini file that a call means."""
        named = options.config or [one for one in (os.environ.get("ALEMBIC_CONFIG"),) if one]
        tomls = [one for one in named if Path(one).name == "pyproject.toml"]
        inis = [one for one in named if one not in tomls]
        if len(tomls) > 1:
            raise UsageError("pyproject.toml indicated more than once")
        if len(inis) > 1:
            raise UsageError("only one ini file may be indicated")
        return (*tomls, "pyproject.toml")[0], (*inis, "alembic.ini")[0]

    def main(self, argv: Sequence[str] | None = None) -> None:
        """Carry one call out.

        :param argv: the words after the program's name; None takes those of the process.
        :raises SystemExit: the words make no sense, or the command failed.
        """
        options = self.parser.parse_args(argv)
        if not hasattr(options, "cmd"):
            self.parser.error("too few arguments")
        toml, ini = self._inis_from_config(options)
        self.run_cmd(
            Config(file_=ini, toml_file=toml, ini_section=options.name, cmd_opts=options), options
        )


def main(argv: Sequence[str] | None = None, prog: str | None = None, **kwargs: Any) -> None:
    """Run the command line.

    :param argv: the words after the program's name; None takes those of the process.
    :param prog: the program's name in messages.
    :param kwargs: ignored; console scripts pass none.
    :raises SystemExit: the command failed.
    """
    CommandLine(prog).main(argv)


if __name__ == "__main__":  # `python -m alembic.config`, which then runs a second copy of this
    from alembic.config import main as _main

    _main()
