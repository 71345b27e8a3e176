"""What is written into the history, and that it cannot be changed unnoticed."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import sqlalchemy as sa

from limbeck import command
from limbeck.config import Config
from limbeck.errors import CheckFailed, ConfigurationError, RevisionFailed, RevisionPartlyApplied
from limbeck.revisions.kept_source import kept, restored
from tests.applied.projects import Project


def test_a_life(project: Project) -> None:
    """Up, down, stamped: one row each, in the transaction of the version."""
    project.line("a1", "b2", "c3")
    project.upgrade("b2")
    project.downgrade("a1")
    command.stamp(project.config, "head")
    command.stamp(project.config, "base")
    assert project.told() == [
        ("a1", "upgrade", "done"),
        ("b2", "upgrade", "done"),
        ("b2", "downgrade", "done"),
        ("b2", "stamp", "done"),
        ("c3", "stamp", "done"),
        (None, "stamp", "done"),
    ]
    rows = project.rows()
    first, second = rows[:2]
    assert (first.parents, first.heads) == ((), ("a1",))
    assert (second.parents, second.heads) == (("a1",), ("b2",))
    assert (first.who, first.host) == ("jane", "build7")
    assert (first.started, first.finished) == (
        "2026-01-31T23:59:59.123456Z",
        "2026-02-01T00:00:00.123456Z",
    )
    assert first.tool.startswith("limbeck ")
    assert sa.make_url(project.url).get_backend_name() in first.driver
    assert second.previous == first.hash
    assert restored(first.source or "") == project.path("a1").read_text()
    assert rows[2].source is None
    assert rows[-1].heads == ()


def test_a_failure_has_a_row(project: Project) -> None:
    project.line("a1", "b2")
    project.write(
        "c3", "b2", 'op.create_table("t_c3", sa.Column("id", sa.Integer)); op.execute("nonsense")'
    )
    with pytest.raises(RevisionFailed) as raised:
        project.upgrade()
    is_partly = isinstance(raised.value, RevisionPartlyApplied)
    assert is_partly == ("t_c3" in project.tables())
    *done, failed = project.rows()
    assert [row.revision for row in done] == ["a1", "b2"]
    assert (failed.revision, failed.heads) == ("c3", ("b2",))
    assert failed.outcome == ("partly" if is_partly else "failed")
    assert "nonsense" in (failed.error or "")


@pytest.mark.databases("postgresql15")
def test_a_commit_that_the_database_refuses(project: Project) -> None:
    """Its error is told, and the connection serves the history and the lock afterwards."""
    late = "INTEGER REFERENCES t_a1 (id) DEFERRABLE INITIALLY DEFERRED"
    project.write("a1", up='op.execute("CREATE TABLE t_a1 (id INTEGER PRIMARY KEY)")')
    project.write("b2", "a1", f'op.execute("CREATE TABLE child (parent {late})")')
    project.write("c3", "b2", 'op.execute("INSERT INTO child VALUES (7)")')
    with pytest.raises(RevisionFailed, match=r"c3 failed: insert or update on table .child."):
        project.upgrade()
    assert project.told()[-2:] == [("b2", "upgrade", "done"), ("c3", "upgrade", "failed")]


@pytest.mark.databases("sqlite", "postgresql15")
def test_a_failure_where_all_is_one_transaction(project: Project) -> None:
    project.settings["transaction_per_migration"] = False
    project.line("a1")
    project.write("b2", "a1", 'op.execute("nonsense")')
    with pytest.raises(RevisionFailed):
        project.upgrade()
    assert project.told() == [("b2", "upgrade", "failed")]
    assert project.rows()[0].heads == ()
    project.write("b2", "a1")
    project.upgrade()
    assert project.told()[1:] == [("a1", "upgrade", "done"), ("b2", "upgrade", "done")]


@pytest.mark.databases("postgresql15", "mariadb")
def test_a_failure_where_each_statement_commits(project: Project) -> None:
    project.line("a1")
    project.write("b2", "a1", 'op.execute("nonsense")')
    engine = sa.create_engine(project.url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    config = project.config
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        with pytest.raises(RevisionFailed):
            command.upgrade(config, "head")
    assert [(each[0], each[2] != "done") for each in project.told()] == [
        ("a1", False),
        ("b2", True),
    ]


def test_no_password_is_written(small: Project) -> None:
    small.write("a1", up="raise ValueError('postgresql://jane:geheim@db/shop')")
    with pytest.raises(RevisionFailed):
        small.upgrade()
    [row] = small.rows()
    assert row.error == "ValueError: postgresql://jane:***@db/shop"
    assert row.source is None


def test_a_lost_connection_hides_nothing(small: Project) -> None:
    small.line("a1")
    small.write("b2", "a1", 'op.get_bind().close(); op.execute("select 1")')
    with pytest.raises(RevisionFailed):
        small.upgrade()
    assert small.told() == [("a1", "upgrade", "done")]


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE limbeck_history SET who = 'eve' WHERE number = 2", "row 2: it was changed"),
        ("UPDATE limbeck_history SET source = 'pass' WHERE number = 2", "row 2: it was changed"),
        ("UPDATE limbeck_history SET heads = 'x' WHERE number = 3", "row 3: it was changed"),
        ("DELETE FROM limbeck_history WHERE number = 1", "row 1: row 1 is missing"),
        ("DELETE FROM limbeck_history WHERE number = 2", "row 2: row 2 is missing"),
        (
            "INSERT INTO limbeck_history SELECT 4, revision, direction, outcome, parents, "
            "requires, heads, checksum, file_checksum, started, finished, milliseconds, who, "
            "host, tool, driver, error, source, previous, hash FROM limbeck_history "
            "WHERE number = 3",
            "row 4: it does not follow",
        ),
    ],
)
def test_the_first_row_that_was_changed(small: Project, statement: str, place: str) -> None:
    small.line("a1", "b2", "c3")
    small.upgrade()
    assert len(small.rows()) == 3
    small.run(statement)
    with pytest.raises(CheckFailed, match=place):
        command.history_applied(small.config, verify=True)


def test_an_older_database_is_adopted(project: Project) -> None:
    """What was done without a history, or by another tool, is found at the next run."""
    project.line("a1", "b2", "c3", "d4")
    project.settings["history"] = False
    project.upgrade("b2")
    project.settings.clear()
    project.upgrade("c3")
    found = [("a1", "adopt", "adopted"), ("b2", "adopt", "adopted"), ("c3", "upgrade", "done")]
    assert project.told() == found
    project.settings["history"] = False
    project.upgrade("d4")
    project.settings.clear()
    project.downgrade("b2")
    rest = [("d4", "adopt", "adopted"), ("d4", "downgrade", "done"), ("c3", "downgrade", "done")]
    assert project.told() == found + rest


def test_a_purge(small: Project) -> None:
    small.line("a1", "b2")
    small.upgrade()
    command.stamp(small.config, "a1", purge=True)
    assert small.told()[2:] == [(None, "stamp", "done"), ("a1", "stamp", "done")]
    assert small.rows()[-1].heads == ("a1",)


def test_branches_and_merges(small: Project) -> None:
    small.write("a1")
    small.write("b2", "a1")
    small.write("c3", "a1", depends_on="b2")
    small.write("m4", ("b2", "c3"))
    small.upgrade("c3")
    assert small.rows()[-1].heads == ("c3",)
    assert small.rows()[-1].requires == ("b2",)
    small.upgrade("head")
    assert set(small.rows()[-1].parents) == {"b2", "c3"}
    small.downgrade("base")
    assert small.rows()[-1].heads == ()
    small.upgrade("head")


def test_ensure_version_begins_a_history(small: Project) -> None:
    small.line("a1")
    small.settings["history"] = False
    small.upgrade()
    small.settings.clear()
    command.ensure_version(small.config)
    assert small.told() == [("a1", "adopt", "adopted")]


def test_nothing_is_written_where_nothing_is_done(small: Project) -> None:
    small.line("a1")
    small.settings["history"] = False
    small.upgrade()
    small.settings.clear()
    small.upgrade()
    assert "limbeck_history" not in small.tables()


def test_an_application_beside_another(small: Project) -> None:
    """A version table of one's own has a history of its own."""
    small.line("a1")
    small.settings["version_table"] = "shop_version"
    small.upgrade()
    assert {"shop_version", "shop_version_history"} < small.tables()
    small.settings["history_table"] = "done"
    command.stamp(small.config, "base")
    assert "done" in small.tables()


@pytest.mark.databases("postgresql15")
def test_another_schema(project: Project) -> None:
    project.run("CREATE SCHEMA tool")
    project.settings["version_table_schema"] = "tool"
    project.line("a1")
    project.upgrade()
    assert project.told() == [("a1", "upgrade", "done")]
    assert project.tables() == {"t_a1"}


@pytest.mark.databases("postgresql15")
def test_a_role_that_may_not(project: Project) -> None:
    """The error names the setting; nothing has happened."""
    project.line("a1", "b2")
    project.settings["history"] = False
    project.upgrade("a1")
    project.settings.clear()
    name = sa.make_url(project.url).database
    for statement in (
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "DO $$ BEGIN CREATE ROLE deployer LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        f"GRANT CONNECT ON DATABASE {name} TO deployer",
        "GRANT ALL ON alembic_version TO deployer",
    ):
        project.run(statement)
    owner = project.url
    url = sa.make_url(owner)
    project.url = url.set(username="deployer").render_as_string(hide_password=False)
    project.write("b2", "a1", "pass", "pass")
    with pytest.raises(ConfigurationError, match="limbeck_history cannot be created") as raised:
        project.upgrade()
    assert "history = false" in (raised.value.hint or "")
    project.settings["history"] = False
    project.upgrade()
    project.url = owner
    project.run("DROP OWNED BY deployer")


def test_offline_only_the_version(small: Project) -> None:
    small.line("a1")
    written = io.StringIO()
    config = small.config
    config.output_buffer = written
    command.upgrade(config, "head", sql=True)
    assert "alembic_version" in written.getvalue()
    assert "history" not in written.getvalue()


def test_a_project_that_is_alembics(tmp_path: Path) -> None:
    """None, unless the settings say so."""
    project = Project(tmp_path, f"sqlite:///{tmp_path / 'old.db'}")
    project.line("a1", "b2")
    env = tmp_path / "migrations/env.py"
    env.write_text(
        "import sqlalchemy as sa\nfrom alembic import context\n"
        f"with sa.create_engine({project.url!r}, poolclass=sa.NullPool).connect() as connection:\n"
        "    context.configure(connection=connection)\n"
        "    with context.begin_transaction():\n        context.run_migrations()\n"
    )
    ini = tmp_path / "alembic.ini"
    ini.write_text(f"[alembic]\nscript_location = {tmp_path}/migrations\n")
    command.upgrade(Config(str(ini)), "a1")
    assert "limbeck_history" not in project.tables()
    assert not Config(str(ini)).keeps_history
    own = tmp_path / "limbeck.ini"
    own.write_text("[limbeck]\n")
    assert Config(str(own)).keeps_history
    ini.write_text(ini.read_text() + "history = true\n")
    command.upgrade(Config(str(ini)), "b2")
    [found] = command.history_applied(Config(str(ini)), verify=True)
    assert [(row.revision, row.direction) for row in found.rows] == [
        ("a1", "adopt"),
        ("b2", "upgrade"),
    ]


@pytest.mark.parametrize("text", ["pass\n", "x" * 5000, "grüße 🎉\r\n", "zlib: int = 3\n", ""])
def test_texts_are_kept(text: str) -> None:
    assert restored(kept(text)) == text
    assert kept(text).isascii()


def test_a_damaged_text_is_an_error() -> None:
    for damaged in ("zlib:%%%", "zlib:AAAA", kept("ä")[:-6]):
        with pytest.raises(ValueError):
            restored(damaged)
