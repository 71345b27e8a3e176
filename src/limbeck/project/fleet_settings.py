"""What the settings, or the command line, say of many databases: which they are, and how they are
migrated."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, TypeAlias

from limbeck.errors import ConfigurationError
from limbeck.value import Value

__all__ = ["FLEET_KEYS", "FleetSettings", "Share", "Source", "SourceKind", "fleet_settings"]

SourceKind: TypeAlias = Literal["schemas", "databases", "command", "query"]

SOURCES: Mapping[str, SourceKind] = {
    "schemas": "schemas",
    "databases": "databases",
    "databases_from_command": "command",
    "databases_from_query": "query",
}
"""The settings that say which databases there are, and what each names."""

_NUMBERS = {"jobs": 1, "max_failures": 0}
"""Settings that are whole numbers, and the least that each may be."""
_SHARES = ("canary", "wave")

FLEET_KEYS = frozenset({*SOURCES, *_NUMBERS, *_SHARES, "fail_fast", "shared_schemas"})
"""Keys of ``[fleet]``."""

_SHARE = re.compile(r"(\d+)\s*(%?)")


class Source(Value, slots=True):
    """Where the tenants are written down.

    :param kind: what the values are.
    :param values: patterns of names of schemas; a file, a command or a query.
    """

    kind: SourceKind
    values: tuple[str, ...]


class Share(Value, slots=True):
    """So many of some databases, or so many in a hundred.

    :param number: how many, from 1.
    :param is_percent: it is percent.
    """

    number: int
    is_percent: bool = False

    def of(self, total: int) -> int:
        """How many of a total, at least one where there is one."""
        wanted = math.ceil(total * self.number / 100) if self.is_percent else self.number
        return min(wanted, total)

    @classmethod
    def read(cls, name: str, value: object) -> Share:
        """What a setting says.

        :param name: the setting.
        :param value: a number, or a text such as ``50`` or ``10%``.
        :raises ConfigurationError: it is neither.
        """
        found = None if isinstance(value, bool) else _SHARE.fullmatch(str(value).strip())
        share = None if found is None else cls(int(found[1]), bool(found[2]))
        if share is None or not share.number or (share.is_percent and share.number > 100):
            raise ConfigurationError(
                f"{name} is no number of databases: {value!r}",
                hint=f'as in {name} = 5, or {name} = "10%"',
            )
        return share


class FleetSettings(Value, slots=True):
    """Which databases there are, and how they are migrated.

    :param source: where they are written down; None where nothing says it.
    :param shared_schemas: schemas that are searched after a tenant's own.
    :param jobs: how many are migrated at the same time; None for what suits who does the work.
    :param canary: how many go first, alone; the others wait for them to succeed.
    :param wave: how many go together after them; None for all.
    :param max_failures: how many may fail before no other one is begun; None for any number.
    """

    source: Source | None = None
    shared_schemas: tuple[str, ...] = ()
    jobs: int | None = None
    canary: Share | None = None
    wave: Share | None = None
    max_failures: int | None = None


def fleet_settings(
    given: Mapping[str, Any], before: FleetSettings | None = None, where: str = "[fleet]"
) -> FleetSettings:
    """Read what is said of a fleet.

    :param given: values by the names of the settings; what is None is not said.
    :param before: what holds where nothing is said.
    :param where: where it is said, for messages.
    :raises ConfigurationError: a value makes no sense, or two sources are named.
    """
    settings = before or FleetSettings()
    said = {name: value for name, value in given.items() if value is not None}
    unknown = sorted(set(said) - FLEET_KEYS)
    if unknown:
        raise ConfigurationError(
            f"unknown setting '{unknown[0]}' in {where}",
            hint=f"the settings are {', '.join(sorted(FLEET_KEYS))}",
        )
    source = _source(said, where)
    if source is not None:
        settings = replace(settings, source=source)
    if "shared_schemas" in said:
        shared = _texts("shared_schemas", said["shared_schemas"])
        settings = replace(settings, shared_schemas=shared)
    if "jobs" in said:
        settings = replace(settings, jobs=_number("jobs", said["jobs"]))
    if "canary" in said:
        settings = replace(settings, canary=Share.read("canary", said["canary"]))
    if "wave" in said:
        settings = replace(settings, wave=Share.read("wave", said["wave"]))
    if "max_failures" in said:
        settings = replace(settings, max_failures=_number("max_failures", said["max_failures"]))
    if _is_on("fail_fast", said.get("fail_fast", False)):
        settings = replace(settings, max_failures=0)
    return settings


def _source(said: Mapping[str, Any], where: str) -> Source | None:
    named = [name for name in SOURCES if name in said]
    if len(named) > 1:
        raise ConfigurationError(
            f"{named[0]} and {named[1]} both say which databases there are in {where}",
            hint="name one of them; a line of a file, of a command's or of a query's answer may "
            "hold a name, an address and a schema",
        )
    if not named:
        return None
    return Source(SOURCES[named[0]], _texts(named[0], said[named[0]]))


def _texts(name: str, value: object) -> tuple[str, ...]:
    texts: Sequence[object] = [value] if isinstance(value, str) else ()
    if isinstance(value, Sequence) and name in ("schemas", "shared_schemas"):
        texts = [value] if isinstance(value, str) else value
    if not texts or not all(isinstance(one, str) and one.strip() for one in texts):
        raise ConfigurationError(f"{name} says nothing", hint=f'as in {name} = "…"')
    return tuple(str(one) for one in texts)


def _number(name: str, value: object) -> int:
    least = _NUMBERS[name]
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ConfigurationError(
            f"{name} is no number from {least}: {value!r}", hint=f"as in {name} = {least + 1}"
        )
    return value


def _is_on(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ConfigurationError(
            f"{name} is neither true nor false: {value!r}", hint=f"write {name} = true"
        )
    return value
