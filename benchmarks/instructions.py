"""``make instructions``: no command may come to cost a tenth more than it did.

Starts are counted, and what is done with a small history, or small models, in a database of
SQLite's. What Python takes by itself, and SQLAlchemy where it is needed, is left out: beside them
a tenth of a command would be half of limbeck's own part.

Instructions are counted, not seconds: a busy machine counts the same. The counts that hold are in
``instructions.json``, by version of Python; ``--write`` notes those of now. Without valgrind, or
for a version of Python that has no counts, it says so and looks at nothing.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.histories import write_history
from benchmarks.process import count_instructions, has_valgrind, run, tool
from benchmarks.projects import write_classic, write_models, write_native

__all__ = ["counts"]

_BASELINE = Path(__file__).with_suffix(".json")
_MOST = 1.1
_REVISIONS = 100
_STEPS = 20
_TABLES = 20
_STARTS = ("--help", "heads", "history", "show head")
_WITHOUT_SQLALCHEMY = {
    *("current, classic", "current, native"),
    *(f"{words}, {kind}" for words in _STARTS for kind in ("classic", "native")),
}
_DOES_MORE = ", on_version_apply=print"
"""What makes an ``env.py`` one that has to run wherever limbeck looks at a database."""
_URL = "sqlite:///database.sqlite"
_CONNECT = "import sqlalchemy as sa; sa.create_engine('sqlite://').connect().close()"
_CREATE = (
    "import models, sqlalchemy as sa; "
    "models.metadata.create_all(sa.create_engine('sqlite:///database.sqlite'))"
)


def counts(folder: Path) -> dict[str, int]:
    """The instructions of each command, beyond those of Python itself and of SQLAlchemy.

    :param folder: for the projects.
    """
    python = count_instructions((sys.executable, "-c", "pass"), folder)
    sqlalchemy = count_instructions((sys.executable, "-c", _CONNECT), folder)
    kinds = ("classic", "native")
    for kind in kinds:
        _write(folder / "starts" / kind, revisions=_REVISIONS)
        _write(folder / "history" / kind, revisions=_STEPS)
        _write(folder / "tables" / kind, tables=_TABLES)
    # what is kept takes in no file that was written just now
    run(("sleep", "2.1"), folder)
    # both at once take as many instructions each as one after the other
    with ThreadPoolExecutor() as threads:
        counted = tuple(threads.map(lambda kind: _counts(folder, kind), kinds))
    found: dict[str, int] = {}
    for kind, of_kind in zip(kinds, counted, strict=True):
        for what, count in of_kind.items():
            name = f"{what}, {kind}"
            found[name] = count - (python if name in _WITHOUT_SQLALCHEMY else sqlalchemy)
    return found


def _write(project: Path, *, revisions: int = 0, tables: int = 0) -> None:
    if project.name == "classic":
        write_classic(project, _URL, models=tables > 0)
    else:
        write_native(project, _URL)
    write_models(project, tables)
    write_history(project / "versions", "linear", revisions)


def _counts(folder: Path, kind: str) -> dict[str, int]:
    """The instructions of each command in projects of one kind, all that it takes included."""
    starts = _STARTS if kind == "classic" else _STARTS[1:]
    return {
        **{words: _warm(folder / "starts" / kind, words) for words in starts},
        **_of_history(folder / "history" / kind),
        **_of_tables(folder / "tables" / kind),
    }


def _of_history(project: Path) -> dict[str, int]:
    """What revisions cost that nothing is kept of yet, and those of which something is."""
    found: dict[str, int] = {}
    # so that Python has compiled what limbeck runs of its own, either time
    for _ in range(2):
        _run(project, "upgrade head")
        (project / "database.sqlite").unlink()
    shutil.rmtree(project / "versions" / "__pycache__")
    found["upgrade head, first"] = _counted(project, "upgrade head")
    (project / "database.sqlite").unlink()
    found["upgrade head, again"] = _counted(project, "upgrade head")
    found["current"] = _warm(project, "current")
    if project.name == "classic":
        write_classic(project, _URL, options=_DOES_MORE)
        found["current by env.py"] = _warm(project, "current")
    return found


def _of_tables(project: Path) -> dict[str, int]:
    """What models cost that the database has nothing of, and those that are in it."""
    words = "revision --autogenerate -m tables"
    _run(project, words)
    _forget_revisions(project)
    found = {"revision --autogenerate": _counted(project, words)}
    _forget_revisions(project)
    run((sys.executable, "-c", _CREATE), project)
    found["check"] = _warm(project, "check")
    return found


def _forget_revisions(project: Path) -> None:
    shutil.rmtree(project / "versions")
    (project / "versions").mkdir()


def _warm(project: Path, words: str) -> int:
    """The instructions of a command that has been run before."""
    _run(project, words)
    return _counted(project, words)


def _run(project: Path, words: str) -> None:
    run((tool("limbeck"), *words.split()), project)


def _counted(project: Path, words: str) -> int:
    return count_instructions((tool("limbeck"), *words.split()), project)


def main() -> int:
    """Count, and compare with what was noted, or note it."""
    if not has_valgrind():
        print("instructions: left out, there is no valgrind (apt-get install valgrind)")
        return 0
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    noted = json.loads(_BASELINE.read_text("utf-8")) if _BASELINE.exists() else {}
    with tempfile.TemporaryDirectory(prefix="limbeck-instructions-") as folder:
        found = counts(Path(folder))
    if not found or min(found.values()) <= 0:
        print("instructions: nothing was counted, or less than Python takes by itself")
        return 1
    if "--write" in sys.argv:
        noted[version] = found
        _BASELINE.write_text(json.dumps(noted, indent=1, sort_keys=True) + "\n", "utf-8")
        return 0
    if version not in noted:
        print(f"instructions: left out, none are noted for Python {version}")
        return 0
    return 1 if _has_grown(noted[version], found) else 0


def _has_grown(before: dict[str, int], after: dict[str, int]) -> bool:
    """Tell of each command, and whether one takes too much, or was noted and is not counted."""
    is_more = False
    for name, count in after.items():
        was = before.get(name, 0)
        ratio = count / was if was else float("inf")
        is_more |= ratio > _MOST
        mark = "  grown by more than a tenth" if ratio > _MOST else ""
        print(f"{name:32} {count / 1e6:8.1f} M  before {was / 1e6:8.1f} M{mark}")
    missing = before.keys() - after.keys()
    for name in sorted(missing):
        print(f"{name:32} is noted, and was not counted")
    if is_more or missing:
        print("cut what is imported, or note the new counts by `make instructions ARGS=--write`")
    return is_more or bool(missing)


if __name__ == "__main__":
    sys.exit(main())
