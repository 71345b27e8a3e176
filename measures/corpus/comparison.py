"""One project on one database: both tools, there and back, and what differs."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from measures.corpus.databases import new_database
from measures.corpus.run import Failed, Project, new_folder
from measures.corpus.state import State, read_state
from measures.corpus.tools import Tool, alembic, limbeck

if TYPE_CHECKING:
    from measures.corpus.recipe import Recipe


@dataclass(frozen=True)
class Outcome:
    """What came of a project on a database.

    :param seconds: how long each tool took to the newest revision: Alembic, limbeck.
    :param tables: how many there are then.
    :param differences: what differs, in a word or two each.
    :param failure: the step that did not end well.
    """

    seconds: tuple[float, float] | None = None
    tables: int = 0
    differences: Sequence[str] = ()
    failure: str = ""


@dataclass(frozen=True)
class Side:
    """One tool's database.

    :param project: the project on it.
    :param tool: who takes it up from nothing.
    :param other: who takes it down and up again.
    """

    project: Project
    tool: Tool
    other: Tool


def compare(
    recipe: Recipe, database: str, address: str | None, tools: tuple[Tool, Tool], folder: Path
) -> Outcome:
    """Take a database up with each tool, and down and up again with the other one.

    :param recipe: the project's.
    :param database: the kind of database.
    :param address: its server's.
    :param tools: Alembic, and limbeck in one of its ways.
    :param folder: for what the tools print, and for the differences.
    """
    folder = new_folder(folder)
    sides = []
    for tool, other in (tools, tools[::-1]):
        run = new_folder(folder / f"up-by-{tool.name}")
        url = new_database(database, address, f"{recipe.name}_{tool.name}".replace("-", "_"), run)
        sides.append(Side(Project(recipe, database, url, run), tool, other))
    differences: list[str] = []
    try:
        seconds = [_up(side) for side in sides]
        reached = _states(sides, "up", differences)
        _ask(sides, recipe, database, differences)
        if recipe.downgrade:
            for side in sides:
                side.project.take(recipe.downgrade, side.other)
            _states(sides, "down", differences)
            for side in sides:
                side.project.take(recipe.upgrade, side.other)
            _states(sides, "up again", differences)
    except Failed as failed:
        return Outcome(differences=differences, failure=str(failed))
    return Outcome((seconds[0], seconds[1]), len(reached.rows), differences)


def _up(side: Side) -> float:
    side.project.take(side.project.recipe.before, side.tool)
    return side.project.take(side.project.recipe.upgrade, side.tool)


def _states(sides: Sequence[Side], when: str, differences: list[str]) -> State:
    first, second = (read_state(side.project.url, side.project.recipe.masked) for side in sides)
    for part in (field.name for field in fields(State)):
        one, two = getattr(first, part), getattr(second, part)
        if _differ(sides, f"{when} {part}", one, two):
            differences.append(f"{part} ({when})")
    return first


def _ask(sides: Sequence[Side], recipe: Recipe, database: str, differences: list[str]) -> None:
    for words in [*recipe.asked, *recipe.offline.get(database, ())]:
        one, two = (side.project.ask(words, side.tool).splitlines() for side in sides)
        if _differ(sides, " ".join(words), one, two):
            differences.append(" ".join(words))
    if recipe.check:
        # limbeck compares more than Alembic, and answers otherwise; under Alembic's name it is to
        # say the same, of the same database.
        project = sides[0].project
        one, two = (
            _sorted_entries(project.ask(["check"], who)) for who in (alembic(), limbeck("package"))
        )
        if _differ(sides, "check", one, two):
            differences.append("check")


def _sorted_entries(text: str) -> list[str]:
    """What ``check`` says, an entry a line; of some kinds Alembic's order is that of a set."""
    return sorted(re.split(r"(?<=[)\]])[\])]*, (?=\[*\(')", text.strip()))


def _differ(sides: Sequence[Side], name: str, one: Sequence[str], two: Sequence[str]) -> bool:
    if one == two:
        return False
    path = sides[0].project.folder.parent / (name.replace(" ", "-").replace("/", "-") + ".diff")
    path.write_text("\n".join(_unified(sides, one, two)) + "\n")
    return True


def _unified(sides: Sequence[Side], one: Sequence[str], two: Sequence[str]) -> Iterator[str]:
    first, second = (f"up by {side.tool.name}" for side in sides)
    return difflib.unified_diff(one, two, first, second, n=1, lineterm="")
