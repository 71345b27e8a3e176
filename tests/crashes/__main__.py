"""Interrupt a run everywhere, and run it again: ``python -m tests.crashes -d mariadb -k kill``.

Each trial brings a copy of one database up to the same revision, is interrupted there, and is run
again: schema and rows have to be those of a run that was not. With ``--undo`` what is in is taken
back instead, where that is possible, and the database has to be what it was.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.crashes.faults import Fault
from tests.crashes.servers import Crashable, Databases
from tests.crashes.trials import State, Trial
from tests.servers import STARTERS
from tests.servers.base import stop_process

DEFECT = 70  # limbeck itself has failed: see limbeck.cli.failures
KINDS = ("kill", "cut", "crash")


def main() -> int:
    """Run the trials that are asked for; 1 if one of them ends otherwise than a clean run."""
    parser = argparse.ArgumentParser(prog="python -m tests.crashes", description=__doc__)
    parser.add_argument("-d", "--database", choices=("sqlite", *STARTERS), required=True)
    parser.add_argument("-k", "--kind", choices=KINDS, default="kill")
    parser.add_argument("-e", "--every", type=int, default=1, help="only every so-manieth moment")
    parser.add_argument("-f", "--first", type=int, default=1, help="the first moment")
    parser.add_argument("-r", "--random", type=int, default=0, help="so many random instants")
    parser.add_argument("-s", "--seed", type=int, default=1)
    parser.add_argument("--rows", type=int, default=6, help="rows in each table at the start")
    parser.add_argument("--no-data", action="store_true", help="a revision that changes no rows")
    parser.add_argument("--undo", action="store_true", help="take back instead of going on")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="limbeck-crashes-") as folder:
        return Trials(asked, Path(folder)).run()


class Trials:
    """The trials of one call.

    :param asked: the options.
    :param folder: for their projects.
    """

    def __init__(self, asked: argparse.Namespace, folder: Path) -> None:
        self.asked = asked
        self.folder = folder
        self.crashable: Crashable | None = None
        self.counts: Counter[str] = Counter()
        server = ""
        if asked.database != "sqlite":
            self.crashable = Crashable(asked.database)
            server = self.crashable.server.url
        self.databases = Databases(asked.database, server)

    def run(self) -> int:
        """Run all of them."""
        try:
            with self.databases.fresh() as url:
                trial = self._trial(url)
                ended = trial.run("upgrade", "r1")
                assert ended.code == 0, ended.output
                before = trial.state()
                clean, moments, seconds = self._clean(trial)
                print(f"{moments} moments, {seconds:.2f} s", flush=True)
                for fault, instant in self._faults(moments, seconds):
                    self._one(trial, before, clean, fault, instant)
        except KeyboardInterrupt:
            print("interrupted", flush=True)
        finally:
            if self.crashable is not None:
                self.crashable.stop()
        print(dict(self.counts), flush=True)
        return 1 if self.counts["wrong"] else 0

    def _trial(self, url: str) -> Trial:
        kind = self.asked.database.rstrip("158")
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        return Trial(folder, url, kind, with_data=not self.asked.no_data, rows=self.asked.rows)

    def _clean(self, trial: Trial) -> tuple[State, int, float]:
        with self.databases.copy_of(trial.url) as url:
            clean = trial.on(url)
            ended = clean.run("upgrade", "head")
            assert ended.code == 0, ended.output
            return clean.state(), ended.moments, ended.seconds

    def _faults(self, moments: int, seconds: float) -> Iterator[tuple[Fault | None, float | None]]:
        if self.asked.random:
            chance = random.Random(self.asked.seed)
            for _ in range(self.asked.random):
                yield None, chance.uniform(0.0, seconds)
            return
        for moment in range(self.asked.first, moments + 1, self.asked.every):
            yield Fault(self.asked.kind, moment), None

    def _one(
        self, first: Trial, before: State, clean: State, fault: Fault | None, after: float | None
    ) -> None:
        began = time.monotonic()
        with self.databases.copy_of(first.url) as url:
            trial = first.on(url)
            if fault is not None and self.crashable is not None:
                fault = Fault(fault.kind, fault.moment, self.crashable.server.pid)
            ended = trial.run("upgrade", "head", fault=fault, kill_after=after)
            if fault is not None and fault.kind == "crash" and self.crashable is not None:
                stop_process(self.crashable.server.pid)
                self.crashable.start_again()
            wanted = clean
            again = None
            if self.asked.undo:
                again = trial.run("repair", "--undo")
                self.counts["undone"] += again.code == 0
                refused = "cannot be undone" in again.output
                self.counts["undo refused"] += refused
                if again.code == 0 or "nothing was interrupted" in again.output:
                    wanted = before if trial.state().version == before.version else clean
                    again = None
                elif not refused:
                    self._wrong(fault, after, ended.output, again.output, [])
                    return
            if wanted is clean:
                again = trial.run("upgrade", "head")
            differences = trial.state().differs_from(wanted)
        self.counts["trials"] += 1
        self.counts[f"first run ended with {ended.code}"] += 1
        failed = ended.code == DEFECT or (again is not None and again.code)
        if differences or failed:
            output = again.output if again is not None else ""
            self._wrong(fault, after, ended.output, output, differences)
        elif self.counts["trials"] % 20 == 0:
            seconds = time.monotonic() - began
            print(f"… {self.counts['trials']} trials ({seconds:.1f} s each)", flush=True)

    def _wrong(
        self,
        fault: Fault | None,
        after: float | None,
        first: str,
        second: str,
        differences: list[str],
    ) -> None:
        self.counts["wrong"] += 1
        print(f"WRONG: {fault or after}", *differences[:8], sep="\n    ")
        print(f"  first run: {first[-900:]}\n  second run: {second[-900:]}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
