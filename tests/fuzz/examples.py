"""What one example is, and how many are run."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.fuzz.catalogue import Catalogue
from tests.fuzz.catalogue_mariadb import MARIADB
from tests.fuzz.catalogue_postgresql import POSTGRESQL15, POSTGRESQL18
from tests.fuzz.catalogue_sqlite import SQLITE
from tests.fuzz.changes import changed
from tests.fuzz.loop import DrawnLoop
from tests.fuzz.pair import Pair
from tests.fuzz.reduce import kind_of_failure, reduced
from tests.fuzz.respelled import respelled
from tests.fuzz.tables import model

CATALOGUES = {c.database: c for c in (SQLITE, POSTGRESQL15, POSTGRESQL18, MARIADB)}


def pairs(catalogue: Catalogue) -> SearchStrategy[Pair]:
    """Pairs of models for a database."""

    @st.composite
    def drawn(draw: DrawFn) -> Pair:
        before = model(draw, catalogue)
        same = respelled(draw, before)
        # One in ten has nothing to do with the one before.
        other = draw(st.integers(0, 9)) == 9
        after = model(draw, catalogue) if other else changed(draw, catalogue, before)
        return Pair(before, same, after)

    return drawn()


@dataclass
class Failure:
    """An example for which the loop does not hold, as small as it was found."""

    kind: tuple[str, ...]
    seed: int
    error: str
    source: str
    times: int = 1


@dataclass
class Report:
    """What a run found."""

    database: str
    seed: int
    examples: int = 0
    seconds: float = 0.0
    failures: list[Failure] = field(default_factory=list)


def run_block(
    catalogue: Catalogue, loop: DrawnLoop, number: int, count: int, report: Report
) -> None:
    """Run some examples; one failure of each kind is made small.

    A failure does not end the run, so nothing of it is told to Hypothesis.

    :param number: the seed.
    :param count: how many examples.
    """
    limits = settings(
        max_examples=count,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),  # what fails is made small by reduce.py, which knows tables
    )

    @seed(number)
    @limits
    @given(pairs(catalogue))
    def each(pair: Pair) -> None:
        report.examples += 1
        try:
            loop.hold(pair.before, pair.after, pair.respelled)
        except Exception as error:
            record(report, number, pair, error, loop, catalogue)

    each()


def record(
    report: Report,
    number: int,
    pair: Pair,
    error: Exception,
    loop: DrawnLoop,
    catalogue: Catalogue,
) -> None:
    """Count a failure; the first of its kind is made small."""
    kind = kind_of_failure(error)
    for failure in report.failures:
        if failure.kind == kind:
            failure.times += 1
            return
    small, found = reduced(pair, error, loop, catalogue)
    report.failures.append(Failure(kind, number, words_of(found), small.source()))


def words_of(error: BaseException) -> str:
    """The error and where in limbeck or here it came up."""
    frames = [
        f for f in traceback.extract_tb(error.__traceback__) if "site-packages" not in f.filename
    ]
    places = "\n".join(f"  {f.filename}:{f.lineno} {f.name}" for f in frames[-4:])
    return f"{type(error).__name__}: {error}\n{places}"


def run(
    catalogue: Catalogue,
    engine: sa.Engine,
    number: int,
    count: int,
    block: int = 100,
    told: Callable[[Report], None] | None = None,
) -> Report:
    """Run many examples, in blocks of one seed each."""
    report = Report(catalogue.database, number)
    start = time.monotonic()
    loop = DrawnLoop(engine)
    try:
        while report.examples < count:
            run_block(catalogue, loop, number, min(block, count - report.examples), report)
            report.seconds = time.monotonic() - start
            if told is not None:
                told(report)
            number += 1
    finally:
        loop.close()
    return report
