"""Histories of every shape: told, planned up and planned down, without a database.

What is planned is written as SQL, which is the one way for both tools to plan and do no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.histories import SHAPES, nodes, write_history
from benchmarks.rows import Case, both_projects, in_turn

__all__ = ["shape_cases"]

_TITLES = {
    "linear": "linear",
    "branched": "branched and merged",
    "heads": "many heads",
    "depends": "`depends_on`",
}


def shape_cases(work: Path, count: int) -> Iterator[Case]:
    """Rows of each shape.

    :param work: the folder.
    :param count: how many revisions, each of which does nothing.
    """
    for shape in SHAPES:
        both = both_projects(work / f"shape-{shape}", "sqlite:///database.sqlite")
        for one in both:
            write_history(one / "versions", shape, count, empty=True)
        what = f"{count} revisions, {_TITLES[shape]}"
        for words, title in _commands(shape, count).items():
            yield Case(f"`{title}`, {what}", in_turn(words, *both, ("read", "versions")))


def _commands(shape: str, count: int) -> dict[str, str]:
    """The command lines, and what they are called in the table."""
    found = {"history": "history", "upgrade heads --sql": "upgrade heads --sql"}
    parents = {parent for node in nodes(shape, count) for parent in (*node.parents, *node.requires)}
    heads = [node.id for node in nodes(shape, count) if node.id not in parents]
    if len(heads) == 1:  # Alembic writes no way down from several
        found[f"downgrade {heads[0]}:base --sql"] = "downgrade head:base --sql"
    return found
