"""Plugins: groups of comparators that ``autogenerate_plugins`` switches on and off by name.

A distribution offers a plugin by an entry point of the group ``alembic.plugins``, which names a
module with a function ``setup(plugin)``::

    [project.entry-points."alembic.plugins"]
    "acme.views" = "acme.views.autogenerate"
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import metadata
from types import ModuleType
from typing import Any

from limbeck.errors import CommandError
from limbeck.runtime.dispatch import DispatchPriority, PriorityDispatcher

__all__ = ["DEFAULT_PLUGINS", "Plugin", "chosen_plugins", "discover_plugins", "populate"]

log = logging.getLogger(__name__)

#: What is compared where ``autogenerate_plugins`` says nothing.
DEFAULT_PLUGINS = ("alembic.autogenerate.*",)
_GROUP = "alembic.plugins"
#: Names that plugins had before, which settings may still use.
_FORMER_NAMES = {
    "alembic.autogenerate.checkconstraint_byname": "alembic.ext.checkconstraint_byname"
}
_registered: dict[str, Plugin] = {}


class Plugin:
    """A group of comparators with a name.

    :param name: dotted identifiers, such as ``acme.views``.
    :raises ValueError: there is a plugin of this name.
    """

    def __init__(self, name: str) -> None:
        if name in _registered:
            raise ValueError(f"A plugin named {name} is already registered")
        self.name = name
        self.autogenerate_comparators = PriorityDispatcher()
        _registered[name] = self

    def remove(self) -> None:
        """Forget this plugin, so that its name is free."""
        del _registered[self.name]

    def add_autogenerate_comparator(
        self,
        fn: Callable[..., Any],
        compare_target: str,
        compare_element: str | None = None,
        *,
        qualifier: str = "default",
        priority: DispatchPriority = DispatchPriority.MEDIUM,
    ) -> None:
        """Have a function called by comparisons that this plugin takes part in.

        :param fn: what it is given depends on the target.
        :param compare_target: ``autogenerate``, ``schema``, ``table`` or ``column``.
        :param compare_element: what the function looks at, such as ``types``; returning
            ``PriorityDispatchResult.STOP`` keeps back the functions for the same element that
            would come after it.
        :param qualifier: the name of a dialect, where the function is for that one only.
        :param priority: when it is called among those for the same target.
        """
        self.autogenerate_comparators.dispatch_for(
            compare_target, subgroup=compare_element, priority=priority, qualifier=qualifier
        )(fn)

    @classmethod
    def setup_plugin_from_module(cls, module: ModuleType, name: str) -> None:
        """Make a plugin of a module.

        :param module: has a function ``setup(plugin)``, which adds the comparators.
        :param name: the plugin's name.
        :raises ValueError: there is a plugin of this name.
        """
        module.setup(cls(name))

    @classmethod
    def populate_autogenerate_priority_dispatch(
        cls, comparators: PriorityDispatcher, include_plugins: Sequence[str]
    ) -> None:
        """Put the comparators of some plugins into a dispatcher.

        :param comparators: the dispatcher.
        :param include_plugins: patterns, as ``autogenerate_plugins`` has them.
        :raises CommandError: a pattern fits no plugin.
        :raises ValueError: a pattern is not well formed.
        """
        populate(comparators, chosen_plugins(include_plugins))


def populate(comparators: PriorityDispatcher, plugins: Iterable[Plugin]) -> None:
    """Put the comparators of some plugins into a dispatcher.

    :param comparators: the dispatcher.
    :param plugins: the plugins.
    """
    for plugin in plugins:
        log.info("setting up autogenerate plugin %s", plugin.name)
        comparators.populate_with(plugin.autogenerate_comparators)


def chosen_plugins(patterns: Iterable[str]) -> list[Plugin]:
    """The plugins that patterns choose, in the order in which they were registered.

    :param patterns: names; ``*`` stands for any, and ``~`` in front takes out what fits.
    :raises CommandError: a pattern fits no plugin.
    :raises ValueError: a pattern is not well formed.
    """
    wanted = [pattern for pattern in patterns if not pattern.startswith("~")]
    unwanted = [_pattern(_present_name(p[1:])) for p in patterns if p.startswith("~")]
    expressions = {pattern: _pattern(_present_name(pattern)) for pattern in wanted}
    lost = [
        p for p, expression in expressions.items() if not any(map(expression.match, _registered))
    ]
    if lost:
        raise CommandError(
            f"Did not locate plugins: {', '.join(lost)}",
            hint="autogenerate_plugins names the plugins that are compared with; there are "
            f"{', '.join(sorted(_registered))}",
        )
    return [
        plugin
        for name, plugin in _registered.items()
        if any(expression.match(name) for expression in expressions.values())
        and not any(expression.match(name) for expression in unwanted)
    ]


def _present_name(name: str) -> str:
    return _FORMER_NAMES.get(name, name)


def _pattern(expression: str) -> re.Pattern[str]:
    """A pattern of plugin names; a ``*`` is at least one of the parts between the dots."""
    parts: list[str] = []
    for part in expression.split("."):
        if part != "*" and not re.fullmatch(r"\w+", part):
            raise ValueError(f"Invalid plugin expression {expression!r}")
        parts.append(r"[^.]+(?:\.[^.]+)*?" if part == "*" else re.escape(part))
    return re.compile(f"^{re.escape('.').join(parts)}$")


def set_up_entry_points() -> None:
    """Set up the plugins that installed distributions offer by entry points."""
    for entry_point in metadata.entry_points(group=_GROUP):
        loaded = entry_point.load()
        if not isinstance(loaded, Iterable):
            Plugin.setup_plugin_from_module(loaded, entry_point.name)
            continue
        warnings.warn(
            f"Plugin entrypoint {entry_point.name!r} refers to a collection of modules; let it "
            "refer to one module",
            DeprecationWarning,
            stacklevel=2,
        )
        for module in loaded:
            Plugin.setup_plugin_from_module(module, entry_point.name)


@cache
def discover_plugins() -> None:
    """Set up the plugins that installed distributions offer, once."""
    set_up_entry_points()
