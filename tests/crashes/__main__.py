"""Interrupt a run everywhere, and run it again: ``python -m tests.crashes -d mariadb -k kill``.

Each trial brings a copy of one database up to the same revision, is interrupted there, and is run
again: schema and rows have to be those of a run that was not. With ``--undo`` what is in is taken
back instead, where that is possible, and the database has to be what it was. What goes wrong is
printed with the command that tries it once more, and the sweep goes on.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from tests.crashes.sweep import Asked, Sweep
from tests.servers import STARTERS

KINDS = ("kill", "cut", "crash", "fail")


def main() -> int:
    """Run the trials that are asked for; 1 if one of them ends otherwise than a clean run."""
    parser = argparse.ArgumentParser(prog="python -m tests.crashes", description=__doc__)
    parser.add_argument("-d", "--database", choices=("sqlite", *STARTERS), required=True)
    parser.add_argument("-k", "--kind", choices=KINDS, default="kill")
    parser.add_argument("-e", "--every", type=int, default=1, help="only every so-manieth moment")
    parser.add_argument("-f", "--first", type=int, default=1, help="the first moment")
    parser.add_argument("-l", "--last", type=int, help="the last moment")
    parser.add_argument("-r", "--random", type=int, default=0, help="so many random instants")
    parser.add_argument("-s", "--seed", type=int, default=1)
    parser.add_argument("--rows", type=int, default=6, help="rows in each table at the start")
    parser.add_argument("--no-data", action="store_true", help="a revision that changes no rows")
    parser.add_argument("--undo", action="store_true", help="take back instead of going on")
    parser.add_argument(
        "--again", type=int, default=0, metavar="TIMES",
        help="kill what goes on, or takes back, so many times as well",
    )  # fmt: skip
    parser.add_argument(
        "--size", type=int, default=0, metavar="STATEMENTS",
        help="several revisions of so many statements, not one that holds all; quicker to repeat",
    )  # fmt: skip
    parser.add_argument("--stage", type=int, default=0, help="only this one of them, from 2 on")
    parser.add_argument(
        "--messages", action="store_true",
        help="moments are the driver's messages, and nobody listens to statements (MariaDB)",
    )  # fmt: skip
    asked = Asked(**vars(parser.parse_args()))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="limbeck-crashes-") as folder:
        return Sweep(asked, Path(folder)).run()


if __name__ == "__main__":
    sys.exit(main())
