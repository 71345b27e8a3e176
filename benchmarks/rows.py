"""What is measured: each row is a piece of work, prepared once, done by each program in turn."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.databases import Database
from benchmarks.histories import nodes, write_history
from benchmarks.process import run, tool
from benchmarks.projects import write_classic, write_models, write_native

__all__ = ["FLOORS", "GROUPS", "Case", "Program", "both_projects", "cases", "in_turn"]

FLOORS = str(Path(__file__).parent / "floors.py")
"""The program that does the same by the plain driver."""

_COUNTED = str(Path(__file__).parent / "counted.py")


@dataclass(frozen=True)
class Program:
    """One way to do the work.

    :param name: ``alembic``, ``limbeck`` (in the same project), ``limbeck alone`` (in a project of
        limbeck's own, without an ``env.py``) or ``floor``.
    :param words: the command.
    :param folder: where it runs.
    """

    name: str
    words: tuple[str, ...]
    folder: Path


@dataclass(frozen=True)
class Case:
    """One row.

    :param name: what is done.
    :param programs: who does it, in turn.
    :param before: done before each run, with the program's folder; not measured.
    :param less: commands whose costs are taken off, each from that of the program of its name, such
        as importing the models.
    :param per: what the rest is divided by, such as the number of revisions.
    :param unit: of what is told, as in ``a revision``.
    :param counts: instructions are counted too.
    :param statements: the statements of each program are counted too.
    """

    name: str
    programs: tuple[Program, ...]
    before: Callable[[Path], None] = lambda _: None
    less: tuple[Program, ...] = ()
    per: int = 1
    unit: str = ""
    counts: bool = False
    statements: tuple[Program, ...] = field(default=())


GROUPS = (
    *("start", "cold", "shapes", "nothing", "downgrade", "upgrade", "check", "schemas"),
    *("autogenerate", "fleet", "graph"),
)
"""The kinds of work; that of the graph needs no database, and no other program."""


def cases(
    work: Path, database: Database, size: float, groups: Collection[str] = GROUPS
) -> Iterator[Case]:
    """The rows of one database, each made in a folder when it is its turn.

    :param work: the folder.
    :param database: the database; what needs none is done with SQLite.
    :param size: 1 for the sizes of the published figures.
    :param groups: the kinds of work.
    """

    def count(usual: int) -> int:
        return max(1, round(usual * size))

    makers: dict[str, Callable[[], Iterator[Case]]] = {
        "upgrade": lambda: _upgrade(work, database, count(1000)),
        # a small project too, where the start is most of it
        "check": lambda: (
            case for tables in (20, count(1000)) for case in _check(work, database, tables)
        ),
        "autogenerate": lambda: _autogenerate(work, database, count(1000)),
    }
    if database.name == "sqlite":
        from benchmarks import starts  # these are made of what is here
        from benchmarks.shapes import shape_cases

        makers |= {
            "shapes": lambda: shape_cases(work, count(1000)),
            "start": lambda: (
                case for usual in (1, 100, 1000) for case in starts.start(work, count(usual))
            ),
            "cold": lambda: starts.cold(work, count(3000)),
            "nothing": lambda: starts.nothing_to_do(work, count(3000)),
            "downgrade": lambda: starts.downgrade(work, count(1000)),
        }
    if database.name == "postgresql":
        makers["schemas"] = lambda: _schemas(work, database, count(100))
    if database.name in ("sqlite", "postgresql"):
        from benchmarks.fleets import fleet_cases  # which is made of what is here

        makers["fleet"] = lambda: fleet_cases(work, database, count(200))
    for group in GROUPS:
        if group in makers and group in groups:
            yield from makers[group]()


def both_projects(folder: Path, url: str, *, models: bool = False) -> tuple[Path, Path]:
    """A project that is Alembic's, and the same as one of limbeck's own.

    :param folder: where both are made.
    :param url: the address of their database.
    :param models: ``env.py`` imports ``models.py``.
    """
    classic, native = folder / "classic", folder / "native"
    shutil.rmtree(folder, ignore_errors=True)
    write_classic(classic, url, models=models)
    write_native(native, url)
    for one in (classic, native):
        write_models(one, 0)
    return classic, native


def in_turn(
    words: str, classic: Path, native: Path | None = None, floor: tuple[str, ...] = ()
) -> tuple[Program, ...]:
    """The programs that do a piece of work.

    :param words: the command line of both tools.
    :param classic: Alembic's project.
    :param native: one of limbeck's own, if it works there too.
    :param floor: the words of the plain program, if there is one.
    """
    split = tuple(words.split())
    found = [Program(name, (tool(name), *split), classic) for name in ("alembic", "limbeck")]
    if native is not None:
        found.append(Program("limbeck alone", (tool("limbeck"), *split), native))
    if floor:
        found.append(Program("floor", (sys.executable, FLOORS, *floor), classic))
    return tuple(found)


def _models(folder: Path) -> tuple[Program, ...]:
    """Importing the models, which every program but the floor has to."""
    words = (sys.executable, FLOORS, "models")
    return tuple(Program(name, words, folder) for name in ("alembic", "limbeck", "limbeck alone"))


def _upgrade(work: Path, database: Database, count: int) -> Iterator[Case]:
    classic, native = both_projects(work / f"upgrade-{database.name}", database.url)
    for one in (classic, native):
        write_history(one / "versions", "linear", count)
    few = max(1, count // 10)
    *others, last = nodes("linear", count)
    first_few = others[few - 1] if others else last

    def first(folder: Path) -> None:
        database.empty()
        shutil.rmtree(folder / "versions" / "__pycache__", ignore_errors=True)

    floor = ("upgrade", database.url)
    # both by an id: on the way to `head`, limbeck alone asks the bare driver first
    yield Case(
        f"`upgrade head`, {count} revisions, {database.title}",
        in_turn(f"upgrade {last.id}", classic, native, (*floor, str(count))),
        before=lambda _: database.empty(),
        # all that does not grow: the start, the files, the connection, the tables of its own
        less=in_turn(f"upgrade {first_few.id}", classic, native, (*floor, str(few))),
        per=count - few,
        unit="a revision",
        counts=True,
    )
    name = f"`upgrade head`, first run, {count} revisions, {database.title}, in all"
    programs = in_turn("upgrade head", classic, native, (*floor, str(count)))
    yield Case(name, programs, before=first, counts=True)


def _check(work: Path, database: Database, count: int) -> Iterator[Case]:
    classic, native = both_projects(work / f"check-{database.name}", database.url, models=True)
    database.empty()
    for one in (classic, native):
        write_models(one, count)
    database.create(classic)
    yield Case(
        f"`check`, {count} unchanged tables, {database.title}, own",
        in_turn("check", classic, native, ("catalogue", database.url)),
        less=_models(classic),
        counts=True,
        statements=_counted("check", classic),
    )


def _counted(words: str, folder: Path) -> tuple[Program, ...]:
    return tuple(
        Program(name, (sys.executable, _COUNTED, name, *words.split()), folder)
        for name in ("alembic", "limbeck")
    )


def _schemas(work: Path, database: Database, count: int) -> Iterator[Case]:
    names = tuple(f"schema_{number}" for number in range(10))
    classic, native = both_projects(work / "schemas", database.url, models=True)
    write_classic(classic, database.url, models=True, options=", include_schemas=True")
    write_native(native, database.url, options="include_schemas = true")
    database.empty(names)
    for one in (classic, native):
        write_models(one, count, names)
    database.create(classic)
    yield Case(
        f"`check`, 10 schemas of {count} unchanged tables, {database.title}, own",
        in_turn("check", classic, native, ("catalogue", database.url)),
        less=_models(classic),
        statements=_counted("check", classic),
    )


def _autogenerate(work: Path, database: Database, count: int) -> Iterator[Case]:
    classic, native = both_projects(work / f"new-{database.name}", database.url, models=True)
    database.empty()
    for one in (classic, native):
        write_models(one, count)

    def without_revisions(folder: Path) -> None:
        shutil.rmtree(folder / "versions")
        (folder / "versions").mkdir()

    without_revisions(classic)
    run((tool("alembic"), "revision", "--autogenerate", "-m", "all"), classic)
    (made,) = (classic / "versions").glob("*.py")
    revision = str(shutil.copy(made, classic / "all.py.text"))
    yield Case(
        f"`revision --autogenerate`, {count} new tables, {database.title}, own",
        in_turn("revision --autogenerate -m all", classic, None, ("write", database.url, revision)),
        before=without_revisions,
        less=_models(classic),
        counts=True,
    )
    if database.name != "sqlite":
        return
    yield Case(
        f"the same, which limbeck alone proves, {count} new tables, {database.title}",
        in_turn("revision --autogenerate -m all", classic, native),
        before=without_revisions,
    )
    for one in (classic, native):
        without_revisions(one)
        shutil.copy(revision, one / "versions" / made.name)
    script = classic / "all.sql"
    run(("sh", "-c", f"{tool('alembic')} upgrade head --sql > {script}"), classic)
    programs = in_turn("upgrade head", classic, native, ("script", database.url, str(script)))

    def first(folder: Path) -> None:
        """Another database, and nothing is known of what the revision has sent."""
        database.empty()
        for kept in (folder / "versions/__pycache__").glob("limbeck-statements*"):
            kept.unlink()

    name = f"that revision applied, {count} tables, {database.title}"
    yield Case(f"{name}, first time", programs, before=first, counts=True)
    yield Case(f"{name}, again", programs, before=lambda _: database.empty(), counts=True)
