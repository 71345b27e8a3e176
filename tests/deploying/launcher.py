"""Run the ``limbeck`` command many times at one instant.

Each run is a process of its own, forked from one that has imported what every run imports: a start
of Python costs half a second, and what is to be seen is what happens after it. The processes begin
when all of them are there.

    python -m tests.deploying.launcher 16 FOLDER upgrade head
"""

from __future__ import annotations

import gc
import importlib
import os
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

import limbeck

#: The module whose ``main()`` is the command: limbeck's, or that of the name alembic.
PROGRAM = os.environ.get("LIMBECK_TEST_PROGRAM", "limbeck.cli.main")


def launch(count: int, output: Path, words: list[str]) -> list[int]:
    """Run the command in processes of their own.

    :param count: how many.
    :param output: the folder for what each prints: ``0.out``, ``0.err`` and so on.
    :param words: what is typed after ``limbeck``.
    :return: the exit codes.
    """
    for name in (*_modules(), *os.environ.get("LIMBECK_TEST_DRIVERS", "").split()):
        importlib.import_module(name)
    gc.freeze()  # so that what was imported stays shared
    reading, writing = os.pipe()
    children = []
    for number in range(count):
        child = os.fork()
        if not child:
            os.close(writing)
            _run(number, reading, output, words)
        children.append(child)
    os.close(reading)
    os.close(writing)  # all wait for the end of this pipe
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def _modules() -> Iterator[str]:
    """What a run may import."""
    yield "sqlalchemy.ext.asyncio"
    for module in pkgutil.walk_packages(limbeck.__path__, "limbeck."):
        if ".templates" not in module.name and not module.name.endswith("__main__"):
            yield module.name


def _run(number: int, gate: int, output: Path, words: list[str]) -> None:
    code = 70
    try:
        for descriptor, name in ((1, "out"), (2, "err")):
            file = os.open(output / f"{number}.{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(file, descriptor)
        command = importlib.import_module(PROGRAM)
        os.read(gate, 1)
        code = command.main(words) or 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    codes = launch(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
    print(*codes)
