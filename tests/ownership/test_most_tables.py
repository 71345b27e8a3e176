"""A revision that drops most tables is asked for twice: models may not have been imported."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.cli.project import Project
from tests.cli.test_question import LIMBECK

TABLE = 'sa.Table("t{0}", metadata, sa.Column("id", sa.Integer, primary_key=True))\n'


def models(*numbers: int) -> str:
    """Models with these tables."""
    head = "import sqlalchemy as sa\n\nmetadata = sa.MetaData()\n"
    return head + "".join(TABLE.format(number) for number in numbers)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.settings(models="shop.models:metadata")
    project.models(models(1, 2, 3, 4, 5, 6))
    project.ok("revision", "--autogenerate", "-m", "first")
    project.ok("upgrade", "head")
    return project


def test_more_than_half_is_refused(project: Project) -> None:
    project.models(models(1))
    before = project.contents()
    told = project.run("revision", "--autogenerate", "-m", "second")
    assert told.code == 3
    assert "5 of 6 tables would be dropped: t6, t5, t4, t3, t2\n" in told.stderr
    assert "add --drop-most-tables" in told.stderr
    assert project.contents() == before
    assert project.run("check").code == 1
    assert "drop table t2" in project.run("revision", "--autogenerate", "--drop-most-tables").stderr


@pytest.mark.parametrize("kept", [(1, 2, 3), (1, 2, 3, 4, 5)])
def test_half_is_not(project: Project, kept: tuple[int, ...]) -> None:
    project.models(models(*kept))
    project.ok("revision", "--autogenerate", "-m", "second")


def test_no_models_at_all_stop_the_check_too(project: Project) -> None:
    project.models(models())
    for command in (("check",), ("revision", "--autogenerate", "--drop-most-tables")):
        told = project.run(*command)
        assert told.code == 2
        assert "define no tables" in told.stderr


@pytest.mark.parametrize(("typed", "code"), [(b"y\n", 0), (b"\n", 3)])
def test_a_person_is_asked(project: Project, typed: bytes, code: int) -> None:
    project.models(models(1))
    main, terminal = pty.openpty()
    os.write(main, typed)
    done = subprocess.run(
        [LIMBECK, "revision", "--autogenerate", "-m", "second"],
        cwd=project.folder,
        env={**os.environ, **project.environment},
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=terminal,
        timeout=60,
        check=False,
    )
    os.close(terminal)
    os.close(main)
    assert done.returncode == code


def test_a_person_says_what_rows_get(project: Project) -> None:
    project.models(models(1, 2, 3, 4, 5, 6).replace("primary_key=True)", ROWS, 1))
    main, terminal = pty.openpty()
    os.write(main, b"nobody\n'none'\n\n")
    done = subprocess.run(
        [LIMBECK, "revision", "--autogenerate", "-m", "second"],
        cwd=project.folder,
        env={**os.environ, **project.environment},
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=terminal,
        timeout=60,
        check=False,
    )
    os.close(terminal)
    os.close(main)
    assert done.returncode == 0
    text = next((project.folder / "migrations/versions").glob("*second*")).read_text()
    assert "# the rows that are there get 'none'" in text
    assert "# can fail: where t1 has rows" in text


ROWS = (
    'primary_key=True), sa.Column("a", sa.Text, nullable=False), '
    'sa.Column("b", sa.Text, nullable=False)'
)
