"""A project that Alembic made goes on with limbeck as it is, and back again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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


def run(tool: str, folder: Path, *arguments: str, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", tool, *arguments],
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
