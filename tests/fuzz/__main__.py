"""``python -m tests.fuzz``: a long run on the databases, a process for each."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.fuzz.examples import CATALOGUES, Report, run
from tests.servers import STARTERS


def main() -> int:
    """Run, and say what was found."""
    options = _parser().parse_args()
    number = options.seed if options.seed is not None else random.randrange(10**6)
    databases = options.database or list(CATALOGUES)
    processes = []
    reports: Any = multiprocessing.Queue()
    for database in databases:
        arguments = (database, options.examples, number, options.block, reports)
        process = multiprocessing.Process(target=_run_one, args=arguments)
        process.start()
        processes.append(process)
    found = [reports.get() for _ in databases]
    for process in processes:
        process.join()
    if options.json:
        Path(options.json).write_text(json.dumps(found, indent=2, ensure_ascii=False))
    return 1 if any(report["failures"] for report in found) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("-d", "--database", action="append", choices=list(CATALOGUES))
    parser.add_argument("-n", "--examples", type=int, default=2000, help="for each database")
    parser.add_argument("-s", "--seed", type=int, help="a number; drawn where it is not given")
    parser.add_argument("-b", "--block", type=int, default=100, help="examples to one seed")
    parser.add_argument("--json", metavar="FILE", help="write the reports to a file as well")
    return parser


def _run_one(database: str, count: int, number: int, block: int, reports: Any) -> None:
    catalogue = CATALOGUES[database]
    told = 0

    def tell(report: Report) -> None:
        nonlocal told
        words = f"{database}: {report.examples} examples, {report.seconds:.0f} s, seed {number}"
        times, kinds = sum(f.times for f in report.failures), len(report.failures)
        print(f"{words}, {times} failures of {kinds} kinds", flush=True)
        for failure in report.failures[told:]:
            print(
                f"--- {database}, seed {failure.seed}, {' '.join(failure.kind)}\n{failure.error}",
                flush=True,
            )
            print(failure.source, flush=True)
        told = len(report.failures)

    try:
        with engine_for(database) as engine:
            report = asdict(run(catalogue, engine, number, count, block, tell))
        reports.put(report)
    except BaseException as error:
        reports.put({"database": database, "failures": [repr(error)]})
        raise


@contextmanager
def engine_for(database: str) -> Iterator[sa.Engine]:
    """An engine on a database of its own, on a server of its own where no address is given."""
    if database == "sqlite":
        yield sa.create_engine("sqlite://")
        return
    given = os.environ.get(f"LIMBECK_TEST_{database.upper()}")
    server = None if given else STARTERS[database]()
    try:
        address = given or (server.url if server else "")
        with fresh_engine(address) as engine:
            yield engine
    finally:
        if server is not None:
            server.stop()


@contextmanager
def fresh_engine(address: str) -> Iterator[sa.Engine]:
    """An engine on a new database, which is dropped at the end."""
    from tests.conftest import fresh_database

    with fresh_database(address) as url:
        engine = sa.create_engine(url)
        try:
            yield engine
        finally:
            engine.dispose()


if __name__ == "__main__":
    sys.exit(main())
