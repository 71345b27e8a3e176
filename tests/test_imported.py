"""A test is not given the modules of the one before."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import pytest

from tests.crashes.command import run
from tests.imported import project_forgotten


def _value_in(folder: Path, name: str, value: int) -> object:
    """What a module says, or one in a package without a file, that is written in a folder."""
    path = folder / f"{name.replace('.', '/')}.py"
    path.parent.mkdir(parents=True)
    path.write_text(f"value = {value}\n")
    importlib.invalidate_caches()
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.syspath_prepend(folder)
        return importlib.import_module(name).value


@pytest.mark.parametrize("name", ["models_of_one", "shop_of_one.models"])
def test_each_project_has_its_own(tmp_path: Path, name: str) -> None:
    with project_forgotten():
        assert _value_in(tmp_path / "one", name, 1) == 1
        assert _value_in(tmp_path / "two", name, 2) == 1  # as Python has it
    assert not [each for each in sys.modules if each.partition(".")[0] == name.partition(".")[0]]
    assert _value_in(tmp_path / "three", name, 3) == 3
    assert sys.modules["json"] is json


def test_a_command_in_a_process_like_this_one(tmp_path: Path) -> None:
    for name in ("one", "two"):
        folder = tmp_path / name
        (folder / "migrations" / "versions").mkdir(parents=True)
        (folder / "limbeck.toml").write_text(f'url = "sqlite://"\nmodels = "models:{name}"\n')
        models = f"import sqlalchemy as sa\n{name} = sa.MetaData()\nsa.Table('{name}', {name})\n"
        with project_forgotten(), pytest.MonkeyPatch.context() as monkeypatch:
            (folder / "models.py").write_text(models)
            monkeypatch.syspath_prepend(folder)
            importlib.import_module("models")
            ended = run(folder, "check")
            assert ended.code == 1 and f"{name}: table is missing" in ended.output, ended
