"""A first run that sends what is foretold leaves what the usual one leaves."""

from __future__ import annotations

import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.compiler import compiles, deregister

from limbeck import op
from limbeck.errors import HistoryError, RevisionFailed
from limbeck.project import known_statements
from limbeck.project.revision_file import text_checksum
from limbeck.runtime.resent.resending import Resending
from limbeck.script.script import Script
from tests.applied.projects import Project
from tests.applied.test_resent_large import anew, facts, large, told

_ON = pytest.mark.databases("sqlite", "postgresql15")
_BODIES = {
    "r02": 'op.create_table("b", sa.Column("id", sa.Integer, primary_key=True), '
    'sa.Column("a", sa.Integer, sa.ForeignKey("t_r01.id")))',
    "r03": 'op.add_column("b", sa.Column("name", sa.String(20), server_default="it is"))',
    "r04": 'op.create_index("ix", "b", ["name"], unique=True)',
    "r05": "op.execute(\"INSERT INTO b (id, name) VALUES (1, 'x')\")",
    "r06": 'op.execute("CREATE VIEW w AS SELECT 1 AS one")',
    "r07": "for name in ['p', 'q']: op.create_table(name, sa.Column('id', sa.Integer))",
    "r08": 'op.drop_index("ix", "b")',
}
_MANY = tuple(f"r{number:02}" for number in range(1, 13))
_NOT_LOADED = (HistoryError, ImportError, ZeroDivisionError, NameError, AttributeError)
_RUN = {"r05", "r07"}
"""Rows, and a loop."""
_RUN_ON = {"mariadb": {"r01", "r06"}}
"""There the first one makes the version table, and a view is no table."""


@pytest.fixture(autouse=True)
def loaded(monkeypatch: pytest.MonkeyPatch, alembic_left_alone: None) -> Iterator[list[str]]:
    """The revisions whose files were loaded."""
    found: list[str] = []
    usual = Script.module.func

    def module(self: Script) -> Any:
        found.append(self.revision)
        return usual(self)

    monkeypatch.setattr(Script.module, "func", module)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    yield found
    known_statements._kept._folders.clear()


@pytest.fixture
def by_running(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Within, nothing is foretold."""
    with monkeypatch.context() as patched:
        patched.setattr("limbeck.runtime.resent.resending.FORETOLD", frozenset())
        yield patched


def write(project: Project, **bodies: str) -> None:
    for before, revision in zip((None, *_MANY), _MANY, strict=False):
        body = {**_BODIES, **bodies}.get(revision)
        if revision == "r01":
            body = 'op.create_table("t_r01", sa.Column("id", sa.Integer, primary_key=True))'
        project.write(revision, before, body, "pass")


def forget(project: Project) -> None:
    """Let the next run be the first one that has ever seen the files."""
    anew(project)
    for kept in (project.folder / "migrations/versions/__pycache__").glob("*"):
        kept.unlink()


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[Any, ...]]:
    """What was kept of each file: the number over it, the ground, and what it sends."""
    found: dict[str, tuple[Any, ...]] = {}

    def note_statements(path: str, text: str, ground: str, statements: tuple[str, ...]) -> bool:
        # MariaDB is sent what SQLAlchemy makes with or without the empty line before it.
        found[Path(path).stem] = (text, ground, [each.strip("\n") for each in statements])
        return known_statements.note_statements(path, text, ground, statements)

    monkeypatch.setattr("limbeck.runtime.resent.resending.note_statements", note_statements)
    return found


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_both_roads_lead_to_the_same(
    project: Project,
    loaded: list[str],
    noted: dict[str, tuple[Any, ...]],
    by_running: pytest.MonkeyPatch,
) -> None:
    write(project)
    project.upgrade()
    assert set(loaded) == set(_MANY)
    before, rows, kept = facts(project), told(project), dict(noted)
    with project.connect() as connection:
        connection.exec_driver_sql("DROP VIEW w")
        connection.commit()
    forget(project)
    by_running.undo()
    loaded.clear()
    noted.clear()
    project.upgrade()
    assert set(loaded) == _RUN | _RUN_ON.get(sa.make_url(project.url).get_backend_name(), set())
    assert facts(project) == before
    assert told(project) == rows
    assert noted == kept


@_ON
def test_a_large_revision_is_foretold(
    project: Project, loaded: list[str], by_running: pytest.MonkeyPatch
) -> None:
    project.write("r1", None, large().replace("it\\'s", "it is"), "pass")
    project.upgrade()
    assert loaded == ["r1"]
    before, rows = facts(project), told(project)
    forget(project)
    by_running.undo()
    loaded.clear()
    for _ in range(2):  # what was foretold is kept as well
        project.upgrade()
        assert loaded == []
        assert facts(project) == before
        assert told(project) == rows
        anew(project)
    assert not list(project.folder.glob("migrations/versions/__pycache__/r1*.pyc"))


@_ON
def test_what_is_foretold_is_kept(
    project: Project, loaded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project)
    project.upgrade()
    with project.connect() as connection:
        connection.exec_driver_sql("DROP VIEW w")
        connection.commit()
    anew(project)
    monkeypatch.setattr("limbeck.runtime.resent.resending.FORETOLD", frozenset())
    loaded.clear()
    project.upgrade()
    assert set(loaded) == _RUN


def test_nothing_is_tried_beside_other_threads(small: Project, loaded: list[str]) -> None:
    """A trial turns warnings into errors, which would be those of the other threads as well."""
    write(small)
    ended = threading.Event()
    other = threading.Thread(target=ended.wait)
    other.start()
    try:
        small.upgrade()
    finally:
        ended.set()
        other.join()
    assert set(loaded) == set(_MANY)


def test_what_python_warns_of_is_told_once_and_with_the_file(
    small: Project, loaded: list[str]
) -> None:
    odd = 'nullable="a" is not "b"'
    write(small, r03=f'op.add_column("b", sa.Column("name", sa.String(20), {odd}))')
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        small.upgrade()
    found = [each for each in told if issubclass(each.category, SyntaxWarning)]
    assert [Path(each.filename).stem for each in found] == ["r03"]
    assert set(loaded) == _RUN | {"r03"}


def test_few_revisions_run(small: Project, loaded: list[str]) -> None:
    small.line("r1", "r2", "r3")
    small.upgrade()
    assert loaded == ["r1", "r2", "r3"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    pass\n", "    return return\n"),
        ("    pass\n", "    op.drop_table('x'\n"),
        ("    pass\n", "    op.drop_table(a=1, a=2)\n"),
        ("    pass\n", "    pass\n\nreturn\n"),
        ("from limbeck import op", "from limbeck import op, nothing_of_the_kind"),
        ("def upgrade():", "async def upgrade():"),
        ("def upgrade():", "def up():"),
        ("op.drop_index(", "yield op.drop_index("),
        ("revision = 'r08'", "revision = 'r08'\nx = 1 / 0"),
        ("revision = 'r08'", "revision = 'r08'\nx: Nothing = 1"),
        ("def upgrade():", "def upgrade() -> Nothing:"),
        ("def downgrade():", "def downgrade(x: sa.nothing):"),
    ],
)
def test_what_cannot_be_loaded_is_found_before_anything_runs(
    small: Project, old: str, new: str
) -> None:
    write(small)
    small.replace("r08", old, new)
    with pytest.raises(_NOT_LOADED):
        small.upgrade()
    assert small.tables() == set()


def test_what_fails_is_told_as_ever(small: Project, loaded: list[str]) -> None:
    write(small)
    small.run("CREATE TABLE t_r10 (id INTEGER)")
    with pytest.raises(RevisionFailed, match="r10") as raised:
        small.upgrade()
    details = str(raised.value.details)
    assert "nothing of it is in the database, which is at r09" in details
    assert "SQL: CREATE TABLE t_r10" in details
    assert "r10.py" in details
    assert "r10" in loaded
    small.run("DROP TABLE t_r10")
    small.upgrade()
    assert [id_ for id_, _, outcome in small.told() if outcome == "done"] == list(_MANY)


def test_a_text_that_is_edited_before_it_is_loaded_is_told_as_it_ran(
    small: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What such a column sends to SQLite is not foretold, so its file is loaded behind the plan."""
    column = 'sa.Column("at", sa.DateTime, server_default=sa.func.now())'
    write(small, r07=f'op.add_column("b", {column})')
    usual = Resending.load_what_runs

    def load_what_runs(self: Resending) -> None:
        small.replace("r07", '"at"', '"other"')
        usual(self)

    with monkeypatch.context() as patched:
        patched.setattr(Resending, "load_what_runs", load_what_runs)
        small.upgrade()
    with small.connect() as connection:
        names = {each["name"] for each in sa.inspect(connection).get_columns("b")}
    assert "other" in names
    (row,) = (each for each in small.rows() if each.revision == "r07")
    assert row.file_checksum == text_checksum(small.path("r07").read_text(encoding="utf-8"))


def _upgraded(small: Project) -> None:
    write(small)
    small.upgrade()


def test_whoever_listens_hears_all(small: Project, loaded: list[str]) -> None:
    heard: list[str] = []

    def hear(_: Any, __: Any, statement: str, *more: Any) -> None:
        heard.append(statement)

    event.listen(sa.Engine, "before_cursor_execute", hear)
    try:
        _upgraded(small)
    finally:
        event.remove(sa.Engine, "before_cursor_execute", hear)
    assert sum("CREATE TABLE t_" in each for each in heard) == 5
    assert set(loaded) == set(_MANY)


def test_whoever_listens_to_tables_hears_of_them(small: Project, loaded: list[str]) -> None:
    heard: list[str] = []

    def hear(table: sa.Table, *_: Any, **__: Any) -> None:
        heard.append(table.name)

    event.listen(sa.Table, "before_create", hear)
    try:
        _upgraded(small)
    finally:
        event.remove(sa.Table, "before_create", hear)
    assert "t_r12" in heard
    assert set(loaded) == set(_MANY)


def test_a_type_that_somebody_compiles_is_as_he_compiles_it(
    small: Project, loaded: list[str]
) -> None:
    @compiles(sa.Integer, "sqlite")
    def compiled(*_: Any, **__: Any) -> str:
        return "INTEGER /* ours */"

    try:
        _upgraded(small)
    finally:
        deregister(sa.Integer)
    assert set(loaded) == set(_MANY)
    with small.connect() as connection:
        said = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'b'").scalar()
    assert "ours" in str(said)


def test_a_directive_of_ones_own_is_asked(
    small: Project, loaded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may do for one name what it does not for others, and something besides."""
    heard: list[str] = []
    usual = op.create_table

    def create_table(name: str, *items: Any, **more: Any) -> Any:
        heard.append(name)
        more |= {"prefixes": ["TEMPORARY"]} if name == "t_r10" else {}
        return usual(name, *items, **more)

    monkeypatch.setattr(op, "create_table", create_table)
    write(small)
    small.upgrade()
    assert {"r09", "r10"} <= set(loaded)
    assert heard == ["t_r01", "b", "p", "q", "t_r09", "t_r10", "t_r11", "t_r12"]
    assert "t_r10" not in small.tables()


@pytest.mark.parametrize(
    "body",
    [
        "table = op.create_table('f', sa.Column('id', sa.Integer()))",
        "op.create_table('f', sa.Column('id', sa.Integer(), default=print))",
        "op.create_table('now', sa.Column('id', sa.Integer(), server_default=str(len('a'))))",
        "op.create_table(f'f', sa.Column('id', sa.Integer()))",
        "op.get_bind().execute(sa.text('CREATE TABLE f (i INTEGER)'))",
        "with op.batch_alter_table('b') as batch: batch.drop_column('name')",
        "op.create_table('f', sa.Column('id', sa.Integer())); op.drop_table('f')",
        "if True: op.create_table('f', sa.Column('id', sa.Integer()))",
        "op.add_column('b', sa.Column('at', sa.DateTime, server_default=sa.func.now()))",
        "op.create_table('f', sa.Column('i' 'd', sa.Integer()))",
        "op.create_table(r'f', sa.Column('id', sa.Integer()))",
    ],
)
def test_what_may_be_otherwise_runs(small: Project, loaded: list[str], body: str) -> None:
    write(small, r08=body)
    small.upgrade()
    assert "r08" in loaded
