"""Recipes: what is said about a project in a file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

RECIPES = Path(__file__).parent / "recipes"
ASKED = (("heads",), ("history",), ("current",), ("branches",))

#: A command line of a program in the project's environment, or words for the tool.
Step = str | Sequence[str]


@dataclass(frozen=True)
class Recipe:
    """How a project is installed and migrated.

    In every text, ``${url}`` is the database's address with the project's driver, ``${plain}``
    the same with an ordinary driver, ``${site}`` the folder of installed packages, ``${run}`` the
    folder of the run.

    :param name: the recipe's file name.
    :param about: what is unusual about the history.
    :param project: the distribution and its version, as the results show it.
    :param revisions: how many the history has.
    :param databases: those that the project supports.
    :param packages: distributions installed without what they require.
    :param requires: distributions installed with what they require; both are asked for only when
        the versions are pinned anew.
    :param ini: the project's own settings file, of which a copy is made.
    :param settings: sections and options that are written over the copy's.
    :param arguments: words for the tool before its command.
    :param before: steps that are the same for both tools, and not timed.
    :param upgrade: steps from an empty database to the newest revision.
    :param downgrade: steps some way back; empty where the project has no way back.
    :param asked: commands whose answers are compared.
    :param offline: commands with ``--sql``, for each database.
    :param check: whether ``check`` is asked too.
    :param files: files to write into the folder of the run.
    :param environment: environment variables.
    :param drivers: the project's drivers, for each database.
    :param masked: regular expressions of what differs from run to run.
    :param folder: where the tool is started.
    :param differences: what is known to differ, as the results say it or as it begins
        ("mariadb schema"), and the reason.
    """

    name: str
    about: str
    project: str
    revisions: int
    databases: Sequence[str]
    packages: Sequence[str] = ()
    requires: Sequence[str] = ()
    ini: str | None = None
    settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    arguments: Sequence[str] = ("-c", "${run}/alembic.ini")
    before: Sequence[Step] = ()
    upgrade: Sequence[Step] = (("upgrade", "heads"),)
    downgrade: Sequence[Step] = ()
    asked: Sequence[Sequence[str]] = ASKED
    offline: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    check: bool = False
    files: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    drivers: Mapping[str, str] = field(default_factory=dict)
    masked: Sequence[str] = ()
    folder: str = "${run}"
    differences: Mapping[str, str] = field(default_factory=dict)

    @property
    def pins(self) -> Path:
        """The file of the versions that are installed."""
        return RECIPES / f"{self.name}.txt"

    @property
    def from_code(self) -> bool:
        """Whether the project calls Alembic itself, so that the name ``alembic`` is needed."""
        return any(isinstance(step, str) for step in self.upgrade)


def read_recipe(path: Path) -> Recipe:
    """Read one recipe.

    :param path: its file.
    :raises TypeError: it has a key that no recipe has.
    """
    written: dict[str, Any] = tomllib.loads(path.read_text())
    return Recipe(name=path.stem, **written)


def all_recipes() -> list[Recipe]:
    """Every recipe, by name."""
    return [read_recipe(path) for path in sorted(RECIPES.glob("*.toml"))]
