"""One answer for each command: Alembic's lines for people, one JSON object for programs."""

from __future__ import annotations

from importlib import import_module

from limbeck.light_typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import Namespace

    from limbeck.cli.terminal import Terminal
    from limbeck.config import Config


_TOLD_IN = {
    "prove": "told_proof",
    "rehearse": "told_rehearsal",
    "repair": "told_repair",
    "snapshot": "told_snapshot",
}
"""Where a command is told that needs more than its function, by its name."""


def answer(config: Config, options: Namespace, terminal: Terminal) -> int:
    """Carry the command out and tell what came of it.

    :param config: the settings.
    :param options: the parsed command line, with ``cmd`` filled in.
    :param terminal: where to tell it.
    :returns: the exit code.
    :raises CommandError: it cannot be carried out.
    """
    _hide_values_in_logs(config, options)
    if _is_fleet(config, options):
        from limbeck.cli.told_fleet import tell_fleet

        return tell_fleet(config, options, terminal)
    if options.json:
        from limbeck.cli.json_answers import json_answer

        code, value = json_answer(config, options)
        terminal.json(value)
        return code
    name = options.command_name
    if name is None:
        from limbeck.cli.status import tell_status

        return tell_status(config, terminal)
    if name == "init" and options.directory is None:
        from limbeck.cli.start import start_project

        return start_project(options, terminal)
    if name in _TOLD_IN:
        module = import_module(f"limbeck.cli.{_TOLD_IN[name]}")
        return int(getattr(module, f"tell_{name}")(config, options, terminal))
    if name == "current" and options.standing:
        from limbeck.cli.told_standing import tell_standing

        return tell_standing(config, terminal)
    if name == "history" and (options.applied or options.verify):
        from limbeck.cli.told_applied import tell_applied

        return tell_applied(config, options, terminal)
    if _tells_of_stamps(options):
        from limbeck.cli import told_stamps

        tell: Any = getattr(told_stamps, f"tell_{name}")
        return int(tell(config, options, terminal))
    if name in ("upgrade", "downgrade", "stamp", "revision", "check"):
        from limbeck.cli import told_answers

        told: Any = getattr(told_answers, f"tell_{name}")
        return int(told(config, options, terminal))
    if name == "merge":  # it writes a file and tells no more of it: Mako, without Pygments
        from limbeck.cli.plain_mako import import_mako

        import_mako()
    run_function(config, options)
    return 0


def _hide_values_in_logs(config: Config, options: Namespace) -> None:
    """Hide what is secret in what SQLAlchemy logs, where it is going to."""
    from limbeck.cli.configuration import only_reads_files

    if not only_reads_files(config, options):
        from limbeck.database.secrets import hide_values_in_logs

        hide_values_in_logs()


def _is_fleet(config: Config, options: Namespace) -> bool:
    """Whether the command is about many databases; few commands can be."""
    if not hasattr(options, "no_fleet"):
        return False
    from limbeck.cli.fleet_asked import is_fleet

    return is_fleet(config, options)


def _tells_of_stamps(options: Namespace) -> bool:
    """Whether revisions are told one by one, and not by a command of the project's own."""
    from limbeck import command

    name = options.command_name
    if name == "show":
        return options.cmd[0] is command.show
    return name == "history" and options.verbose and options.cmd[0] is command.history


def run_function(config: Config, options: Namespace) -> Any:
    """Call the function of ``options.cmd`` with the arguments that it names.

    :param config: handed over first.
    :param options: the parsed command line.
    :returns: whatever the function returns.
    """
    function, positional, keywords = options.cmd
    return function(
        config,
        *[getattr(options, name) for name in positional],
        **{name: getattr(options, name) for name in keywords},
    )
