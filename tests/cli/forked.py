"""The command in a process that is forked from one which has imported it already.

A new process spends most of its time importing. What is forked begins as empty as a new one, as
nothing of a project was ever imported there.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    [
        "limbeck.cli.main",
        "limbeck.cli.answers",
        "limbeck.cli.told_answers",
        "limbeck.cli.told_fleet",
        "limbeck.command",
        "limbeck.workflow.upgrade",
        "limbeck.workflow.revision",
        "limbeck.workflow.native_environment",
        "limbeck.op",
        "sqlalchemy.orm",
        "sqlalchemy.dialects.sqlite",
        "sqlalchemy.dialects.postgresql",
        "mako.template",
    ]
)
_SECONDS = 120


def run_forked(
    folder: Path, environment: Mapping[str, str], words: tuple[str, ...]
) -> tuple[int, str, str]:
    """Run ``limbeck`` in a folder.

    :param folder: the current folder of the command.
    :param environment: all of its environment variables.
    :param words: what is typed behind ``limbeck``.
    :return: the exit code, and what was written on stdout and on stderr.
    """
    with TemporaryDirectory() as place:
        streams = Path(place)
        arguments = (str(folder), dict(environment), words, str(streams))
        process = _context.Process(target=_run, args=arguments)
        process.start()
        process.join(_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()
            raise TimeoutError(f"limbeck {' '.join(words)} took more than {_SECONDS} seconds")
        told = [(streams / name).read_text(encoding="utf-8") for name in ("stdout", "stderr")]
        return process.exitcode or 0, told[0], told[1]


def _run(folder: str, environment: dict[str, str], words: tuple[str, ...], streams: str) -> None:
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        path = os.devnull if name == "stdin" else f"{streams}/{name}"
        opened = os.open(path, os.O_RDWR | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = os.fdopen(0, closefd=False)  # multiprocessing gives one that is closed
    os.environ.clear()
    os.environ.update(environment)
    here = str(Path(__file__).resolve().parents[2])
    sys.path[:] = [each for each in sys.path if each not in ("", here)]
    sys.argv = ["limbeck", *words]
    os.chdir(folder)

    from limbeck.cli.main import main

    sys.exit(main())
