"""What a command over many databases tells: each as it is done, then the sum."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from limbeck.cli.fleet_asked import said_of_fleet
from limbeck.cli.fleet_progress import FleetProgress
from limbeck.cli.fleet_words import FleetWords
from limbeck.errors import UsageError
from limbeck.fleet import check, current, fleet_of, upgrade

if TYPE_CHECKING:
    from argparse import Namespace

    from limbeck.cli.terminal import Terminal
    from limbeck.config import Config
    from limbeck.fleet import Fleet, FleetAnswer

__all__ = ["tell_fleet"]


def tell_fleet(config: Config, options: Namespace, terminal: Terminal) -> int:
    """Carry a command out over every database, and tell what came of each.

    :param config: the settings.
    :param options: the parsed command line.
    :param terminal: where to tell it.
    :returns: the exit code.
    :raises CommandError: no database can be begun with.
    """
    report = None if options.report is None else _report_file(options.report)
    fleet = fleet_of(config, only=options.tenant or (), part=options.part, **said_of_fleet(options))
    with FleetProgress(None if options.json else terminal, len(fleet.tenants)) as progress:
        answer = _asked(fleet, options, progress)
    if report is not None:
        _write(report, answer)
    if options.json:
        terminal.json(answer.facts())
    else:
        heads = fleet.script.revision_map.effective_heads
        FleetWords(answer, tuple(sorted(heads)), terminal).tell()
    is_check = options.command_name == "check" or (
        options.command_name == "current" and (options.check_heads or options.standing)
    )
    return answer.exit_code(is_check=is_check)


def _asked(fleet: Fleet, options: Namespace, progress: FleetProgress) -> FleetAnswer:
    if options.command_name == "current":
        return current(fleet, told=progress.told)
    if options.command_name == "check":
        return check(fleet, drop_unowned=options.drop_unowned, told=progress.told)
    return upgrade(
        fleet,
        options.revision,
        told=progress.told,
        report=progress.heard,
        tag=options.tag,
        lock_wait=options.lock_wait,
        lock_timeout=options.lock_timeout,
        accept=tuple(options.accept or ()),
        allow_out_of_order=options.allow_out_of_order,
        strict=options.strict,
    )


def _report_file(name: str) -> Path:
    """The file of the report; that it cannot be written is found before anything runs."""
    path = Path(name)
    if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise UsageError(
            f"the report cannot be written to {name}", hint="name a file in a folder that exists"
        )
    return path


def _write(path: Path, answer: FleetAnswer) -> None:
    text = json.dumps(answer.facts(), ensure_ascii=False, indent=2) + "\n"
    if not path.is_file():  # a pipe or a device
        path.write_text(text, encoding="utf-8")
        return
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
