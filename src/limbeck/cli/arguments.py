"""One word of the command line, as data."""

from __future__ import annotations

from collections.abc import Mapping

from limbeck.light_typing import Any, NamedTuple

__all__ = ["YES_OR_NO", "Argument", "option", "switch"]

YES_OR_NO = "yes or no"
"""The action of an option that can be said with ``--no-`` too: argparse's by a name of our own."""


class Argument(NamedTuple):
    """One option or positional argument and what argparse needs to know of it."""

    flags: tuple[str, ...]
    help: str
    settings: Mapping[str, Any] = {}

    @property
    def is_option(self) -> bool:
        """Whether it begins with a dash."""
        return self.flags[0].startswith("-")

    @property
    def name(self) -> str:
        """The attribute that holds its value on the namespace."""
        destination = self.settings.get("dest")
        if destination is not None:
            return str(destination)
        longest = max(self.flags, key=len)
        return longest.lstrip("-").replace("-", "_")


def option(*flags: str, help: str, **settings: Any) -> Argument:
    """An argument with a value.

    :param flags: how it is typed; the name alone for a positional one.
    :param help: what it means, in a few words.
    :param settings: what else argparse has to know.
    """
    return Argument(flags, help, settings)


def switch(*flags: str, help: str, **settings: Any) -> Argument:
    """An option that is there or not.

    :param flags: how it is typed.
    :param help: what it means, in a few words.
    :param settings: what else argparse has to know.
    """
    return Argument(flags, help, {"action": "store_true", **settings})
