"""``make bench`` in small: all programs do their work, and the figures are what they should be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import _measured
from benchmarks.process import has_valgrind
from benchmarks.rows import Case, Program

_ROOT = Path(__file__).parents[2]
_FIGURES = {"cpu", "cpu_least", "wall", "memory"}


def _run(folder: Path, *words: str) -> str:
    """Run the benchmarks in a folder, without counting instructions; the table."""
    # where there is no valgrind, which takes fifty times as long
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "PATH": str(Path(sys.executable).parent)}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "-s", "0.003", "-n", "1", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _rows(path: Path) -> dict[str, dict[str, Any]]:
    found = json.loads(path.read_text())
    assert (found["python"], found["rounds"]) == (sys.version.split()[0], 1)
    rows = {row["name"]: row for row in found["rows"]}
    assert len(rows) == len(found["rows"])
    return rows


def test_rows_have_every_program_and_its_ratio_to_alembic(tmp_path: Path) -> None:
    table = _run(tmp_path, "-d", "sqlite", "-g", "upgrade", "-g", "downgrade", "-o", "some.json")
    rows = _rows(tmp_path / "some.json")
    assert {name: row["unit"] for name, row in rows.items()} == {
        "`downgrade base`, 3 empty revisions": "",
        "`upgrade head`, 3 revisions, SQLite": "a revision",
        "`upgrade head`, first run, 3 revisions, SQLite, in all": "",
    }
    for name, row in rows.items():
        programs, alembic = row["programs"], row["programs"]["alembic"]
        assert set(programs) == {"alembic", "limbeck", "limbeck alone", "floor"}
        for figures in programs.values():
            assert set(figures) == _FIGURES
            assert figures["wall"] > 0
            assert figures["memory"] > 1
            assert (figures["cpu"] > 0) or row["unit"]  # a revision may cost less than is seen
        assert set(row["ratios"]) == {"limbeck", "limbeck alone", "floor"}
        for program, ratios in row["ratios"].items():
            assert set(ratios) == {figure for figure in _FIGURES if alembic[figure]}
            for figure, ratio in ratios.items():
                expected = programs[program][figure] / alembic[figure]
                assert ratio == pytest.approx(expected, abs=1e-4)
        shown = f", {row['unit']}" if row["unit"] else ""
        assert f"| {name}{shown} | " in table
    assert set(rows["`upgrade head`, 3 revisions, SQLite"]["less"]) == {
        *("alembic", "limbeck", "limbeck alone", "floor")
    }
    assert not (tmp_path / "bench.json").exists()


def test_the_figures_are_kept_where_nobody_has_said_in_which_file(tmp_path: Path) -> None:
    _run(tmp_path, "-d", "sqlite", "-g", "graph")
    rows = _rows(tmp_path / "bench.json")
    assert len(rows) == 20
    for row in rows.values():
        assert set(row["programs"]) == {"alembic", "limbeck", "floor"}
        assert all(figures["cpu"] > 0 for figures in row["programs"].values())
        assert set(row["ratios"]) == {"limbeck", "floor"}


@pytest.mark.skipif(not has_valgrind(), reason="there is no valgrind")
def test_what_is_taken_off_and_what_the_rest_is_divided_by(tmp_path: Path) -> None:
    begun: list[Path] = []

    def program(name: str, count: int) -> Program:
        words = (sys.executable, "-S", "-c", f"for _ in range({count}): pass")
        return Program(name, words, tmp_path)

    row = _measured(
        Case(
            "turns of a loop",
            (program("alembic", 600_000), program("limbeck", 400_000)),
            before=begun.append,
            less=(program("alembic", 200_000), program("limbeck", 200_000)),
            per=200_000,
            counts=True,
        ),
        rounds=1,
    )
    counted = {name: figures["instructions"] for name, figures in row["programs"].items()}
    assert row["ratios"]["limbeck"]["instructions"] == pytest.approx(0.5, abs=0.05)
    assert 5 < counted["limbeck"] < 500
    assert set(row["less"]) == {"alembic", "limbeck"}
    # two rounds, of which one does not count, and one more for the instructions
    assert begun == [tmp_path] * 4 * 3
