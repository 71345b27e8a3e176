"""Projects of a few revisions, written out for one test."""

from __future__ import annotations

import io
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import sqlalchemy as sa

from limbeck.config import Config
from limbeck.runtime.environment import EnvironmentContext
from limbeck.script import ScriptDirectory
from limbeck.workflow.downgrade import downgrade
from limbeck.workflow.upgrade import upgrade

ENV = """
import sqlalchemy as sa
from {package} import context

url = context.config.get_main_option("sqlalchemy.url")
if context.is_offline_mode():
    context.configure(url=url, literal_binds=True, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        {before}
        context.configure(connection=connection, **{options})
        {run}
"""

RUN = """
with context.begin_transaction():
    context.run_migrations()
"""


class Project:
    """A folder with ``env.py`` and revisions, and a database.

    :param folder: where it is written.
    :param url: the database's address.
    """

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder / "migrations"
        (self.folder / "versions").mkdir(parents=True)
        self.url = url
        self.last: str | None = None
        self.env()

    def env(
        self, *, before: str = "pass", options: str = "{}", run: str = RUN, package: str = "limbeck"
    ) -> None:
        """Write ``env.py``.

        :param before: what it does on the connection before ``configure()``.
        :param options: a dict of more options, as source text.
        :param run: what it does after ``configure()``.
        """
        text = ENV.replace("{run}", indent(dedent(run), " " * 8).strip())
        text = text.replace("{before}", before).replace("{options}", options)
        (self.folder / "env.py").write_text(text.replace("{package}", package))

    def revision(
        self,
        id_: str,
        upgrade: str = "pass",
        downgrade: str = "pass",
        *,
        down: str | tuple[str, ...] | bool | None = True,
        package: str = "limbeck",
    ) -> Path:
        """Write a revision after the last one that was written.

        :param upgrade: the body of ``upgrade()``.
        :param down: what it follows, if not the last one.
        """
        follows = self.last if down is True else down
        self.last = id_
        path = self.folder / "versions" / f"{id_}.py"
        path.write_text(
            f'"""make {id_}"""\n'
            f"import sqlalchemy as sa\nfrom {package} import op\n"
            f"revision = {id_!r}\ndown_revision = {follows!r}\n"
            f"def upgrade(**kw):\n{indent(dedent(upgrade).strip(), '    ')}\n"
            f"def downgrade(**kw):\n{indent(dedent(downgrade).strip(), '    ')}\n"
        )
        return path

    @property
    def config(self) -> Config:
        """The settings."""
        config = Config(output_buffer=io.StringIO())
        config.set_main_option("script_location", str(self.folder))
        config.set_main_option("sqlalchemy.url", self.url.replace("%", "%%"))
        return config

    def upgrade(self, revision: str = "head") -> None:
        """Upgrade the database."""
        upgrade(self.config, revision)

    def downgrade(self, revision: str) -> None:
        """Downgrade the database."""
        downgrade(self.config, revision)

    def paper(self, revision: str = "head") -> str:
        """The SQL of an upgrade."""
        config = self.config
        upgrade(config, revision, sql=True)
        return config.output_buffer.getvalue()

    def run(self, revision: str = "head", **options: Any) -> EnvironmentContext:
        """Upgrade by an environment of one's own, with more options for the run."""
        config = self.config
        script = ScriptDirectory.from_config(config)

        def steps(heads: Any, context: Any) -> Any:
            return script._upgrade_revs(revision, heads)

        with EnvironmentContext(config, script, fn=steps, **options) as environment:
            script.run_env()
        return environment

    def ask(self, sql: str) -> list[Any]:
        """The first column of a query's rows."""
        engine = sa.create_engine(self.url)
        with engine.connect() as connection:
            rows = list(connection.execute(sa.text(sql)).scalars())
        engine.dispose()
        return rows

    def tables(self) -> set[str]:
        """The tables in the database."""
        engine = sa.create_engine(self.url)
        names = set(sa.inspect(engine).get_table_names())
        engine.dispose()
        return names

    def versions(self) -> list[str]:
        """The rows of the version table; none where there is no table."""
        if "alembic_version" not in self.tables():
            return []
        return sorted(self.ask("SELECT version_num FROM alembic_version"))


def create(name: str) -> str:
    """The body of an ``upgrade()`` that creates a table."""
    return f'op.create_table("{name}", sa.Column("id", sa.Integer, primary_key=True))'
