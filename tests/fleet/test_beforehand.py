"""What is wrong for all databases is told once, before any of them is opened."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.fleet.tenants import COUNT, MODELS, Tenants
from tests.fleet.test_env_py import GIVEN, as_alembics

if TYPE_CHECKING:
    from collections.abc import Callable

_IMPORTED = "with open('imported.txt', 'a') as file:\n    file.write('once\\n')\n"


def _models(text: str) -> Callable[[Tenants], None]:
    def change(tenants: Tenants) -> None:
        tenants.project.write("models.py", text)

    return change


def _setting(line: str) -> Callable[[Tenants], None]:
    def change(tenants: Tenants) -> None:
        path = tenants.project.folder / "limbeck.toml"
        path.write_text(f"{line}\n{path.read_text()}")

    return change


def _no_models_setting(tenants: Tenants) -> None:
    tenants.project.edit("limbeck.toml", 'models = "models:metadata"\n', "")


def _opened(tenants: Tenants) -> list[str]:
    return [each.name for each in tenants.project.folder.glob("*.db")]


_WRONG_MODELS = {
    "cannot be imported": _models("import there_is_no_such_module\n"),
    "has no `metadata`": _models("x = 1\n"),
    "define no tables": _models("import sqlalchemy as sa\nmetadata = sa.MetaData()\n"),
    "do not say where the models are": _no_models_setting,
}


@pytest.mark.parametrize("jobs", ["1", "3"])
@pytest.mark.parametrize("words", _WRONG_MODELS)
def test_models_that_nobody_can_compare_with(files: Tenants, words: str, jobs: str) -> None:
    assert files.run("upgrade", "head").code == 0
    alone = files.project.folder / "alone"
    for path in files.project.folder.glob("*.db"):
        alone.mkdir(exist_ok=True)
        path.rename(alone / path.name)
    _WRONG_MODELS[words](files)
    told = files.run("check", "--jobs", jobs)
    assert told.code == 2, told
    assert words in told.stderr
    assert (told.stderr.count("error:"), told.stderr.count("tenant_"), told.stdout) == (1, 0, "")
    answer = files.run("check", "--jobs", jobs, "--json")
    assert answer.code == 2, answer
    problem = json.loads(answer.stdout)["error"]
    assert words in problem["message"]
    assert not _opened(files)
    # the very words, and the code, of a single one that has every revision
    one = files.project.run("check", DATABASE_URL=f"sqlite:///{alone / 'tenant_1.db'}")
    assert (one.code, one.stderr) == (told.code, told.stderr)


@pytest.mark.databases("postgresql15")
def test_models_that_schemas_cannot_be_compared_with(tenants: Tenants) -> None:
    tenants.project.write("models.py", "import there_is_no_such_module\n")
    answer = tenants.run("check", "--jobs", "2")
    assert answer.code == 2, answer
    assert answer.stderr.count("error:") == 1
    assert "tenant_" not in answer.stderr


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_models_are_imported_once_for_all(files: Tenants, jobs: str) -> None:
    assert files.run("upgrade", "head").code == 0
    files.project.write("models.py", _IMPORTED + MODELS)
    assert files.json("check", "--jobs", jobs)["states"] == {"alike": COUNT}
    assert (files.project.folder / "imported.txt").read_text() == "once\n"


@pytest.mark.parametrize(
    ("line", "commands"),
    [
        ('deploy_lock = "x"', ("upgrade head", "current", "check")),
        ("lock_wait = -1", ("upgrade head", "current", "check")),
        ('history = "x"', ("upgrade head", "current", "check")),
        ('out_of_order = "x"', ("upgrade head", "check")),
    ],
)
def test_settings_that_make_no_sense(files: Tenants, line: str, commands: tuple[str, ...]) -> None:
    _setting(line)(files)
    for command in commands:
        answer = files.run(*command.split())
        assert answer.code == 2, answer
        assert line.split()[0] in answer.stderr
        assert answer.stderr.count("error:") == 1
        assert "tenant_" not in answer.stderr
    assert not _opened(files)
    alone = [files.project.run(*command.split()).code for command in commands]
    assert alone == [2] * len(commands)


def test_an_upgrade_needs_no_models(files: Tenants) -> None:
    _no_models_setting(files)
    answer = files.run("upgrade", "head")
    assert (answer.code, len(_opened(files))) == (0, COUNT), answer


def test_what_nobody_asks_is_not_refused(files: Tenants) -> None:
    _setting('out_of_order = "x"')(files)
    _no_models_setting(files)
    assert files.json("current")["states"] == {"behind": COUNT}


@pytest.mark.parametrize("command", ["upgrade head", "current", "check"])
def test_an_env_py_that_cannot_be_run(files: Tenants, command: str) -> None:
    as_alembics(files, GIVEN)
    env = files.project.folder / "migrations" / "env.py"
    env.write_text("import nothing from here\n")
    for words in ("env.py is not Python", "there is no file"):
        answer = files.run(*command.split(), "--jobs", "2")
        assert answer.code == 2, answer
        assert words in answer.stderr
        assert answer.stderr.count("error:") == 1
        assert "tenant_" not in answer.stderr
        assert answer == files.run(*command.split())
        env.unlink(missing_ok=True)
    assert not _opened(files)


def test_what_env_py_may_put_right_is_left_to_it(files: Tenants) -> None:
    """It may say another lock, and it imports the models."""
    as_alembics(files, GIVEN, options=', deploy_lock="off"')
    files.project.write("models.py", "import there_is_no_such_module\n")
    ini = files.project.folder / "alembic.ini"
    ini.write_text(f"{ini.read_text()}deploy_lock = x\n")
    assert files.json("upgrade", "head")["states"] == {"done": COUNT}
    files.project.edit("migrations/env.py", "import sqlalchemy", "import models, sqlalchemy")
    found = files.json("check", code=13)
    assert found["states"] == {"failed": COUNT}
