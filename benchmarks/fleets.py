"""The work of many tenants: files of SQLite, or schemas of a PostgreSQL database."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from benchmarks.databases import Database
from benchmarks.histories import write_history
from benchmarks.process import run, tool
from benchmarks.rows import FLOORS, Case, Program, both_projects

__all__ = ["fleet_cases"]

_LOOP = str(Path(__file__).parent / "loop.py")
_REVISIONS = 20


def fleet_cases(work: Path, database: Database, tenants: int) -> Iterator[Case]:
    """Upgrading tenants from nothing, and finding that there is nothing to do.

    :param work: the folder.
    :param database: the database.
    :param tenants: how many.
    """
    names = tuple(f"tenant_{number}" for number in range(tenants))
    folder = work / f"fleet-{database.name}"
    classic, native = both_projects(folder, database.url)
    for one in (classic, native):
        write_history(one / "versions", "linear", _REVISIONS)
    listed = str(folder / "addresses.txt")
    if database.name == "sqlite":
        addresses = [f"sqlite:///{folder / name}.db" for name in names]
        source = ("--databases", listed)
    else:
        search = [quote(f"-csearch_path={name}") for name in names]
        addresses = [f"{database.url}?options={each}" for each in search]
        source = ("--schemas", "tenant_*")
    Path(listed).write_text("\n".join(addresses))
    programs = (
        Program("alembic", (sys.executable, _LOOP, listed), classic),
        Program("limbeck alone", (tool("limbeck"), "upgrade", "head", *source), native),
    )
    plain = (sys.executable, FLOORS)
    floor = Program("floor", (*plain, "tenants", listed, str(_REVISIONS)), folder)
    floor_again = Program("floor", (*plain, "versions", listed), folder)

    def empty(_: Path) -> None:
        if database.name != "sqlite":
            database.empty(names)
        for file in folder.glob("*.db"):
            file.unlink()

    what = f"{tenants} tenants, {_REVISIONS} revisions, {database.title}"
    yield Case(f"`upgrade head` of {what}", (*programs, floor), before=empty)
    found = _once(empty, (*programs, floor))
    yield Case(f"the same with nothing to do, {what}", (*programs, floor_again), before=found)


def _once(empty: Callable[[Path], None], programs: tuple[Program, ...]) -> Callable[[Path], None]:
    """Let each program find what it has done itself."""
    by_folder = {each.folder: each for each in programs}

    def upgraded(folder: Path) -> None:
        empty(folder)
        run(by_folder[folder].words, folder)

    return upgraded
