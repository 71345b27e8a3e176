"""Every case through the closing loop, on every database that it is meant for."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import DOMAIN

import tests.loop
from tests.loop.case import Case
from tests.loop.cases_storage import family_of_schemas
from tests.loop.cases_tables import key, table
from tests.loop.loop import Loop

FILES = sorted(m.name for m in pkgutil.iter_modules(tests.loop.__path__) if m.name[:6] == "cases_")
CASES: tuple[Case, ...] = tuple(
    case for name in FILES for case in importlib.import_module(f"tests.loop.{name}").CASES
)
BATCH = ("widen a string", "add a foreign key", "change a check", "drop a column", "add an index")


def by_name(name: str) -> Case:
    """The case of a name."""
    return next(case for case in CASES if case.name == name)


def test_names_are_unique() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_loop_closes(case: Case, engine: sa.Engine, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    _, second = Loop(engine, files).run(case)
    for words in case.expected:
        assert words in second.text
    assert_formatted(files)


@pytest.mark.databases("sqlite", "postgresql15")
@pytest.mark.parametrize("name", BATCH)
def test_the_loop_closes_in_batches(name: str, engine: sa.Engine, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    _, second = Loop(engine, files, render_as_batch=True).run(by_name(name))
    assert "with op.batch_alter_table(" in second.text
    assert_formatted(files)


def assert_formatted(folder: Path) -> None:
    """``ruff format`` with its own settings changes nothing."""
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.databases("postgresql15")
def test_a_family_of_two_schemas_goes(engine: sa.Engine, tmp_path: Path) -> None:
    def another(m: sa.MetaData) -> None:
        sa.Table("another", m, sa.Column("id", sa.Integer, primary_key=True), schema="Of Others")

    case = Case("a family of two schemas goes", family_of_schemas("Of Others"), another)
    Loop(engine, tmp_path, include_schemas=True).run(case)


@pytest.mark.databases("postgresql15")
@pytest.mark.parametrize("there", [True, False], ids=["another type", "no column"])
def test_a_domain_that_is_missing_is_created_for_its_column(
    there: bool, engine: sa.Engine, tmp_path: Path
) -> None:
    positive = DOMAIN("positive", sa.Integer(), check="VALUE > 0")
    before, after = (
        table("t", key(), *([sa.Column("n", type_)] if type_ is not None else []))
        for type_ in (
            sa.Integer() if there else None,
            sa.ARRAY(positive) if not there else positive,
        )
    )
    case = Case("a column of a new domain", before, after)
    first, second = case.models(before), case.models(after)
    first.create_all(engine)
    loop = Loop(engine, tmp_path)
    revision = loop.revision(case.name, second)
    for direction, models in (("upgrade", second), ("downgrade", first), ("upgrade", second)):
        revision.run(engine, direction, {})
        loop.closed(revision, models)


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    "opts", [{}, {"existing": "alembic"}, {"existing": "alembic", "layout": "alembic"}], ids=str
)
@pytest.mark.parametrize(
    "name", ["a table becomes strict with its types", "another key without rowids"]
)
def test_options_of_a_table_in_batches(
    name: str, opts: dict[str, str], engine: sa.Engine, tmp_path: Path
) -> None:
    _, second = Loop(engine, tmp_path, render_as_batch=True, **opts).run(by_name(name))
    assert second.text.count('recreate="always"') + second.text.count("recreate='always'") >= 2
