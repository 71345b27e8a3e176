"""A single revision that creates many tables is sent again as well, in its usual transaction."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from limbeck.errors import RevisionFailed
from limbeck.project import known_statements
from limbeck.runtime.events import StatementBlocked
from limbeck.runtime.resent import first_step
from limbeck.runtime.resent.sessions import SESSIONS
from limbeck.script.loaded import LONG
from tests.applied.projects import Project
from tests.cli.test_signals import as_in_a_terminal

_ON = pytest.mark.databases("sqlite", "postgresql15")
_COUNT = 60


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What was sent again: the statements of first steps, and the revisions of others."""
    found: list[str] = []
    usual = first_step.send_within

    def send_within(context: Any, statements: Any) -> None:
        found.extend(statements)
        usual(context, statements)

    monkeypatch.setattr("limbeck.runtime.resent.resending.send_within", send_within)
    for cls in SESSIONS.values():
        carry_out = cls.carry_out

        def carried_out(self: Any, step: Any, *rest: Any, _usual: Any = carry_out) -> None:
            found.append(step.plan.id)
            _usual(self, step, *rest)

        monkeypatch.setattr(cls, "carry_out", carried_out)
    monkeypatch.setattr("limbeck.runtime.resent.resending.FORETOLD", frozenset())
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    yield found
    known_statements._kept._folders.clear()


def large(*more: str, count: int = _COUNT) -> str:
    """What creates many tables, as it is generated, and something more at the end."""
    said = []
    for number in range(count):
        said.append(
            f"op.create_table('table_{number}',\n"
            "    sa.Column('id', sa.Integer(), nullable=False),\n"
            f"    sa.Column('before_id', sa.Integer(), nullable=True), # after {number}\n"
            "    sa.Column('name', sa.String(20), server_default='it\\'s', nullable=False),\n"
            "    sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=False),\n"
            "    sa.Column('made_at', sa.DateTime(), server_default=sa.func.now()),\n"
            "    sa.Column('is_open', sa.Boolean(), nullable=True),\n"
            f"    sa.CheckConstraint('amount >= 0', name='ck_{number}'),\n"
            f"    sa.ForeignKeyConstraint(['before_id'], ['table_{max(0, number - 1)}.id'], "
            f"name='fk_{number}'),\n"
            "    sa.PrimaryKeyConstraint('id')\n"
            "    )"
        )
        said.append(f"op.create_index('ix_{number}', 'table_{number}', ['name'], unique=False)")
    return "\n    ".join((*said, *more))


def write(project: Project, *more: str, count: int = _COUNT) -> None:
    project.write("r1", None, large(*more, count=count), "pass")


def anew(project: Project) -> None:
    """Let the next upgrade find nothing of what the last one has made."""
    with project.connect() as connection:
        cascade = "" if connection.dialect.name == "sqlite" else " CASCADE"
        for table in sorted(sa.inspect(connection).get_table_names()):
            connection.exec_driver_sql(f"DROP TABLE {table}{cascade}")
        connection.commit()
    next_process()


def next_process() -> None:
    known_statements._kept._folders.clear()


def facts(project: Project) -> list[str]:
    with project.connect() as connection:
        inspector = sa.inspect(connection)
        found: list[Any] = [
            (
                table,
                [sorted(each.items(), key=str) for each in inspector.get_columns(table)],
                *(inspector.get_indexes(table), inspector.get_foreign_keys(table)),
                *(inspector.get_pk_constraint(table), inspector.get_check_constraints(table)),
            )
            for table in sorted(inspector.get_table_names())
        ]
        found.append(connection.exec_driver_sql("SELECT * FROM alembic_version").all())
        return [str(each) for each in found]


def told(project: Project) -> list[tuple[Any, ...]]:
    names = ("revision", "outcome", "parents", "heads", "checksum", "file_checksum", "source")
    return [tuple(getattr(row, name) for name in (*names, "driver")) for row in project.rows()]


def kept(project: Project) -> bool:
    folder = project.folder / "migrations/versions"
    return any(folder.glob("__pycache__/*statements*"))


@_ON
def test_both_roads_lead_to_the_same(project: Project, sent: list[str]) -> None:
    write(project)
    project.write("r2", "r1")
    project.upgrade()
    assert sent == []
    before, rows = facts(project), told(project)
    assert len(before) > _COUNT
    for _ in range(2):
        anew(project)
        sent.clear()
        project.upgrade()
        assert len(sent) == 2 * _COUNT + 1
        assert sent[-1] == "r2"
        assert facts(project) == before
        assert told(project) == rows
    project.downgrade("base")
    assert project.told()[-1] == ("r1", "downgrade", "done")


def test_the_file_is_not_loaded(small: Project, sent: list[str]) -> None:
    write(small)
    small.upgrade()
    anew(small)
    for file in (small.folder / "migrations/versions/__pycache__").glob("r1*.pyc"):
        file.unlink()
    small.upgrade()
    assert sent
    assert not list(small.folder.glob("migrations/versions/__pycache__/r1*.pyc"))


def test_few_small_revisions_run(small: Project, sent: list[str]) -> None:
    write(small, count=20)
    assert small.path("r1").stat().st_size < LONG
    for _ in range(2):
        small.upgrade()
        anew(small)
    assert sent == []
    assert not kept(small)


def test_a_text_that_was_changed_runs(small: Project, sent: list[str]) -> None:
    write(small)
    small.upgrade()
    anew(small)
    small.replace("r1", "'ix_7'", "'ix_seven'")
    small.upgrade()
    assert sent == []
    with small.connect() as connection:
        (index,) = sa.inspect(connection).get_indexes("table_7")
    assert index["name"] == "ix_seven"


@pytest.mark.parametrize(
    "more",
    [
        "op.execute(\"INSERT INTO table_0 (id, name, amount) VALUES (1, 'x', 1)\")",
        "op.execute(f'CREATE TABLE f (i INTEGER)')",
        "for name in ('p', 'q'): op.create_table(name, sa.Column('id', sa.Integer()))",
        "op.create_table('now', sa.Column('id', sa.Integer(), server_default=str(len('a'))))",
        "op.get_bind().execute(sa.text('CREATE TABLE f (i INTEGER)'))",
        "table = op.create_table('f', sa.Column('id', sa.Integer()))",
        "op.add_column('table_0', sa.Column('at', sa.DateTime, server_default=sa.func.now()))",
        "with op.batch_alter_table('table_1') as batch: batch.drop_column('is_open')",
        "__value__ = 1",
    ],
)
def test_what_may_be_otherwise_runs(small: Project, sent: list[str], more: str) -> None:
    write(small, more)
    small.upgrade()
    anew(small)
    small.upgrade()
    assert sent == []
    assert not kept(small)


@pytest.mark.parametrize(
    "more",
    ["import os\n", "x = print('loaded')\n", "class op2: pass\n", "def other(x=print()): pass\n"],
)
def test_a_file_that_does_something_when_it_is_loaded_runs(
    small: Project, sent: list[str], more: str
) -> None:
    write(small)
    small.path("r1").write_text(small.path("r1").read_text() + more)
    for _ in range(2):
        small.upgrade()
        anew(small)
    assert sent == []
    assert not kept(small)


def test_whoever_listens_hears_all(small: Project, sent: list[str]) -> None:
    write(small)
    small.upgrade()
    anew(small)
    heard: list[str] = []

    def hear(_: Any, __: Any, statement: str, *more: Any) -> None:
        heard.append(statement)

    event.listen(sa.Engine, "before_cursor_execute", hear)
    try:
        small.upgrade()
    finally:
        event.remove(sa.Engine, "before_cursor_execute", hear)
    assert sent == []
    assert sum("CREATE TABLE table_" in each for each in heard) == _COUNT


@_ON
def test_what_cannot_be_sent_fails_as_ever(project: Project, sent: list[str]) -> None:
    write(project)
    project.upgrade()
    anew(project)
    project.run("CREATE TABLE table_40 (id INTEGER)")
    with pytest.raises(RevisionFailed, match="r1") as raised:
        project.upgrade()
    assert sent
    details = str(raised.value.details)
    assert "nothing of it is in the database, which is at base" in details
    assert "r1.py" in details
    assert "SQL: CREATE TABLE table_40" in details
    assert project.told() == [("r1", "upgrade", "failed")]
    assert "table_39" not in project.tables()
    project.run("DROP TABLE table_40")
    project.upgrade()
    assert project.told()[-1] == ("r1", "upgrade", "done")


def test_foreign_keys_are_looked_at(small: Project, sent: list[str]) -> None:
    """Rows that it would leave without what they refer to are refused on both roads."""
    write(small, "op.drop_table('old')")
    small.run("CREATE TABLE old (id INTEGER PRIMARY KEY)")
    small.upgrade()
    anew(small)
    small.run("CREATE TABLE old (id INTEGER PRIMARY KEY)")
    small.run("CREATE TABLE child (old_id INTEGER REFERENCES old (id))")
    small.run("INSERT INTO old VALUES (7)")
    small.run("INSERT INTO child VALUES (7)")
    with pytest.raises(RevisionFailed, match="1 row of child would refer to rows of old"):
        small.upgrade()
    assert sent
    assert small.told() == [("r1", "upgrade", "failed")]
    assert {"old", "child"} <= small.tables()
    assert "table_0" not in small.tables()


@pytest.mark.databases("postgresql15")
def test_it_does_not_wait_long_for_a_lock(project: Project, sent: list[str]) -> None:
    """It gives up soon, runs instead, and tells who is in the way."""
    write(project, "op.add_column('busy', sa.Column('name', sa.String(length=20)))")
    project.run("CREATE TABLE busy (id INTEGER)")
    project.upgrade()
    anew(project)
    project.run("CREATE TABLE busy (id INTEGER)")
    heard: list[Any] = []
    with project.connect() as other:
        other.exec_driver_sql("LOCK TABLE busy IN ACCESS SHARE MODE")
        config = project.config
        from limbeck.workflow.upgrade import upgrade

        with pytest.raises(RevisionFailed) as raised:
            upgrade(config, "head", lock_wait=1.5, report=heard.append)
    assert sent
    assert any(isinstance(each, StatementBlocked) for each in heard)
    assert "what it needs was held by" in str(raised.value.details)
    project.upgrade()
    assert project.told()[-1] == ("r1", "upgrade", "done")


_SLOW = {
    "postgresql": "CREATE TABLE slow AS SELECT 1 AS i FROM pg_sleep(1.5)",
    "sqlite": "CREATE TABLE slow AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 "
    "FROM n WHERE i < 5000000) SELECT max(i) AS i FROM n",
}


def is_slow_now(project: Project) -> bool:
    """Whether the slow statement runs, or those right before it."""
    url = sa.make_url(project.url)
    if url.get_backend_name() == "sqlite":
        return Path(f"{url.database}-journal").exists()
    running = (
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() "
        "AND wait_event = 'PgSleep'"
    )
    with project.connect() as connection:
        return bool(connection.exec_driver_sql(running).all())


@_ON
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_signal_leaves_nothing_half_done(project: Project, number: signal.Signals) -> None:
    backend = sa.make_url(project.url).get_backend_name()
    write(project, f'op.execute("{_SLOW[backend]}")')
    project.upgrade()
    assert kept(project)
    anew(project)
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": ""}
    command = [sys.executable, "-m", "limbeck", "upgrade", "head"]
    child = subprocess.Popen(
        command, cwd=project.folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=as_in_a_terminal,
    )  # fmt: skip
    assert child.stdout is not None
    end = time.monotonic() + 30
    while not is_slow_now(project) and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(0.2)
    child.send_signal(number)
    words = child.stdout.read()
    child.stdout.close()
    assert child.wait(timeout=60) in (130, -signal.SIGKILL), words
    if number == signal.SIGINT:
        assert "revision r1 was under way: nothing of it is in the database" in words
    assert not {"slow", "table_0"} & project.tables()
    project.upgrade()
    assert project.told()[-1] == ("r1", "upgrade", "done")
