"""``current`` and ``upgrade head`` with nothing to do, told without importing SQLAlchemy.

So it is with ``--databases FILE`` and ``--schemas PATTERN``, where all are at the same revisions.

Only in a process of limbeck's own where nothing has imported SQLAlchemy: then nobody listens to it,
and no dialect or driver has another meaning. Only for calls without options that matter.
"""

from __future__ import annotations

import sys
from functools import partial

from limbeck.cli.grammar import COMMANDS
from limbeck.cli.plain_words import parse_plain
from limbeck.light_typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import Namespace

    from limbeck.cli.terminal import Terminal
    from limbeck.config import Config

__all__ = ["bare_answer"]

_MAY_BE_SAID = frozenset({"cmd", "color", "config", "quiet"})
"""Options that say where the settings are and how the words look."""

_SOURCES = ("databases", "schemas")
"""Options that say which databases are meant."""

NOTHING_TO_DO = "Nothing to do: the database is there already."


def bare_answer(config: Config, options: Namespace, terminal: Terminal) -> int | None:
    """Tell what is certain.

    :param config: the settings.
    :param options: the parsed command line, with ``cmd`` filled in.
    :param terminal: where to tell it.
    :return: the exit code; None where nothing was told, and the usual road has to be taken.
    """
    if "sqlalchemy" in sys.modules or not _is_plain(options):
        return None
    from limbeck.workflow.bare_road import current_for_certain, is_there_for_certain

    if any(getattr(options, name, None) for name in _SOURCES):
        return _fleet_answer(config, options, terminal)
    if options.command_name == "upgrade":
        if not is_there_for_certain(config, options.revision):
            return None
        terminal.say(NOTHING_TO_DO)
        return 0
    found = current_for_certain(config)
    if found is None:
        return None
    for script in found:
        config.print_stdout(script.cmd_format(False))
    return 0


def _fleet_answer(config: Config, options: Namespace, terminal: Terminal) -> int | None:
    """Tell of the databases in a file, or of schemas, that none has anything to do."""
    from limbeck.fleet.bare import addresses_of, answer_of
    from limbeck.fleet.patterns import is_wanted
    from limbeck.workflow.bare_road import are_there_for_certain

    found = None
    if options.databases is None:
        wanted = partial(is_wanted, patterns=options.schemas)
        found = are_there_for_certain(config, options.revision, is_wanted=wanted)
    elif not options.schemas:
        addresses = addresses_of(options.databases) or ()
        found = are_there_for_certain(config, options.revision, addresses=addresses)
    if not found or len(found) < 2 or len(set(found)) > 1:
        return None  # those that are elsewhere, or alone, are told by their names
    from limbeck.cli.fleet_words import FleetWords
    from limbeck.workflow.project import script_directory

    heads = script_directory(config).revision_map.effective_heads
    FleetWords(answer_of(found), tuple(sorted(heads)), terminal).tell()
    return 0


def _is_plain(options: Namespace) -> bool:
    """Whether the command is one of these two, with none of its options."""
    name = options.command_name
    if name not in ("current", "upgrade") or options.cmd[0].__module__ != "limbeck.command":
        return False
    words = [name]
    if name == "upgrade":
        if options.revision not in ("head", "heads"):
            return False
        words.append(options.revision)
    usual = parse_plain(words, {command.name: command for command in COMMANDS})
    if usual is None:
        return False
    said, silent = vars(options), vars(usual)
    if name == "upgrade":
        said = {**said, **{source: silent[source] for source in _SOURCES}}
    return said.keys() == silent.keys() and all(
        said[option] == silent[option] for option in silent.keys() - _MAY_BE_SAID
    )
