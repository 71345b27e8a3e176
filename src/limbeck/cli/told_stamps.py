"""What ``show``, ``history -v`` and ``upgrade`` tell of files edited since they were proved."""

from __future__ import annotations

from collections.abc import Iterable

from limbeck.light_typing import TYPE_CHECKING
from limbeck.workflow.stale_stamps import stale_stamps, stale_words

if TYPE_CHECKING:
    from argparse import Namespace

    from limbeck.cli.terminal import Terminal
    from limbeck.config import Config
    from limbeck.script import Script


def tell_stale_stamps(scripts: Iterable[Script], terminal: Terminal) -> None:
    """Say of which revisions the proof no longer holds; nothing where there is none.

    :param scripts: the revisions.
    :param terminal: where to say it.
    """
    words = stale_words(stale_stamps(scripts))
    if words is not None:
        terminal.say(words[:1].upper() + words[1:])


def tell_show(config: Config, options: Namespace, terminal: Terminal) -> int:
    """Tell all there is to tell about revisions."""
    from limbeck.workflow.show import show

    scripts = [entry.script for entry in show(config, options.rev)]
    for script in scripts:
        config.print_stdout(script.log_entry)
    tell_stale_stamps(scripts, terminal)
    return 0


def tell_history(config: Config, options: Namespace, terminal: Terminal) -> int:
    """Tell all there is to tell about the revisions of a range."""
    from limbeck.workflow.history import history

    found = history(config, options.rev_range, indicate_current=options.indicate_current)
    for entry in found:
        config.print_stdout(entry.block())
    tell_stale_stamps((entry.script for entry in found), terminal)
    return 0
