"""SQL on paper: the same text as Alembic's, and the one that would run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TextIO, cast

import pytest

from limbeck.config import Config
from limbeck.runtime.environment import EnvironmentContext
from limbeck.script import ScriptDirectory
from limbeck.workflow.downgrade import downgrade
from limbeck.workflow.stamp import stamp
from tests.runtime.projects import Project

ADDRESSES = ("postgresql://h/d", "mysql://h/d")
WITH_ALEMBIC = """
import sys
from alembic import command
from alembic.config import Config

config = Config(output_buffer=sys.stdout)
config.set_main_option("script_location", sys.argv[1])
config.set_main_option("sqlalchemy.url", sys.argv[2])
getattr(command, sys.argv[3])(config, sys.argv[4], sql=True)
"""


def history(folder: Path, url: str) -> Project:
    project = Project(folder, url)
    project.env(package="alembic")
    project.revision(
        "a1",
        """
        op.create_table(
            "t",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("name", sa.String(20), server_default="it's", nullable=False),
        )
        op.create_index("ix_t_name", "t", ["name"], unique=True)
        """,
        'op.drop_index("ix_t_name", table_name="t")\nop.drop_table("t")',
        package="alembic",
    )
    project.revision(
        "b1",
        """
        op.add_column("t", sa.Column("n", sa.Integer, nullable=True))
        op.create_check_constraint("ck", "t", "n > 0")
        op.bulk_insert(
            sa.table("t", sa.column("name", sa.String), sa.column("n", sa.Integer)),
            [{"name": "a", "n": 1}, {"name": "b", "n": 2}],
        )
        """,
        'op.drop_constraint("ck", "t", type_="check")\nop.drop_column("t", "n")',
        package="alembic",
    )
    project.revision("b2", "op.rename_table('t', 'u')", down="a1", package="alembic")
    project.revision("m1", down=("b1", "b2"), package="alembic")
    return project


def alembic(project: Project, command: str, revision: str) -> str:
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            WITH_ALEMBIC,
            str(project.folder),
            project.url,
            command,
            revision,
        ],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    return done.stdout


def comparable(text: str) -> list[str]:
    """The statements, sorted by revision: both orders of two branches are right."""
    return [line.rstrip() for line in text.splitlines()]


@pytest.mark.parametrize("url", ADDRESSES)
@pytest.mark.parametrize("revision", ["b1", "a1:b2"])
def test_up_as_alembic_writes_it(tmp_path: Path, url: str, revision: str) -> None:
    project = history(tmp_path, url)
    ours = project.paper(revision)
    assert "CREATE TABLE t" in ours or revision.startswith("a1")
    assert comparable(ours) == comparable(alembic(project, "upgrade", revision))


@pytest.mark.parametrize("url", ADDRESSES)
def test_down_as_alembic_writes_it(tmp_path: Path, url: str) -> None:
    project = history(tmp_path, url)
    config = project.config
    downgrade(config, "b1:base", sql=True)
    ours = config.output_buffer.getvalue()
    assert "DROP TABLE t" in ours
    assert comparable(ours) == comparable(alembic(project, "downgrade", "b1:base"))


@pytest.mark.parametrize("url", ADDRESSES)
def test_a_stamp_as_alembic_writes_it(tmp_path: Path, url: str) -> None:
    project = history(tmp_path, url)
    config = project.config
    stamp(config, "a1:b1", sql=True)
    ours = config.output_buffer.getvalue()
    assert "-- Running stamp_revision a1 -> b1" in ours
    assert comparable(ours) == comparable(alembic(project, "stamp", "a1:b1"))


@pytest.mark.parametrize("url", [*ADDRESSES, "sqlite://"])
def test_the_text_is_what_would_run(tmp_path: Path, url: str) -> None:
    project = Project(tmp_path, url)
    project.revision(
        "a1",
        r"""
        op.execute("SELECT '100%', ':bind', '\t' -- the end")
        op.execute(sa.text("SELECT :x").bindparams(x="50%"))
        op.get_bind().execute(sa.text("SELECT :y"), {"y": 7})
        assert op.get_bind().dialect.name in ("postgresql", "mysql", "sqlite")
        op.execute(sa.table("t", sa.column("n")).update().values(n=op.inline_literal("%d")))
        """,
    )
    text = project.paper()
    assert "SELECT '100%', ':bind', '\t' -- the end\n;" in text
    assert "SELECT '50%';" in text
    assert "SELECT 7;" in text
    assert "UPDATE t SET n='%d';" in text


def test_out_of_a_transaction_and_in_again(tmp_path: Path) -> None:
    project = Project(tmp_path, "postgresql://h/d")
    project.revision(
        "a1",
        """
        with op.get_context().autocommit_block():
            op.create_index("ix", "t", ["id"], postgresql_concurrently=True)
        """,
    )
    words = [line for line in project.paper().splitlines() if line.endswith(";")]
    at = words.index("CREATE INDEX CONCURRENTLY ix ON t (id);")
    assert words[at - 1 : at + 2] == ["COMMIT;", words[at], "BEGIN;"]


def test_one_transaction_for_all(tmp_path: Path) -> None:
    project = history(tmp_path, "postgresql://h/d")
    text = (project.folder / "env.py").read_text()
    (project.folder / "env.py").write_text(text.replace("migration=True", "migration=False"))
    assert project.paper().count("BEGIN;") == 1


@pytest.mark.parametrize("text", [True, False])
def test_an_encoding(tmp_path: Path, text: bool) -> None:
    project = Project(tmp_path, "sqlite://")
    env = project.folder / "env.py"
    env.write_text(env.read_text().replace("literal_binds=True", "output_encoding='latin-1'"))
    project.revision("a1", "op.execute(\"SELECT 'é'\")")
    script = ScriptDirectory.from_config(project.config)
    path = tmp_path / "out.sql"
    with path.open("w" if text else "wb") as out:
        config = Config(output_buffer=cast(TextIO, out))
        config.set_main_option("sqlalchemy.url", project.url)
        options = {"fn": lambda heads, context: script._upgrade_revs("head", heads)}
        with EnvironmentContext(config, script, as_sql=True, **options):
            script.run_env()
    assert b"SELECT '\xe9';" in path.read_bytes()
