"""A signal whose exception Python cannot let through is raised again."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.database import interruption
from limbeck.database.cancelling import cancel_statement
from limbeck.database.interruption import Terminated, cancellable, signals_handled


@pytest.fixture(autouse=True)
def handler() -> Iterator[None]:
    """As in a terminal: in the background of a shell SIGINT is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Thing:
    """Something that goes."""


@pytest.mark.parametrize(
    ("number", "error"),
    [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Terminated)],
)
def test_in_the_callback_of_a_weak_reference(
    number: signal.Signals, error: type[BaseException]
) -> None:
    called: list[str] = []

    def gone(_: object) -> None:
        called.append("begun")
        os.kill(os.getpid(), number)
        time.sleep(0.01)
        called.append("ended")

    thing = Thing()
    reference = weakref.ref(thing, gone)
    before = sys.unraisablehook
    begun = time.monotonic()
    with pytest.raises(error), signals_handled():
        del thing
        assert called == ["begun"]  # what was raised there is lost
        time.sleep(30)
    assert time.monotonic() - begun < 10
    assert sys.unraisablehook is before
    assert reference() is None


def test_while_the_thread_that_waits_for_signals_is_there() -> None:
    """It raises the signal again, and not before Python is done with what it ignores."""

    def gone(_: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.01)

    begun = time.monotonic()
    with sa.create_engine("sqlite://").connect() as connection:
        for _ in range(10):
            thing = Thing()
            reference = weakref.ref(thing, gone)
            with pytest.raises(Terminated), signals_handled(), cancellable(connection):
                del thing
                time.sleep(30)
            assert reference() is None
    assert time.monotonic() - begun < 20


def test_while_python_ignores_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    def hook(unraisable: Any) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.01)
        heard.append(str(unraisable.exc_value))

    def gone(_: object) -> None:
        raise ValueError("something else")

    monkeypatch.setattr(sys, "unraisablehook", hook)
    thing = Thing()
    reference = weakref.ref(thing, gone)
    begun = time.monotonic()
    with pytest.raises(Terminated), signals_handled():
        del thing
        assert heard == ["something else"]  # the hook was not torn out of
        time.sleep(30)
    assert time.monotonic() - begun < 10
    assert reference() is None


def test_under_an_error_that_it_has_led_to(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    def gone(_: object) -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.01)
        finally:
            raise ValueError("something else")

    monkeypatch.setattr(sys, "unraisablehook", lambda found: heard.append(str(found.exc_value)))
    thing = Thing()
    reference = weakref.ref(thing, gone)
    begun = time.monotonic()
    with pytest.raises(Terminated), signals_handled():
        del thing
        assert heard == ["something else"]
        time.sleep(30)
    assert time.monotonic() - begun < 10
    assert reference() is None


def test_a_handler_that_cannot_run_yet_is_asked_for_now_and_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[int] = []
    send = signal.pthread_kill

    def counted(thread: int, number: int) -> None:
        sent.append(number)
        send(thread, number)

    monkeypatch.setattr(signal, "pthread_kill", counted)
    begun = time.monotonic()
    with (
        sa.create_engine("sqlite://").connect() as connection,
        pytest.raises(Terminated),
        signals_handled(),
        cancellable(connection),
    ):
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
        hashlib.pbkdf2_hmac("sha256", b"word", b"salt", 3_000_000)  # no handler runs meanwhile
    assert 1 <= len(sent) <= 2 + (time.monotonic() - begun) / 0.3


@pytest.mark.databases("sqlite", "postgresql18", "mariadb")
def test_the_error_of_a_cancelled_statement_is_the_signal(engine: sa.Engine) -> None:
    """Wherever it runs: reading the version is no part of a revision, and is cancelled too."""
    slow = {
        "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT max(i) FROM n",
        "postgresql": "SELECT pg_sleep(30)",
        "mariadb": "SELECT count(*) FROM information_schema.collations a, "
        "information_schema.collations b, information_schema.collations c, "
        "information_schema.collations d",
    }[engine.dialect.name]
    begun = time.monotonic()
    with (
        engine.connect() as connection,
        pytest.raises(Terminated),
        signals_handled(),
        cancellable(connection),
    ):
        _in_a_moment()
        connection.exec_driver_sql(slow)
    assert time.monotonic() - begun < 20


@pytest.mark.databases("postgresql18")
def test_a_request_that_comes_late_cancels_nothing_else(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[float] = []

    def late(connection: sa.Connection) -> None:
        time.sleep(1)
        cancel_statement(connection)
        ended.append(time.monotonic())

    monkeypatch.setattr(interruption, "cancel_statement", late)
    with engine.connect() as connection, pytest.raises(Terminated), signals_handled():
        with cancellable(connection):
            _in_a_moment()
            connection.exec_driver_sql("SELECT pg_sleep(0.5)")
        assert len(ended) == 1
        assert connection.exec_driver_sql("SELECT pg_sleep(0.1), 1").one()[1] == 1
        time.sleep(30)


def _in_a_moment() -> None:
    """Let the signal come while the next statement runs."""
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM)).start()
