"""A project that Alembic made goes on with limbeck as it is, and back again."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.forked import LIMBECK, run_forked

MODELS = """
from sqlalchemy import Column, Integer, MetaData, String, Table

metadata = MetaData()
person = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(50), nullable=False),
)
"""


IMPORTED = {
    "limbeck": LIMBECK,
    "alembic": ("alembic.config", "alembic.command", "alembic.autogenerate", "sqlalchemy.orm"),
}


def run(tool: str, folder: Path, *arguments: str, code: int = 0) -> str:
    """Run a tool in a process that need not import it first."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = run_forked(folder, environment, ("-m", tool, *arguments), imported=IMPORTED[tool])
    assert done.code == code, done.stdout + done.stderr
    return done.stdout


def run_by(python: str, tool: str, folder: Path, *arguments: str, code: int = 0) -> str:
    """Run a tool by another Python."""
    done = subprocess.run(
        [python, "-m", tool, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def test_there_and_back(tmp_path: Path) -> None:
    run("alembic", tmp_path, "init", "migrations")
    for name, before, after in (
        ("alembic.ini", "driver://user:pass@localhost/dbname", "sqlite:///old.db"),
        (
            "migrations/env.py",
            "target_metadata = None",
            "from models import metadata\ntarget_metadata = metadata",
        ),
    ):
        text = (tmp_path / name).read_text()
        assert before in text
        (tmp_path / name).write_text(text.replace(before, after))
    (tmp_path / "models.py").write_text(MODELS)
    run("alembic", tmp_path, "revision", "--autogenerate", "-m", "one", "--rev-id", "0001")
    run("alembic", tmp_path, "upgrade", "head")

    assert run("limbeck", tmp_path, "current").strip() == "0001 (head)"
    run("limbeck", tmp_path, "check")
    changed = MODELS.replace("String(50), nullable=False", "String(80), unique=True")
    (tmp_path / "models.py").write_text(changed)
    run("limbeck", tmp_path, "check", code=1)
    run("limbeck", tmp_path, "revision", "--autogenerate", "-m", "two", "--rev-id", "0002")
    run("limbeck", tmp_path, "upgrade", "head")
    run("limbeck", tmp_path, "check")
    assert run("alembic", tmp_path, "current").strip() == "0002 (head)"
    assert "op.batch_alter_table" not in (tmp_path / "migrations/versions/0002_two.py").read_text()

    run("limbeck", tmp_path, "downgrade", "-1")
    assert run("alembic", tmp_path, "current").strip() == "0001"
    assert run("alembic", tmp_path, "history") == run("limbeck", tmp_path, "history")
    run("alembic", tmp_path, "downgrade", "base")
    assert run("limbeck", tmp_path, "current").strip() == ""


def without_alembic(folder: Path) -> str:
    """The Python of an environment with all that this one has but Alembic."""
    venv.create(folder, symlinks=True)
    packages = next((folder / "lib").glob("python*/site-packages"))
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if not entry.name.startswith("alembic"):
            (packages / entry.name).symlink_to(entry)
    return str(folder / "bin" / "python")


ENV = """
from alembic import context
from alembic.config import CommandLine, Config, main
from sqlalchemy import create_engine

assert isinstance(context.config, Config)
with create_engine("sqlite:///it.db").connect() as connection:
    context.configure(connection)
    with context.begin_transaction():
        context.run_migrations()
"""
REVISION = """
import sqlalchemy as sa
from alembic import config, op
from alembic.config import CommandLine, main

revision, down_revision = "0001", None


def upgrade():
    assert config.main is main
    commands = CommandLine("tool").subparsers.choices
    op.create_table("t", sa.Column("upgrade" if "upgrade" in commands else "x", sa.Integer))


def downgrade():
    op.drop_table("t")
"""


def test_files_import_the_command_line_where_alembic_is_not_installed(tmp_path: Path) -> None:
    python = without_alembic(tmp_path / "environment")
    run_by(python, "alembic", tmp_path, "--version", code=1)
    (tmp_path / "migrations" / "versions").mkdir(parents=True)
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
    (tmp_path / "migrations" / "env.py").write_text(ENV)
    (tmp_path / "migrations" / "versions" / "0001_.py").write_text(REVISION)
    run_by(python, "limbeck", tmp_path, "upgrade", "head")
    with sqlite3.connect(tmp_path / "it.db") as connection:
        assert connection.execute("SELECT upgrade FROM t").fetchall() == []
    connection.close()


@pytest.mark.parametrize("rows", [("left", "right"), ("right", "left")])
def test_steps_down_from_several_heads_count_from_the_first_row(
    tmp_path: Path, rows: tuple[str, str]
) -> None:
    (tmp_path / "migrations" / "versions").mkdir(parents=True)
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
    (tmp_path / "migrations" / "env.py").write_text(
        ENV.replace("from alembic.config import CommandLine, Config, main\n", "").replace(
            "assert isinstance(context.config, Config)\n", ""
        )
    )
    for name, down in (("base1", None), ("left", "base1"), ("right", "base1")):
        (tmp_path / "migrations" / "versions" / f"{name}.py").write_text(
            f"revision, down_revision = {name!r}, {down!r}\n"
            "def upgrade(): pass\ndef downgrade(): pass\n"
        )
    left: dict[str, list[tuple[str]]] = {}
    for tool in ("alembic", "limbeck"):
        (tmp_path / "it.db").unlink(missing_ok=True)
        connection = sqlite3.connect(tmp_path / "it.db")
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
        connection.executemany("INSERT INTO alembic_version VALUES (?)", [(row,) for row in rows])
        connection.commit()
        run(tool, tmp_path, "downgrade", "-1")
        left[tool] = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        connection.close()
    assert left == {tool: [(rows[1],)] for tool in ("alembic", "limbeck")}
