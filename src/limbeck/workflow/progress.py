"""Who wants to know hears when a revision begins and when it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from limbeck.revisions.plan import PlanStep


@dataclass(frozen=True)
class StepReport:
    """A step of a plan begins, or is done.

    :param direction: ``upgrade``, ``downgrade`` or ``stamp``.
    :param revision: the revision that runs; None where a stamp only removes rows.
    :param message: the first line of what it says about itself.
    :param from_ids: the revisions it leaves.
    :param to_ids: the revisions it reaches.
    :param seconds: how long it took; None where it begins.
    """

    direction: str
    revision: str | None
    message: str
    from_ids: tuple[str, ...]
    to_ids: tuple[str, ...]
    seconds: float | None = None

    @property
    def is_done(self) -> bool:
        """Whether the step is over, its transaction committed."""
        return self.seconds is not None

    def facts(self) -> dict[str, Any]:
        """The step as plain values."""
        return {
            "direction": self.direction,
            "revision": self.revision,
            "message": self.message,
            "from": list(self.from_ids),
            "to": list(self.to_ids),
            "seconds": None if self.seconds is None else round(self.seconds, 3),
        }


Listener = Callable[[StepReport], None]

_listener: ContextVar[Listener | None] = ContextVar("limbeck_step_listener", default=None)


@contextmanager
def watched(listener: Listener) -> Iterator[None]:
    """Hear of every step while entered.

    :param listener: called when a step begins and when it is done.
    """
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def reported(steps: Iterable[PlanStep]) -> Iterator[PlanStep]:
    """Give the steps to whoever runs them, and tell the listener of each.

    A step is done when the next one is asked for: its transaction is over by then.

    :param steps: the plan.
    """
    listener = _listener.get()
    for step in steps:
        if listener is None:
            yield step
            continue
        listener(_report(step))
        began = monotonic()
        yield step
        listener(_report(step, monotonic() - began))


def _report(step: PlanStep, seconds: float | None = None) -> StepReport:
    from limbeck.script import Script

    revision = step.revision
    message = revision.doc if isinstance(revision, Script) else ""
    return StepReport(
        step.direction,
        step.id,
        message.partition("\n")[0],
        tuple(step.from_ids),
        tuple(step.to_ids),
        seconds,
    )
