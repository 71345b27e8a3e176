"""Functions of one's own, found by what they are registered for.

Libraries register comparators with ``comparators.dispatch_for("schema")``, or in a plugin.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from enum import Enum, IntEnum
from typing import Any, Self, TypeVar

__all__ = [
    "DispatchPriority",
    "Dispatcher",
    "PriorityDispatchResult",
    "PriorityDispatcher",
    "comparators",
]

Function = TypeVar("Function", bound=Callable[..., Any])
_DEFAULT = "default"


class DispatchPriority(IntEnum):
    """When a function runs among others for the same target; the highest first."""

    FIRST = 50
    MEDIUM = 25
    LAST = 10


class PriorityDispatchResult(Enum):
    """What a function says to those of its subgroup that come after it."""

    CONTINUE = "continue"
    STOP = "stop"


class Dispatcher:
    """One function for each target and qualifier; a class also stands for its subclasses."""

    def __init__(self) -> None:
        self._registry: dict[tuple[Any, str], Callable[..., Any]] = {}

    def dispatch_for(
        self, target: Any, *, qualifier: str = _DEFAULT, replace: bool = False
    ) -> Callable[[Function], Function]:
        """A decorator that registers a function.

        :param target: a name or a class.
        :param qualifier: a dialect's name, or ``default``.
        :param replace: take the place of a function that is there already.
        :raises ValueError: there is one, and it is not to be replaced.
        """

        def register(function: Function) -> Function:
            key = (target, qualifier)
            if key in self._registry and not replace:
                raise ValueError(f"{key!r} cannot be registered: that key already exists")
            self._registry[key] = function
            return function

        return register

    def dispatch(self, obj: Any, qualifier: str = _DEFAULT) -> Callable[..., Any]:
        """The function for a name, a class or an object.

        :param obj: what it was registered for, or an object of such a class.
        :param qualifier: preferred to what is registered for every dialect.
        :raises ValueError: there is none.
        """
        targets: tuple[Any, ...] = (obj,)
        if not isinstance(obj, str):
            targets = obj.__mro__ if isinstance(obj, type) else type(obj).__mro__
        for target in targets:
            for wanted in (qualifier, _DEFAULT):
                function = self._registry.get((target, wanted))
                if function is not None:
                    return function
        raise ValueError(f"no dispatch function is registered for {obj!r}")

    def branch(self) -> Self:
        """A copy, to which more can be added without touching this one."""
        copied = type(self)()
        copied._registry.update(self._registry)
        return copied


class PriorityDispatcher:
    """Any number of functions for each target, run in order of their priority."""

    def __init__(self) -> None:
        # Libraries look into it, and into that of a Dispatcher, under the name that Alembic has.
        self._registry: defaultdict[
            tuple[str, str, DispatchPriority], list[tuple[Callable[..., Any], str | None]]
        ] = defaultdict(list)

    def dispatch_for(
        self,
        target: str,
        *,
        priority: DispatchPriority = DispatchPriority.MEDIUM,
        qualifier: str = _DEFAULT,
        subgroup: str | None = None,
    ) -> Callable[[Function], Function]:
        """A decorator that registers a function.

        :param target: what it is for, such as ``schema``.
        :param priority: when it runs.
        :param qualifier: the dialect that it is for, or ``default``.
        :param subgroup: those that it can stop.
        """

        def register(function: Function) -> Function:
            self._registry[target, qualifier, priority].append((function, subgroup))
            return function

        return register

    def dispatch(self, target: str, *, qualifier: str = _DEFAULT) -> Callable[..., None]:
        """A function that runs all that are registered for a target; none is nothing to do.

        :param target: what they are for.
        :param qualifier: a dialect; its own functions run before those for every dialect.
        """
        found = [
            each
            for priority in sorted(DispatchPriority, reverse=True)
            for wanted in dict.fromkeys((qualifier, _DEFAULT))
            for each in self._registry.get((target, wanted, priority), ())
        ]

        def run(*arguments: Any, **options: Any) -> None:
            stopped: set[str | None] = set()
            for function, subgroup in found:
                if subgroup in stopped:
                    continue
                if function(*arguments, **options) is PriorityDispatchResult.STOP:
                    stopped.add(subgroup)

        return run

    def has(self, *targets: str) -> bool:
        """Whether a function is registered for any of the targets, for whatever dialect.

        :param targets: what functions are for.
        """
        return any(target in targets for (target, *_), found in self._registry.items() if found)

    def branch(self) -> Self:
        """A copy, to which more can be added without touching this one."""
        copied = type(self)()
        copied.populate_with(self)
        return copied

    def populate_with(self, other: PriorityDispatcher) -> None:
        """Add all functions of another dispatcher."""
        for key, functions in other._registry.items():
            self._registry[key].extend(functions)


comparators = PriorityDispatcher()
"""Comparators that belong to no plugin and take part in every comparison."""
