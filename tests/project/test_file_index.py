"""The index of revision files is never believed over the files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from binascii import crc32
from collections.abc import Callable
from pathlib import Path

import pytest

from limbeck.errors import HistoryError
from limbeck.project import file_index, files
from limbeck.project.file_index import read_files, text_at_hand
from limbeck.project.revision_file import RevisionFile
from limbeck.revisions.revision import as_tuple

LONG_AGO = 1_600_000_000


@pytest.fixture(autouse=True)
def _writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """An index is written also where the tests run without writing compiled files."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    # the files of a test are younger than what is trusted
    monkeypatch.setattr(file_index, "_MARGIN", 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three revisions in a folder, each read once."""
    written(tmp_path, "aaaa", None)
    written(tmp_path, "bbbb", "aaaa")
    written(tmp_path, "cccc", "bbbb")
    time.sleep(0.02)  # longer than the times of files are coarse
    ids(tmp_path)
    assert set(kept(tmp_path)) == {"aaaa.py", "bbbb.py", "cccc.py"}
    return tmp_path


def written(folder: Path, id_: str, parent: str | None, name: str | None = None) -> Path:
    path = folder / (name or f"{id_}.py")
    path.write_text(f'"""{id_}"""\nrevision = {id_!r}\ndown_revision = {parent!r}\n', "utf-8")
    return path


def place(folder: Path) -> Path:
    return folder / "__pycache__" / f"limbeck-revisions.{sys.implementation.cache_tag}.text"


def kept(folder: Path) -> dict[str, str]:
    return file_index._read(str(place(folder)))


def put(folder: Path, content: str) -> None:
    """An index that is whole, whatever it says."""
    data = content.encode("utf-8", "surrogatepass")
    place(folder).write_bytes(b"%08x\n" % crc32(data) + data)


def ids(folder: Path) -> list[str]:
    """The ids in the folder; that they are those of the files is looked at each time."""
    found = list(read_files([folder]))
    paths = sorted(one for one in folder.glob("*.py"))
    read = [files.read_file(path) for path in paths]
    assert found == read
    return [one.revision for one in found]


def files_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are opened when the folder is read."""
    opened: list[str] = []

    def read_with_text(path: str) -> tuple[RevisionFile, str]:
        opened.append(os.path.basename(path))  # noqa: PTH119
        return files.read_with_text(path)

    with monkeypatch.context() as within:
        within.setattr(file_index, "read_with_text", read_with_text)
        list(read_files([folder]))
    return opened


def test_nothing_is_read_twice(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert files_read(folder, monkeypatch) == []
    written(folder, "dddd", "cccc")
    time.sleep(0.02)
    assert files_read(folder, monkeypatch) == ["dddd.py"]
    assert files_read(folder, monkeypatch) == []


def test_everything_that_a_file_says_is_kept(tmp_path: Path) -> None:
    text = (
        '"""Grüße\n\nmore: "of it"\n"""\nimport sqlalchemy as sa\n\nrevision: str = "aaaa"\n'
        "down_revision = ['x', 'y']\nbranch_labels = {'p', 'o', 'i', 'u', 'z'}\n"
        "depends_on = (\n    'k',\n)\n"
    )
    (tmp_path / "one.py").write_text(text, encoding="utf-8")
    (before,) = read_files([tmp_path])
    time.sleep(0.02)
    list(read_files([tmp_path]))
    assert "one.py" in kept(tmp_path)
    (after,) = read_files([tmp_path])
    assert after.docstring == before.docstring
    assert after.lines == before.lines
    assert after.down_revision == ("x", "y")
    assert after.branch_labels == ("i", "o", "p", "u", "z")
    assert after.depends_on == ("k",)


def test_an_edited_file(folder: Path) -> None:
    written(folder, "eeee", "aaaa", "bbbb.py")
    assert ids(folder) == ["aaaa", "eeee", "cccc"]


def test_an_edit_that_keeps_size_and_time(folder: Path) -> None:
    path = folder / "bbbb.py"
    status = path.stat()
    written(folder, "eeee", "aaaa", "bbbb.py")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    assert path.stat().st_mtime_ns == status.st_mtime_ns
    assert ids(folder) == ["aaaa", "eeee", "cccc"]


def test_files_that_change_places(folder: Path) -> None:
    (folder / "bbbb.py").rename(folder / "x.py")
    (folder / "cccc.py").rename(folder / "bbbb.py")
    (folder / "x.py").rename(folder / "cccc.py")
    assert ids(folder) == ["aaaa", "cccc", "bbbb"]


def test_a_file_that_goes_and_one_that_was_old_already(folder: Path) -> None:
    (folder / "cccc.py").unlink()
    os.utime(written(folder, "dddd", "bbbb"), (LONG_AGO, LONG_AGO))
    assert ids(folder) == ["aaaa", "bbbb", "dddd"]


def test_a_file_that_was_restored_with_its_old_time(folder: Path) -> None:
    copy = folder / "copy"
    shutil.copy2(folder / "bbbb.py", copy)
    written(folder, "eeee", "aaaa", "bbbb.py")
    assert ids(folder)[1] == "eeee"
    shutil.copy2(copy, folder / "bbbb.py")
    assert ids(folder)[1] == "bbbb"


@pytest.mark.parametrize("keeps_time", [False, True])
def test_a_file_that_is_cut_short(folder: Path, keeps_time: bool) -> None:
    path = folder / "bbbb.py"
    status = path.stat()
    os.truncate(path, path.read_bytes().index(b"down_revision"))
    if keeps_time:
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert path.stat().st_mtime_ns == status.st_mtime_ns
    for _ in range(2):
        with pytest.raises(HistoryError, match="lacks its identifier"):
            list(read_files([folder]))
    written(folder, "bbbb", "aaaa")
    assert ids(folder) == ["aaaa", "bbbb", "cccc"]


def test_what_was_changed_just_now_gets_no_entry(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_index, "_MARGIN", 2_000_000_000)
    written(folder, "dddd", "cccc")
    assert files_read(folder, monkeypatch) == ["dddd.py"]
    assert "dddd.py" not in kept(folder)
    assert files_read(folder, monkeypatch) == ["dddd.py"]


def test_a_text_that_was_read_is_at_hand_once(tmp_path: Path) -> None:
    path = written(tmp_path, "aaaa", None)
    time.sleep(0.02)
    (found,) = read_files([tmp_path])
    assert text_at_hand(str(path)) == (path.read_text("utf-8"), found.checksum)
    assert text_at_hand(str(path)) is None
    assert [one.checksum for one in read_files([tmp_path])] == [found.checksum]
    assert text_at_hand(str(path)) is None  # it was in the index


def test_no_text_is_at_hand_of_what_may_be_another_one_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited, gone, replaced = (written(tmp_path, name, None) for name in ("aaaa", "bbbb", "cccc"))
    for path in (edited, gone, replaced):
        os.utime(path, (LONG_AGO, LONG_AGO))
    time.sleep(0.02)
    list(read_files([tmp_path]))
    edited.write_text(edited.read_text("utf-8").replace("aaaa", "dddd"), "utf-8")
    gone.unlink()
    other = written(tmp_path, "eeee", None, "other")
    other.replace(replaced)
    for path in (edited, replaced):
        os.utime(path, (LONG_AGO, LONG_AGO))
    assert [text_at_hand(str(path)) for path in (edited, gone, replaced)] == [None] * 3
    monkeypatch.setattr(file_index, "_MARGIN", 2_000_000_000)
    recent = written(tmp_path, "ffff", None)
    list(read_files([tmp_path]))
    assert text_at_hand(str(recent)) is None


def test_of_a_large_folder_some_texts_are_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = written(tmp_path, "aaaa", None), written(tmp_path, "bbbb", "aaaa")
    monkeypatch.setattr(file_index, "_ROOM", len(first.read_text("utf-8")))
    time.sleep(0.02)
    list(read_files([tmp_path]))
    assert text_at_hand(str(first)) is not None
    assert text_at_hand(str(second)) is None


@pytest.mark.parametrize("size", [0, 1, 9, 40, -2])
def test_a_truncated_index(folder: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    content = place(folder).read_bytes()
    place(folder).write_bytes(content[:size])
    assert len(files_read(folder, monkeypatch)) == 3
    assert files_read(folder, monkeypatch) == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "limbeck 0.0.1 1",
        "limbeck 0.0.1 1\x1eaaaa.py\x1f1\x1faaaa",
        f"{file_index._FORMAT}\x1e",
        f"{file_index._FORMAT}\x1eaaaa.py",
        f"{file_index._FORMAT}\x1eaaaa.py\x1f1 2 3 4\x1fbbbb",
        "\x1e\x1e\x1f\x1f",
    ],
)
def test_an_index_of_another_kind(folder: Path, content: str) -> None:
    put(folder, content)
    assert ids(folder) == ["aaaa", "bbbb", "cccc"]


def test_an_index_that_is_no_text(folder: Path) -> None:
    place(folder).write_bytes(b"%08x\n" % crc32(b"\xff\xfe") + b"\xff\xfe")
    assert ids(folder) == ["aaaa", "bbbb", "cccc"]


@pytest.mark.parametrize(
    "change",
    [
        lambda parts: ["1 2 3 4", *parts[1:]],
        lambda parts: [f"{parts[0]} ", *parts[1:]],
        lambda parts: [*parts[:6], "1 2 3", parts[7]],
        lambda parts: [*parts[:6], "1 x 3 4", parts[7]],
        lambda parts: [*parts[:6], "1 2 3 4 5", parts[7]],
        lambda parts: [*parts, "more"],
        lambda parts: parts[:7],
        lambda parts: [],
    ],
)
def test_entries_of_another_kind(
    folder: Path, change: Callable[[list[str]], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = kept(folder)
    entries["bbbb.py"] = "\x1f".join(change(entries["bbbb.py"].split("\x1f")))
    rows = [f"{name}\x1f{entry}" for name, entry in entries.items()]
    put(folder, "\x1e".join([file_index._FORMAT, *rows]))
    assert files_read(folder, monkeypatch) == ["bbbb.py"]
    assert ids(folder) == ["aaaa", "bbbb", "cccc"]


@pytest.mark.parametrize(
    ("docstring", "more"),
    [
        (r"a \x1e b", ""),
        (r"a \x1f b", ""),
        (r"\x1d", ""),
        (r"\ud800", ""),
        ("", ""),
        ("Grüße", "branch_labels = ()\ndepends_on = []\n"),
        ("a", "branch_labels = ('p',)\ndepends_on = 'aaaa'\n"),
        ("a", "branch_labels = {'q', 'p'}\n"),
        ("a", "branch_labels = ''\n"),
    ],
)
def test_what_a_file_says_is_the_same_afterwards(folder: Path, docstring: str, more: str) -> None:
    path = folder / "dddd.py"
    text = f'"""{docstring}"""\nrevision = "dddd"\ndown_revision = "cccc"\n{more}'
    path.write_text(text, encoding="utf-8")
    time.sleep(0.02)
    told = [list(read_files([folder]))[-1] for _ in range(3)]
    for one in told[1:]:
        assert one.docstring == told[0].docstring
        assert one.lines == told[0].lines
        assert one.down_revision == "cccc"
        assert as_tuple(one.branch_labels) == as_tuple(told[0].branch_labels)
        assert one.depends_on in (told[0].depends_on, ())


def test_a_file_whose_name_would_end_an_entry(folder: Path) -> None:
    written(folder, "dddd", "cccc", "d\x1ed.py")
    written(folder, "eeee", "dddd", "e\x1fe.py")
    time.sleep(0.02)
    for _ in range(3):
        assert sorted(ids(folder)) == ["aaaa", "bbbb", "cccc", "dddd", "eeee"]
    assert set(kept(folder)) == {"aaaa.py", "bbbb.py", "cccc.py"}


def test_one_flipped_bit(folder: Path) -> None:
    content = bytearray(place(folder).read_bytes())
    content[content.index(b"bbbb", content.index(b"bbbb.py") + 5)] ^= 1
    place(folder).write_bytes(content)
    assert ids(folder) == ["aaaa", "bbbb", "cccc"]


def test_an_index_that_cannot_be_read_or_written(folder: Path) -> None:
    place(folder).unlink()
    place(folder).mkdir()
    assert ids(folder) == ["aaaa", "bbbb", "cccc"]
    assert [one.name for one in place(folder).parent.iterdir()] == [place(folder).name]
    place(folder).rmdir()
    place(folder).parent.rmdir()
    place(folder).parent.write_text("no folder", encoding="utf-8")
    assert ids(folder) == ["aaaa", "bbbb", "cccc"]


def test_a_folder_that_may_not_be_written(folder: Path) -> None:
    # Not below pytest's folder, into which nobody but its owner can look.
    with tempfile.TemporaryDirectory(prefix="limbeck-") as above:
        Path(above).chmod(0o755)
        versions = Path(above) / "versions"
        shutil.copytree(folder, versions, ignore=shutil.ignore_patterns("__pycache__"))
        versions.chmod(0o555)
        done = read_by_nobody(versions)
        versions.chmod(0o755)
        assert done.stdout.split() == ["aaaa", "bbbb", "cccc"], done.stderr
        assert not (versions / "__pycache__").exists()


def test_a_file_that_may_no_longer_be_read(folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="limbeck-") as above:
        Path(above).chmod(0o755)  # as above
        versions = Path(above) / "versions"
        shutil.copytree(folder, versions, ignore=shutil.ignore_patterns("__pycache__"))
        versions.chmod(0o755)
        time.sleep(0.02)
        ids(versions)
        assert "bbbb.py" in kept(versions)
        usual = (versions / "bbbb.py").stat().st_mode
        for mode, found in ((usual, True), (0, False), (usual, True)):
            (versions / "bbbb.py").chmod(mode)
            done = read_by_nobody(versions)
            assert (done.returncode == 0) is found, done.stderr
            assert done.stdout.split() == (["aaaa", "bbbb", "cccc"] if found else [])
            assert ("bbbb.py cannot be read: Permission denied" in done.stderr) is not found


def read_by_nobody(folder: Path) -> subprocess.CompletedProcess[str]:
    """Read the index as a user who may not write it."""
    script = (
        "import hashlib, os, sys, limbeck.project.revision_head\n"
        "from limbeck.project.file_index import read_files\n"
        "if os.getuid() == 0: os.setuid(65534)\n"
        "print(*(one.revision for one in read_files([sys.argv[1]])))\n"
    )
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    return subprocess.run(
        [sys.executable, "-c", script, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


def test_where_python_shall_write_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(folder / "__pycache__")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert ids(folder) == ["aaaa", "bbbb", "cccc"]
    assert not (folder / "__pycache__").exists()


def test_where_python_shall_write_elsewhere(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(folder / "__pycache__")
    prefix = tmp_path_factory.mktemp("prefix")
    monkeypatch.setattr(sys, "pycache_prefix", str(prefix))
    assert ids(folder) == ["aaaa", "bbbb", "cccc"]
    assert not (folder / "__pycache__").exists()
    assert files_read(folder, monkeypatch) == []


def test_files_that_must_run_to_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "dddd.py"
    path.write_text("revision = 'dd' + 'dd'\ndown_revision = 'cccc'\n", encoding="utf-8")
    time.sleep(0.02)
    assert files_read(folder, monkeypatch) == ["dddd.py"]
    assert files_read(folder, monkeypatch) == ["dddd.py"]


def test_a_file_with_an_error_is_refused_each_time(folder: Path) -> None:
    (folder / "bbbb.py").write_text("revision = 'bbbb'\n", encoding="utf-8")
    time.sleep(0.02)
    for _ in range(2):
        with pytest.raises(HistoryError, match="lacks its identifier"):
            list(read_files([folder]))


def test_two_processes_at_once(folder: Path) -> None:
    script = (
        "import sys, limbeck.project.file_index as index\n"
        "index._MARGIN = 0\n"
        "for _ in range(60):\n"
        "    found = [one.revision for one in index.read_files([sys.argv[1]])]\n"
        "    assert found == ['aaaa', 'bbbb', 'cccc'], found\n"
        "    open(index._place(sys.argv[1]), 'wb').close()\n"
    )
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(folder)], stderr=subprocess.PIPE, env=environment
        )
        for _ in range(2)
    ]
    for one in running:
        _, said = one.communicate()
        assert one.returncode == 0, said.decode()
    assert ids(folder) == ["aaaa", "bbbb", "cccc"]
    assert len(list((folder / "__pycache__").iterdir())) == 1
