"""What needs no database starts without SQLAlchemy."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.project import BEFORE, Project

_RUN = """\
import sys
from limbeck.cli.main import main

try:
    code = main(sys.argv[1:])
except SystemExit as end:  # argparse ends the process after --help
    code = end.code
print("loaded:", *sorted(name for name in sys.modules if "." not in name))
sys.exit(code)
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with two revisions, of which one carries a stamp that does not fit."""
    project = Project(tmp_path)
    project.models(BEFORE)
    project.settings()
    project.revision("aaaa1111", None)
    project.revision("bbbb2222", "aaaa1111")
    path = next((tmp_path / "migrations" / "versions").glob("bbbb2222*"))
    stamp = f"# Proved: sha256:{'0' * 32} on sqlite 3.40"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{stamp}\n", encoding="utf-8")
    return project


@pytest.mark.parametrize(
    "words",
    [
        "--help",
        "upgrade --help",
        "--version",
        "history",
        "history -v",
        "history -r aaaa1111:",
        "history --json",
        "heads",
        "heads --resolve-dependencies",
        "show bbbb2222",
        "branches",
        "list_templates",
    ],
)
def test_imports_no_sqlalchemy(project: Project, words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _RUN, *words.split()],
        cwd=project.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = done.stdout.splitlines()[-1].split()
    assert loaded[0] == "loaded:"
    assert "limbeck" in loaded
    assert not {"sqlalchemy", "mako", "rich", "asyncio"} & set(loaded)


_ALL = _RUN.replace('if "." not in name', "")

_STANDARD = {
    *("ast", "asyncio", "dataclasses", "datetime", "difflib", "importlib.metadata", "inspect"),
    *("argparse", "logging", "pathlib", "shutil", "signal", "subprocess", "tempfile", "tokenize"),
    *("configparser", "tomllib", "typing", "uuid"),
}
"""Modules of the standard library that cost as much as all else these commands do."""

_CLI = {
    *("answers", "arguments", "configuration", "fleet_grammar", "garbage", "grammar", "main"),
    *("plain_words", "rehearse_grammar", "terminal"),
}
_PROJECT = {
    *("file_index", "files", "interpolation", "kept_file", "listing", "paths", "plain_ini"),
    *("revision_file", "separators", "settings", "settings_reader"),
}
_REVISIONS = {"errors", "graph", "linking", "names", "ranges", "resolve", "revision", "walk"}
_SCRIPT = {"directory", "locations", "refusals", "script"}


def _below(room: str, names: set[str]) -> set[str]:
    return {f"limbeck.{room}", *(f"limbeck.{room}.{name}" for name in names)}


_ENV = """
import sqlalchemy as sa
from alembic import context

with sa.create_engine("sqlite:///test.db", poolclass=sa.NullPool).connect() as connection:
    context.configure(connection=connection, target_metadata=sa.MetaData())
    with context.begin_transaction():
        context.run_migrations()
"""

_READING = {
    *("limbeck", "limbeck.command", "limbeck.config", "limbeck.errors", "limbeck.own_commands"),
    *("limbeck.light_typing", "limbeck.visible"),
    *_below("cli", _CLI),
    *_below("project", _PROJECT),
    *_below("revisions", _REVISIONS),
    *_below("script", _SCRIPT),
    *_below("workflow", {"entries", "project"}),
}


def _loaded(project: Project, words: str, environment: Mapping[str, str] | None = None) -> set[str]:
    """The modules that a command has loaded when it has done its work."""
    done = subprocess.run(
        [sys.executable, "-c", _ALL, *words.split()],
        cwd=project.folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "--help",
            {
                *("limbeck", "limbeck.errors", "limbeck.light_typing", "limbeck.visible"),
                *_below("cli", _CLI - {"answers", "configuration"} | {"parser"}),
            },
        ),
        ("heads", _READING | {"limbeck.workflow.heads"}),
        ("history", _READING | {"limbeck.workflow.history"}),
        (
            "show aaaa1111",
            {*_READING, *_below("workflow", {"show", "stale_stamps"}), "limbeck.cli.told_stamps"},
        ),
    ],
)
def test_what_is_loaded(project: Project, words: str, expected: set[str]) -> None:
    (project.folder / "limbeck.toml").rename(project.folder / "kept.toml")
    (project.folder / "alembic.ini").write_text(
        "[alembic]\nscript_location = migrations\n", encoding="utf-8"
    )
    loaded = _loaded(project, words)
    ours = {name for name in loaded if name.split(".")[0] == "limbeck"}
    # where nothing is kept between runs, files are read each time
    assert ours - {"limbeck.project.revision_head"} == expected
    assert not (_STANDARD - ({"argparse"} if words == "--help" else set())) & loaded


_BARE = {
    *(_READING - _below("cli", {"answers"}) - {"limbeck.workflow.entries"}),
    *_below("cli", {"bare_answers"}),
    *_below("database", {"bare_address", "bare_reading"}),
    *_below("facts", {"own_tables"}),
    "limbeck.project.plain_toml",
    *_below("workflow", {"bare_ground", "bare_road"}),
}
_CHECKING = _below("revisions", {"history_row", "mismatches", "plan", "recorded", "rows", "step"})


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("current", _BARE),
        (
            "upgrade head",
            _BARE | _CHECKING | {"limbeck.value", "limbeck.project.harmless_models"},
        ),
    ],
)
def test_what_is_loaded_with_nothing_to_do(
    project: Project, words: str, expected: set[str]
) -> None:
    assert project.run("upgrade", "head").code == 0
    loaded = _loaded(project, words, project._environment({}))
    ours = {name for name in loaded if name.split(".")[0] == "limbeck"}
    assert ours - {"limbeck.project.revision_head"} == expected
    assert not {"sqlalchemy", "logging", "pathlib", "argparse"} & loaded


_FOR_CHANGES = {
    *("limbeck.facts.new_names", "limbeck.facts.object_kinds", "limbeck.facts.objects"),
    *("limbeck.facts.kind_words", "limbeck.facts.rights", "limbeck.facts.routines"),
    "limbeck.facts.schema_objects",
    *("limbeck.facts.scope", "limbeck.autogenerate", "limbeck.diff", "limbeck.plan"),
    *("limbeck.render", "sqlalchemy.dialects.mysql", "sqlalchemy.dialects.postgresql"),
}
"""What is needed to compare, and other databases' dialects: a tenth of what a command costs."""


@pytest.mark.parametrize("words", ["current", "upgrade head"])
def test_what_an_env_py_with_nothing_to_do_does_without(project: Project, words: str) -> None:
    (project.folder / "limbeck.toml").unlink()
    project.write("alembic.ini", "[alembic]\nscript_location = migrations\n")
    project.write("migrations/env.py", _ENV)
    assert project.run("upgrade", "head").code == 0
    loaded = _loaded(project, words)
    assert {"limbeck.runtime.migration", "sqlalchemy.dialects.sqlite"} <= loaded
    assert not _FOR_CHANGES & loaded


def test_plain_settings_of_limbecks_own_need_no_tomllib(project: Project) -> None:
    loaded = _loaded(project, "heads")
    assert "limbeck.project.plain_toml" in loaded
    assert not _STANDARD & loaded


def test_the_check_itself_sees_sqlalchemy(project: Project) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sqlalchemy\n" + _RUN, "heads"],
        cwd=project.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "sqlalchemy" in done.stdout.splitlines()[-1].split()
