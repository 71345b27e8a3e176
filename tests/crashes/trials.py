"""Runs that are interrupted, run again, and compared with one that was not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from copy import copy
from pathlib import Path
from textwrap import indent

from tests.crashes.command import Ended, run
from tests.crashes.faults import Fault
from tests.crashes.histories import first, second, stages
from tests.crashes.states import State, state_of


class Trial:
    """A project whose first revision is in the database, and of which a later one is interrupted.

    :param folder: where the project is written.
    :param url: the address of an empty database.
    :param database: its kind.
    :param size: how many statements a revision holds; 0 for one revision that holds all.
    """

    def __init__(
        self,
        folder: Path,
        url: str,
        database: str,
        *,
        with_data: bool = True,
        rows: int = 5,
        size: int = 0,
    ) -> None:
        self.folder = folder
        self.url = url
        versions = folder / "migrations" / "versions"
        versions.mkdir(parents=True)
        (folder / "limbeck.toml").write_text('url = "${DATABASE_URL}"\nmodels = "models:m"\n')
        (folder / "models.py").write_text("import sqlalchemy as sa\nm = sa.MetaData()\n")
        self.write("r1", None, first(database, rows))
        bodies = [second(database, with_data=with_data)]
        if size:
            bodies = stages(database, size, with_data=with_data)
        for number, body in enumerate(bodies, 2):
            self.write(f"r{number}", f"r{number - 1}", body)
        self.last = len(bodies) + 1

    def on(self, url: str) -> Trial:
        """The same project on another database."""
        other = copy(self)
        other.url = url
        return other

    def write(self, name: str, down: str | None, up: str, back: str = "pass") -> None:
        """Write a revision."""
        path = self.folder / "migrations" / "versions" / f"{name}.py"
        path.write_text(
            f'"""{name}"""\nimport sqlalchemy as sa\nfrom limbeck import op\n'
            "from limbeck.schema import ViewIndex\n\n"
            f'revision = "{name}"\ndown_revision = {down!r}\n\n\n'
            f"def upgrade():\n{indent(up, '    ')}\n\n\ndef downgrade():\n{indent(back, '    ')}\n"
        )

    def run(
        self, *words: str, fault: Fault | None = None, kill_after: float | None = None
    ) -> Ended:
        """Run ``limbeck``."""
        return run(
            self.folder,
            *words,
            fault=fault,
            kill_after=kill_after,
            environment={"DATABASE_URL": self.url},
        )

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start the command ``limbeck`` as a user does, and do not wait for it."""
        return subprocess.Popen(
            [str(Path(sys.executable).with_name("limbeck")), *words],
            cwd=self.folder,
            env={**os.environ, "DATABASE_URL": self.url},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def state(self) -> State:
        """Everything that is in the database."""
        return state_of(self.url)

    def remove(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
