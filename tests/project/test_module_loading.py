"""Files of the user's are run as Alembic runs them, and ``alembic`` means limbeck meanwhile."""

from __future__ import annotations

import importlib
import sys
import threading
from pathlib import Path

import pytest

import alembic
import alembic.config
from limbeck.config import Config
from limbeck.project.loading import alembic_names, load_module, module_name


@pytest.mark.parametrize(
    ("file", "name"),
    [("env.py", "env_py"), ("v3.2.0.a_x-y.py", "v3_2_0_a_x_y_py")],
)
def test_names_of_modules(file: str, name: str) -> None:
    assert module_name(Path(file)) == name


def test_a_module_is_run_and_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "env.py"
    path.write_text(
        "from __future__ import annotations\nimport dataclasses, sys\n"
        "@dataclasses.dataclass\nclass Point:\n    x: dataclasses.KW_ONLY\n    y: int = 0\n"
        "found = sys.modules[__name__]\n"
    )
    module = load_module(path)
    assert (module.__name__, module.__file__) == ("env_py", str(path))
    assert module.found is module
    assert "env_py" not in sys.modules
    assert not (tmp_path / "__pycache__").exists()


def test_an_edited_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "env.py"
    for number in (1, 2):
        path.write_text(f"x = {number}\n")
        assert load_module(path).x == number


def test_alembic_is_limbeck_while_a_file_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "env.py"
    path.write_text(
        "import alembic.config\nimport alembic\nfrom alembic import op\n"
        "from alembic.script import ScriptDirectory\nfrom alembic.util.exc import CommandError\n"
        "from alembic.util import CommandError as same\n"
        "import limbeck.op\n"
        "config, found = alembic.config.Config, [alembic.__name__, op is limbeck.op]\n"
        "same = same is CommandError\n"
    )
    real = sys.modules["alembic"]
    module = load_module(path)
    assert module.config is Config
    assert module.found == ["limbeck", True]
    assert module.same
    assert sys.modules["alembic"] is real
    assert importlib.import_module("alembic.config").Config is alembic.config.Config
    assert alembic.config.Config.__module__ == "alembic.config"


def test_limbeck_is_left_as_it_was() -> None:
    import limbeck
    import limbeck.config

    before = limbeck.__spec__, limbeck.config.__spec__, limbeck.__name__
    with alembic_names():
        ours = importlib.import_module("alembic.config")
    assert ours is limbeck.config
    assert (limbeck.__spec__, limbeck.config.__spec__, limbeck.__name__) == before


def test_names_are_taken_away_after_an_error(tmp_path: Path) -> None:
    path = tmp_path / "env.py"
    path.write_text("import alembic\n1 / 0\n")
    real = sys.modules["alembic"]
    paths = list(sys.meta_path)
    with pytest.raises(ZeroDivisionError):
        load_module(path)
    assert sys.modules["alembic"] is real
    assert sys.meta_path == paths


def test_one_leaves_while_another_is_still_inside() -> None:
    inside, leave = threading.Event(), threading.Event()
    found: list[object] = []

    def stay() -> None:
        with alembic_names():
            inside.set()
            leave.wait(10)
            found.append(importlib.import_module("alembic.script.revision").__name__)

    thread = threading.Thread(target=stay)
    real = sys.modules["alembic"]
    with alembic_names():
        thread.start()
        inside.wait(10)
    leave.set()
    thread.join()
    assert found == ["limbeck.script.revision"]
    assert sys.modules["alembic"] is real


def test_what_limbeck_does_not_have_is_not_found() -> None:
    with alembic_names(), pytest.raises(ModuleNotFoundError):
        importlib.import_module("alembic.no_such_thing")
