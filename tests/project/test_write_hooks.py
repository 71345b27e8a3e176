"""Programs that run over new files: all three kinds, and their failures."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from limbeck.errors import CommandError, ConfigurationError
from limbeck.project.write_hooks import register, run_hook

APPEND = "import sys; open(sys.argv[1], 'a').write(' '.join(sys.argv[2:]) + '\\n')"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "one two.py"
    path.write_text("x=1\n")
    return path


def test_a_program(file: Path) -> None:
    hook = {
        "_hook_name": "a",
        "type": "exec",
        "executable": sys.executable,
        "options": f'-c "{APPEND}" REVISION_SCRIPT_FILENAME "two words"',
    }
    run_hook(str(file), hook)
    assert file.read_text() == "x=1\ntwo words\n"


def test_a_module_gets_the_file_first(file: Path) -> None:
    run_hook(str(file), {"_hook_name": "a", "type": "module", "module": "py_compile"})
    assert list((file.parent / "__pycache__").iterdir())


def test_a_console_script(file: Path) -> None:
    hook = {
        "_hook_name": "a",
        "type": "console_scripts",
        "entrypoint": "py.test",
        "options": "--version REVISION_SCRIPT_FILENAME",
    }
    run_hook(str(file), hook)


def test_the_file_within_an_option(file: Path) -> None:
    code = "import sys; open(sys.argv[1][7:], 'a').write(sys.argv[2])"
    hook = {
        "_hook_name": "a",
        "type": "exec",
        "executable": sys.executable,
        "options": f"-c \"{code}\" --path='REVISION_SCRIPT_FILENAME' y",
    }
    run_hook(str(file), hook)
    assert file.read_text() == "x=1\ny"


def test_a_folder_to_run_in(file: Path) -> None:
    code = "import os; open('here', 'w').close()"
    hook = {
        "_hook_name": "a",
        "type": "exec",
        "executable": sys.executable,
        "options": f'-c "{code}" REVISION_SCRIPT_FILENAME',
        "cwd": str(file.parent),
    }
    run_hook(str(file), hook)
    assert (file.parent / "here").exists()


def test_a_function_of_ones_own(file: Path) -> None:
    seen: list[tuple[str, Mapping[str, str]]] = []

    @register("of_ones_own")
    def hook(filename: str, options: Mapping[str, str]) -> None:
        seen.append((filename, options))

    settings = {"_hook_name": "a", "type": "of_ones_own", "extra": "x"}
    run_hook(str(file), settings)
    assert seen == [(str(file), settings)]


@pytest.mark.parametrize(
    ("hook", "message"),
    [
        ({}, "Key 'a.type' (or 'type' in toml) is required for post write hook 'a'"),
        ({"type": "nothing"}, "No formatter with name 'nothing' registered"),
        ({"type": "exec"}, "Key a.executable is required for post write hook 'a'"),
        ({"type": "module"}, "Key a.module is required for post write hook 'a'"),
        ({"type": "console_scripts"}, "Key a.entrypoint is required for post write hook 'a'"),
        ({"type": "module", "module": "no.such"}, "Could not find module no.such"),
        (
            {"type": "console_scripts", "entrypoint": "no_such"},
            "Could not find entrypoint console_scripts.no_such",
        ),
    ],
)
def test_bad_settings(file: Path, hook: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        run_hook(str(file), {"_hook_name": "a", **hook})
    assert caught.value.message == message


def test_a_program_that_fails_is_reported(file: Path) -> None:
    code = "import sys; sys.exit('it went wrong')"
    hook = {
        "_hook_name": "a",
        "type": "exec",
        "executable": sys.executable,
        "options": f'-c "{code}" REVISION_SCRIPT_FILENAME',
    }
    with pytest.raises(CommandError) as caught:
        run_hook(str(file), hook)
    assert caught.value.message == "post write hook 'a' failed with exit status 1"
    assert caught.value.details == ("it went wrong",)
    assert str(file) in (caught.value.hint or "")


def test_a_program_that_is_not_there(file: Path) -> None:
    hook = {"_hook_name": "a", "type": "exec", "executable": "no-such-program"}
    with pytest.raises(CommandError, match="post write hook 'a' cannot be run: no-such-program"):
        run_hook(str(file), hook)
