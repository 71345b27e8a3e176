"""Many deployers at once, many times, and the count of what came of it.

python -m tests.deploying.races -n 16 -r 20 -d sqlite -d mariadb
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conftest import fresh_database
from tests.deploying.fleet import BODIES, HALF, Fleet
from tests.servers.shared import address_of, stop_started

DATABASES = ("sqlite", "postgresql15", "postgresql18", "mariadb")


@dataclass
class Outcome:
    """What came of the rounds of one kind.

    :param codes: how many deployers ended with each exit code.
    :param wrong: rounds in which a revision did not run exactly once, or something is missing.
    :param alone: rounds in which one deployer has done all of it.
    """

    codes: Counter[int] = field(default_factory=Counter)
    rounds: int = 0
    wrong: int = 0
    alone: int = 0
    seconds: float = 0.0

    @property
    def is_good(self) -> bool:
        """Whether every deployer ended well, and each revision ran once."""
        return set(self.codes) == {0} and not self.wrong


def race(database: str, kind: str, start: str, deployers: int, servers: Path) -> Outcome:
    """One round."""
    outcome = Outcome(rounds=1)
    with TemporaryDirectory(prefix="limbeck-race-") as name, _database(database, servers) as url:
        fleet = Fleet(Path(name), url or f"sqlite:///{name}/test.db")
        fleet.revisions(kind)
        if start == "half":
            fleet.deploy(1, "upgrade", f"r{HALF}")
        began, clock = fleet.workers, time.monotonic()
        answers = fleet.deploy(deployers)
        outcome.seconds = time.monotonic() - clock
        outcome.codes.update(answer.code for answer in answers)
        outcome.alone = len(fleet.workers - began) == 1
        try:
            fleet.expect_all_applied(kind)
        except AssertionError:
            outcome.wrong = 1
        for answer in answers:
            if answer.code:
                print(answer.stderr, file=sys.stderr)
    return outcome


@contextmanager
def _database(name: str, servers: Path) -> Iterator[str]:
    if name == "sqlite":
        yield ""
        return
    with fresh_database(address_of(name, servers)) as url:
        yield url


def main() -> int:
    """Run all of it; 1 where anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", "--deployers", type=int, default=16)
    parser.add_argument("-r", "--rounds", type=int, default=20)
    parser.add_argument("-d", "--database", action="append", choices=DATABASES)
    options = parser.parse_args()
    is_good = True
    with TemporaryDirectory(prefix="limbeck-races-") as folder:
        try:
            for database, kind, start in _cases(options.database or DATABASES):
                total = Outcome()
                for _ in range(options.rounds):
                    one = race(database, kind, start, options.deployers, Path(folder))
                    total.codes += one.codes
                    total.rounds += 1
                    total.wrong += one.wrong
                    total.alone += one.alone
                    total.seconds += one.seconds
                is_good = is_good and total.is_good
                print(
                    f"{database:13} {kind:13} {start:6} rounds {total.rounds:3}  "
                    f"exit 0: {total.codes[0]} of {total.codes.total()}  wrong: {total.wrong}  "
                    f"by one alone: {total.alone}  {total.seconds / total.rounds:.1f} s a round",
                    flush=True,
                )
        finally:
            stop_started(Path(folder))
    return 0 if is_good else 1


def _cases(databases: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    for database in databases:
        for kind in BODIES:
            if kind == "concurrently" and not database.startswith("postgresql"):
                continue
            for start in ("empty", "half"):
                yield database, kind, start


if __name__ == "__main__":
    sys.exit(main())
