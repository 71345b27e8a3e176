"""``make instructions``: no command that reads files may come to cost a tenth more than it did.

Instructions are counted, not seconds: a busy machine counts the same. The counts that hold are in
``instructions.json``, by version of Python; ``--write`` notes those of now. Without valgrind, or
for a version of Python that has no counts, it says so and looks at nothing.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.histories import write_history
from benchmarks.process import count_instructions, has_valgrind, run, tool
from benchmarks.projects import write_classic, write_models, write_native

__all__ = ["counts"]

_BASELINE = Path(__file__).with_suffix(".json")
_MOST = 1.1
_REVISIONS = 100
_COMMANDS = ("--help", "heads", "history", "show head")


def counts(folder: Path) -> dict[str, int]:
    """The instructions of each command, beyond those of Python itself.

    :param folder: for the projects.
    """
    classic, native = folder / "classic", folder / "native"
    write_classic(classic, "sqlite:///database.sqlite")
    write_native(native, "sqlite:///database.sqlite")
    found: dict[str, int] = {}
    nothing = count_instructions((sys.executable, "-c", "pass"), folder)
    for project in (classic, native):
        write_models(project, 0)
        write_history(project / "versions", "linear", _REVISIONS)
        # the index takes in no file that was written just now
        run(("sleep", "2.1"), project)
        for words in _COMMANDS:
            if project is native and words == "--help":
                continue
            command = (tool("limbeck"), *words.split())
            run(command, project)
            count = count_instructions(command, project) - nothing
            found[f"{words}, {project.name}"] = count
    return found


def main() -> int:
    """Count, and compare with what was noted, or note it."""
    if not has_valgrind():
        print("instructions: left out, there is no valgrind (apt-get install valgrind)")
        return 0
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    noted = json.loads(_BASELINE.read_text("utf-8")) if _BASELINE.exists() else {}
    with tempfile.TemporaryDirectory(prefix="limbeck-instructions-") as folder:
        found = counts(Path(folder))
    if "--write" in sys.argv:
        noted[version] = found
        _BASELINE.write_text(json.dumps(noted, indent=1, sort_keys=True) + "\n", "utf-8")
        return 0
    if version not in noted:
        print(f"instructions: left out, none are noted for Python {version}")
        return 0
    grown = 0
    for name, count in found.items():
        before = noted[version].get(name, 0)
        ratio = count / before if before else float("inf")
        grown += ratio > _MOST
        mark = "  grown by more than a tenth" if ratio > _MOST else ""
        print(f"{name:24} {count / 1e6:8.1f} M  before {before / 1e6:8.1f} M{mark}")
    if grown:
        print("cut what is imported, or note the new counts by `make instructions ARGS=--write`")
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
