"""``make bench``: every row on generated work, as a table and as JSON, in ``bench.json``.

``ARGS="-g upgrade -d sqlite -s 0.1 -n 3 -o figures.json"`` takes some rows, one database, a tenth
of the sizes, three rounds, and writes the JSON to another file.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.databases import TITLES, opened
from benchmarks.graph import OPERATIONS, TOOLS, seconds_of
from benchmarks.histories import SHAPES
from benchmarks.process import Cost, count_instructions, has_valgrind, run
from benchmarks.rows import GROUPS, Case, Program, cases
from benchmarks.table import ratios, table


def main() -> int:
    """Measure what is asked for, print it, and write it down."""
    wanted = _arguments()
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="limbeck-bench-") as folder:
        for name in wanted.database or TITLES:
            with opened(name, Path(folder)) as database:
                for case in cases(Path(folder), database, wanted.size, wanted.group or GROUPS):
                    rows.append(_measured(case, wanted.rounds))
                    print(table(rows[-1:], heading=len(rows) == 1), flush=True)
    if not wanted.group or "graph" in wanted.group:
        for row in _graph(round(10_000 * wanted.size)):
            rows.append(row)
            print(table(rows[-1:], heading=len(rows) == 1), flush=True)
    facts = {"python": platform.python_version(), "rounds": wanted.rounds, "rows": rows}
    wanted.output.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    print(f"the figures are in {wanted.output}", file=sys.stderr)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-g", dest="group", action="append", choices=GROUPS)
    parser.add_argument("-d", dest="database", action="append", choices=list(TITLES))
    parser.add_argument("-s", dest="size", type=float, default=1.0, help="of the work")
    parser.add_argument("-n", dest="rounds", type=int, default=5)
    parser.add_argument(
        "-o",
        dest="output",
        type=Path,
        default=Path("bench.json"),
        help="JSON goes here: %(default)s",
    )
    return parser.parse_args()


def _measured(case: Case, rounds: int) -> dict[str, Any]:
    """The figures of a row: medians, after a first round that is not counted."""
    costs: dict[str, list[Cost]] = {one.name: [] for one in case.programs}
    less: dict[str, list[float]] = {one.name: [] for one in case.less}
    for number in range(rounds + 1):
        for program in case.programs:
            case.before(program.folder)
            cost = run(program.words, program.folder)
            if number:
                costs[program.name].append(cost)
        for program in case.less:
            case.before(program.folder)
            cost = run(program.words, program.folder)
            if number:
                less[program.name].append(cost.cpu)
    off = {name: statistics.median(found) for name, found in less.items()}
    row: dict[str, Any] = {"name": case.name, "unit": case.unit, "less": off, "programs": {}}
    for name, found in costs.items():
        own = [max(one.cpu - off.get(name, 0.0), 0.0) for one in found]
        row["programs"][name] = {
            "cpu": statistics.median(own) / case.per,
            "cpu_least": min(own) / case.per,
            "wall": statistics.median(one.wall for one in found),
            "memory": statistics.median(one.memory for one in found),
        }
    if case.counts and has_valgrind():
        taken_off = {one.name: _counted(case, one) for one in case.less}
        for program in case.programs:
            count = _counted(case, program) - taken_off.get(program.name, 0)
            row["programs"][program.name]["instructions"] = count / case.per
    for program in case.statements:
        row["programs"][program.name]["statements"] = _statements(program.words, program.folder)
    row["ratios"] = ratios(row["programs"])
    return row


def _counted(case: Case, program: Program) -> int:
    case.before(program.folder)
    return count_instructions(program.words, program.folder)


def _statements(words: tuple[str, ...], folder: Path) -> int:
    run(words, folder)
    lines = (folder / ".output").read_text().splitlines()
    return int(next(one for one in lines if one.startswith("statements: ")).split()[1])


def _graph(count: int) -> Iterator[dict[str, Any]]:
    """The graph alone, in this process, by Alembic, limbeck, and as the ids merely walked."""
    for shape in SHAPES:
        seconds = {name: seconds_of(shape, count, name) for name in TOOLS}
        for one in OPERATIONS:
            programs = {name: {"cpu": seconds[name][one]} for name in TOOLS}
            found = {"name": f"graph of {count}, {shape}: {one}", "unit": "", "less": {}}
            yield {**found, "programs": programs, "ratios": ratios(programs)}


if __name__ == "__main__":
    sys.exit(main())
