"""The README's quick start works as typed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"

MODELS = """
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
"""


def quick_start() -> str:
    """The indented lines of the section, without the two that need a network and a server."""
    section = README.read_text().split("## Quick start")[1].split("\n## ")[0]
    lines = re.findall(r"^    (.+)$", section, re.MULTILINE)
    typed = [line for line in lines if not line.startswith(("pip ", "export "))]
    assert any(line.startswith("limbeck upgrade") for line in typed)
    return "\n".join(typed)


def shell(script: str, folder: Path) -> str:
    """Run what a person would type, stopping at the first command that fails."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-e"],
        input=script,
        cwd=folder,
        env={**os.environ, "PATH": path, "DATABASE_URL": "sqlite:///shop.db"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_quick_start(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    (tmp_path / "shop" / "models.py").write_text(MODELS)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\nversion = "1"\n')
    shell(quick_start(), tmp_path)
    shell("limbeck check; limbeck downgrade -1; limbeck upgrade head --sql", tmp_path)


def test_init_writes_the_settings_that_are_shown(tmp_path: Path) -> None:
    shown = README.read_text().split("```toml\n")[1].split("```")[0]
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    (tmp_path / "shop" / "models.py").write_text(MODELS)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\nversion = "1"\n')
    shell("limbeck init", tmp_path)
    written = tomllib.loads((tmp_path / "pyproject.toml").read_text())
    assert written["tool"]["limbeck"] == tomllib.loads(shown)["tool"]["limbeck"]
