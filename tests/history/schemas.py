"""Models at three times, and the project whose history leads from the first to the second."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli.project import Project

START = """\
import sqlalchemy as sa

metadata = sa.MetaData()
"""

FIRST = (
    START
    + """\
sa.Table(
    "shop",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(40), nullable=False, server_default="none"),
    sa.Column("mood", sa.Enum("good", "bad", name="mood")),
    sa.Column("fax", sa.String(20), index=True),
)
sa.Table(
    "item",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("shop_id", sa.ForeignKey("shop.id", ondelete="CASCADE")),
    sa.Column("price", sa.Numeric(10, 2), nullable=False),
    sa.CheckConstraint("price >= 0.5", name="price_is_positive"),
    sa.UniqueConstraint("shop_id", "price", name="one_price"),
)
sa.Table("old", metadata, sa.Column("id", sa.Integer, primary_key=True))
"""
)

SECOND = (
    FIRST.replace("String(40)", "String(60)")
    .replace('sa.Column("fax", sa.String(20), index=True)', 'sa.Column("opened", sa.Date)')
    .replace("sa.UniqueConstraint(", 'sa.Index("by_price", "price"), sa.UniqueConstraint(')
)

THIRD = (
    SECOND.replace("String(60)", "Text")
    .replace('"none"', '"some"')
    .replace("price >= 0.5", "price >= 0.7 OR price IN (0, 0.1)")
    .replace('sa.Index("by_price", "price"), ', "")
    .replace(', ondelete="CASCADE"', "")
    .replace('sa.Column("opened", sa.Date)', 'sa.Column("web", sa.Integer, unique=True)')
    .replace(
        'sa.Table("old", metadata, sa.Column("id", sa.Integer, primary_key=True))',
        'sa.Table("new", metadata, sa.Column("code", sa.String(5), primary_key=True))',
    )
)


def shop(folder: Path, url: str) -> Project:
    """A project with two revisions, whose database stands at the second."""
    folder.mkdir()
    project = Project(folder)
    project.settings(url, models="shop.models:metadata")
    for number, models in enumerate((FIRST, SECOND), start=1):
        project.models(models)
        project.ok(
            "revision",
            "--autogenerate",
            "-m",
            f"step {number}",
            "--rev-id",
            f"r{number}",
            "--no-prove",
        )
        project.ok("upgrade", "head")
    return project


def written(project: Project, rev_id: str) -> str:
    """The text of a revision's file, without its date."""
    [path] = (project.folder / "migrations" / "versions").glob(f"*{rev_id}*.py")
    return re.sub(r"Create Date: .*", "", path.read_text(encoding="utf-8"))


def remove(project: Project, rev_id: str) -> None:
    """Remove a revision's file."""
    [path] = (project.folder / "migrations" / "versions").glob(f"*{rev_id}*.py")
    path.unlink()
