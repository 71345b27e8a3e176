"""What ``snapshot`` tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.workflow.snapshot import snapshot

if TYPE_CHECKING:
    from argparse import Namespace

    from limbeck.cli.terminal import Terminal
    from limbeck.config import Config


def tell_snapshot(config: Config, options: Namespace, terminal: Terminal) -> int:
    """Write or check a snapshot, and name its file."""
    done = snapshot(config, check=options.check, scratch=options.scratch)
    for note in done.notes:
        terminal.say(note)
    count = len(done.snapshot.schema.tables)
    tables = f"{count} table{'' if count == 1 else 's'}"
    if options.check:
        terminal.say(f"The snapshot is what the history makes: {tables}.")
    else:
        terminal.say(f"Wrote {tables}." if done.is_new else f"Nothing has changed: {tables}.")
    terminal.result(str(done.path))
    return 0
