"""Renames in a project that is Alembic's: asked, or refused, in words that can be typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.project import Project

MODELS = """\
import sqlalchemy as sa

metadata = sa.MetaData()
sa.Table("users", metadata, sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("{name}", sa.String(20)))
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.models(MODELS.format(name="fax"))
    project.ok("init", "migrations")
    project.edit(
        "migrations/env.py",
        "target_metadata = None",
        "from shop.models import metadata as target_metadata",
    )
    text = (tmp_path / "limbeck.ini").read_text(encoding="utf-8").replace("[limbeck]", "[alembic]")
    lines = [
        "sqlalchemy.url = sqlite:///test.db" if line.startswith("sqlalchemy.url") else line
        for line in text.splitlines()
    ]
    (tmp_path / "limbeck.ini").unlink()
    project.write("alembic.ini", "\n".join(lines) + "\n")
    project.ok("revision", "--autogenerate", "-m", "one")
    project.ok("upgrade", "head")
    project.models(MODELS.format(name="facsimile"))
    return project


def test_without_a_terminal_the_options_are_named(project: Project) -> None:
    before = project.contents()
    told = project.run("revision", "--autogenerate", "-m", "two")
    assert told.code == 3, told
    assert "--rename users.fax:facsimile" in told.stderr
    assert "--drop users.fax" in told.stderr
    assert project.contents() == before
    project.ok("revision", "--autogenerate", "-m", "two", "--rename", "users.fax:facsimile")
    project.ok("upgrade", "head")
    project.ok("check")


@pytest.mark.parametrize(
    "option", [("--rename", "users.fax:facsimile"), ("--drop", "users.fax")], ids=lambda o: o[0]
)
def test_where_alembic_s_comparison_is_asked_for(project: Project, option: tuple[str, str]) -> None:
    project.edit(
        "migrations/env.py",
        "target_metadata=target_metadata",
        'target_metadata=target_metadata, compare="alembic"',
    )
    before = project.contents()
    told = project.run("revision", "--autogenerate", "-m", "two", *option)
    assert told.code == 2 and 'compare="alembic"' in told.stderr, told
    assert "hint: leave --rename and --drop out" in told.stderr
    assert project.contents() == before
    project.ok("revision", "--autogenerate", "-m", "two")
