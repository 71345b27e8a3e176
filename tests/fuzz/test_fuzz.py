"""A few drawn models, always the same ones; ``make fuzz`` draws more and others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.fuzz.examples import CATALOGUES, run

SEED = 20
EXAMPLES = {"sqlite": 120, "postgresql15": 40, "postgresql18": 40, "mariadb": 40}


@pytest.fixture
def drawn_engine(
    database_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[sa.Engine]:
    """An engine on an empty database; SQLite's is in memory."""
    in_memory = database_name == "sqlite"
    url = "sqlite://" if in_memory else request.getfixturevalue("database_url")
    engine = sa.create_engine(url)
    yield engine
    engine.dispose()


def test_the_loop_closes_for_drawn_models(database_name: str, drawn_engine: sa.Engine) -> None:
    count = EXAMPLES[database_name]
    report = run(CATALOGUES[database_name], drawn_engine, SEED, count)
    assert report.examples >= count
    assert not report.failures, "\n\n".join(f"{f.error}\n{f.source}" for f in report.failures)
