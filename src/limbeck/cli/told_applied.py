"""What ``history --applied`` tells: a line for each row, newest last."""

from __future__ import annotations

import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from limbeck.workflow.applied_history import applied_history, raise_for

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Sequence

    from limbeck.cli.terminal import Terminal
    from limbeck.config import Config
    from limbeck.revisions.history_row import HistoryRow
    from limbeck.workflow.applied_history import AppliedHistory

_TITLES = ("row", "revision", "what", "outcome", "when", "took", "by", "message")
_UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def tell_applied(config: Config, options: Namespace, terminal: Terminal) -> int:
    """List what was done to each database, and exit with 1 where ``--verify`` finds something."""
    histories = applied_history(config, verify=options.verify)
    now = datetime.datetime.now(datetime.UTC)
    for history in histories:
        if len(histories) > 1:
            terminal.result(history.address)
        for line in lines_of(history, now, verbose=terminal.verbose):
            terminal.result(line)
        if not history.exists:
            terminal.say("This database has no history yet.")
        elif not history.is_complete:
            at = ", ".join(history.heads) or "base"
            terminal.say(f"The version table says {at}: another tool has migrated since.", "dim")
    raise_for(histories)
    if options.verify:
        for history in histories:
            rows = len(history.rows)
            terminal.say(f"The chain is whole: {rows} row{'' if rows == 1 else 's'}.")
    return 0


def lines_of(history: AppliedHistory, now: datetime.datetime, *, verbose: bool) -> Iterator[str]:
    """The history as a table.

    :param history: the history of one database.
    :param now: the time now.
    :param verbose: say all that is known of each row.
    """
    table = [
        _cells(list(group), history, now) for group in _groups(history.rows, together=not verbose)
    ]
    if not table:
        return
    cells = [_TITLES, *table]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_TITLES))]
    numbers = [_line(_TITLES, widths), *(_line(row, widths) for row in table)]
    yield numbers[0]
    groups = _groups(history.rows, together=not verbose)
    for line, group in zip(numbers[1:], groups, strict=True):
        yield line
        yield from _more(group[-1], " " * (widths[0] + 2), verbose)


def _groups(rows: Sequence[HistoryRow], *, together: bool) -> list[list[HistoryRow]]:
    """The rows, where those that were found in one moment stand together."""
    if not together:
        return [[row] for row in rows]
    found: list[list[HistoryRow]] = []
    for (direction, _), group in groupby(rows, key=lambda row: (row.direction, row.heads)):
        some = list(group)
        found += [some] if direction in ("adopt", "stamp") else [[row] for row in some]
    return found


def _cells(
    group: Sequence[HistoryRow], history: AppliedHistory, now: datetime.datetime
) -> tuple[str, ...]:
    row = group[-1]
    message = history.messages.get(row.revision or "", "").partition("\n")[0]
    if len(group) > 1:
        count = f"and {len(group) - 1} below it"
        message = f"{message} ({count})" if message else count
    number = str(row.number) if len(group) == 1 else f"{group[0].number}-{row.number}"
    return (
        number,
        row.revision or "base",
        row.direction,
        row.outcome,
        f"{row.finished[:10]} {row.finished[11:19]} UTC, {_ago(row.finished, now)}",
        _took(row.milliseconds),
        f"{row.who} on {row.host}",
        message,
    )


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell.rjust(width) if title in ("row", "took") else cell.ljust(width)
        for title, cell, width in zip(_TITLES, cells, widths, strict=True)
    ]
    return "  ".join(padded).rstrip()


def _more(row: HistoryRow, indent: str, verbose: bool) -> Iterator[str]:
    if row.error:
        yield f"{indent}{row.error}"
    if verbose:
        yield f"{indent}{row.tool}, {row.driver}"
        if row.checksum:
            yield f"{indent}sha256 {row.checksum}"


def _took(milliseconds: int) -> str:
    return f"{milliseconds} ms" if milliseconds < 10_000 else f"{milliseconds / 1000:.1f} s"


def _ago(when: str, now: datetime.datetime) -> str:
    try:
        then = datetime.datetime.fromisoformat(when)
    except ValueError:  # what somebody has written there by hand
        return "at some time"
    seconds = int((now - then).total_seconds())
    for unit, length in _UNITS:
        if seconds >= length:
            return f"{seconds // length} {unit} ago"
    return "now"
