"""A small project that uses a library, in an environment where ``alembic`` is limbeck-alembic.

``LIMBECK_TEST_LIBRARIES_ON=alembic`` runs the same projects on Alembic itself: what fails on both
is the library's own affair.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tests.forked import run_forked
from tests.packages.environments import CACHE, ROOT, install, python_with
from tests.servers.shared import locked

ALEMBIC = "alembic==1.20.1"

IMPORTED = ("limbeck.*", "sqlalchemy.orm", "psycopg", "flask_migrate", "flask_sqlalchemy", "pytest")

ENV_PY = """
import os
import sqlalchemy as sa
from alembic import context
import models

engine = sa.create_engine(os.environ["DATABASE_URL"])
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=models.metadata)
    with context.begin_transaction():
        context.run_migrations()
"""


def path_of_alembic() -> str:
    """The folders in which the environments' interpreters find ``alembic``, for PYTHONPATH."""
    if os.environ.get("LIMBECK_TEST_LIBRARIES_ON") != "alembic":
        return os.pathsep.join(
            [str(ROOT / "packages" / "limbeck-alembic" / "src"), str(ROOT / "src")]
        )
    folder = CACHE / ALEMBIC
    CACHE.mkdir(parents=True, exist_ok=True)
    with locked(CACHE / f"{ALEMBIC}.lock"):
        if not folder.exists():
            install("--no-deps", "--target", str(folder), ALEMBIC)
    return str(folder)


@dataclass(frozen=True)
class Project:
    """A folder with a project's files, and its database.

    :param folder: where the files are.
    :param url: the database.
    """

    folder: Path
    url: str

    def write(self, name: str, text: str) -> None:
        """Write one of the project's files."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def run(self, *words: str, code: int = 0) -> str:
        """Run a module by ``python -m``.

        :param words: the module and its arguments.
        :param code: how it has to end.
        :returns: what it printed.
        """
        variables = {"PYTHONPATH": path_of_alembic(), "PYTHONDONTWRITEBYTECODE": "1"}
        done = run_forked(
            self.folder,
            {**os.environ, **variables, "DATABASE_URL": self.url},
            ("-m", *words),
            python=str(python_with("libraries", Path(__file__).parent)),
            imported=IMPORTED,
        )
        said = done.stdout + done.stderr
        assert done.code == code, f"{' '.join(words)}:\n{said}"
        return said

    def begin(self) -> None:
        """Begin migrations by the command ``alembic``, with a connection to the database."""
        self.run("alembic", "init", "migrations")
        self.write("migrations/env.py", ENV_PY)

    def generate(self, message: str) -> str:
        """Generate a revision, apply it, and see that nothing is left to do.

        :returns: the revision's file.
        """
        self.run("alembic", "revision", "--autogenerate", "-m", message, "--rev-id", message)
        self.run("alembic", "upgrade", "head")
        self.run("alembic", "check")
        return next((self.folder / "migrations" / "versions").glob(f"{message}_*.py")).read_text()
