"""A process that is forked to be killed, and signals that come meanwhile."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from limbeck.database.interruption import Terminated, signals_handled
from limbeck.database.killed_process import killed_at


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """As in a terminal: in the background of a shell SIGINT is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The processes that are forked, in the middle of which a signal comes, as from a terminal."""
    numbers: list[int] = []
    fork = os.fork

    def interrupted() -> int:
        process = fork()
        os.kill(os.getpid(), signal.SIGINT)
        numbers.append(process)
        return process

    monkeypatch.setattr(os, "fork", interrupted)
    yield numbers


def _nothing() -> None:
    """Nothing has to be prepared."""


def test_a_signal_while_it_is_forked(forked: list[int], tmp_path: Path) -> None:
    def run() -> None:
        (tmp_path / "ran").touch()
        time.sleep(20)

    with signals_handled(), pytest.raises(KeyboardInterrupt):
        killed_at(1, run, _nothing)
    with pytest.raises(ProcessLookupError):
        os.kill(forked[0], 0)
    assert not (tmp_path / "ran").exists()
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, ()) & {signal.SIGINT, signal.SIGTERM}


def test_what_reaches_the_new_process_is_not_heard_in_this_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fork = os.fork

    def interrupted() -> int:
        process = fork()
        if process == 0:
            os.kill(os.getpid(), signal.SIGINT)
        return process

    monkeypatch.setattr(os, "fork", interrupted)
    heard, told = os.pipe()
    os.set_blocking(heard, False)
    os.set_blocking(told, False)
    before = signal.set_wakeup_fd(told)
    try:
        assert not killed_at(1, lambda: time.sleep(20), _nothing)
        with pytest.raises(BlockingIOError):
            os.read(heard, 1)
    finally:
        signal.set_wakeup_fd(before)
        os.close(heard)
        os.close(told)


def test_a_signal_as_it_is_learnt_that_it_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of a process is free when its end was learnt, and nothing is sent to it."""
    wait = os.waitpid

    def interrupted(process: int, options: int) -> tuple[int, int]:
        found = wait(process, options)
        if found[0]:
            os.kill(os.getpid(), signal.SIGTERM)
        return found

    sent: list[int] = []
    send = os.kill

    def noted(process: int, number: int) -> None:
        sent.append(process)
        send(process, number)

    monkeypatch.setattr(os, "waitpid", interrupted)
    monkeypatch.setattr(os, "kill", noted)
    with pytest.raises(Terminated), signals_handled():
        killed_at(1, _nothing, _nothing)
    assert sent == [os.getpid()]
