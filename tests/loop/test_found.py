"""Databases as they are found: what is no difference stays, and what is one is undone whole."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.loop.found import FOUND, Found
from tests.loop.loop import Loop


@pytest.mark.parametrize("case", FOUND, ids=lambda case: case.name)
def test_what_is_found(case: Found, engine: sa.Engine, tmp_path: Path) -> None:
    loop = Loop(engine, tmp_path)
    with engine.begin() as connection:
        for statement in case.statements:
            connection.exec_driver_sql(statement, None, {"no_parameters": True})
    models = sa.MetaData()
    case.models(models)
    found = loop.picture()
    comparison = loop.comparison(models)
    if not case.differs:
        assert comparison.changes == ()
        return
    assert comparison.changes
    revision = loop.revision(case.name, models)
    for words in case.expected:
        assert words in revision.text
    opts = {"target_metadata": models}
    revision.run(engine, "upgrade", opts)
    loop.closed(revision, models)
    revision.run(engine, "downgrade", opts)
    loop.alike(found, loop.picture(), revision)
