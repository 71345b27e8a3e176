"""Who runs a migration, where and when: what the history says besides the revision."""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Callable, Mapping

from limbeck.value import Value

__all__ = ["Origin", "this_process"]


class Origin(Value):
    """Where a run comes from.

    :param who: the user.
    :param host: the machine.
    :param clock: gives the time now, with its zone.
    """

    who: str
    host: str
    clock: Callable[[], datetime.datetime]

    def now(self) -> str:
        """The time in UTC, to the microsecond, as in ``2026-01-31T23:59:59.123456Z``."""
        now = self.clock()
        if now.tzinfo is not datetime.UTC:
            now = now.astimezone(datetime.UTC)
        return now.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def this_process(environment: Mapping[str, str] = os.environ) -> Origin:
    """This process, its user and its machine.

    :param environment: ``LIMBECK_USER`` names the person where all deploys run as one user.
    """
    who = environment.get("LIMBECK_USER") or _user()
    return Origin(_printable(who), _printable(platform.node()) or "unknown", _now)


def _printable(name: str) -> str:
    """A name that every database takes; the environment may hold bytes of no encoding."""
    return "".join(each if each.isprintable() else "?" for each in name)


def _user() -> str:
    import getpass  # here: who only reads does not tell

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container's user may have a number only
        return str(os.getuid()) if hasattr(os, "getuid") else "unknown"


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
