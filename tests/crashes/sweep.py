"""Many trials of one kind, with what came of them."""

from __future__ import annotations

import random
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.crashes.command import Ended
from tests.crashes.faults import Fault
from tests.crashes.servers import Crashable, Databases
from tests.crashes.states import State
from tests.crashes.trials import Trial
from tests.servers.base import stop_process

DEFECT = 70  # limbeck itself has failed: see limbeck.cli.failures
_SOON = 60
_SHOWN = 1500


@dataclass(frozen=True)
class Asked:
    """What a sweep is to try.

    :param database: the kind of database.
    :param kind: what happens: ``kill``, ``cut`` or ``crash``.
    :param every: only every so-manieth moment.
    :param first: the first moment, or the first of the random instants.
    :param last: the last one; None for all.
    :param random: how many random instants, 0 for each moment instead.
    :param seed: what they are drawn by.
    :param rows: how many rows the tables have.
    :param no_data: whether the revision changes no rows.
    :param undo: take back instead of going on.
    :param again: how often the run that follows is killed.
    :param size: how many statements a revision holds; 0 for one revision that holds all.
    :param stage: the only revision to interrupt, by its number; 0 for each.
    :param messages: the moments are those of the driver's messages, and nobody listens to
        statements (MariaDB).
    """

    database: str
    kind: str = "kill"
    every: int = 1
    first: int = 1
    last: int | None = None
    random: int = 0
    seed: int = 1
    rows: int = 6
    no_data: bool = False
    undo: bool = False
    again: int = 0
    size: int = 0
    stage: int = 0
    messages: bool = False

    def command(self, number: int, stage: int) -> str:
        """The command that tries one moment, or one random instant, of a revision once more."""
        words = [f"-d {self.database} -f {number} -l {number} --rows {self.rows} -s {self.seed}"]
        words.append(f"-k {self.kind}" + (f" -r {self.random}" if self.random else ""))
        words += ["--messages"] if self.messages else []
        words += ["--no-data"] if self.no_data else []
        words += ["--undo"] if self.undo else []
        words += [f"--again {self.again}"] if self.again else []
        words += [f"--size {self.size} --stage {stage}"] if self.size else []
        return " ".join(["python -m tests.crashes", *words])


@dataclass(frozen=True)
class Instant:
    """When a run is interrupted.

    :param number: which moment, or which of the random instants.
    :param seconds: for a random one, how long after the start.
    """

    number: int
    seconds: float | None = None


@dataclass
class _Runs:
    """The commands of one trial, and how each has ended."""

    trial: Trial
    ended: list[tuple[str, Ended]] = field(default_factory=list)

    def run(self, *words: str, fault: Fault | None = None, after: float | None = None) -> Ended:
        ended = self.trial.run(*words, fault=fault, kill_after=after)
        self.ended.append((" ".join(words), ended))
        return ended

    @property
    def is_broken(self) -> bool:
        return any(ended.code == DEFECT for _, ended in self.ended)

    def lines(self) -> Iterator[str]:
        for words, ended in self.ended:
            yield f"  limbeck {words}: {ended.code}"
            yield from (f"      {line}" for line in ended.output[-_SHOWN:].splitlines())


class Sweep:
    """The trials of one call.

    :param asked: what is to be tried.
    :param folder: for their projects.
    """

    def __init__(self, asked: Asked, folder: Path) -> None:
        self.asked = asked
        self.folder = folder
        self.crashable: Crashable | None = None
        self.counts: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.wrong: list[tuple[int, int]] = []
        self.target = "r2"
        server = ""
        if asked.database != "sqlite":
            self.crashable = Crashable(asked.database)
            server = self.crashable.server.url
        self.databases = Databases(asked.database, server)

    def run(self) -> int:
        """Run all of them; 1 if one has gone wrong."""
        try:
            with self.databases.fresh() as url:
                first = self._trial(url)
                _well(first.run("upgrade", "r1"))
                print(self.asked)
                for stage in range(2, first.last + 1):
                    if self.asked.stage in (0, stage):
                        self._interrupt_everywhere(first, stage)
                    if stage < first.last:
                        _well(first.run("upgrade", f"r{stage}"))
        except KeyboardInterrupt:
            print("interrupted", flush=True)
        finally:
            if self.crashable is not None:
                self.crashable.stop()
        self._say_counts()
        return 1 if self.wrong else 0

    def _interrupt_everywhere(self, first: Trial, stage: int) -> None:
        self.target = f"r{stage}"
        before = first.state()
        clean, moments, seconds = self._clean(first)
        print(f"{self.target}: {moments} moments, {seconds:.2f} s", flush=True)
        for instant in self._instants(moments, seconds):
            self._one(first, before, clean, instant)

    def _say_counts(self) -> None:
        for reason, count in self.refusals.most_common():
            print(f"undo refused {count} times: {reason}")
        for name, count in sorted(self.counts.items()):
            print(f"{name}: {count}")
        print(f"wrong: {len(self.wrong)} {self.wrong or ''}", flush=True)

    def _trial(self, url: str) -> Trial:
        kind = self.asked.database.rstrip("158")
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        return Trial(
            folder,
            url,
            kind,
            with_data=not self.asked.no_data,
            rows=self.asked.rows,
            size=self.asked.size,
        )

    def _clean(self, first: Trial) -> tuple[State, int, float]:
        with self.databases.copy_of(first.url) as url:
            clean = first.on(url)
            fault = Fault(of_messages=True) if self.asked.messages else None
            ended = _well(clean.run("upgrade", self.target, fault=fault))
            return clean.state(), ended.moments, ended.seconds

    def _instants(self, moments: int, seconds: float) -> Iterator[Instant]:
        asked = self.asked
        chance = random.Random(asked.seed)
        drawn = [chance.uniform(0.0, seconds) for _ in range(asked.random)]
        last = min(asked.last or moments, len(drawn) or moments)
        for number in range(asked.first, last + 1, asked.every):
            yield Instant(number, drawn[number - 1] if drawn else None)

    def _one(self, first: Trial, before: State, clean: State, instant: Instant) -> None:
        began = time.monotonic()
        differences: list[str] = []
        runs = _Runs(first)
        try:
            with self.databases.copy_of(first.url) as url:
                runs = _Runs(first.on(url))
                self._interrupt(runs, instant)
                wanted = self._undo(runs, instant, before, clean) if self.asked.undo else None
                if wanted is None:
                    wanted = clean
                    self._until_done(runs, instant, "upgrade", self.target)
                differences = runs.trial.state().differs_from(wanted)
        except Exception:
            # The sweep goes on whatever one trial comes to.
            differences = traceback.format_exc().splitlines()[-12:]
        self.counts["trials"] += 1
        if differences or runs.is_broken:
            self._say_wrong(instant, differences, runs)
        elif self.counts["trials"] % 20 == 0:
            seconds = time.monotonic() - began
            print(f"… {self.counts['trials']} trials ({seconds:.1f} s each)", flush=True)

    def _interrupt(self, runs: _Runs, instant: Instant) -> None:
        fault, after, asked = None, instant.seconds, self.asked
        if after is None or asked.messages:
            server = self.crashable.server.pid if self.crashable is not None else 0
            number = instant.number if after is None else 0
            fault = Fault(asked.kind, number, server, asked.messages, after or 0.0)
        ended = runs.run(
            "upgrade", self.target, fault=fault, after=after if fault is None else None
        )
        self.counts[f"first run ended with {ended.code}"] += 1
        if fault is not None and fault.kind == "crash" and self.crashable is not None:
            stop_process(self.crashable.server.pid)
            self.crashable.start_again()

    def _undo(self, runs: _Runs, instant: Instant, before: State, clean: State) -> State | None:
        """What there has to be after an undo; None where it is refused, and one has to go on."""
        ended = self._until_done(runs, instant, "repair", "--undo", may_fail=True)
        if ended.code == 0:
            self.counts["undone"] += 1
            return before
        if "nothing was interrupted" in ended.output:
            self.counts["nothing to undo"] += 1
            return before if runs.trial.state().version == before.version else clean
        if "cannot be undone" not in ended.output:
            raise AssertionError("the undo has failed")
        self.counts["undo refused"] += 1
        for line in ended.output.splitlines():
            if line.startswith("  "):
                self.refusals[line.strip()] += 1
        return None

    def _until_done(
        self, runs: _Runs, instant: Instant, *words: str, may_fail: bool = False
    ) -> Ended:
        """Run what follows, which is killed itself a few times first."""
        chance = random.Random(self.asked.seed * 1000 + instant.number)
        for _ in range(self.asked.again):
            fault = Fault("kill", chance.randint(1, _SOON), of_messages=self.asked.messages)
            ended = runs.run(*words, fault=fault)
            if ended.code != -9:
                break
            self.counts[f"{words[0]} killed as well"] += 1
        else:
            ended = runs.run(*words, fault=Fault(of_messages=self.asked.messages))
        if ended.code and not may_fail:
            raise AssertionError(f"limbeck {' '.join(words)} has failed")
        return ended

    def _say_wrong(self, instant: Instant, differences: list[str], runs: _Runs) -> None:
        stage = int(self.target.removeprefix("r"))
        self.wrong.append((stage, instant.number))
        when = f" ({instant.seconds:.3f} s)" if instant.seconds is not None else ""
        print(f"WRONG: {self.asked.command(instant.number, stage)}{when}")
        print(*(f"    {line}" for line in differences[:14]), sep="\n")
        print(*runs.lines(), sep="\n", flush=True)


def _well(ended: Ended) -> Ended:
    assert ended.code == 0, ended.output
    return ended
