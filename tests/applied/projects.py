"""Small projects whose history is looked at, in this process."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from limbeck import command
from limbeck.config import Config
from limbeck.revisions.history_row import HistoryRow
from limbeck.runtime.origin import Origin

START = datetime.datetime(2026, 1, 31, 23, 59, 59, 123456, datetime.UTC)


@dataclass
class Project:
    """A native project with hand-written revisions.

    :param said: the notices of the last upgrade or downgrade.
    """

    folder: Path
    url: str
    settings: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "migrations/versions").mkdir(parents=True, exist_ok=True)

    def path(self, revision: str) -> Path:
        return self.folder / f"migrations/versions/{revision}.py"

    def write(
        self,
        revision: str,
        down: Any = None,
        up: str | None = None,
        back: str | None = None,
        **more: Any,
    ) -> None:
        """A revision that makes a table of its own name, unless it is said otherwise."""
        extra = "".join(f"{name} = {value!r}\n" for name, value in more.items())
        up = up or f'op.create_table("t_{revision}", sa.Column("id", sa.Integer))'
        back = back or f'op.drop_table("t_{revision}")'
        self.path(revision).write_text(
            f'"""message of {revision}"""\nimport sqlalchemy as sa\nfrom limbeck import op\n\n'
            f"revision = {revision!r}\ndown_revision = {down!r}\n{extra}\n\n"
            f"def upgrade():\n    {up}\n\n\ndef downgrade():\n    {back}\n",
            encoding="utf-8",
        )

    def line(self, *revisions: str) -> None:
        """Revisions that follow each other."""
        for before, revision in itertools.pairwise((None, *revisions)):
            assert revision is not None
            self.write(revision, before)

    def replace(self, revision: str, old: str, new: str) -> None:
        text = self.path(revision).read_text(encoding="utf-8")
        assert old in text
        self.path(revision).write_text(text.replace(old, new), encoding="utf-8")

    @property
    def config(self) -> Config:
        lines = [f"{name} = {_toml(value)}" for name, value in self.settings.items()]
        text = "\n".join([f'url = "{self.url}"', 'models = "nowhere:md"', *lines])
        (self.folder / "limbeck.toml").write_text(text, encoding="utf-8")
        (self.folder / "nowhere.py").write_text("import sqlalchemy as sa\nmd = sa.MetaData()\n")
        ticks = itertools.count()

        def clock() -> datetime.datetime:
            return START + datetime.timedelta(seconds=next(ticks))

        return Config(
            toml_file=str(self.folder / "limbeck.toml"),
            attributes={"origin": Origin("jane", "build7", clock)},
        )

    def upgrade(self, revision: str = "head", **options: Any) -> None:
        from limbeck.workflow.upgrade import upgrade

        self.said = []
        upgrade(self.config, revision, report=self._hear, **options)

    def downgrade(self, revision: str) -> None:
        from limbeck.workflow.downgrade import downgrade

        self.said = []
        downgrade(self.config, revision, report=self._hear)

    def _hear(self, event: Any) -> None:
        words = getattr(event, "words", None)
        if words is not None:
            self.said.append(words)

    def rows(self) -> tuple[HistoryRow, ...]:
        """The rows of the history, whose chain has to be whole."""
        [found] = command.history_applied(self.config, verify=True)
        assert found.is_complete
        return found.rows

    def told(self) -> list[tuple[str | None, str, str]]:
        """Of each row its revision, what was done and what came of it."""
        return [(row.revision, row.direction, row.outcome) for row in self.rows()]

    def tables(self) -> set[str]:
        with self.connect() as connection:
            return set(sa.inspect(connection).get_table_names())

    @contextmanager
    def connect(self) -> Iterator[sa.Connection]:
        engine = sa.create_engine(self.url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            yield connection
        engine.dispose()

    def run(self, statement: str) -> None:
        """Run a statement by hand."""
        with self.connect() as connection:
            connection.exec_driver_sql(statement)
            connection.commit()


def _toml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'
