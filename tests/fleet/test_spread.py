"""Spreading: who goes when, what an end takes back, and executors that are not limbeck's."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from limbeck.config import Config
from limbeck.fleet import fleet_of, upgrade
from limbeck.fleet.executors import Here
from limbeck.fleet.outcomes import Outcome, Problem
from limbeck.fleet.spread import signal_code, spread, waves
from limbeck.project.fleet_settings import Share
from limbeck.project.tenant import Tenant
from tests.fleet.tenants import COUNT, Tenants

TENANTS = tuple(Tenant(f"t{number}", f"sqlite:///t{number}.db") for number in range(10))


def _work(failing: frozenset[str], tenant: Tenant) -> Outcome:
    is_bad = tenant.name in failing
    problem = Problem("bad") if is_bad else None
    return Outcome(tenant.name, "", "failed" if is_bad else "done", problem=problem)


def _dies(tenant: Tenant) -> Outcome:
    if tenant.name == "t1":
        os._exit(3)
    return Outcome(tenant.name, "", "done")


class Silent(Executor):
    """Does not tell when work begins, as that of Dask."""

    def __init__(self) -> None:
        self.begun: list[Any] = []
        self._is_over = threading.Event()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.begun.append(args[0])

        def run() -> None:
            result = fn(*args, **kwargs)
            if len(self.begun) > 2:
                self._is_over.wait(10)
            if not future.cancelled():
                future.set_result(result)

        threading.Thread(target=run, daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._is_over.set()


def test_waves() -> None:
    def sizes(canary: Share | None, wave: Share | None) -> list[tuple[int, bool]]:
        return [(len(group), first) for group, first in waves(TENANTS, canary, wave)]

    assert sizes(None, None) == [(10, False)]
    assert sizes(Share(1), Share(4)) == [(1, True), (4, False), (4, False), (1, False)]
    assert sizes(Share(20, is_percent=True), Share(50, is_percent=True)) == [
        *((2, True), (5, False), (3, False))
    ]
    assert sizes(Share(99), None) == [(10, True)]


@pytest.mark.parametrize("jobs", [1, 3])
def test_nothing_is_begun_after_too_many_failures(jobs: int) -> None:
    failing = frozenset({"t1", "t3", "t8"})
    with Here() if jobs == 1 else ThreadPoolExecutor(jobs) as executor:
        work = partial(_work, failing)
        done = spread(executor, work, TENANTS, max_failures=1, in_flight=jobs)
        assert {"t0", "t1", "t2", "t3"} <= done.outcomes.keys()
        assert len(done.outcomes) < 4 + jobs
        everyone = spread(executor, work, TENANTS, in_flight=jobs)
        assert everyone.failures == 3
        assert len(everyone.outcomes) == 10


def test_a_worker_that_dies_is_told_and_ends_nothing() -> None:
    with ProcessPoolExecutor(1) as executor:
        done = spread(executor, _dies, TENANTS[:3])
    assert done.outcomes["t1"].state == "failed"
    assert done.outcomes["t1"].problem is not None
    assert done.outcomes["t1"].problem.message.startswith("the worker was lost")
    assert len(done.outcomes) == 3


def test_what_was_given_away_is_not_said_to_be_not_begun() -> None:
    def told(outcome: Outcome) -> None:
        if outcome.state == "done":
            raise KeyboardInterrupt

    with Silent() as executor:
        began = time.monotonic()
        done = spread(executor, partial(_work, frozenset()), TENANTS, told=told, in_flight=4)
        assert time.monotonic() - began < 5
    assert signal_code(done) == 130
    states = [each.state for each in done.outcomes.values()]
    assert states.count("interrupted") == len(executor.begun) - states.count("done")
    assert len(done.outcomes) == len(executor.begun) < 10


def test_processes_of_the_standard_library(files: Tenants, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(files.project.folder)
    monkeypatch.setenv("DATABASE_URL", files.url)
    monkeypatch.syspath_prepend(str(files.project.folder))
    fleet = fleet_of(Config.find(), databases="tenants.txt")
    with ProcessPoolExecutor(2) as executor:
        answer = upgrade(fleet, "head", executor=executor)
    assert answer.counts == {"done": COUNT}
    assert answer.exit_code() == 0


def test_settings_that_were_made_in_code_are_not_sent(
    files: Tenants, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(files.project.folder)
    monkeypatch.setenv("DATABASE_URL", files.url)
    fleet = fleet_of(Config.find(attributes={"of": "code"}), databases="tenants.txt")
    monkeypatch.syspath_prepend(str(files.project.folder))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as executor:
        answer = upgrade(fleet, "head", executor=executor)
    assert answer.counts == {"failed": COUNT}
    assert {each.problem.message for each in answer.failed if each.problem} == {
        "settings that were made in code cannot be sent to another process"
    }
    assert not any(files.heads().values())
