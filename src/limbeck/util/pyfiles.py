"""Python files, loaded by their path."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from limbeck.project.loading import compiled_file, load_module
from limbeck.script.locations import folder_at


def load_python_file(dir_: str | Path, filename: str | Path) -> ModuleType:
    """Run a Python file and give its module."""
    return load_module(Path(dir_) / filename)


def pyc_file_from_path(path: str | Path) -> Path | None:
    """The compiled file of a source file, wherever it is; None where there is none."""
    return compiled_file(Path(path))


def coerce_resource_to_filename(fname_or_resource: str) -> Path:
    """The path of ``package:folder``, or of what is a path already."""
    return Path(folder_at(fname_or_resource))
