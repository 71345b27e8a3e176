"""What ``repair`` tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.errors import UsageError
from limbeck.workflow.repair import interrupted, mark_applied, resume, undo

if TYPE_CHECKING:
    from argparse import Namespace

    from limbeck.cli.terminal import Terminal
    from limbeck.config import Config
    from limbeck.workflow.interrupted import Interrupted

_WORDS = {
    "done": "done",
    "half": "half in",
    "not": "not in",
    "debris": "left debris",
    "unknown": "nobody can tell",
}
_WAYS = ("resume", "undo", "mark_applied")


def repair_answer(config: Config, options: Namespace) -> tuple[int, dict[str, Any]]:
    """Look, or take one of the ways out, and give what came of it as plain values.

    :param config: the settings.
    :param options: the parsed command line.
    """
    way = _way(options)
    if way is None:
        found = interrupted(config)
        return int(bool(found)), {"interrupted": [each.facts() for each in found]}
    done = {"resume": resume, "undo": undo, "mark_applied": mark_applied}[way](config)
    return 0, {way: list(done)}


def tell_repair(config: Config, options: Namespace, terminal: Terminal) -> int:
    """Tell what was interrupted, or take one of the ways out."""
    from limbeck.cli.progress import Progress

    way = _way(options)
    if way == "resume":
        resume(config, Progress(terminal))
    elif way == "undo":
        for revision in undo(config):
            terminal.result(f"Took back what was in of revision {revision}.")
    elif way == "mark_applied":
        for revision in mark_applied(config):
            terminal.result(f"Marked revision {revision} as done.")
    else:
        found = interrupted(config)
        for each in found:
            for line in lines_of(each):
                terminal.result(line)
        if not found:
            terminal.say("Nothing was interrupted.")
        return int(bool(found))
    return 0


def lines_of(found: Interrupted) -> list[str]:
    """What was interrupted, line by line.

    :param found: one database.
    """
    lines = [f"database   {found.address}", f"revision   {found.revision} ({found.direction})"]
    if found.is_running:
        lines.append("session    it is at work still; the ways out wait for its end")
    width = max((len(_WORDS[one.state]) for one in found.operations), default=0)
    for one in found.operations:
        lines.append(f"{one.number:>10} {_WORDS[one.state]:<{width}}  {one.words}")
    if found.not_resumable is None:
        lines.append(f"resume     `limbeck repair --resume`, or `{found.command}` as before")
    else:
        lines.append(f"resume     not possible: {found.not_resumable}")
    if not found.not_undoable:
        lines.append("undo       `limbeck repair --undo`")
    else:
        lines.append(f"undo       not possible: {found.not_undoable[0]}")
        lines += [f"           {reason}" for reason in found.not_undoable[1:]]
    lines.append("by hand    finish it, and say `limbeck repair --mark-applied`")
    return lines


def _way(options: Namespace) -> str | None:
    ways = [way for way in _WAYS if getattr(options, way)]
    if len(ways) > 1:
        raise UsageError("--resume, --undo and --mark-applied are three ways out: choose one")
    return ways[0] if ways else None
