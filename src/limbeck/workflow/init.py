"""Set a project up the classic way: a folder with ``env.py``, and an ini file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from limbeck.project.scaffold import Created, create_environment

if TYPE_CHECKING:
    from limbeck.config import Config


def init(
    config: Config,
    directory: str | os.PathLike[str],
    *,
    template: str = "generic",
    package: bool = False,
) -> tuple[Created, ...]:
    """Make the folder, and the settings that point to it.

    :param config: says where the settings go.
    :param directory: the folder to make; it may exist if it is empty.
    :param template: the name of a template.
    :param package: also write ``__init__.py`` files.
    :returns: what was done, in order.
    :raises CommandError: the folder is not empty, or there is no such template.
    """
    return create_environment(
        Path(directory),
        Path(config.get_template_directory()),
        template,
        ini=Path(config.config_file_name or f"{config.tool}.ini"),
        pyproject=Path(config.toml_file_name or "pyproject.toml"),
        package=package,
        tool=config.tool,
    )
