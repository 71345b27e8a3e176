"""The settings of a project, and the command line."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from limbeck import config as _config
from limbeck.cli import main as _main
from limbeck.cli.answers import run_function
from limbeck.cli.configuration import config_for
from limbeck.cli.parser import parse
from limbeck.cli.terminal import Terminal
from limbeck.config import MessagingOptions as MessagingOptions
from limbeck.config import PostWriteHookConfig as PostWriteHookConfig
from limbeck.database.connection_errors import translated
from limbeck.errors import CommandError, UsageError

if TYPE_CHECKING:
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script.base import ScriptDirectory

#: What Alembic's command ends with where it fails.
FAILED = 255


class Config(_config.Config):
    __doc__ = _config.Config.__doc__

    tool: ClassVar[str] = "alembic"

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


class CommandLine(_main.CommandLine):
    __doc__ = _main.CommandLine.__doc__

    def main(self, argv: Sequence[str] | None = None) -> int:
        """Carry one call out; a failure is told on stdout, as Alembic tells it.

        :param argv: the words after the program's name; None takes those of the process.
        :returns: the exit code.
        """
        words = list(sys.argv[1:] if argv is None else argv)
        try:
            options = parse(self.parser, words, self.commands)
            if options.command_name is None:
                raise UsageError("too few arguments")
            return self._run(options, Terminal(sys.stdout, sys.stderr))
        except Exception as error:
            failed = error if isinstance(error, CommandError) else translated(error)
            if failed is None or "--raiseerr" in words:
                raise
            # of a driver's error, the note says which revision it was and what is in the database
            print("\n".join((f"FAILED: {failed.message}", *getattr(error, "__notes__", ()))))
            return FAILED

    def config_for(self, options: Namespace, terminal: Terminal) -> _config.Config:
        """The settings that a call means."""
        return config_for(options, terminal, Config)

    def run_cmd(
        self, config: _config.Config, options: Namespace, terminal: Terminal | None = None
    ) -> int:
        """Run the command that a parsed namespace names."""
        run_function(config, options)
        return 0


def main(argv: Sequence[str] | None = None, prog: str | None = None, **kwargs: Any) -> None:
    """Run the command line.

    :param argv: the words after the program's name; None takes those of the process.
    :param prog: the program's name in messages.
    :param kwargs: ignored; console scripts pass none.
    :raises SystemExit: the command failed.
    """
    code = CommandLine(prog or "alembic").main(argv)
    if code:
        raise SystemExit(code)
