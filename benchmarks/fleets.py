"""The work of many tenants: files of SQLite, or schemas of a PostgreSQL database."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from benchmarks.databases import Database
from benchmarks.histories import write_history
from benchmarks.process import run, tool
from benchmarks.rows import FLOORS, Case, Program, both_projects

__all__ = ["fleet_cases"]

_LOOP = str(Path(__file__).parent / "loop.py")
_REVISIONS = 20


@dataclass(frozen=True)
class _Tenants:
    """So many tenants of a database, upgraded by both tools and by the plain driver."""

    folder: Path
    database: Database
    prefix: str
    count: int

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f"{self.prefix}_{number}" for number in range(self.count))

    def listed(self) -> tuple[str, tuple[str, ...]]:
        """A file with their addresses, and the words by which limbeck finds them."""
        path = self.folder / f"{self.prefix}.txt"
        if self.database.name == "sqlite":
            addresses = [f"sqlite:///{self.folder / name}.db" for name in self.names]
            source = ("--databases", str(path))
        else:
            search = [quote(f"-csearch_path={name}") for name in self.names]
            addresses = [f"{self.database.url}?options={each}" for each in search]
            source = ("--schemas", f"{self.prefix}_*")
        path.write_text("\n".join(addresses))
        return str(path), source

    def programs(self) -> tuple[Program, ...]:
        """Each, on its way from nothing to the head."""
        path, source = self.listed()
        plain = (sys.executable, FLOORS, "tenants", path, str(_REVISIONS))
        ours = (tool("limbeck"), "upgrade", "head")
        return (
            Program("alembic", (sys.executable, _LOOP, path), self.folder / "classic"),
            Program("limbeck", (*ours, "--databases", path), self.folder / "classic"),
            Program("limbeck alone", (*ours, *source), self.folder / "native"),
            Program("floor", plain, self.folder),
        )


def fleet_cases(work: Path, database: Database, tenants: int) -> Iterator[Case]:
    """Upgrading tenants from nothing, and finding that there is nothing to do.

    :param work: the folder.
    :param database: the database.
    :param tenants: how many.
    """
    folder = work / f"fleet-{database.name}"
    for one in both_projects(folder, database.url):
        write_history(one / "versions", "linear", _REVISIONS)
    all_of_them = _Tenants(folder, database, "tenant", tenants)
    few = _Tenants(folder, database, "few", max(1, tenants // 20))
    more = _Tenants(folder, database, "more", max(2, tenants // 10))

    def empty(_: Path) -> None:
        if database.name != "sqlite":
            database.empty((*all_of_them.names, *few.names, *more.names))
        for file in folder.glob("*.db"):
            file.unlink()

    what = f"{_REVISIONS} revisions, {database.title}"
    programs = all_of_them.programs()
    yield Case(f"`upgrade head` of {tenants} tenants, {what}", programs, before=empty)
    read = (sys.executable, FLOORS, "versions", all_of_them.listed()[0])
    yield Case(
        f"the same with nothing to do, {tenants} tenants, {what}",
        (*programs[:-1], Program("floor", read, folder)),
        before=_once(empty, programs),
    )
    yield Case(
        f"`upgrade head` of tenants, {what}",
        more.programs(),
        before=empty,
        less=few.programs(),
        per=more.count - few.count,
        unit="a further tenant",
        counts=True,
    )


def _once(empty: Callable[[Path], None], programs: tuple[Program, ...]) -> Callable[[Path], None]:
    """Let each program find what was done in its project; in Alembic's by limbeck."""
    by_folder = {each.folder: each for each in programs}

    def upgraded(folder: Path) -> None:
        empty(folder)
        run(by_folder[folder].words, folder)

    return upgraded
