"""A project whose revisions write down that they have run, and many deployers of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from textwrap import dedent, indent

import sqlalchemy as sa

from tests.cli.project import Answer
from tests.forked import LIMBECK, run_forked

ROOT = Path(__file__).parents[2]
REVISIONS = 6
HALF = 3

ADVISORY_LOCKS = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = "
    "(SELECT oid FROM pg_database WHERE datname = current_database())"
)

#: What each revision does, and whether it can be done twice without an error.
BODIES = {
    "ddl": 'op.create_table("t_{n}", sa.Column("id", sa.Integer, primary_key=True))',
    "data": 'op.execute("UPDATE account SET balance = balance + 1")',
    "both": """
        op.execute("UPDATE account SET balance = balance + 1")
        op.create_table("t_{n}", sa.Column("id", sa.Integer, primary_key=True))
    """,
    "concurrently": """
        with op.get_context().autocommit_block():
            op.create_index("ix_{n}", "account", ["balance"], postgresql_concurrently=True)
    """,
}

FIRST = """
op.create_table(
    "account",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("balance", sa.Integer, nullable=False),
)
op.execute("INSERT INTO account (id, balance) VALUES (1, 0)")
"""

ENV = """
import sqlalchemy as sa
from alembic import context

url = context.config.get_main_option("sqlalchemy.url")
engine = sa.create_engine(url, poolclass=sa.NullPool)
{engine}
with engine.connect() as connection:
    context.configure(connection=connection, **{options})
    with context.begin_transaction():
        context.run_migrations()
"""


@dataclass
class Fleet:
    """A project, and its deployers.

    :param folder: the project's folder.
    :param url: the database's address.
    """

    folder: Path
    url: str
    settings: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.folder / "migrations" / "versions").mkdir(parents=True, exist_ok=True)
        self._write_settings()

    def set(self, **settings: str) -> None:
        """Change settings, as they are written in the file."""
        self.settings.update(settings)
        self._write_settings()

    def _write_settings(self) -> None:
        lines = [f"{name} = {value}" for name, value in self.settings.items()]
        text = "\n".join([*lines, 'models = "nothing:Base"', 'url = "${DATABASE_URL}"', ""])
        (self.folder / "limbeck.toml").write_text(text)
        (self.folder / "nothing.py").write_text(
            "from sqlalchemy import MetaData\nclass Base:\n    metadata = MetaData()\n"
        )

    def as_alembics(self, options: str = "{}", engine: str = "") -> None:
        """Make it a project of Alembic's, with an ``env.py`` that owns the connection.

        :param options: more options of ``configure()``, as source text.
        :param engine: what is done to the engine, likewise.
        """
        (self.folder / "limbeck.toml").unlink()
        (self.folder / "migrations" / "env.py").write_text(
            ENV.replace("{options}", options).replace("{engine}", engine)
        )
        url = self.url.replace("%", "%%")
        (self.folder / "alembic.ini").write_text(
            f"[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = {url}\n"
        )

    def as_the_name_alembic(self) -> None:
        """Run the command ``alembic`` of limbeck-alembic."""
        folders = (ROOT / "packages" / "limbeck-alembic" / "src", ROOT)
        self.variables["PYTHONPATH"] = os.pathsep.join(map(str, folders))
        self.variables["LIMBECK_TEST_PROGRAM"] = "alembic.config"

    def revisions(self, kind: str, count: int = REVISIONS) -> None:
        """Write revisions, ``r1`` and so on, of which the first makes what the others change."""
        self.revision(1, FIRST)
        for number in range(2, count + 1):
            self.revision(number, BODIES[kind].replace("{n}", str(number)))

    def revision(self, number: int, upgrade: str, downgrade: str = "pass") -> None:
        """Write one revision, which writes down that it has run, and in which process."""
        follows = f"r{number - 1}" if number > 1 else None
        (self.folder / "migrations" / "versions" / f"r{number}.py").write_text(
            f'"""make r{number}"""\nimport os\nimport time\nimport sqlalchemy as sa\n'
            "from limbeck import op\n"
            f'revision = "r{number}"\ndown_revision = {follows!r}\n'
            "def upgrade():\n"
            f'    with open({str(self.log)!r}, "a") as log:\n'
            '        log.write(f"{revision} {os.getpid()}\\n")\n'
            f"{indent(dedent(upgrade).strip(), '    ')}\n"
            f"def downgrade():\n{indent(dedent(downgrade).strip(), '    ')}\n"
        )

    def until_others_wait(self, count: int) -> str:
        """The body of a revision that ends when so many deployers have said that they wait."""
        return f"""
            from pathlib import Path
            said = Path({str(self.folder)!r})
            while sum("waiting" in f.read_text() for f in said.glob("output-*/*.err")) < {count}:
                time.sleep(0.05)
        """

    def expect_a_whole_history(self) -> None:
        """The history has each revision once, and its chain is whole; where one is kept."""
        if not (self.folder / "limbeck.toml").exists():
            return
        [answer] = self.deploy(1, "history", "--verify", "--json")
        assert answer.code == 0, answer
        [found] = json.loads(answer.stdout)["databases"]
        assert found["is_complete"]
        assert [row["revision"] for row in found["rows"]] == self.ran

    @property
    def log(self) -> Path:
        """The file in which every run of a revision is written down."""
        return self.folder / "ran.log"

    @property
    def ran(self) -> list[str]:
        """The revisions that have run, in their order."""
        return [line.split()[0] for line in self._lines()]

    @property
    def workers(self) -> set[str]:
        """The processes in which they have run."""
        return {line.split()[1] for line in self._lines()}

    def _lines(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []

    # The command

    def deploy(self, count: int, *words: str) -> list[Answer]:
        """Run the command in many processes at one instant.

        :param count: how many.
        :param words: what is typed after ``limbeck``; ``upgrade head`` if nothing is.
        """
        output = Path(mkdtemp(dir=self.folder, prefix="output-"))
        command = ("-m", "tests.deploying.launcher", str(count), str(output))
        done = run_forked(
            self.folder,
            self.environment,
            (*command, *(words or ("upgrade", "head"))),
            imported=(*LIMBECK, "sqlalchemy.ext.asyncio"),
        )
        assert done.code == 0, done.stderr
        return [
            Answer(
                int(code),
                (output / f"{number}.out").read_text(),
                (output / f"{number}.err").read_text(),
            )
            for number, code in enumerate(done.stdout.split())
        ]

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start the command as it is started from a shell, and do not wait for it."""
        return subprocess.Popen(
            [sys.executable, "-m", "limbeck", *(words or ("upgrade", "head"))],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def environment(self) -> dict[str, str]:
        """The variables of every process."""
        driver = sa.make_url(self.url).get_driver_name()
        return {
            **{k: v for k, v in os.environ.items() if not k.startswith("LIMBECK_CONFIG")},
            "DATABASE_URL": self.url,
            "LIMBECK_TEST_DRIVERS": "" if driver == "pysqlite" else driver,
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            **self.variables,
        }

    # The database

    def ask(self, sql: str) -> list[object]:
        """The first column of a query's rows."""
        url = self.url.replace("+aiosqlite", "").replace("+asyncpg", "+psycopg")
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            return list(connection.execute(sa.text(sql)).scalars())

    def expect_at(self, last: int) -> None:
        """The database is at a revision."""
        assert self.ask("SELECT version_num FROM alembic_version") == [f"r{last}"]

    def expect_all_applied(self, kind: str, last: int = REVISIONS) -> None:
        """Each revision has run once, and all that they do is in the database."""
        assert self.ran == [f"r{number}" for number in range(1, last + 1)]
        self.expect_at(last)
        if kind in ("data", "both"):
            assert self.ask("SELECT balance FROM account") == [last - 1]
