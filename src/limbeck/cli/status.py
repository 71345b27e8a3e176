"""``limbeck`` alone: where you are, what is pending, what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.workflow.stale_stamps import stale_words
from limbeck.workflow.status import Status, status

if TYPE_CHECKING:
    from limbeck.cli.terminal import Terminal
    from limbeck.config import Config
    from limbeck.workflow.entries import RevisionEntry
    from limbeck.workflow.status import DatabaseStatus

_MOST_PENDING = 10


def tell_status(config: Config, terminal: Terminal) -> int:
    """Tell where the project is.

    :param config: the settings.
    :param terminal: where to tell it.
    :returns: the exit code.
    :raises CommandError: there is no project here.
    """
    found = status(config)
    for line in _lines(found):
        terminal.result(line)
    if found.problem is not None:
        from limbeck.cli.failures import report

        return report(found.problem, terminal, as_json=False, debug=False)
    return 0


def _lines(found: Status) -> list[str]:
    lines = [
        f"settings   {found.settings_file}",
        f"revisions  {found.revisions}" + _heads(found),
    ]
    for database in found.databases:
        lines += _database(database)
    words = stale_words(found.stale)
    if words is not None:
        lines.append(f"proof      {words}")
    if found.problem is None:
        lines.append(f"next       {found.next_command}")
    return lines


def _heads(found: Status) -> str:
    names = ", ".join(_short(entry) for entry in found.heads)
    return f", head {names}" if len(found.heads) == 1 else f", heads {names}" if names else ""


def _database(database: DatabaseStatus) -> list[str]:
    names = [_short(entry) for entry in database.current]
    names += [each.line() for each in database.unknown]
    at = ", ".join(names) or "no revision yet"
    lines = [f"database   {database.address}", f"current    {at}"]
    if database.interrupted is not None:
        lines.append(f"half done  {database.interrupted.line}")
    if not database.pending:
        return [*lines, "pending    nothing"]
    shown = [_short(entry) for entry in database.pending[:_MOST_PENDING]]
    left_out = len(database.pending) - len(shown)
    if left_out:
        shown.append(f"… {left_out} more")
    lines.append(f"pending    {shown[0]}")
    return [*lines, *(f"           {each}" for each in shown[1:])]


def _short(entry: RevisionEntry) -> str:
    first_line = entry.script.doc.partition("\n")[0]
    return f"{entry.script.revision} ({first_line})" if first_line else entry.script.revision
