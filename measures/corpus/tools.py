"""The tools that are compared: which packages they are, and what is typed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from measures.environments import ALEMBIC, CACHE, OURS, environment, pip, site_packages

if TYPE_CHECKING:
    from measures.corpus.recipe import Recipe

#: What both tools need besides the project.
NEEDED = ("sqlalchemy", "mako", "typing_extensions", "rich", "psycopg2-binary", "pymysql")


@dataclass(frozen=True)
class Tool:
    """A tool, and how it is started.

    :param name: as results show it.
    :param module: what ``python -m`` runs.
    :param path: the folders of its packages.
    """

    name: str
    module: str
    path: Sequence[Path]


def alembic() -> Tool:
    """The real Alembic, in a folder of its own so that no project's environment has it."""
    folder = CACHE / "corpus" / ALEMBIC
    if not folder.is_dir():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--target", str(folder), ALEMBIC]
        subprocess.run(command, check=True)
    return Tool("alembic", "alembic", [folder])


def limbeck(way: str) -> Tool:
    """limbeck as it is now.

    :param way: ``alone`` for the command limbeck and nothing else, ``beside`` for the same with
        Alembic installed too, ``package`` for limbeck-alembic and its command.
    """
    ours, package = (folder / "src" for folder in OURS)
    if way == "package":
        return Tool("limbeck-alembic", "alembic", [package, ours])
    beside = alembic().path if way == "beside" else []
    return Tool("limbeck", "limbeck", [ours, *beside])


def project_environment(recipe: Recipe) -> Path:
    """The environment of a project, without Alembic.

    :returns: its folder.
    """
    return environment(f"corpus/{recipe.name}", recipe.pins.read_text().split(), "--no-deps")


def pin(recipe: Recipe) -> None:
    """Install a project anew, and note the versions that were installed."""
    folder = environment(f"corpus/{recipe.name}-new", [*NEEDED, *recipe.requires])
    if recipe.packages:
        pip(folder, "install", "--no-deps", *recipe.packages)
    command = [str(folder / "bin" / "python"), "-m", "pip", "list", "--format=freeze"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    left_out = (
        "pip==",
        "alembic==",
        "setuptools==" if "setuptools" not in recipe.requires else "-",
    )
    kept = [line for line in listed if not line.startswith(left_out)]
    recipe.pins.write_text("\n".join(kept) + "\n")


def packages_of(recipe: Recipe) -> Path:
    """The folder of a project's packages."""
    return site_packages(project_environment(recipe))
