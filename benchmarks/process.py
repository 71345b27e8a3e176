"""What a child process costs: processor time, time, memory, instructions."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Cost", "count_instructions", "has_valgrind", "run", "tool"]


_LAUNCHER = """
import os, sys, time
begun = time.perf_counter()
child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(child, 0)
wall = time.perf_counter() - begun
with open(sys.argv[1], "w") as told:
    cpu, memory = used.ru_utime + used.ru_stime, used.ru_maxrss
    print(os.waitstatus_to_exitcode(status), cpu, wall, memory, file=told)
"""
"""A small process between: a child is told to have had at least the memory of where it began."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run cost.

    :param cpu: seconds of processor time of the process, user and system.
    :param wall: seconds.
    :param memory: the most memory at a time, in MiB.
    """

    cpu: float
    wall: float
    memory: float


def tool(name: str) -> str:
    """The console script of a tool that is installed beside this Python."""
    return str(Path(sys.executable).parent / name)


def environment(**more: str) -> dict[str, str]:
    """The environment of what is measured: compiled files are written and kept, as usual."""
    left_out = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONPYCACHEPREFIX")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, "PYTHONHASHSEED": "0", **more}


def run(command: Sequence[str], folder: Path, more: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end.

    :param command: the words.
    :param folder: where it runs.
    :param more: further environment variables.
    :raises RuntimeError: it failed.
    """
    log, told = folder / ".output", folder / ".cost"
    first = shutil.which(command[0]) or command[0]
    with log.open("wb") as output:
        subprocess.run(
            [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(told), first, *command[1:]],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment(**(more or {})),
            check=True,
        )
    code, cpu, wall, memory = told.read_text().split()
    if code != "0":
        raise RuntimeError(f"{' '.join(command)} failed:\n{log.read_text()[-2000:]}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Cost(float(cpu), float(wall), int(memory) / unit)


def has_valgrind() -> bool:
    """Whether instructions can be counted here."""
    return shutil.which("valgrind") is not None


def count_instructions(command: Sequence[str], folder: Path) -> int:
    """The instructions that a command executes, its own libraries' included.

    :param command: the words.
    :param folder: where it runs.
    :raises RuntimeError: it failed, or valgrind says nothing.
    """
    counted = ["valgrind", "--tool=cachegrind", "--cache-sim=no"]
    done = subprocess.run(
        [*counted, "--cachegrind-out-file=/dev/null", *command],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
    )
    found = re.search(r"I +refs: +([\d,]+)", done.stderr)
    if done.returncode or found is None:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return int(found[1].replace(",", ""))
