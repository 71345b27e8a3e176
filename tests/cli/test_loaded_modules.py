"""A command loads what it needs: one dialect, and templates only if it writes a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.loaded_modules import (
    COMMANDS,
    KINDS,
    LIST,
    Loaded,
    from_table,
    loaded_by,
    loaded_by_sqlalchemy,
)

_WRITING = ("revision", "autogenerate", "merge")
_STANDARD = {
    *("argparse", "configparser", "difflib", "gc", "getpass", "gettext", "pwd", "termios"),
    *("unicodedata", "zoneinfo"),
}
"""Modules of the standard library that a command may load and SQLAlchemy does not."""

_STANDARD_OF_FILES = {"hmac", "html", "secrets", "shlex", "timeit"}
"""The same of those that write a file: Mako's, and what makes names for a proof."""


@pytest.fixture(scope="module")
def sqlalchemy_alone(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """What a command loads of the standard library whatever it does itself."""
    return loaded_by_sqlalchemy(tmp_path_factory.mktemp("alone"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_command_loads(
    command: str, kind: str, tmp_path: Path, sqlalchemy_alone: Loaded
) -> None:
    loaded = loaded_by(tmp_path, command, kind)
    assert loaded.dialects("sqlalchemy") <= {"_typing", "sqlite"}
    databases = {"mssql", "mysql", "oracle", "postgresql", "sqlite"}
    assert loaded.dialects("limbeck") & databases <= {"sqlite"}
    assert ("mako" in loaded.modules) == (command in _WRITING)
    further = loaded.standard - sqlalchemy_alone.standard - _STANDARD
    assert further <= (_STANDARD_OF_FILES if command in _WRITING else set())
    listed = from_table(LIST.read_text("utf-8"), command, kind)
    more, less = sorted(loaded.listed - listed), sorted(listed - loaded.listed)
    assert (more, less) == ([], []), "python -m tests.cli.loaded_modules notes what is meant"
