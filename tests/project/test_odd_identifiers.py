"""What is read of an odd file is what importing it gives."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limbeck.errors import HistoryError
from limbeck.project.file_index import read_files
from limbeck.project.files import parse_source, read_file
from limbeck.project.loading import load_module
from limbeck.project.revision_file import FIELDS, RevisionFile, checked
from tests.project.odd_files import READ, RUN

if TYPE_CHECKING:
    from pathlib import Path

_NOT_TO_BE_RUN = "\n\nraise RuntimeError('this is run')\n"


@pytest.fixture(autouse=True)
def _imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules that the files import."""

    def missing(name: str) -> str:
        if name != "depends_on":
            raise AttributeError(name)
        return "found"

    odd = ModuleType("odd_names")
    vars(odd).update(
        revision="star",
        down_revision="below",
        branch_labels=("x",),
        depends_on="starred",
        other="o",
        revisions=ModuleType("odd_names.revisions"),
        __path__=[],
        __getattr__=missing,
    )
    for name, module in {
        "odd_names": odd,
        "odd_names.revisions": odd.revisions,
        "no_identifiers": ModuleType("no_identifiers"),
        "depends_on": ModuleType("depends_on"),
        "depends_on.odd": ModuleType("depends_on.odd"),
    }.items():
        monkeypatch.setitem(sys.modules, name, module)


def _of_module(module: ModuleType) -> RevisionFile:
    """What a module says that was imported."""
    values = {name: getattr(module, name) for name in FIELDS if hasattr(module, name)}
    return checked("r.py", values, module.__doc__ or "")


def _said(file: RevisionFile) -> tuple[Any, ...]:
    """What is compared: without where it is written, and how several names are kept."""
    names = (file.down_revision, file.branch_labels, file.depends_on)
    several = (sorted(each) if each and not isinstance(each, str) else each for each in names)
    return (file.revision, *several, file.docstring)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", [*RUN, *READ])
def test_as_importing_gives_it(tmp_path: Path, name: str, newline: str) -> None:
    path = tmp_path / "r.py"
    path.write_text(RUN[name] if name in RUN else READ[name], newline=newline)
    assert _said(read_file(path)) == _said(_of_module(load_module(path)))
    [listed] = read_files([tmp_path])
    assert _said(listed) == _said(_of_module(load_module(path)))


@pytest.mark.parametrize("name", RUN)
def test_what_only_running_can_tell(name: str) -> None:
    assert parse_source("r.py", RUN[name]) is None


@pytest.mark.parametrize("name", READ)
def test_what_needs_no_running(tmp_path: Path, name: str) -> None:
    path = tmp_path / "r.py"
    path.write_text(READ[name])
    expected = _said(_of_module(load_module(path)))
    path.write_text(READ[name] + _NOT_TO_BE_RUN)
    assert _said(read_file(path)) == expected


_LINES = (
    'revision = "a"',
    'down_revision: str | None = "b"',
    "down_revision = None",
    'branch_labels = ["x", "y"]',
    'depends_on = ("d",)',
    'depends_on = ["e"]',
    "depends_on = None",
    "revision = str(1)",
    "from odd_names import *",
    "from odd_names import depends_on",
    "import odd_names as branch_labels",
    'branch_labels = "z"',
    "depends_on = [*(depends_on or ()), 'more']",
    "getattr(depends_on, 'append', str)('f')",
    "if revision:\n    depends_on = revision",
    "for depends_on in 'gh':\n    pass",
    "more()",
    "globals()['depends_' 'on'] = 'i'",
    "exec('depends_' 'on = None')",
    "def more():\n    global branch_labels\n    branch_labels = 'j'",
    "def upgrade():\n    depends_on = 'k'",
    "def upgrade():\n    globals().update(revision='l')",
    "class More:\n    revision = 'm'",
    "@staticmethod\ndef more():\n    globals()['depends_' 'on'] = 'o'",
    "def __getattr__(name):\n    return 'n'",
    "def depends_on():\n    pass",
    "'text'",
)


@given(st.lists(st.sampled_from(_LINES), max_size=7))
@settings(deadline=None, max_examples=400)
def test_lines_in_any_order(lines: list[str]) -> None:
    text = "\n".join(["def more():\n    pass", 'revision = "r"', "down_revision = None", *lines])
    for source in (text, text.partition("\n    pass\n")[2] + "\n\ndef upgrade():\n    pass\n"):
        module = ModuleType("odd")
        try:
            exec(source, vars(module))
        except (NameError, TypeError):
            return  # nobody could import it
        try:
            found = parse_source("r.py", source)
        except HistoryError:
            found = None
            with pytest.raises(HistoryError):
                _of_module(module)
        if found is not None:
            assert _said(found) == _said(_of_module(module))
