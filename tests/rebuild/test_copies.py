"""The copy of a batch, text by text: what Alembic leaves of a table, beside what limbeck leaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.errors import CommandError
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


def operations(connection: sa.Connection, **opts: Any) -> Operations:
    return Operations(MigrationContext.configure(connection, opts=opts))


def test_a_project_of_alembics_has_its_tables_as_from_alembic(
    by_alembic: dict[str, list[str]],
) -> None:
    assert left_by(lambda c, opts: operations(c, existing="alembic", **opts)) == by_alembic


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
        patch.setattr("tests.rebuild.copies.TOLD", {})
        left = left_by(lambda c, opts: operations(c, **opts))
    assert [
        name for name, words in kept.items() if not any(words in each for each in left[name])
    ] == []


def test_a_table_without_rowids_does_not_count_them() -> None:
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE t (id INTEGER CONSTRAINT k PRIMARY KEY /* ! */ AUTOINCREMENT, a INTEGER)"
        )
        connection.exec_driver_sql("INSERT INTO t (a) VALUES (7)")
        made = operations(connection)
        no_rowid = {"sqlite_with_rowid": False}
        with made.batch_alter_table("t", table_kwargs=no_rowid) as batch:
            batch.alter_column("a", nullable=False)
        text = connection.scalar(sa.text("SELECT sql FROM sqlite_master WHERE name = 't'"))
        assert text == (
            'CREATE TABLE "t" (id INTEGER CONSTRAINT k PRIMARY KEY /* ! */, a INTEGER NOT NULL)'
            " WITHOUT ROWID"
        )
        assert connection.exec_driver_sql("SELECT * FROM t").all() == [(1, 7)]
        both = {**no_rowid, "sqlite_autoincrement": True}
        with (
            pytest.raises(CommandError, match="AUTOINCREMENT without rowids"),
            made.batch_alter_table("t", table_kwargs=both) as batch,
        ):
            batch.alter_column("a", nullable=True)
    engine.dispose()
