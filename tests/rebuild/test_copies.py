"""The copy of a batch, text by text: what Alembic leaves of a table, beside what limbeck leaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from limbeck.operations import Operations
from limbeck.runtime.migration import MigrationContext
from tests.rebuild.copies import CASES, left_by

HERE = Path(__file__).parent
SHIM = HERE.parents[1] / "packages" / "limbeck-alembic" / "src"


def left_under(*path: Path) -> dict[str, list[str]]:
    done = subprocess.run(
        [sys.executable, str(HERE / "copies.py")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    left: dict[str, list[str]] = json.loads(done.stdout)
    return left


@pytest.fixture(scope="module")
def by_alembic() -> dict[str, list[str]]:
    return left_under()


def operations(connection: sa.Connection, existing: str | None) -> Operations:
    return Operations(MigrationContext.configure(connection, opts={"existing": existing}))


def test_a_project_of_alembics_has_its_tables_as_from_alembic(
    by_alembic: dict[str, list[str]],
) -> None:
    assert left_by(lambda connection: operations(connection, "alembic")) == by_alembic


def test_so_it_is_under_the_name_alembic(by_alembic: dict[str, list[str]]) -> None:
    assert left_under(SHIM) == by_alembic


def test_a_project_of_limbecks_keeps_what_reflection_loses() -> None:
    kept = {
        "orders and collations of an index": "a DESC, b COLLATE NOCASE",
        "index over an expression": "lower(b)",
        "trigger": "CREATE TRIGGER g",
        "collation and comments of columns": "COLLATE NOCASE",
        "autoincrement": "AUTOINCREMENT",
        "words of conflicts": "ON CONFLICT IGNORE",
        "foreign keys": "ON DELETE CASCADE",
        "types": "UUID",
    }
    cases = {name: CASES[name] for name in kept}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.rebuild.copies.CASES", cases)
        left = left_by(lambda connection: operations(connection, None))
    assert [
        name for name, words in kept.items() if not any(words in each for each in left[name])
    ] == []
