"""Waves, on files: nobody of the next one begins before all of this one are done."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from tests.fleet.tenants import NAMES, Tenants

_LONGEST = 60.0
_LONG_ENOUGH = 0.3
"""Seconds in which another database would have begun, where one more may."""

_WAVES = (NAMES[:1], NAMES[1:3], NAMES[3:5], NAMES[5:])
_TYPED = ("--jobs", "2", "--canary", "1", "--wave", "2")
_WRITTEN = 'jobs = 2\ncanary = 1\nwave = "33%"\n'


@pytest.mark.parametrize(
    ("words", "settings", "rest"),
    [
        (_TYPED, "", "done"),
        ((*_TYPED, "--max-failures", "1"), "", "done"),
        ((*_TYPED, "--max-failures", "0"), "", "not_begun"),
        ((*_TYPED, "--fail-fast"), "", "not_begun"),
        ((), _WRITTEN, "done"),
        ((), f"{_WRITTEN}fail_fast = true\n", "not_begun"),
    ],
)
def test_no_wave_begins_before_all_of_the_one_before_are_done(
    files: Tenants, words: tuple[str, ...], settings: str, rest: str
) -> None:
    toml = files.project.folder / "limbeck.toml"
    toml.write_text(f"{toml.read_text()}\n[fleet]\n{settings}")
    _, quick, slow, *later = NAMES
    files.execute(slow, "CREATE TABLE visit (id INTEGER)")  # its second revision fails
    with ThreadPoolExecutor(1) as thread, files.held(slow):
        answer = thread.submit(files.json, "upgrade", "head", *words, code=13)
        _await_head(files, quick)
        time.sleep(_LONG_ENOUGH)
    states = [each["state"] for each in answer.result()["databases"]]
    assert states == ["done", "done", "failed", *[rest] * len(later)]
    assert files.heads()[slow] == ["r1"]
    begun = [wave for wave in _WAVES if rest == "done" or wave[0] not in later]
    for before, after in pairwise(begun):
        ends = [_span(files, name)[1] for name in before]
        assert max(ends) <= min(_span(files, name)[0] for name in after)
    if rest == "not_begun":
        assert not any(files.heads()[name] for name in later)


def _await_head(files: Tenants, name: str) -> None:
    deadline = time.monotonic() + _LONGEST
    while files.heads()[name] != ["r3"]:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _span(files: Tenants, name: str) -> tuple[str, str]:
    """When the first revision of a tenant has begun, and when its last one has ended."""
    with files.connected(name) as connection:
        query = "SELECT min(started), max(finished) FROM limbeck_history"
        begin, end = connection.exec_driver_sql(query).one()
        return begin, end
