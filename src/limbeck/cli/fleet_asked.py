"""Whether a command is about one database or about many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.errors import UsageError
from limbeck.project.fleet_settings import FLEET_KEYS, SOURCES

if TYPE_CHECKING:
    from argparse import Namespace

    from limbeck.config import Config

__all__ = ["is_fleet", "said_of_fleet"]

_ALONE = ("sql", "models", "drift", "history", "all_questions")
"""Options of the same commands that are about one database."""


def said_of_fleet(options: Namespace) -> dict[str, Any]:
    """What the command line says of a fleet, by the names of the settings.

    :param options: the parsed command line.
    """
    said = {name: getattr(options, name, None) for name in FLEET_KEYS}
    said["fail_fast"] = said["fail_fast"] or None
    return said


def is_fleet(config: Config, options: Namespace) -> bool:
    """Whether many databases are meant.

    :param config: the settings.
    :param options: the parsed command line, of a command that knows fleets.
    :raises UsageError: the options contradict each other.
    """
    said = {name for name, value in said_of_fleet(options).items() if value is not None}
    said |= {name for name in ("tenant", "part", "report") if getattr(options, name)}
    names_source = bool(said & SOURCES.keys())
    if options.no_fleet:
        if said:
            raise UsageError(
                f"--no-fleet and {_flag(said)} contradict each other", hint="leave one of them out"
            )
        return False
    if not names_source and config.fleet.source is None:
        if said:
            raise UsageError(
                f"{_flag(said)} is about many databases, and nothing says which they are",
                hint="--schemas 'tenant_*', --databases FILE, or a table [fleet] in the settings",
            )
        return False
    alone = [name for name in _ALONE if getattr(options, name, False)]
    if alone:
        raise UsageError(
            f"{_flag(alone)} is about one database, and not about many",
            hint="leave it out, or say --no-fleet for the database that the settings name",
        )
    return True


def _flag(names: set[str] | list[str]) -> str:
    name = sorted(names)[0]
    return "--all" if name == "all_questions" else "--" + name.replace("_", "-")
