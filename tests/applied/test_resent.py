"""What a long run has seen its revisions send is sent again by the next one, and gives the same."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import time
import typing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles, deregister

from limbeck.ddl.base import AddColumn
from limbeck.errors import RevisionFailed
from limbeck.project.plain_file import is_plain
from limbeck.runtime.resent import journalled, sessions
from limbeck.runtime.resent.purity import is_as_it_came
from limbeck.runtime.resent.resending import Resending
from limbeck.runtime.resent.sessions import BareSession, NotAsExpected
from limbeck.runtime.run import Run
from limbeck.workflow.upgrade import upgrade
from tests.applied.projects import Project
from tests.applied.resent import anew, next_process
from tests.cli.test_signals import as_in_a_terminal

pytestmark = pytest.mark.usefixtures("sent")
_ON = pytest.mark.databases("sqlite", "postgresql15", "mariadb")

_BODIES = {
    "r02": 'op.create_table("b", sa.Column("id", sa.Integer, primary_key=True), '
    'sa.Column("a", sa.Integer, sa.ForeignKey("t_r01.id")))',
    "r03": 'op.add_column("b", sa.Column("name", sa.String(20), server_default="it\'s"))',
    "r04": 'op.create_index("ix", "b", ["name"], unique=True)',
    "r05": "op.execute(\"INSERT INTO b (id, name) VALUES (1, 'x')\")",
    "r06": 'op.execute("CREATE VIEW v AS SELECT id FROM b -- its numbers")',
    "r07": 'op.add_column("b", sa.Column("at", sa.DateTime, server_default=sa.func.now()))',
    "r08": "for name in ['p', 'q']: op.create_table(name, sa.Column('id', sa.Integer))",
    "r09": 'op.drop_index("ix", "b")',
    "r11": 'with op.batch_alter_table("b", schema=None) as batch_op:\n'
    '        batch_op.add_column(sa.Column("more", sa.Integer))\n'
    '        batch_op.create_index(batch_op.f("ix_more"), ["more"], unique=False)',
}
_MANY = tuple(f"r{number:02}" for number in range(1, 13))
_NOT_AGAIN = {"r01", "r05", "r08"}
"""The first one, which makes the version table; rows; a loop."""
_NOT_AGAIN_ON = {"sqlite": {"r07"}, "postgresql": set[str](), "mariadb": {"r06"}}
"""SQLite adds such a column by copying the table, for which its text is read; of MariaDB's
statements only those about tables are asked for in the middle of others."""


def write(project: Project, count: int = len(_MANY)) -> None:
    for before, revision in zip((None, *_MANY), _MANY[:count], strict=False):
        body = _BODIES.get(revision)
        if revision == "r01":
            body = 'op.create_table("t_r01", sa.Column("id", sa.Integer, primary_key=True))'
        project.write(revision, before, body, "pass")


def facts(project: Project) -> list[Any]:
    with project.connect() as connection:
        inspector = sa.inspect(connection)
        found: list[Any] = [
            (
                table,
                [str(sorted(each.items(), key=str)) for each in inspector.get_columns(table)],
                inspector.get_indexes(table),
                inspector.get_foreign_keys(table),
            )
            for table in sorted(inspector.get_table_names())
        ]
        found.append(connection.exec_driver_sql("SELECT id, name FROM b").all())
        found.append(connection.exec_driver_sql("SELECT * FROM alembic_version").all())
        return [str(each) for each in found] + inspector.get_view_names()


def told(project: Project) -> list[tuple[Any, ...]]:
    names = ("revision", "outcome", "parents", "heads", "checksum", "file_checksum", "source")
    return [tuple(getattr(row, name) for name in (*names, "driver")) for row in project.rows()]


@_ON
def test_both_roads_lead_to_the_same(project: Project, sent: list[str]) -> None:
    write(project)
    project.upgrade()
    assert sent == []
    before, rows = facts(project), told(project)
    but = _NOT_AGAIN | _NOT_AGAIN_ON[sa.make_url(project.url).get_backend_name()]
    for _ in range(2):
        anew(project)
        sent.clear()
        project.upgrade()
        assert sent == [revision for revision in _MANY if revision not in but]
        assert facts(project) == before
        assert told(project) == rows
    project.downgrade("r02")
    assert project.told()[-1] == ("r03", "downgrade", "done")


def test_a_text_that_was_changed_runs(small: Project, sent: list[str]) -> None:
    write(small)
    small.upgrade()
    anew(small)
    small.replace("r03", '"name"', '"names"')
    small.replace("r04", '"name"', '"names"')
    small.replace("r05", "name", "names")
    small.upgrade()
    assert "r02" in sent
    assert not {"r03", "r04", "r05"} & set(sent)
    with small.connect() as connection:
        assert "names" in {each["name"] for each in sa.inspect(connection).get_columns("b")}


def test_a_text_that_was_changed_while_it_ran_is_not_taken_for_what_ran(
    small: Project, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(small)
    usual = Resending.load_what_runs

    def load_what_runs(self: Resending) -> None:
        usual(self)
        small.replace("r03", "String(20)", "String(21)")  # once all files are loaded

    with monkeypatch.context() as patched:
        patched.setattr(Resending, "load_what_runs", load_what_runs)
        small.upgrade()
    anew(small)
    small.upgrade()
    assert "r02" in sent
    assert "r03" not in sent
    with small.connect() as connection:
        assert "VARCHAR(21)" in {
            str(each["type"]) for each in sa.inspect(connection).get_columns("b")
        }


def test_few_revisions_run(small: Project, sent: list[str]) -> None:
    write(small, 9)
    for _ in range(2):
        small.upgrade()
        anew(small)
    write(small)
    small.upgrade("r04")
    next_process()
    small.upgrade()  # nine are left
    assert sent == []
    assert not list((small.folder / "migrations/versions").glob("__pycache__/*statements*"))


@_ON
def test_what_cannot_be_sent_fails_as_ever(project: Project, sent: list[str]) -> None:
    write(project)
    project.upgrade()
    anew(project)
    project.run("CREATE TABLE t_r10 (id INTEGER)")
    with pytest.raises(RevisionFailed, match="r10") as raised:
        project.upgrade()
    assert "nothing of it is in the database, which is at r09" in str(raised.value.details)
    assert sent[-1] == "r09"
    assert project.told()[-1] == ("r10", "upgrade", "failed")
    project.run("DROP TABLE t_r10")
    project.upgrade()
    assert project.told()[-3:] == [(each, "upgrade", "done") for each in ("r10", "r11", "r12")]


@_ON
def test_what_is_not_as_expected_goes_the_usual_road(
    project: Project, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project)
    project.upgrade()
    before = facts(project)
    anew(project)
    usual = BareSession._changes

    def changes(self: Any, step: Any) -> Any:
        if step.plan.id == "r04":
            raise NotAsExpected
        return usual(self, step)

    monkeypatch.setattr(BareSession, "_changes", changes)
    project.upgrade()
    assert sent == ["r02", "r03"]
    assert facts(project) == before
    assert [row.outcome for row in project.rows()] == ["done"] * len(_MANY)


def test_foreign_keys_are_looked_at(small: Project, sent: list[str]) -> None:
    """Rows that a revision would leave without what they refer to are refused on both roads."""
    write(small)
    small.write("r11", "r10", 'op.drop_table("t_r01")')
    small.upgrade()
    anew(small)
    rows = "op.execute('INSERT INTO t_r01 VALUES (7)')\n    op.execute"
    small.replace("r05", "op.execute", rows)
    small.replace("r05", "(id, name) VALUES (1,", "(id, a, name) VALUES (1, 7,")
    with pytest.raises(RevisionFailed, match="1 row of b would refer to rows of t_r01"):
        small.upgrade()
    assert sent[-1] == "r10"
    assert small.told()[-1] == ("r11", "upgrade", "failed")


@_ON
@pytest.mark.parametrize("later", [False, True])
def test_a_signal_right_after_a_commit_is_told_as_such(
    project: Project, sent: list[str], monkeypatch: pytest.MonkeyPatch, later: bool
) -> None:
    write(project)
    project.upgrade()
    anew(project)
    commits = iter(range(9))

    def interrupting(usual: Any) -> Any:
        def do_execute(cursor: Any, statement: str, *values: Any) -> Any:
            found = usual(cursor, statement, *values)
            if "COMMIT" in statement and next(commits) == 1:
                raise KeyboardInterrupt
            return found

        return do_execute

    def written(self: Run, step: Any, _usual: Any = Run._written) -> None:
        if step.plan.id == "r03":
            raise KeyboardInterrupt
        _usual(self, step)

    with monkeypatch.context() as patched:
        if later:
            patched.setattr(Run, "_written", written)
        else:
            for module, name in ((sessions, "do_execute"), (journalled, "do_execute_all")):
                patched.setattr(module, name, interrupting(getattr(module, name)))
        with pytest.raises(KeyboardInterrupt) as raised:
            project.upgrade()
    assert raised.value.__notes__ == ["the database is at r03"]
    assert project.told()[-1] == ("r03", "upgrade", "done")
    project.upgrade()
    assert project.told() == [(each, "upgrade", "done") for each in _MANY]


def test_rows_that_refer_to_nothing_are_counted_anew_by_the_usual_road(
    small: Project, sent: list[str]
) -> None:
    """Those that a revision that was sent again has done away with are no excuse for others."""
    write(small)
    small.write("r02", "r01", 'op.drop_table("old")')
    small.write("r03", "r02", 'op.execute("INSERT INTO child VALUES (5)")')
    for revision in ("r04", "r06", "r07", "r09"):
        small.write(revision, f"r{int(revision[1:]) - 1:02}")
    small.write("r05", "r04")
    for _ in range(2):
        small.run("CREATE TABLE old (parent INTEGER REFERENCES t_r01 (id))")
        small.run("CREATE TABLE child (parent INTEGER REFERENCES t_r01 (id))")
        small.run("INSERT INTO old VALUES (9)")
        with pytest.raises(RevisionFailed, match="1 row of child would refer to rows of t_r01"):
            small.upgrade()
        assert small.told()[-1] == ("r03", "upgrade", "failed")
        told = list(sent)
        anew(small)
    assert told == ["r02"]


@pytest.mark.databases("postgresql15")
def test_an_id_with_a_percent_sign_is_written_as_it_is(project: Project, sent: list[str]) -> None:
    for number, revision in enumerate(_MANY):
        project.write(revision, _MANY[number - 1] if number else None)
    project.replace("r12", "revision = 'r12'", "revision = 'r%12'")
    for _ in range(2):
        sent.clear()
        project.upgrade()
        with project.connect() as connection:
            version = sa.text("SELECT version_num FROM alembic_version")
            assert connection.execute(version).all() == [("r%12",)]
        told = list(sent)
        anew(project)
    assert told == list(_MANY[1:-1])


_SERIALIZABLE = """
import sqlalchemy as sa
from limbeck import context

engine = sa.create_engine(
    context.config.database_url(), isolation_level="SERIALIZABLE", poolclass=sa.NullPool
)
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    context.run_migrations()
"""


@pytest.mark.databases("postgresql15")
def test_transactions_of_another_level_are_as_they_were(project: Project, sent: list[str]) -> None:
    write(project)
    (project.folder / "migrations/env.py").write_text(_SERIALIZABLE)
    project.upgrade()
    anew(project)
    project.upgrade()
    assert sent == []
    assert project.told()[-1] == ("r12", "upgrade", "done")


@_ON
def test_another_ground_has_its_own(project: Project, sent: list[str]) -> None:
    write(project)
    sys.modules.pop("nowhere", None)
    project.upgrade()
    anew(project)
    config = project.config
    (project.folder / "nowhere.py").write_text(
        "import sqlalchemy as sa\nmd = sa.MetaData(naming_convention={'ix': 'i_%(table_name)s'})\n"
    )
    sys.modules.pop("nowhere", None)
    upgrade(config, "head")
    assert sent == []


def test_what_cannot_be_loaded_any_more_is_found_before_anything_runs(
    small: Project, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where SQLAlchemy was replaced by a release that lacks a name."""
    write(small)
    small.replace(
        "r09", "import sqlalchemy as sa", "import sqlalchemy as sa\nfrom typing import Old"
    )
    with monkeypatch.context() as patched:
        patched.setattr(typing, "Old", None, raising=False)
        small.upgrade()
        anew(small)
        small.upgrade()
    anew(small)
    monkeypatch.setattr(sa, "__version__", "9.9")
    with pytest.raises(ImportError, match="Old"):
        small.upgrade()
    assert small.tables() == set()


def test_whoever_listens_hears_all(
    small: Project, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
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
    assert sum("CREATE TABLE t_r" in each for each in heard) == 3


def test_who_listens_to_tables_is_seen() -> None:
    engine = sa.create_engine("sqlite://")
    assert is_as_it_came(engine)

    def hear(*_: Any, **__: Any) -> None:
        pass

    event.listen(sa.Column, "after_parent_attach", hear)
    try:
        assert not is_as_it_came(engine)
    finally:
        event.remove(sa.Column, "after_parent_attach", hear)
    assert is_as_it_came(engine)


@pytest.mark.parametrize("cls", [AddColumn, postgresql.JSONB, sa.schema.CreateTable])
def test_who_compiles_otherwise_is_seen(cls: Any) -> None:
    engine = sa.create_engine("sqlite://")
    before = vars(cls).get("_compiler_dispatcher")
    assert is_as_it_came(engine)

    def compiled(*_: Any, **__: Any) -> str:
        return ""

    try:
        compiles(cls, "postgresql")(compiled)
        assert is_as_it_came(engine)
        compiles(cls, "sqlite")(compiled)
        assert not is_as_it_came(engine)
    finally:
        if before is None:
            deregister(cls)
        else:
            for name in ("postgresql", "sqlite"):
                before.specs.pop(name)
    assert is_as_it_came(engine)


_HEAD = '"""words"""\nfrom typing import Union\nimport sqlalchemy as sa\nfrom alembic import op\n'


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (_HEAD, True),
        (f"{_HEAD}revision: str = 'a'\ndown_revision: Union[str, None] = None\n", True),
        (f"{_HEAD}labels = ('a', 'b')\ndef upgrade() -> None:\n    print()\n", True),
        (f"{_HEAD}from sqlalchemy.dialects import postgresql\n", True),
        (f"{_HEAD}import os\n", False),
        (f"{_HEAD}from . import names\n", False),
        (f"{_HEAD}from sqlalchemy import *\n", False),
        (f"{_HEAD}import mine as sa\n", False),
        (f"{_HEAD}op = 1\n", False),
        (f"{_HEAD}x = print()\n", False),
        (f"{_HEAD}x: print() = 1\n", False),
        (f"{_HEAD}print()\n", False),
        (f"{_HEAD}if True:\n    x = 1\n", False),
        (f"{_HEAD}@print\ndef upgrade():\n    pass\n", False),
        (f"{_HEAD}def upgrade(x=print()):\n    pass\n", False),
    ],
)
def test_only_plain_files_are_kept(text: str, plain: bool) -> None:
    assert is_plain(ast.parse(text)) is plain


_SLOW = {
    "postgresql": "CREATE TABLE slow AS SELECT 1 AS i FROM pg_sleep(1.5)",
    "mariadb": "CREATE TABLE slow AS SELECT SLEEP(1.5) AS i",
    "sqlite": "CREATE TABLE slow AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 "
    "FROM n WHERE i < 3000000) SELECT max(i) AS i FROM n",
}


@_ON
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_signal_leaves_nothing_half_done(
    project: Project, tmp_path: Path, number: signal.Signals
) -> None:
    write(project)
    backend = sa.make_url(project.url).get_backend_name()
    project.write("r10", "r09", f'op.execute("{_SLOW[backend]}")')
    project.upgrade()
    (kept,) = project.folder.glob("migrations/versions/__pycache__/limbeck-statements*")
    assert "CREATE TABLE slow" in kept.read_text()
    anew(project)
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": ""}
    command = [sys.executable, "-m", "limbeck", "upgrade", "head"]
    child = subprocess.Popen(
        command, cwd=project.folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=as_in_a_terminal,
    )  # fmt: skip
    assert child.stdout is not None
    for line in child.stdout:
        if "r09" in line:
            break
    time.sleep(0.3)
    child.send_signal(number)
    words = child.stdout.read()
    child.stdout.close()
    assert child.wait(timeout=60) in (130, -signal.SIGKILL)
    if number == signal.SIGINT:
        assert "revision r10 was under way: nothing of it is in the database" in words
    if number == signal.SIGINT or backend != "mariadb":  # which ends what it was sent
        assert "slow" not in project.tables()
        with project.connect() as connection:
            version = "SELECT version_num FROM alembic_version"
            assert connection.exec_driver_sql(version).all() == [("r09",)]
    project.upgrade()
    assert project.told()[-1] == ("r12", "upgrade", "done")
