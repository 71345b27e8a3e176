"""What the collector looks at while a command runs, and when its process ends."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from limbeck.cli.fleet_progress import FleetProgress
from limbeck.cli.garbage import collect_for_revisions, collected_as_fits, collected_rarely
from limbeck.fleet import Outcome

_TOLD = """
import atexit, gc, sys
atexit.register(lambda: print("left", gc.get_freeze_count() > 200_000))  # runs last
"""

_COMMAND = """
from contextlib import suppress
from limbeck.cli.main import main
with suppress(SystemExit):
    main()
many = [[number] for number in range(250_000)]
"""

_OWN = """
from limbeck.cli.garbage import collected_rarely
with collected_rarely(to_the_end=True):
    many = [[number] for number in range(250_000)]
"""

_WRITER = """
class Writer:
    def __init__(self):
        self.itself, self.file = self, open(sys.argv[1], "w")
        self.file.write("all of it")
writer = Writer()
"""

_SPEAKER = """
class Speaker:
    def __init__(self):
        self.itself = self
    def __del__(self):
        print("last words")
speaker = Speaker()
"""


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def _said(program: str, *words: str) -> list[str]:
    command = [sys.executable, "-c", program, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert not done.stderr
    return done.stdout.splitlines()


def test_the_process_of_a_command_leaves_many_objects_to_the_system() -> None:
    assert _said(_TOLD + _COMMAND, "--help")[-1] == "left True"


def test_few_objects_are_freed_as_always() -> None:
    assert _said(_TOLD + _COMMAND.replace("250_000", "2_500"), "--help")[-1] == "left False"


def test_few_objects_are_not_listed_to_be_counted() -> None:
    listed = "import gc\ngc.get_objects = lambda: print('listed') or []\n"
    assert _said(listed + _OWN.replace("250_000", "2_500")) == []
    assert _said(listed + _OWN) == ["listed"]


_ASIDE = "import limbeck.cli.garbage as garbage\ngarbage._put_aside()"
"""As when the first revision begins."""


@pytest.mark.parametrize("aside", ["", _ASIDE])
def test_a_file_that_nobody_has_closed_is_whole(tmp_path: Path, aside: str) -> None:
    path = tmp_path / "written"
    assert _said(_TOLD + _OWN + _WRITER + aside, str(path)) == ["left True"]
    assert path.read_text() == "all of it"


def test_a_closed_file_and_one_that_is_only_read_harm_nobody(tmp_path: Path) -> None:
    path = tmp_path / "written"
    more = "writer.file.close(); reader = open(sys.argv[1])"
    assert _said(_TOLD + _OWN + _WRITER + more, str(path)) == ["left True"]


@pytest.mark.parametrize("program", [_SPEAKER, _SPEAKER + _ASIDE, f"{_ASIDE}\n{_SPEAKER}"])
def test_who_has_last_words_says_them(program: str) -> None:
    assert _said(_TOLD + _OWN + program) == ["left False", "last words"]


def test_a_file_that_was_put_aside_is_closed_when_nobody_has_it(tmp_path: Path) -> None:
    path = tmp_path / "written"
    more = "\nwriter.itself = None\ndel writer\nprint(open(sys.argv[1]).read())"
    assert _said(_TOLD + _OWN + _WRITER + _ASIDE + more, str(path)) == ["all of it", "left True"]


def test_revisions_have_their_garbage_looked_for_more_often() -> None:
    gc.set_threshold(700, 10, 10)
    with collected_rarely():
        usual = gc.get_threshold()[0]
        collect_for_revisions()
        assert 700 < gc.get_threshold()[0] < usual
    assert gc.get_threshold() == (700, 10, 10)


def test_the_garbage_of_a_database_is_looked_for_before_the_next() -> None:
    gc.set_threshold(700, 10, 10)
    with collected_rarely(), FleetProgress(None, 2) as progress:
        usual = gc.get_threshold()[0]
        progress.told(Outcome("one", "sqlite:///one.db", "done"))
        assert 700 < gc.get_threshold()[0] < usual
        progress.told(Outcome("two", "sqlite:///two.db", "done"))
        assert 700 < gc.get_threshold()[0] < usual


@pytest.mark.parametrize("chosen", [0, 900])
def test_what_somebody_else_has_chosen_holds(chosen: int) -> None:
    with collected_rarely(), collected_as_fits("check"):
        gc.set_threshold(chosen, 10, 10)  # an env.py may
        for _ in range(9):
            gc.collect(0)
        collect_for_revisions()
        assert gc.get_threshold()[0] == chosen
        assert gc.get_freeze_count() == 0


def test_once_all_is_imported_the_collector_waits_for_more() -> None:
    gc.set_threshold(700, 10, 10)
    callbacks = list(gc.callbacks)
    found = {}
    for command in ("upgrade", "check"):
        with collected_rarely(), collected_as_fits(command):
            imports = gc.get_threshold()[0]
            for _ in range(9):
                gc.collect(0)
            found[command] = gc.get_threshold()[0]
        assert gc.get_threshold() == (700, 10, 10)
    assert 700 < imports < found["upgrade"] < found["check"]
    assert gc.callbacks == callbacks


@pytest.mark.parametrize(("count", "is_aside"), [(250_000, True), (10, False)])
def test_many_models_are_put_aside_while_revisions_run(count: int, is_aside: bool) -> None:
    program = """
import gc, sys
from limbeck.cli.garbage import collect_for_revisions, collected_rarely
with collected_rarely():
    many = [[number] for number in range(int(sys.argv[1]))]
    collect_for_revisions()
    print(gc.get_freeze_count() > 200_000)
"""
    assert _said(program, str(count)) == [str(is_aside)]


def test_who_removes_all_callbacks_fails_no_command() -> None:
    before = list(gc.callbacks)
    try:
        with collected_rarely(), collected_as_fits("upgrade"):
            gc.callbacks.clear()
    finally:
        gc.callbacks[:] = before
