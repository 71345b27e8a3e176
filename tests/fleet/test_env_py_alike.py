"""Fleets of projects whose ``env.py`` opens each database alike: it runs for the first one only."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from textwrap import indent
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from limbeck.config import Config
from limbeck.script import ScriptDirectory
from limbeck.workflow.usual_env_py import usual_env_py
from tests.fleet.tenants import COUNT, NAMES, REVISIONS, Tenants
from tests.fleet.tenants_alike import tables_of, upgraded
from tests.project.test_plain_environment import USUAL

_MODELS = "from sqlalchemy.orm import declarative_base\n\nBase = declarative_base()\n"
_WRITES = "with open('lines.txt', 'a') as file:\n    file.write('a line\\n')\n"

_ON = pytest.mark.databases("sqlite", "postgresql15")


@pytest.fixture
def alike(tenants: Tenants) -> Iterator[Tenants]:
    """Tenants by their addresses, in a project with a usual ``env.py``, which imports models."""
    addresses = {name: (_whole(*place), None) for name, place in tenants.addresses.items()}
    lines = [f"{name} {address}" for name, (address, _) in addresses.items()]
    project = tenants.project
    project.write("tenants.txt", "\n".join(lines))
    (project.folder / "limbeck.toml").unlink()
    project.models(_MODELS)
    project.write("migrations/env.py", USUAL)
    ini = "[alembic]\nscript_location = %(here)s/migrations\nprepend_sys_path = %(here)s\n"
    ini += "path_separator = os\n"
    project.write("alembic.ini", f"{ini}sqlalchemy.url = sqlite://\n")
    yield replace(tenants, source=("--databases", "tenants.txt"), addresses=addresses)


def _whole(address: str, schema: str | None) -> str:
    """A tenant as a database of its own, where it is a schema of PostgreSQL."""
    if schema is None:
        return address
    return f"{address}?options={quote(f'-csearch_path={schema}')}"


def _env_py(alike: Tenants, old: str, new: str) -> None:
    alike.project.edit("migrations/env.py", old, new)


def _lines(alike: Tenants) -> int:
    """How many lines were written by the project's own code."""
    path = alike.project.folder / "lines.txt"
    return len(path.read_text().splitlines()) if path.exists() else 0


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The runs of ``env.py``."""
    seen: list[str] = []
    run_env = ScriptDirectory.run_env

    def counted(self: ScriptDirectory) -> Any:
        seen.append(self.env_py_location)
        return run_env(self)

    monkeypatch.setattr(ScriptDirectory, "run_env", counted)
    return seen


@_ON
@pytest.mark.parametrize("keeps_history", [False, True])
def test_both_roads_lead_to_the_same(
    alike: Tenants,
    runs: list[str],
    steps: list[str],
    monkeypatch: pytest.MonkeyPatch,
    keeps_history: bool,
) -> None:
    if keeps_history:
        alike.project.edit("alembic.ini", "[alembic]\n", "[alembic]\nhistory = true\n")
    answer = upgraded(alike, monkeypatch)
    assert answer.counts == {"done": COUNT}
    assert all(each.ran == REVISIONS and each.heads == ("r3",) for each in answer.outcomes)
    assert all(each.seconds >= 0 for each in answer.outcomes)
    assert steps == [name for name in alike.addresses for _ in REVISIONS][len(REVISIONS) :]
    assert len(runs) == 1
    assert alike.heads() == {name: ["r3"] for name in alike.addresses}
    first, *others = alike.addresses
    expected = tables_of(alike, first)
    assert ("limbeck_history" in expected) is keeps_history
    for name in others:
        assert tables_of(alike, name) == expected
    assert upgraded(alike, monkeypatch).counts == {"nothing": COUNT}


def test_it_runs_for_each_where_there_is_no_quick_road(
    alike: Tenants,
    runs: list[str],
    steps: list[str],
    monkeypatch: pytest.MonkeyPatch,
    database_name: str,
) -> None:
    answer = upgraded(alike, monkeypatch)
    assert answer.counts == {"done": COUNT}
    assert len(runs) == (COUNT if database_name == "mariadb" else 1)
    assert alike.heads() == {name: ["r3"] for name in alike.addresses}


@_ON
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("config = context.config\n", f"config = context.config\n{_WRITES}"),
        ("    with connectable", f"{indent(_WRITES, '    ')}    with connectable"),
    ],
)
def test_one_that_does_more_runs_for_each(
    alike: Tenants, steps: list[str], monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    _env_py(alike, old, new)
    assert upgraded(alike, monkeypatch).counts == {"done": COUNT}
    assert not steps
    assert _lines(alike) == COUNT


@_ON
def test_whoever_asked_for_each_version_hears_of_it(
    alike: Tenants, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = f"def heard(**_):\n{indent(_WRITES, '    ')}"
    _env_py(alike, "\ndef run", f"\n{heard}\ndef run")
    _env_py(alike, "metadata)", "metadata, on_version_apply=heard)")
    assert upgraded(alike, monkeypatch).counts == {"done": COUNT}
    assert not steps
    assert _lines(alike) == COUNT * len(REVISIONS)


@_ON
def test_settings_of_the_engine_hold_for_each(
    alike: Tenants, runs: list[str], steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    alike.project.edit("alembic.ini", "sqlalchemy.url", "sqlalchemy.echo = false\nsqlalchemy.url")
    assert upgraded(alike, monkeypatch).counts == {"done": COUNT}
    assert not steps
    assert len(runs) == COUNT


def test_what_a_caller_hands_over_may_be_for_one_database(alike: Tenants) -> None:
    asked = "config.attributes.get('connection') or engine_from_config("
    _env_py(alike, "engine_from_config(\n", f"{asked}\n")
    config = Config(alike.project.folder / "alembic.ini")
    script = ScriptDirectory.from_config(config)
    assert usual_env_py(config, script) is not None
    config.attributes["another"] = 1
    assert usual_env_py(config, script) is None


@_ON
def test_listeners_of_the_models_hear_of_each_connection(alike: Tenants) -> None:
    listens = (
        "import sqlalchemy as sa\n\n\n@sa.event.listens_for(sa.Engine, 'connect')\n"
        f"def connected(driver, record):\n{indent(_WRITES, '    ')}"
    )
    alike.project.write("shop/listening.py", listens)
    _env_py(alike, "from shop", "import shop.listening\nfrom shop")
    assert alike.run("upgrade", "head").code == 0
    count = _lines(alike)
    assert count >= COUNT
    assert alike.run("upgrade", "head").code == 0
    assert _lines(alike) >= count + COUNT  # although there is nothing to do


@_ON
def test_the_log_says_the_same(
    alike: Tenants,
    steps: list[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "limbeck")
    assert upgraded(alike, monkeypatch).counts == {"done": COUNT}
    assert len(steps) == (COUNT - 1) * len(REVISIONS)
    said = [each.getMessage() for each in caplog.records if each.name.endswith("migration")]
    per_tenant = len(said) // COUNT
    assert "Context impl" in said[0]
    assert f"Running upgrade {REVISIONS[0]} -> {REVISIONS[1]}, r2" in said
    assert said == said[:per_tenant] * COUNT
    caplog.clear()
    assert upgraded(alike, monkeypatch).counts == {"nothing": COUNT}
    again = [each.getMessage() for each in caplog.records if each.name.endswith("migration")]
    assert again == said[:2] * COUNT


@_ON
def test_a_failure_is_told_by_the_usual_road(
    alike: Tenants, runs: list[str], steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = [*alike.addresses][4]
    alike.execute(bad, "CREATE TABLE visit (id INTEGER)")
    answer = upgraded(alike, monkeypatch)
    [failed] = answer.failed
    assert (failed.tenant, failed.ran, failed.heads) == (bad, ("r1",), ("r1",))
    assert failed.problem is not None
    assert "visit" in failed.problem.message
    assert len(runs) == 3  # for the first one, for this one, and to ask where that is
    assert set(alike.addresses) - set(steps) <= {next(iter(alike.addresses)), bad}


@pytest.mark.databases("postgresql15")
def test_a_version_table_further_down_the_search_path_is_found(
    alike: Tenants, runs: list[str], steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = sa.create_engine(alike.url, poolclass=sa.NullPool)
    text = alike.project.folder.joinpath("tenants.txt").read_text()
    behind = {f"%3D{name}": f"%3D{name},public" for name in NAMES}
    for old, new in behind.items():
        text = text.replace(old, new)
    alike.project.write("tenants.txt", text)
    alike.project.write("first.txt", text.splitlines()[0])
    first = replace(alike, source=("--databases", "first.txt"))
    assert upgraded(first, monkeypatch).counts == {"done": 1}
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE public.alembic_version (version_num varchar(32))")
    try:
        answer = upgraded(alike, monkeypatch)
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE public.alembic_version")
    assert not steps
    assert len(answer.outcomes) == COUNT


@pytest.mark.databases("postgresql15")
def test_a_schema_that_it_does_not_enter_is_refused(
    alike: Tenants, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *_ = NAMES
    lines = (f"{first} {_whole(alike.url, first)} {first}", f"{second} {alike.url} {second}")
    alike.project.write("two.txt", "\n".join(lines))
    answer = upgraded(replace(alike, source=("--databases", "two.txt")), monkeypatch)
    assert answer.counts == {"done": 1, "failed": 1}
    assert not steps
    assert alike.heads() == {name: ["r3"] if name == first else [] for name in NAMES}
