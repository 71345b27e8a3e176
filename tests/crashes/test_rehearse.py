"""``limbeck rehearse``: revisions interrupted on a scratch database."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.database.moments import Moment
from limbeck.workflow.rehearse_revision import Wanted
from tests.cli.project import Project
from tests.crashes.statements import statements_on

FIRST = """
op.create_table("account", sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("balance", sa.Integer), sa.Column("name", sa.String(20)))
op.execute("INSERT INTO account (balance) VALUES (1)")
"""
GOOD = """
op.execute("UPDATE account SET balance = balance + 1")
op.add_column("account", sa.Column("at", sa.DateTime, server_default=sa.func.now()))
op.create_table("fresh", sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("word", sa.String(20)))
op.execute("INSERT INTO fresh (word) VALUES ('one')")
op.execute("UPDATE account SET balance = balance + 1")
"""
FRAGILE = """
with op.get_context().autocommit_block():
    if not sa.inspect(op.get_bind()).has_table("fresh"):
        op.create_table("fresh", sa.Column("id", sa.Integer, primary_key=True))
        op.execute("INSERT INTO fresh (id) VALUES (7)")
"""
BESIDE = """
op.add_column("account", sa.Column("more", sa.Integer))
op.get_bind().execute(sa.text("UPDATE account SET more = 1"))
op.add_column("account", sa.Column("most", sa.Integer))
"""

WAITING = f"""{GOOD}
import time
from pathlib import Path
if not Path("scratch.txt").exists():
    Path("scratch.txt").write_text(op.get_bind().engine.url.database)
with Path("ran.txt").open("a") as ran:
    ran.write("x")
    times = ran.tell()
if times > 9:
    time.sleep(600)
"""
"""A revision that tells where it runs, and does not end once it was run a few times."""


def project_of(folder: Path, url: str, second: str) -> Project:
    project = Project(folder / "project")
    project.write("models.py", "import sqlalchemy as sa\nm = sa.MetaData()\n")
    project.settings(url, models="models:m")
    for name, down, body in (("r1", None, FIRST), ("r2", "r1", second)):
        project.write(f"migrations/versions/{name}.py", _file(name, down, body))
    return project


def _file(name: str, down: str | None, body: str) -> str:
    text = f"""\
        \"\"\"{name}\"\"\"
        import sqlalchemy as sa
        from limbeck import op

        revision = "{name}"
        down_revision = {down!r}


        def downgrade():
            pass


        def upgrade():
        """
    return f"{dedent(text).rstrip()}\n{indent(body.strip(), '    ')}\n"


def _rehearsed(project: Project, *words: str, code: int = 0) -> dict[str, Any]:
    answer = project.run("rehearse", "r2", *words, "--json")
    assert answer.code == code, answer
    (found,) = json.loads(answer.stdout)["revisions"]
    assert isinstance(found, dict)
    return found


@pytest.mark.databases("sqlite", "postgresql18", "mariadb")
def test_a_good_revision_goes_on_from_everywhere(database_url: str, tmp_path: Path) -> None:
    found = _rehearsed(project_of(tmp_path, database_url, GOOD), "--at-most", "6")
    assert found["outcome"] == "rehearsed"
    assert found["defects"] == [] and found["not_resumable"] == {}
    assert found["interruptions"]["tried"] == 6 < found["interruptions"]["possible"]
    assert found["went_on"] == 6
    assert any("account.at" in remark for remark in found["remarks"])
    assert statements_on_tables(database_url) == []


def statements_on_tables(url: str) -> list[str]:
    """The tables of the project's own database, which nothing here may touch."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    return sa.inspect(engine).get_table_names()


@pytest.mark.databases("postgresql18", "mariadb")
def test_a_fragile_revision_is_named(database_url: str, tmp_path: Path) -> None:
    project = project_of(tmp_path, database_url, FRAGILE)
    found = _rehearsed(project, "--only", "kill", "--at-most", "8", code=1)
    assert found["outcome"] == "defective"
    first = found["defects"][0]
    assert "fresh" in first["words"]
    assert "result is not that of a clean run" in first["what"]
    assert first["lines"][0] == "fresh has 0 rows, and should have 1"
    again = project.run("rehearse", "r2", "--only", "kill", "--moment", str(first["moment"]))
    assert again.code == 1, again
    assert "r2 r2: defective on" in again.stdout and "(1 interruptions" in again.stdout
    assert f"--only kill --moment {first['moment']}" in again.stdout
    assert "error: the revision does not go on as it should" in again.stderr


@pytest.mark.databases("mariadb")
def test_what_runs_beside_the_operations_is_no_defect(database_url: str, tmp_path: Path) -> None:
    project = project_of(tmp_path, database_url, BESIDE)
    found = _rehearsed(project, "--only", "fail", "--at-most", "0")
    assert found["outcome"] == "rehearsed" and found["defects"] == []
    (reason,) = found["not_resumable"]
    assert "beside the operations (UPDATE account SET more = 1)" in reason


def test_only_what_is_pending(tmp_path: Path) -> None:
    project = project_of(tmp_path, "sqlite:///test.db", GOOD)
    project.ok("upgrade", "r1")
    answer = project.run("rehearse", "--at-most", "3")
    assert answer.code == 0, answer
    (line, *_) = answer.stdout.splitlines()
    assert line.startswith("r2 r2: rehearsed on sqlite")
    assert "(3 of " in line and "went on 3 times; 3 left nothing behind" in line
    assert "r2: 3 interruptions, about" in answer.stderr
    answer = project.run("rehearse", "--moment", "999")
    assert answer.code == 11 and "there is no such moment: it has" in answer.stdout
    project.ok("upgrade", "head")
    answer = project.run("rehearse")
    assert answer.code == 0 and answer.stdout == ""
    assert "Nothing is pending." in answer.stderr


def test_with_an_env_py(tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    project.folder.mkdir()
    project.ok("init", "migrations")
    project.edit("limbeck.ini", "driver://user:pass@localhost/dbname", "sqlite:///test.db")
    project.write("migrations/versions/r1.py", _file("r1", None, FIRST))
    project.write("migrations/versions/r2.py", _file("r2", "r1", GOOD))
    found = _rehearsed(project, "--at-most", "4")
    assert found["outcome"] == "rehearsed" and found["went_on"] == 4


@pytest.mark.databases("postgresql15", "mariadb")
def test_without_the_right_to_a_scratch_database(database_url: str, tmp_path: Path) -> None:
    url = sa.make_url(database_url)
    name = f"poor_{url.database}"
    if url.get_backend_name() == "postgresql":
        made = [f"CREATE ROLE {name} LOGIN PASSWORD 'hidden1'"]
        gone = [f"DROP ROLE {name}"]
    else:
        user = f"{name}@'127.0.0.1'"
        made = [f"CREATE USER {user} IDENTIFIED BY 'hidden1'"]
        made.append(f"GRANT ALL ON {url.database}.* TO {user}")
        gone = [f"DROP USER {user}"]
    statements_on(database_url, *made)
    poor = url.set(username=name, password="hidden1").render_as_string(hide_password=False)
    answer = project_of(tmp_path, poor, GOOD).run("rehearse", "--all")
    statements_on(database_url, *gone)
    assert answer.code == 11, answer
    assert "r1 r1: not rehearsed" in answer.stdout and "r2 r2: not rehearsed" in answer.stdout
    assert "a scratch database cannot be made" in answer.stdout
    assert "hidden1" not in str(answer)


@pytest.mark.databases("sqlite", "postgresql18", "mariadb")
@pytest.mark.parametrize(
    ("number", "seconds"),
    [(signal.SIGINT, 0.1), (signal.SIGTERM, 0.1), (signal.SIGTERM, 0.5)],
)
def test_a_signal_takes_the_scratch_database_away(
    database_url: str, tmp_path: Path, number: signal.Signals, seconds: float
) -> None:
    project = project_of(tmp_path, database_url, WAITING)
    folder = tmp_path / "temporary"
    folder.mkdir()
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("limbeck")), "rehearse", "r2", "--at-most", "0"],
        cwd=project.folder,
        env={**os.environ, **project.environment, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_as_in_a_terminal,
    )
    try:
        assert process.stderr is not None
        told = process.stderr.readline()  # it is in the middle of the interruptions
        assert "interruptions, about" in told
        name = (project.folder / "scratch.txt").read_text()
        assert _is_there(database_url, name)
        time.sleep(seconds)
        process.send_signal(number)
        complained = process.communicate(timeout=60)[1]
    finally:
        process.kill()
    assert process.returncode == 128 + number, complained
    assert not _is_there(database_url, name), complained
    assert list(folder.iterdir()) == []


def _as_in_a_terminal() -> None:
    # whoever runs the tests in the background of a shell has SIGINT ignored, and so would these
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _is_there(url: str, name: str) -> bool:
    if url.startswith("sqlite"):
        return Path(name).exists()
    place = "information_schema.schemata WHERE schema_name"
    if "postgresql" in url:  # each schema of information_schema's is one of this database there
        place = "pg_database WHERE datname"
    return statements_on(url, f"SELECT count(*) FROM {place} = '{name}'") == [(1,)]


def test_a_moment_that_is_not_reached_is_told(tmp_path: Path) -> None:
    """A revision that runs less and less: its clean runs come first."""
    often = """
from pathlib import Path
ran = Path("ran.txt")
times = int(ran.read_text()) if ran.exists() else 0
ran.write_text(str(times + 1))
op.create_index("ix", "account", ["balance"])
if times < 5:
    op.execute("UPDATE account SET balance = balance")
    op.execute("UPDATE account SET balance = balance")
"""
    project = project_of(tmp_path, "sqlite:///test.db", often)
    found = _rehearsed(project, "--only", "kill", "--at-most", "0")
    assert 0 < found["not_reached"] < found["interruptions"]["tried"]
    assert found["went_on"] == found["interruptions"]["tried"] - found["not_reached"]


def test_moments_are_chosen_at_equal_distances() -> None:
    moments = [Moment(number, "after", "x") for number in range(1, 101)]
    wanted = Wanted(at_most=4)
    chosen = wanted.chosen(wanted.attempts(moments))
    assert [each.moment.number for each in chosen] == [13, 38, 63, 88]
    assert len(wanted.chosen(wanted.attempts(moments[:3]))) == 3
    both = Wanted().attempts([Moment(1, "before", "UPDATE t"), Moment(2, "after", "UPDATE t")])
    assert [(each.kind, each.moment.number) for each in both] == [
        ("fail", 1), ("kill", 1), ("kill", 2),
    ]  # fmt: skip
