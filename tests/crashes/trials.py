"""Runs that are interrupted, run again, and compared with one that was not."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

import sqlalchemy as sa

from tests.crashes.command import Ended, run
from tests.crashes.faults import Fault
from tests.crashes.histories import FIRST, second
from tests.loop.picture import picture

_OWN = ("alembic_version", "limbeck_journal", "limbeck_history")
_OURS = re.compile("|".join(_OWN))


@dataclass(frozen=True)
class State:
    """Everything that is in a database.

    :param lines: its schema.
    :param rows: its rows, by table.
    :param version: what the version table says.
    """

    lines: frozenset[str]
    rows: dict[str, list[str]]
    version: tuple[str, ...]

    def differs_from(self, other: State) -> list[str]:
        """What is not the same, a line each."""
        found = [f"- {line}" for line in sorted(other.lines - self.lines)]
        found += [f"+ {line}" for line in sorted(self.lines - other.lines)]
        for table in sorted(self.rows.keys() | other.rows.keys()):
            here, there = self.rows.get(table), other.rows.get(table)
            if here != there:
                found.append(f"rows of {table}: {_short(here)} and not {_short(there)}")
        if self.version != other.version:
            found.append(f"version {self.version} and not {other.version}")
        return found


def _short(rows: list[str] | None) -> str:
    return "none" if rows is None else f"{len(rows)}: {rows[:2]}"


def state_of(url: str) -> State:
    """Everything that is in a database.

    :param url: its address.
    """
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with closing(engine.connect()) as connection:
        inspector = sa.inspect(connection)
        tables = sorted(inspector.get_table_names())
        lines = {line for line in picture(connection) if not _OURS.search(line)}
        lines |= set(_others(connection))
        if "limbeck_journal" in tables and _rows(connection, "limbeck_journal"):
            lines.add("a journal")  # an empty one goes with the next run that has something to do
        rows = {
            table: sorted(str(tuple(row)) for row in _rows(connection, table))
            for table in tables
            if table not in _OWN
        }
        version = tuple(str(row[0]) for row in _rows(connection, "alembic_version"))
        return State(frozenset(lines), rows, version)


def _rows(connection: sa.Connection, table: str) -> list[sa.Row[tuple[object, ...]]]:
    quoted = connection.dialect.identifier_preparer.quote(table)
    found = connection.execute(sa.text(f"SELECT * FROM {quoted}"))
    # A number that was drawn for a row which was rolled back is not drawn again.
    names = [name for name in tuple(found.keys()) if (table, name) != ("purchase", "id")]
    return list(found.columns(*names))


def _others(connection: sa.Connection) -> Iterator[str]:
    """Views, routines and triggers, which a picture of tables does not show."""
    if connection.dialect.name == "postgresql":
        for question in (
            "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'",
            "SELECT proname, prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace "
            "WHERE nspname = 'public'",
        ):
            yield from (str(tuple(row)) for row in connection.exec_driver_sql(question))
    elif connection.dialect.name == "sqlite":
        asked = "SELECT name, sql FROM sqlite_master WHERE type IN ('view', 'trigger')"
        yield from (str(tuple(row)) for row in connection.exec_driver_sql(asked))
    else:
        for question in (
            "SELECT table_name, view_definition FROM information_schema.views "
            "WHERE table_schema = DATABASE()",
            "SELECT routine_name, routine_type, routine_definition FROM "
            "information_schema.routines WHERE routine_schema = DATABASE()",
            "SELECT trigger_name, action_statement FROM information_schema.triggers "
            "WHERE trigger_schema = DATABASE()",
        ):
            here = connection.exec_driver_sql("SELECT DATABASE()").scalar_one()
            for row in connection.exec_driver_sql(question):
                yield str(tuple(row)).replace(str(here), "here")


class Trial:
    """A project whose first revision is in the database, and whose second is interrupted.

    :param folder: where the project is written.
    :param url: the address of an empty database.
    :param database: its kind.
    """

    def __init__(
        self, folder: Path, url: str, database: str, *, with_data: bool = True, rows: int = 5
    ) -> None:
        self.folder = folder
        self.url = url
        versions = folder / "migrations" / "versions"
        versions.mkdir(parents=True)
        (folder / "limbeck.toml").write_text('url = "${DATABASE_URL}"\nmodels = "models:m"\n')
        (folder / "models.py").write_text("import sqlalchemy as sa\nm = sa.MetaData()\n")
        self.write("r1", None, FIRST.replace("ROWS", str(rows)))
        self.write("r2", "r1", second(database, with_data=with_data))

    def on(self, url: str) -> Trial:
        """The same project on another database."""
        other = copy(self)
        other.url = url
        return other

    def write(self, name: str, down: str | None, up: str, back: str = "pass") -> None:
        """Write a revision."""
        path = self.folder / "migrations" / "versions" / f"{name}.py"
        path.write_text(
            f'"""{name}"""\nimport sqlalchemy as sa\nfrom limbeck import op\n\n'
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
