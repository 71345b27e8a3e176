"""The folder that ``init`` makes."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from limbeck.config import Config
from limbeck.errors import CommandError, UsageError
from limbeck.project.scaffold import create_environment, list_templates
from limbeck.script import ScriptDirectory

TEMPLATES = Path(Config().get_template_directory())
KINDS = ["async", "generic", "multidb", "pyproject", "pyproject_async"]


def make(folder: Path, kind: str = "generic", directory: str = "migrations") -> list[str]:
    done = create_environment(
        folder / directory,
        TEMPLATES,
        kind,
        ini=folder / "limbeck.ini",
        pyproject=folder / "pyproject.toml",
    )
    return [f"{one.action} {one.path.relative_to(folder.absolute())}" for one in done]


def test_the_five_templates() -> None:
    entries = list_templates(TEMPLATES)
    assert [entry.name for entry in entries] == KINDS
    assert all(entry.description.endswith(".") for entry in entries)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_made(tmp_path: Path, kind: str) -> None:
    done = make(tmp_path, kind)
    assert "created folder migrations/versions" in done
    assert {"written migrations/env.py", "written migrations/script.py.mako"} <= set(done)
    assert "written migrations/README" in done
    assert "written limbeck.ini" in done
    assert ("written pyproject.toml" in done) == kind.startswith("pyproject")
    ast.parse((tmp_path / "migrations" / "env.py").read_text())


@pytest.mark.parametrize("kind", KINDS)
def test_the_settings_that_are_made_can_be_used(tmp_path: Path, kind: str) -> None:
    make(tmp_path, kind)
    config = Config.find(environment={}, folder=tmp_path)
    assert config.config_ini_section == "limbeck"
    assert config.script_location == f"{tmp_path}/migrations"
    assert config.get_prepend_sys_paths_list() is not None
    script = ScriptDirectory(config.script_location)
    assert script.get_heads() == []
    assert script.has_env_py
    if kind != "multidb":
        assert config.get_main_option("sqlalchemy.url") == "driver://user:pass@localhost/dbname"
    else:
        assert config.get_main_option("databases") == "engine1, engine2"
        assert "sqlalchemy.url" in config.get_section("engine2", {})
    assert config.get_hooks_list() == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_logging_that_is_set_up(tmp_path: Path, kind: str) -> None:
    make(tmp_path, kind)
    code = (
        "import logging.config, sys; logging.config.fileConfig(sys.argv[1]);"
        "logging.getLogger('limbeck.runtime.migration').info('Context impl X.')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "limbeck.ini")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == "INFO  [limbeck.runtime.migration] Context impl X.\n"


@pytest.mark.parametrize("kind", KINDS)
def test_a_formatter_changes_nothing(tmp_path: Path, kind: str) -> None:
    make(tmp_path, kind)
    for settings in (["--isolated"], ["--isolated", "--line-length", "100"]):
        subprocess.run(
            [sys.executable, "-m", "ruff", "format", "--check", *settings, "migrations"],
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )


def test_settings_are_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "limbeck.ini").write_text("mine")
    assert "skipped limbeck.ini" in make(tmp_path)
    assert (tmp_path / "limbeck.ini").read_text() == "mine"


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_settings_are_appended_to_a_pyproject(
    tmp_path: Path, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tmp_path = Path()
    pyproject = tmp_path / "pyproject.toml"
    pyproject.write_text(f'[project]\nname = "shop"{end}')
    assert "appended pyproject.toml" in make(tmp_path, "pyproject")
    text = pyproject.read_text()
    parsed = tomllib.loads(text)
    assert parsed["project"] == {"name": "shop"}
    assert parsed["tool"]["limbeck"]["script_location"] == "%(here)s/migrations"
    assert '"shop"\n\n' in text
    assert "section exists pyproject.toml" in make(tmp_path, "pyproject", "again")
    assert pyproject.read_text() == text


def test_a_pyproject_that_is_no_toml(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool")
    with pytest.raises(CommandError, match="is not TOML"):
        make(tmp_path, "pyproject")
    assert [path.name for path in tmp_path.iterdir()] == ["pyproject.toml"]


@pytest.mark.parametrize("directory", ["100%", "with space", "%(x)s"])
def test_odd_names_of_folders(tmp_path: Path, directory: str) -> None:
    make(tmp_path, directory=directory)
    assert Config(tmp_path / "limbeck.ini").script_location == f"{tmp_path}/{directory}"


def test_a_package(tmp_path: Path) -> None:
    create_environment(
        tmp_path / "m",
        TEMPLATES,
        ini=tmp_path / "limbeck.ini",
        pyproject=tmp_path / "pyproject.toml",
        package=True,
    )
    assert (tmp_path / "m" / "__init__.py").exists()
    assert (tmp_path / "m" / "versions" / "__init__.py").exists()


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    assert "created folder migrations/versions" in make(tmp_path)


def test_what_is_refused(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with pytest.raises(CommandError, match="full already exists and is not empty"):
        make(tmp_path, directory="full")
    with pytest.raises(UsageError) as caught:
        make(tmp_path, "generik")
    assert caught.value.hint == "did you mean generic?"
    assert not (tmp_path / "migrations").exists()
    assert not (tmp_path / "limbeck.ini").exists()
    (tmp_path / "file").touch()
    with pytest.raises(CommandError):
        make(tmp_path, directory="file/below")
