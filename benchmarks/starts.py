"""Commands in which the start is most of it: what they read are files, and the version at most."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.histories import write_history
from benchmarks.process import run, tool
from benchmarks.rows import Case, Program, both_projects, in_turn

__all__ = ["cold", "downgrade", "nothing_to_do", "start"]


def start(work: Path, count: int) -> Iterator[Case]:
    """Commands that read files only.

    :param work: the folder.
    :param count: how many revisions.
    """
    classic, native = both_projects(work / f"start{count}", "sqlite:///database.sqlite")
    for one in (classic, native):
        write_history(one / "versions", "linear", count)
    for words in ("--help", "heads", "history", "show head"):
        programs = in_turn(words, classic, native, ("read", "versions"))
        yield Case(f"`{words}`, {count} revisions", programs, counts=True)


def cold(work: Path, count: int) -> Iterator[Case]:
    """The same where nothing is known of the files, or may be kept."""
    classic, native = both_projects(work / "cold", "sqlite:///database.sqlite")
    for one in (classic, native):
        write_history(one / "versions", "linear", count)

    def forget(folder: Path) -> None:
        shutil.rmtree(folder / "versions" / "__pycache__", ignore_errors=True)

    for words in ("--help", "heads", "history", "show head"):
        programs = in_turn(words, classic, native, ("read", "versions"))
        yield Case(f"`{words}`, {count} revisions, first run", programs, before=forget)
        nothing_written = tuple(
            Program(one.name, ("env", "PYTHONDONTWRITEBYTECODE=1", *one.words), one.folder)
            for one in programs
        )
        title = f"`{words}`, {count} revisions, nothing may be written"
        yield Case(title, nothing_written, before=forget)


def _both_at_head(folder: Path, count: int) -> tuple[Path, Path]:
    """Two projects on SQLite, of so many empty revisions that have all run."""
    both = both_projects(folder, "sqlite:///database.sqlite")
    for one in both:
        write_history(one / "versions", "linear", count, empty=True)
        run((tool("limbeck"), "upgrade", "head"), one)
    return both


def nothing_to_do(work: Path, count: int) -> Iterator[Case]:
    """Where the database is at the head."""
    classic, native = _both_at_head(work / "nothing", count)
    floor = ("version", "versions", "sqlite:///database.sqlite")
    for words in ("current", "upgrade head"):
        note = " with nothing to do" if words == "upgrade head" else ""
        programs = in_turn(words, classic, native, floor)
        yield Case(f"`{words}`{note}, {count} revisions", programs, counts=True)


def downgrade(work: Path, count: int) -> Iterator[Case]:
    """All the way down, where nothing is to be done but to say so."""
    classic, native = _both_at_head(work / "downgrade", count)
    for one in (classic, native):
        shutil.copy(one / "database.sqlite", one / "at_head.sqlite")

    def at_head(folder: Path) -> None:
        shutil.copy(folder / "at_head.sqlite", folder / "database.sqlite")

    floor = ("downgrade", "sqlite:///database.sqlite", str(count))
    programs = in_turn("downgrade base", classic, native, floor)
    yield Case(f"`downgrade base`, {count} empty revisions", programs, before=at_head)
