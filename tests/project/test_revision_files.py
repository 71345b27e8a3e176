"""Reading revision files: good ones without running them, bad ones with one clear line."""

from __future__ import annotations

import compileall
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from limbeck.errors import HistoryError
from limbeck.project.files import read_file
from limbeck.project.listing import list_files
from limbeck.revisions.errors import DuplicateRevision, LoopDetected, MissingRevision
from limbeck.script import ScriptDirectory

PLAIN = '"""add users\n\nmore\n"""\nrevision = "aaa1"\ndown_revision = None\n'


def written(folder: Path, text: str | bytes, name: str = "one.py") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_identifiers_are_read_with_their_lines(tmp_path: Path) -> None:
    text = """\
        '''add users'''
        import nowhere_at_all
        revision: str = "aaa1"
        down_revision = (
            "bbb1",
            "ccc1",
        )
        branch_labels = ("shop",)
        depends_on = None


        def upgrade():
            revision = 5
        """
    file = read_file(written(tmp_path, dedent(text)))
    assert file.revision == "aaa1"
    assert file.down_revision == ("bbb1", "ccc1")
    assert file.branch_labels == ("shop",)
    assert file.depends_on is None
    assert file.docstring == "add users"
    assert file.lines == {"revision": 3, "down_revision": 4, "branch_labels": 8, "depends_on": 9}
    assert file.module is None


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + PLAIN,
        PLAIN.replace("\n", "\r\n"),
        "# -*- coding: latin-1 -*-\n" + PLAIN,
        '"""class\nclass of things\n"""\nrevision = "aaa1"\ndown_revision = None\n',
        'def upgrade(): pass\nrevision = "aaa1"\ndown_revision = None\n',
        'revision = "old"\nrevision = "aaa1"\ndown_revision: None = None\n',
    ],
)
def test_odd_but_good_files(tmp_path: Path, text: str) -> None:
    assert read_file(written(tmp_path, text)).revision == "aaa1"


@pytest.mark.parametrize(
    "text",
    [
        'revision = "aa" + "a1"\ndown_revision = None\n',
        'revision, down_revision = "aaa1", None\n',
        'if True:\n    revision = "aaa1"\ndown_revision = None\n',
        'from os.path import *\nrevision = "".join(["aaa1"])\ndown_revision = None\n',
    ],
)
def test_computed_identifiers_are_found_by_running_the_file(tmp_path: Path, text: str) -> None:
    file = read_file(written(tmp_path, text))
    assert file.revision == "aaa1"
    assert file.module is not None
    assert file.module.__name__ == "one_py"
    assert "one_py" not in sys.modules


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "revision file {path} is empty"),
        (b"  \n\n", "revision file {path} is empty"),
        (b"revision = 'a1'\n\ndef upgrade(:\n", "revision file {path}, line 3 is not Python: "),
        (b"this is a letter", "revision file {path}, line 1 is not Python: "),
        (b"# ok\nx = '\xff\xfe'\n", "revision file {path} is not UTF-8 text, line 2"),
        (b"# -*- coding: nonsense -*-\n", "revision file {path} says that it is in an encoding"),
        (b"revision = 'a1'\n\0", "revision file {path} has NUL bytes in it, line 2"),
        (
            b"x = 1\n",
            "Could not determine revision id from filename {path.name}. Be sure the "
            "'revision' variable is declared inside the script.",
        ),
        (b"revision = 'a1'\n", "revision file {path} lacks its identifier 'down_revision'"),
        (b"revision = 5\ndown_revision = None\n", "'revision' is 5 in {path}:1; it must be a str"),
        (b"revision = ''\ndown_revision = None\n", "'revision' is '' in {path}:1; it must be"),
        (b"revision = None\ndown_revision = None\n", "'revision' is None in {path}:1; it must"),
        (b"revision = 'a1'\ndown_revision = 4\n", "'down_revision' is 4 in {path}:2; it must be"),
        (b"revision = 'a1'\ndown_revision = ('b', 1)\n", "'down_revision' is ('b', 1) in {path}:2"),
        (b"revision = 1 / 0\ndown_revision = 0\n", "revision file {path}, line 1 fails to load: Z"),
    ],
)
def test_bad_files(tmp_path: Path, text: bytes, message: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(HistoryError) as caught:
        read_file(path)
    assert caught.value.message.startswith(message.format(path=path))
    assert "\n" not in caught.value.message
    assert caught.value.hint
    assert caught.value.exit_code == 8


def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "gone.py"
    with pytest.raises(HistoryError, match="cannot be read: No such file or directory"):
        read_file(path)


def test_the_id_of_a_very_old_file_is_its_name(tmp_path: Path) -> None:
    path = written(tmp_path, "down_revision = None\n", "1975ea83b712.py")
    assert read_file(path).revision == "1975ea83b712"


def test_what_is_listed(tmp_path: Path) -> None:
    for name in ("b.py", "a.py", "__init__.py", ".#a.py", "notes.txt", "c.pyc"):
        written(tmp_path, PLAIN, name)
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "deeper").mkdir()
    written(tmp_path / "deeper", PLAIN, "d.py")
    (tmp_path / "deeper" / "loop").symlink_to(tmp_path)
    assert [Path(one[0]).name for one in list_files([tmp_path])] == ["a.py", "b.py"]
    assert [Path(one[0]).name for one in list_files([tmp_path], recursive=True)] == [
        "a.py",
        "b.py",
        "d.py",
    ]
    assert list(list_files([tmp_path / "missing"])) == []
    (tmp_path / "dangling.py").symlink_to(tmp_path / "nowhere.py")
    with pytest.raises(HistoryError, match=r"a link to .*nowhere\.py, which does not"):
        list(list_files([tmp_path]))


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    path = written(tmp_path, PLAIN)
    with pytest.raises(HistoryError, match=r"one\.py cannot be read: Not a directory"):
        list(list_files([path]))


def test_a_folder_that_is_named_twice(tmp_path: Path) -> None:
    path = written(tmp_path, PLAIN)
    link = tmp_path.parent / f"{tmp_path.name}-link"
    link.symlink_to(tmp_path)
    with pytest.warns(UserWarning, match=r"one\.py loaded twice! ignoring"):
        assert [one[0] for one in list_files([tmp_path, link])] == [str(path)]


@pytest.mark.parametrize("legacy", [True, False])
def test_compiled_files_without_their_source(tmp_path: Path, legacy: bool) -> None:
    path = written(tmp_path, PLAIN)
    compileall.compile_file(path, quiet=1, legacy=legacy)
    assert next(list_files([tmp_path], sourceless=True))[0] == str(path)
    path.unlink()
    assert list(list_files([tmp_path])) == []
    (compiled,) = list_files([tmp_path], sourceless=True)
    file = read_file(compiled[0])
    assert (file.revision, file.docstring) == ("aaa1", "add users\n\nmore\n")


def project(tmp_path: Path, **files: str) -> ScriptDirectory:
    (tmp_path / "versions").mkdir()
    for name, text in files.items():
        written(tmp_path / "versions", text, f"{name}.py")
    return ScriptDirectory(tmp_path)


def test_an_id_that_two_files_carry_names_both(tmp_path: Path) -> None:
    script = project(tmp_path, one=PLAIN, two="\n" + PLAIN)
    with pytest.raises(DuplicateRevision) as caught:
        script.get_heads()
    assert caught.value.details == (
        f"{tmp_path}/versions/one.py:5",
        f"{tmp_path}/versions/two.py:6",
    )


def test_a_missing_parent_names_the_file_and_its_line(tmp_path: Path) -> None:
    script = project(tmp_path, one=PLAIN, two='revision = "bbb1"\ndown_revision = "aaa2"\n')
    with pytest.raises(MissingRevision) as caught:
        script.get_heads()
    assert caught.value.details == (f"{tmp_path}/versions/two.py:2",)
    assert caught.value.hint == "did you mean aaa1?"


def test_a_revision_that_is_its_own_parent_names_the_file(tmp_path: Path) -> None:
    script = project(tmp_path, one='revision = "bbb1"\ndown_revision = "bbb1"\n')
    with pytest.raises(LoopDetected) as caught:
        script.get_heads()
    assert caught.value.details == (f"{tmp_path}/versions/one.py:2",)
