"""Small projects in temporary folders, and the real command run in them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

from tests.forked import run_forked

BEFORE = """\
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(String(50))
    fax: Mapped[str | None] = mapped_column(String(30))
"""

AFTER = """\
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customer"
    __table_args__ = (UniqueConstraint("email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), server_default="")
    email: Mapped[str | None] = mapped_column(String(100), index=True)


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
"""


@dataclass(frozen=True)
class Answer:
    """What a run of the command gave."""

    code: int
    stdout: str
    stderr: str


@dataclass
class Project:
    """A project in a folder.

    :param environment: variables for the command, besides those of the process.
    :param anew: whether each command has a new process, as a shell starts it.
    """

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    anew: bool = False

    def write(self, name: str, text: str) -> Path:
        """Write a file of the project."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
        return path

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text that has to be in a file."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def models(self, text: str) -> None:
        """Write the models as ``shop/models.py``."""
        self.write("shop/__init__.py", "")
        self.write("shop/models.py", text)

    def settings(self, url: str | None = None, **more: str) -> None:
        """Write the settings of a project that needs no ``env.py``."""
        lines = [f'{name} = "{value}"' for name, value in more.items()]
        if "models" not in more:
            lines.append('models = "shop.models:Base.metadata"')
        self.write("limbeck.toml", "\n".join([*lines, 'url = "${DATABASE_URL}"']) + "\n")
        (self.folder / "migrations" / "versions").mkdir(parents=True, exist_ok=True)
        self.environment["DATABASE_URL"] = url or "sqlite:///test.db"

    def revision(self, name: str, down: str | None, body: str = "pass", **more: str) -> Path:
        """Write a revision file by hand."""
        extra = "".join(f"{key} = {value}\n" for key, value in more.items())
        return self.write(
            f"migrations/versions/{name}.py",
            f'"""{name}"""\nfrom limbeck import op\n\nrevision = "{name}"\n'
            f"down_revision = {down!r}\n{extra}\n"
            f"def upgrade():\n    {body}\n\ndef downgrade():\n    pass\n",
        )

    def run(self, *words: str, **environment: str) -> Answer:
        """Run ``limbeck``, in a process that need not import it first."""
        return self._run(words, environment, anew=self.anew)

    def run_anew(self, *words: str, **environment: str) -> Answer:
        """Run ``limbeck`` as a shell does, in a new process."""
        return self._run(words, environment, anew=True)

    def _run(self, words: tuple[str, ...], more: Mapping[str, str], *, anew: bool) -> Answer:
        environment = self._environment(more)
        if not anew:
            ended = run_forked(self.folder, environment, ("limbeck", *words))
            return Answer(ended.code, ended.stdout, ended.stderr)
        done = subprocess.run(
            [str(Path(sys.executable).with_name("limbeck")), *words],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def ok(self, *words: str) -> str:
        """Run ``limbeck``, which has to succeed, and give its results."""
        answer = self.run(*words)
        assert answer.code == 0, f"limbeck {' '.join(words)}: {answer}"
        return answer.stdout

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LIMBECK_", "ALEMBIC_", "DATABASE_URL"))
        }
        return {**kept, "PYTHONDONTWRITEBYTECODE": "1", **self.environment, **more}

    def contents(self) -> dict[str, bytes]:
        """Every file of the project and what is in it.

        SQLite makes an empty file of a database that is only looked at; it counts as none.
        """
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
            if path.suffix != ".db" or path.stat().st_size
        }
