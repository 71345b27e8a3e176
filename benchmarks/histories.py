"""Histories of N revisions: linear, branched and merged, with many heads, with ``depends_on``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["SHAPES", "Node", "nodes", "write_history"]

SHAPES = ("linear", "branched", "heads", "depends")

_TABLE_OF = 50
"""So many revisions work on one table: the first creates it, each other one adds a column."""


@dataclass(frozen=True, slots=True)
class Node:
    """One revision: its id, what comes before it, and what it depends on."""

    id: str
    parents: tuple[str, ...]
    requires: tuple[str, ...] = ()


def nodes(shape: str, count: int) -> Iterator[Node]:
    """The revisions of a history, oldest first.

    :param shape: one of :data:`SHAPES`.
    :param count: how many.
    """
    ids = [f"{number:012x}" for number in range(1, count + 1)]
    for number, id_ in enumerate(ids):
        parents: tuple[str, ...] = (ids[number - 1],) if number else ()
        requires: tuple[str, ...] = ()
        if shape == "branched" and number >= 14:
            place = number % 14
            if place in (1, 2):  # two lines begin at the merge before
                parents = (ids[number - place],)
            elif place:
                parents = (ids[number - 2],) if place < 13 else (ids[number - 1], ids[number - 2])
        elif shape == "heads" and number:
            parents = (
                (ids[max(0, number - count // 50 - 1)],) if number % 3 else (ids[number // 2],)
            )
        elif shape == "depends" and number >= 2:
            parents = (ids[number - 2],)
            requires = (ids[number - 1],) if number % 5 == 0 else ()
        yield Node(id_, parents, requires)


def write_history(folder: Path, shape: str, count: int, *, empty: bool = False) -> None:
    """Write revision files.

    :param folder: the folder of revisions.
    :param shape: one of :data:`SHAPES`.
    :param count: how many.
    :param empty: they do nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number, node in enumerate(nodes(shape, count)):
        up, down = ("pass", "pass") if empty else _statements(number)
        (folder / f"{node.id}_step_{number}.py").write_text(_file(node, number, up, down))


def _statements(number: int) -> tuple[str, str]:
    table, column = f"table_{number // _TABLE_OF}", f"column_{number}"
    if number % _TABLE_OF == 0:
        up = f'op.create_table("{table}", sa.Column("id", sa.Integer(), primary_key=True))'
        return up, f'op.drop_table("{table}")'
    up = f'op.add_column("{table}", sa.Column("{column}", sa.String(40)))'
    return up, f'op.drop_column("{table}", "{column}")'


def _file(node: Node, number: int, up: str, down: str) -> str:
    def literal(ids: tuple[str, ...]) -> str:
        return repr(ids[0]) if len(ids) == 1 else repr(ids or None)

    return f'''"""step {number}

Revision ID: {node.id}
Revises: {", ".join(node.parents)}
Create Date: 2026-01-01 00:00:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = {node.id!r}
down_revision: Union[str, Sequence[str], None] = {literal(node.parents)}
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = {literal(node.requires)}


def upgrade() -> None:
    {up}


def downgrade() -> None:
    {down}
'''
