"""A project with three revisions, and six tenants of it on each kind of database."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.cli.project import Answer, Project

COUNT = 6
NAMES = tuple(f"tenant_{number}" for number in range(1, COUNT + 1))
REVISIONS = ("r1", "r2", "r3")

MODELS = """
import sqlalchemy as sa

metadata = sa.MetaData()
account = sa.Table(
    "account", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("note", sa.Text)
)
visit = sa.Table("visit", metadata, sa.Column("id", sa.Integer, primary_key=True))
"""

BODIES = {
    "r1": "op.create_table('account', sa.Column('id', sa.Integer, primary_key=True))",
    "r2": "op.create_table('visit', sa.Column('id', sa.Integer, primary_key=True))",
    "r3": "op.add_column('account', sa.Column('note', sa.Text))",
}


@dataclass
class Tenants:
    """A project, and the databases that it is for.

    :param project: the project.
    :param url: the address of the database in which the tenants have schemas, or beside which
        they have theirs.
    :param source: the options of the command line that name them.
    :param addresses: of each tenant its address, and its schema if it has one there.
    """

    project: Project
    url: str
    source: tuple[str, ...]
    addresses: dict[str, tuple[str, str | None]]

    def run(self, *words: str) -> Answer:
        """Run a command over the fleet."""
        return self.project.run(*words, *self.source)

    def json(self, *words: str, code: int = 0) -> dict[str, Any]:
        """Run a command over the fleet, and give its answer."""
        answer = self.run(*words, "--json")
        assert answer.code == code, answer
        found: dict[str, Any] = json.loads(answer.stdout)
        return found

    @contextmanager
    def connected(self, name: str) -> Iterator[sa.Connection]:
        """A connection in a tenant's database, or in its schema; what is done is committed."""
        address, schema = self.addresses[name]
        engine = sa.create_engine(address, poolclass=sa.NullPool)
        with engine.begin() as connection:
            if schema is not None:
                connection.execute(sa.text(f'SET search_path TO "{schema}"'))
            yield connection

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Be somebody who writes in a tenant's file, for whom whoever migrates it has to wait."""
        with self.connected(name) as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield

    def heads(self) -> dict[str, list[str]]:
        """What the version table of each tenant holds, by asking the database itself."""
        found = {}
        for name in self.addresses:
            with self.connected(name) as connection:
                schema = self.addresses[name][1]
                if sa.inspect(connection).has_table("alembic_version", schema=schema):
                    query = sa.text("SELECT version_num FROM alembic_version")
                    found[name] = list(connection.execute(query).scalars())
                else:
                    found[name] = []
        return found

    def applied(self, name: str) -> list[str]:
        """The revisions in a tenant's history, in their order."""
        with self.connected(name) as connection:
            query = sa.text(
                "SELECT revision FROM limbeck_history WHERE outcome = 'done' ORDER BY number"
            )
            return list(connection.execute(query).scalars())

    def execute(self, name: str, *statements: str) -> None:
        """Change something in a tenant's database."""
        with self.connected(name) as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


def write_project(folder: Path, url: str, **bodies: str) -> Project:
    """Write the project.

    :param folder: its folder.
    :param url: the address in its settings.
    :param bodies: what a revision does in place of what it does here.
    """
    project = Project(folder)
    project.settings(url, models="models:metadata")
    project.write("models.py", MODELS)
    for number, name in enumerate(REVISIONS):
        down = REVISIONS[number - 1] if number else None
        path = project.revision(name, down, bodies.get(name, BODIES[name]))
        path.write_text(
            path.read_text().replace("from limbeck", "import sqlalchemy as sa\nfrom limbeck")
        )
    return project


@contextmanager
def tenants_on(folder: Path, url: str, **bodies: str) -> Iterator[Tenants]:
    """Six empty tenants: schemas of PostgreSQL, databases of MariaDB, files of SQLite.

    :param folder: the project's folder.
    :param url: a database of one's own.
    :param bodies: what a revision does in place of what it does here.
    """
    project = write_project(folder, url, **bodies)
    kind = sa.make_url(url).get_backend_name()
    if kind == "sqlite":
        files = {name: f"sqlite:///{folder / name}.db" for name in NAMES}
        lines = [f"{name} {address}" for name, address in files.items()]
        project.write("tenants.txt", "\n".join(lines))
        yield Tenants(
            project,
            url,
            ("--databases", "tenants.txt"),
            {name: (address, None) for name, address in files.items()},
        )
        return
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    # databases of MariaDB are the server's, and so other tests' too
    prefix = "" if kind == "postgresql" else f"{sa.make_url(url).database}_"
    for name in (*NAMES, "tenants"):
        _execute(engine, f"CREATE SCHEMA {prefix}{name}")
    try:
        yield Tenants(
            project,
            url,
            ("--schemas", f"{prefix}tenant_*"),
            {prefix + name: _place(url, prefix + name) for name in NAMES},
        )
    finally:
        if prefix:
            for name in (*NAMES, "tenants"):
                _execute(engine, f"DROP SCHEMA {prefix}{name}")


def _execute(engine: sa.Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)


def _place(url: str, schema: str) -> tuple[str, str | None]:
    if sa.make_url(url).get_backend_name() == "postgresql":
        return url, schema
    return sa.make_url(url).set(database=schema).render_as_string(hide_password=False), None


def environment(project: Project) -> dict[str, str]:
    """The variables of a process that is started by hand."""
    return {**os.environ, **project.environment, "PYTHONDONTWRITEBYTECODE": "1"}
