"""Spreading work over an executor: a few first, then wave after wave, and an end when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from limbeck.database.interruption import Terminated
from limbeck.database.secrets import shown_address
from limbeck.fleet.executors import Here
from limbeck.fleet.outcomes import Outcome, Problem, problem_of

if TYPE_CHECKING:
    from limbeck.database.halting import Halt
    from limbeck.project.fleet_settings import Share
    from limbeck.project.tenant import Tenant

__all__ = ["Spread", "signal_code", "spread", "waves"]

_PAUSE = 0.2
"""Seconds between two looks at whether a statement that was cancelled has ended."""


@dataclass
class Spread:
    """What became of the work.

    :param outcomes: by the names of the tenants, as they came.
    :param interruption: the signal that has ended it.
    """

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    interruption: KeyboardInterrupt | None = None

    @property
    def failures(self) -> int:
        """How many tenants were not done."""
        return sum(not each.is_complete for each in self.outcomes.values())

    @property
    def is_interrupted(self) -> bool:
        """Whether somebody has asked for the end."""
        return self.interruption is not None or any(
            each.state == "interrupted" for each in self.outcomes.values()
        )


def waves(
    tenants: Sequence[Tenant], canary: Share | None, wave: Share | None
) -> Iterator[tuple[Sequence[Tenant], bool]]:
    """Those who go together, and whether they are the canaries.

    :param tenants: all, in their order.
    :param canary: how many go first.
    :param wave: how many of all go together after them; None for all.
    """
    first = 0 if canary is None else canary.of(len(tenants))
    if first:
        yield tenants[:first], True
    size = len(tenants) if wave is None else wave.of(len(tenants))
    for start in range(first, len(tenants), max(1, size)):
        yield tenants[start : start + size], False


def spread(
    executor: Executor,
    work: Callable[[Tenant], Outcome],
    tenants: Sequence[Tenant],
    *,
    canary: Share | None = None,
    wave: Share | None = None,
    max_failures: int | None = None,
    in_flight: int | None = None,
    halt: Halt | None = None,
    told: Callable[[Outcome], None] | None = None,
) -> Spread:
    """Do the work on every tenant, and wait for it.

    :param executor: does it, wherever that is.
    :param work: called with a tenant; one that is sent to other processes has to be picklable, as
        ``functools.partial(carry_out, task)`` is.
    :param tenants: to whom, in their order.
    :param canary: how many go first; if one of them is not done, no other one is begun.
    :param wave: how many go together after them.
    :param max_failures: how many may fail before no other one is begun; None for any number.
    :param in_flight: how many are given to the executor at a time; None for a whole wave.
    :param halt: tells the threads of the executor to end; without one, those whose work was given
        to an executor of others when a signal came are not waited for.
    :param told: called with each outcome as it comes, in this thread.
    """
    done = Spread()
    for group, is_canary in waves(tenants, canary, wave):
        limit = 0 if is_canary else max_failures
        flight = _Flight(executor, work, halt, in_flight or len(group), done, told)
        try:
            flight.carry_out(group, limit)
        except KeyboardInterrupt as error:
            done.interruption = error
            flight.end()
        if done.is_interrupted or (limit is not None and done.failures > limit):
            break
    return done


class _Flight:
    """The tenants that are with the executor."""

    def __init__(
        self,
        executor: Executor,
        work: Callable[[Tenant], Outcome],
        halt: Halt | None,
        most: int,
        done: Spread,
        told: Callable[[Outcome], None] | None,
    ) -> None:
        self.executor = executor
        self.work = work
        self.halt = halt
        self.most = most
        self.done = done
        self.told = told
        self.futures: dict[Future[Outcome], Tenant] = {}

    def carry_out(self, tenants: Sequence[Tenant], limit: int | None) -> None:
        """Do the work on some tenants, and begin no other one once too many have failed."""
        left = iter(tenants)
        is_over = False
        while True:
            while not is_over and len(self.futures) < self.most:
                tenant = next(left, None)
                if tenant is None:
                    is_over = True
                    break
                future = self.executor.submit(self.work, tenant)
                self.futures[future] = tenant
                if future.done():
                    break  # an executor that does the work at once
            if not self.futures:
                return
            self._take(wait(self.futures, return_when=FIRST_COMPLETED).done)
            if self.done.is_interrupted or (limit is not None and self.done.failures > limit):
                is_over = True
                self._recall()

    def end(self) -> None:
        """Begin nothing more, and end what runs: by the halt, or, where there is none, by giving
        the executor its work back."""
        self._recall()
        if self.halt is None and not self._is_told_of_beginnings:
            for future, tenant in self.futures.items():
                future.cancel()
                self._keep(_given_away(tenant))
            self.futures.clear()
        if self.halt is not None:
            self.halt.ask()
        while self.futures:
            if self.halt is not None:
                self.halt.cancel()
            self._take(wait(self.futures, timeout=_PAUSE, return_when=FIRST_COMPLETED).done)

    @property
    def _is_told_of_beginnings(self) -> bool:
        """Whether a future says that its work has begun; one of Dask's does not."""
        if isinstance(self.executor, ThreadPoolExecutor | Here):
            return True
        from concurrent.futures import ProcessPoolExecutor  # multiprocessing comes with it

        return isinstance(self.executor, ProcessPoolExecutor)

    def _recall(self) -> None:
        """Take back what has not begun, where that can be known."""
        if self._is_told_of_beginnings:
            for future in [each for each in self.futures if each.cancel()]:
                del self.futures[future]

    def _take(self, futures: set[Future[Outcome]]) -> None:
        for future in futures:
            tenant = self.futures.pop(future)
            try:
                outcome = future.result()
            except CancelledError:
                continue
            except Exception as error:  # of the executor: a worker has died, say
                outcome = _lost(tenant, error)
            self._keep(outcome)

    def _keep(self, outcome: Outcome) -> None:
        self.done.outcomes[outcome.tenant] = outcome
        if self.told is not None:
            self.told(outcome)


def _lost(tenant: Tenant, error: Exception) -> Outcome:
    """The outcome of a tenant of which only its executor has told."""
    found = problem_of(error)
    problem = Problem(f"the worker was lost: {found.message}", _AGAIN, found.details)
    return Outcome(tenant.name, _shown(tenant), "failed", problem=problem)


def _given_away(tenant: Tenant) -> Outcome:
    """The outcome of a tenant whose work some worker may be at, or not."""
    problem = Problem("interrupted; a worker may be at it still", _AGAIN, exit_code=130)
    return Outcome(tenant.name, _shown(tenant), "interrupted", problem=problem)


def _shown(tenant: Tenant) -> str:
    return shown_address(make_url(tenant.address))


_AGAIN = "run the same command again: it goes on where the database is"


def signal_code(spread: Spread) -> int | None:
    """The exit code of the signal that has ended the work; None where none has."""
    if spread.interruption is not None:
        return 143 if isinstance(spread.interruption, Terminated) else 130
    codes = [
        each.problem.exit_code
        for each in spread.outcomes.values()
        if each.state == "interrupted" and each.problem is not None
    ]
    return max(codes, default=None)
