"""The databases in which the work is done."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from tests.servers import STARTERS

__all__ = ["TITLES", "Database", "opened"]

TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mariadb": "MariaDB"}
_STARTERS = {"postgresql": "postgresql15", "mariadb": "mariadb"}


@dataclass(frozen=True)
class Database:
    """A database of one kind.

    :param name: the kind.
    :param url: its address.
    :param server: the address of the server's own database, None where there is no server.
    """

    name: str
    url: str
    server: sa.URL | None = None

    @property
    def title(self) -> str:
        """The name for people."""
        return TITLES[self.name]

    def empty(self, schemas: Sequence[str] = ()) -> None:
        """Make it anew, without tables.

        :param schemas: schemas to create in it.
        """
        if self.server is None:
            Path(self.url.removeprefix("sqlite:///")).unlink(missing_ok=True)
            return
        options = "WITH (FORCE)" if self.name == "postgresql" else ""
        with _connected(self.server) as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS bench {options}")
            connection.exec_driver_sql("CREATE DATABASE bench")
        with _connected(sa.make_url(self.url)) as connection:
            for schema in schemas:
                connection.exec_driver_sql(f"CREATE SCHEMA {schema}")

    def create(self, project: Path) -> None:
        """Create the tables of a project's models.

        :param project: the project.
        """
        program = (
            "import sqlalchemy as sa, sys, models\n"
            "models.metadata.create_all(sa.create_engine(sys.argv[1]))"
        )
        subprocess.run([sys.executable, "-c", program, self.url], cwd=project, check=True)


@contextlib.contextmanager
def _connected(url: sa.URL) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection


@contextlib.contextmanager
def opened(name: str, folder: Path) -> Iterator[Database]:
    """A private database of one kind, until the end.

    :param name: the kind.
    :param folder: for the file, where it is one.
    """
    if name == "sqlite":
        yield Database(name, f"sqlite:///{folder / 'bench.sqlite'}")
        return
    running = STARTERS[_STARTERS[name]]()
    try:
        server = sa.make_url(running.url)
        driver = "postgresql+psycopg" if name == "postgresql" else "mysql+pymysql"
        server = server.set(drivername=driver)
        url = server.set(database="bench").render_as_string(hide_password=False)
        yield Database(name, url, server)
    finally:
        running.stop()
