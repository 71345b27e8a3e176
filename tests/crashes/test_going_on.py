"""A revision that fails, or is refused, and how the next run goes on from there."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from limbeck.errors import CommandError, NotResumable, RevisionFailed, RevisionPartlyApplied
from limbeck.workflow import repair
from limbeck.workflow.current import current
from tests.runtime.projects import Project, create

COUNT = 'op.execute("UPDATE t SET id = id + 1")'
ADD = 'op.add_column("t", sa.Column({0!r}, sa.Integer))'
BAD = 'op.execute("ALTER TABLE nowhere ADD COLUMN x INTEGER")'
JOURNAL = "limbeck_journal"
VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix'::regclass"
COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = 't'
"""
CONCURRENTLY = 'op.create_index("ix", "t", ["id"], postgresql_concurrently=True)'


@pytest.fixture
def project(tmp_path: Path, database_url: str) -> Project:
    """A project whose first revision is in the database: a table with one row."""
    project = Project(tmp_path, database_url)
    project.revision("a1", f'{create("t")}\nop.execute("INSERT INTO t VALUES (1)")')
    project.upgrade()
    return project


def fail(project: Project, *body: str) -> RevisionPartlyApplied:
    """Write a revision that fails, and run it."""
    project.revision("b1", "\n".join(body), down="a1")
    with pytest.raises(RevisionPartlyApplied) as failed:
        project.upgrade()
    assert project.versions() == ["a1"]
    return failed.value


@pytest.mark.databases("mariadb")
def test_goes_on_from_the_operation_that_failed(project: Project) -> None:
    body = (COUNT, ADD.format("one"), COUNT, ADD.format("two"))
    failed = fail(project, *body, BAD)
    assert failed.details[-1] == "operations 1-4 of it are in"
    assert "to go on from operation 5" in str(failed.hint)
    assert JOURNAL in project.tables()
    # The file is corrected, as the hint says.
    project.revision("b1", "\n".join([*body, ADD.format("three")]), down="a1")
    project.upgrade()
    assert project.versions() == ["b1"]
    assert project.ask("SELECT id FROM t WHERE one IS NULL AND two IS NULL AND three IS NULL") == [
        3
    ]
    assert JOURNAL not in project.tables()


def _with_parent(project: Project, *more: str) -> None:
    """Tables of which ``p`` cannot be dropped, as another one refers to it."""
    _run(
        project,
        "CREATE TABLE p (id INTEGER PRIMARY KEY)",
        "CREATE TABLE c (id INTEGER, CONSTRAINT fk FOREIGN KEY (id) REFERENCES p (id))",
        "CREATE TABLE k (id INTEGER PRIMARY KEY)",
        *more,
    )


@pytest.mark.databases("mariadb")
@pytest.mark.parametrize("sql", ["DROP TABLE k, p", "DROP TABLE IF EXISTS p, nobody, k"])
def test_what_is_half_dropped_is_taken_back(project: Project, sql: str) -> None:
    _with_parent(project)
    project.revision("b1", f'op.execute("{sql}")', down="a1")
    with pytest.raises(RevisionFailed) as failed:
        project.upgrade()
    assert failed.value.details[-1] == "nothing of it is in the database, which is at a1"
    assert project.tables() == {"alembic_version", "c", "k", "p", "t"}
    project.revision("b1", f'op.drop_table("c")\nop.execute("{sql}")', down="a1")
    project.upgrade()
    assert project.tables() == {"alembic_version", "t"}


@pytest.mark.databases("mariadb")
def test_what_is_half_dropped_is_told_where_its_rows_are_lost(project: Project) -> None:
    _with_parent(project, "INSERT INTO k VALUES (1)")
    failed = fail(project, ADD.format("one"), 'op.execute("DROP TABLE k, p")', ADD.format("two"))
    assert failed.details[-1] == (
        "operation 1 of it is in; operation 2 is half in (execute DROP TABLE k, p)"
    )
    assert "keeps the rest of operation 2 from being done" in str(failed.hint)
    assert project.tables() == {"alembic_version", "c", JOURNAL, "p", "t"}
    with pytest.raises(CommandError, match="foreign key constraint fails"):
        project.upgrade()  # it is in the way still
    with pytest.raises(NotResumable, match="cannot be undone"):
        repair.undo(project.config)
    _run(project, "ALTER TABLE c DROP FOREIGN KEY fk")
    project.upgrade()
    assert project.versions() == ["b1"]
    assert project.tables() == {"alembic_version", "c", "t"}
    assert {"one", "two"} <= set(project.ask(COLUMNS))


@pytest.mark.databases("postgresql", "sqlite")
def test_no_journal_where_all_is_rolled_back(project: Project) -> None:
    project.revision("b1", "\n".join([COUNT, ADD.format("one"), BAD]), down="a1")
    with pytest.raises(RevisionFailed) as failed:
        project.upgrade()
    assert type(failed.value) is RevisionFailed
    assert project.tables() == {"alembic_version", "t"}
    assert project.ask("SELECT id FROM t") == [1]


@pytest.mark.databases("postgresql")
def test_a_step_of_its_own_and_what_is_around_it(project: Project) -> None:
    body = (COUNT, CONCURRENTLY, COUNT)
    failed = fail(project, *body, BAD)
    assert failed.details[-1] == "operations 1-2 of it are in"
    assert project.ask("SELECT id FROM t") == [2]
    project.revision("b1", "\n".join(body), down="a1")
    project.upgrade()
    assert project.ask("SELECT id FROM t") == [3]
    assert project.ask("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix'::regclass") == [
        True
    ]
    assert JOURNAL not in project.tables()


@pytest.mark.databases("postgresql", "sqlite")
def test_a_vacuum_needs_no_block(project: Project) -> None:
    project.revision("b1", f'{COUNT}\nop.execute("VACUUM")\n{COUNT}', down="a1")
    project.upgrade()
    assert project.ask("SELECT id FROM t") == [3]
    assert project.tables() == {"alembic_version", "t"}


@pytest.mark.databases("postgresql")
def test_a_new_value_of_an_enum_is_used_at_once(project: Project) -> None:
    project.revision(
        "b1",
        "op.execute(\"CREATE TYPE mood AS ENUM ('sad')\")\n"
        "op.execute('ALTER TABLE t ADD COLUMN m mood')",
        down="a1",
    )
    project.revision(
        "c1",
        f"{COUNT}\nop.execute(\"ALTER TYPE mood ADD VALUE 'ok'\")\n"
        f"op.execute(\"UPDATE t SET m = 'ok'\")\n{COUNT}",
    )
    project.upgrade()
    assert project.ask("SELECT id FROM t WHERE m = 'ok'") == [3]
    assert project.versions() == ["c1"]
    assert JOURNAL not in project.tables()


@pytest.mark.databases("postgresql18")
def test_a_unique_index_that_fails_leaves_nothing(project: Project) -> None:
    _run(project, "ALTER TABLE t ADD COLUMN k INTEGER DEFAULT 7")
    index = (
        'op.create_index("ix", "t", ["k"], unique=True, postgresql_concurrently=True, '
        "if_not_exists=True)"
    )
    project.revision("b1", f'op.execute("INSERT INTO t VALUES (2)")\n{index}', down="a1")
    for _ in range(2):
        with pytest.raises(RevisionPartlyApplied) as failed:
            project.upgrade()
        assert failed.value.details[-1] == "operation 1 of it is in"
        assert project.ask("SELECT count(*) FROM pg_class WHERE relname = 'ix'") == [0]
    _run(project, "UPDATE t SET k = id")
    project.upgrade()
    assert project.ask(VALID) == [True]
    assert project.ask("SELECT id FROM t ORDER BY id") == [1, 2]


@pytest.mark.databases("postgresql18", "mariadb")
def test_an_edited_revision_is_refused(project: Project) -> None:
    step = CONCURRENTLY if project.url.startswith("postgresql") else ADD.format("one")
    fail(project, COUNT, step, BAD)
    project.revision("b1", "\n".join([COUNT.replace("1", "2"), step]), down="a1")
    with pytest.raises(NotResumable, match="not the one that was interrupted") as refused:
        project.upgrade()
    assert "operation 1, which is in the database" in refused.value.details[0]
    assert project.ask("SELECT id FROM t") == [2]


@pytest.mark.databases("mariadb")
def test_other_revisions_wait_for_the_one_that_is_half_done(project: Project) -> None:
    fail(project, ADD.format("one"), BAD)
    with pytest.raises(NotResumable, match="upgrade of revision b1 was interrupted"):
        project.downgrade("base")
    assert [each.interrupted and each.interrupted.revision for each in current(project.config)] == [
        "b1"
    ]


@pytest.mark.databases("mariadb")
def test_what_comes_beside_the_operations_is_not_resumable(project: Project) -> None:
    own = 'op.get_bind().exec_driver_sql("UPDATE t SET id = id + 1")'
    failed = fail(project, own, ADD.format("one"), BAD)
    assert "it is not resumable: it has changed the database beside" in failed.details[-1]
    with pytest.raises(NotResumable, match="not resumable") as refused:
        project.upgrade()
    assert "UPDATE t SET id = id + 1" in refused.value.message
    assert project.ask("SELECT id FROM t") == [2]
    # What was rolled back is no obstacle.
    _run(project, "DROP TABLE limbeck_journal", "ALTER TABLE t DROP COLUMN one")
    project.revision("b1", f"{ADD.format('one')}\n{own}\nraise ValueError", down="a1")
    for _ in range(2):
        with pytest.raises(RevisionPartlyApplied) as again:
            project.upgrade()
        assert again.value.details[-1] == "operation 1 of it is in"


@pytest.mark.databases("mariadb")
def test_a_revision_that_looks_before_it_acts(project: Project) -> None:
    looks = (
        'if "one" not in [c["name"] for c in sa.inspect(op.get_bind()).get_columns("t")]:\n'
        f"    {ADD.format('one')}\n"
    )
    path = project.revision("b1", f"{looks}{COUNT}\n{ADD.format('two')}\nraise ValueError")
    with pytest.raises(RevisionPartlyApplied):
        project.upgrade()
    with pytest.raises(RevisionPartlyApplied) as failed:
        project.upgrade()
    assert failed.value.details[-1] == "operations 1-3 of it are in"
    path.write_text(path.read_text().replace("    raise ValueError\n", ""))
    # The file is another one now, in which operations have to come as they came.
    with pytest.raises(NotResumable):
        project.upgrade()


@pytest.mark.databases("mariadb")
def test_a_table_whose_rows_are_not_rolled_back(project: Project) -> None:
    _run(project, "CREATE TABLE loose (id INTEGER) ENGINE=MyISAM")
    body = 'op.execute("INSERT INTO loose VALUES (1)")\n' + BAD
    project.revision("b1", body, down="a1")
    with pytest.raises(RevisionPartlyApplied) as failed:
        project.upgrade()
    assert failed.value.details[-1] == "operation 1 of it is in"
    project.revision("b1", body.replace(BAD, COUNT), down="a1")
    project.upgrade()
    assert project.ask("SELECT id FROM loose") == [1]
    assert project.ask("SELECT id FROM t") == [2]


@pytest.mark.databases("mariadb")
def test_an_operation_that_fails_half_way_is_taken_back(project: Project) -> None:
    half = (
        'op.create_table("u", sa.Column("id", sa.Integer), sa.Column("w", sa.String(9)))\n'
        'op.create_table("v", sa.Column("id", sa.Integer),\n'
        '                sa.Index("ix", sa.text("no_such_column")))'
    )
    failed = fail(project, half)
    assert failed.details[-1] == "operation 1 of it is in"
    assert project.tables() == {"alembic_version", JOURNAL, "t", "u"}


@pytest.mark.databases("mariadb")
def test_undo(project: Project) -> None:
    before = project.ask(COLUMNS)
    insert = 'op.execute("INSERT INTO {} (id) VALUES (5)")'
    steps = (ADD.format("one"), create("u"), 'op.rename_table("u", "v")', insert.format("v"))
    fail(project, *steps, insert.format("t"), create("w"), BAD)
    assert [each.not_undoable for each in repair.interrupted(project.config)] == [
        ("operation 5 (execute INSERT INTO t (id) VALUES (?)): it has changed rows",)
    ]
    with pytest.raises(NotResumable, match="cannot be undone; nothing was changed"):
        repair.undo(project.config)
    assert project.tables() == {"alembic_version", JOURNAL, "t", "v", "w"}
    _run(project, "DROP TABLE limbeck_journal, v, w", "ALTER TABLE t DROP COLUMN one")
    fail(project, *steps, BAD)
    assert repair.undo(project.config) == ("b1",)
    assert project.tables() == {"alembic_version", "t"}
    assert project.ask(COLUMNS) == before


@pytest.mark.databases("postgresql18")
def test_undo_where_operations_say_their_inverse(project: Project) -> None:
    fail(project, ADD.format("one"), CONCURRENTLY, create("u"), BAD)
    assert repair.undo(project.config) == ("b1",)
    assert project.tables() == {"alembic_version", "t"}
    assert project.ask("SELECT count(*) FROM pg_class WHERE relname = 'ix'") == [0]


@pytest.mark.databases("postgresql18", "mariadb")
def test_done_by_hand(project: Project) -> None:
    step = CONCURRENTLY if project.url.startswith("postgresql") else ADD.format("one")
    fail(project, step, BAD)
    assert repair.mark_applied(project.config) == ("b1",)
    assert project.versions() == ["b1"]
    assert project.tables() == {"alembic_version", "t"}


@pytest.mark.databases("postgresql18", "mariadb")
def test_a_downgrade_goes_on_too(project: Project) -> None:
    index = 'op.drop_index("ix", table_name="t", postgresql_concurrently=True)'
    step = index if project.url.startswith("postgresql") else 'op.drop_index("ix", "t")'
    up = 'op.create_index("ix", "t", ["id"])'
    project.revision("b1", up, f"{COUNT}\n{step}\n{COUNT}\n{BAD}", down="a1")
    project.upgrade()
    with pytest.raises(RevisionPartlyApplied):
        project.downgrade("-1")
    assert project.versions() == ["b1"]
    project.revision("b1", up, f"{COUNT}\n{step}\n{COUNT}", down="a1")
    assert repair.resume(project.config) == ("b1",)
    assert project.versions() == ["a1"]
    assert project.ask("SELECT id FROM t") == [3]
    assert JOURNAL not in project.tables()


def _run(project: Project, *statements: str) -> None:
    from tests.crashes.statements import statements_on

    statements_on(project.url, *statements)


@pytest.mark.databases("mariadb")
def test_a_copy_that_waits_for_a_reader_keeps_the_rows(project: Project) -> None:
    _run(project, "ALTER TABLE t ADD COLUMN w INTEGER DEFAULT 4")
    project.revision(
        "b1",
        'with op.batch_alter_table("t", recreate="always",\n'
        '                          partial_reordering=[("w", "id")]) as batch:\n'
        '    batch.add_column(sa.Column("more", sa.Integer))',
        down="a1",
    )
    engine = sa.create_engine(project.url, poolclass=sa.NullPool)
    with engine.connect() as reader:
        reader.exec_driver_sql("SELECT * FROM t").all()  # whose lock DROP TABLE waits for
        threading.Timer(3, reader.rollback).start()
        project.upgrade()
    assert project.ask("SELECT w FROM t") == [4]
    assert project.tables() == {"alembic_version", "t"}


@pytest.mark.databases("mariadb")
def test_locks_that_shut_the_journal_out_are_refused(project: Project) -> None:
    locked = ('op.execute("LOCK TABLES t WRITE")', COUNT, 'op.execute("UNLOCK TABLES")')
    failed = fail(project, ADD.format("one"), *locked)
    assert "`LOCK TABLES t WRITE` would keep the journal from being written" in str(failed)
    assert "journal=False" in str(failed)
    assert failed.details[-1] == "operation 1 of it is in"
    project.revision("b1", "\n".join([ADD.format("one"), COUNT]), down="a1")
    project.upgrade()
    assert project.ask("SELECT id FROM t") == [2]
    project.env(options="{'journal': False}")
    project.revision("c1", "\n".join(locked), down="b1")
    project.upgrade()
    assert project.ask("SELECT id FROM t") == [3]


@pytest.mark.databases("mariadb")
def test_an_account_that_may_only_change_rows(project: Project) -> None:
    url = sa.make_url(project.url)
    account = f"rows{url.database}"[:60]
    _run(
        project,
        f"CREATE USER '{account}'@'127.0.0.1' IDENTIFIED BY 'x'",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {url.database}.* TO '{account}'@'127.0.0.1'",
    )
    try:
        project.url = url.set(username=account, password="x").render_as_string(False)
        project.revision("b1", COUNT, down="a1")
        project.upgrade()
        assert project.versions() == ["b1"]
        assert project.ask("SELECT id FROM t") == [2]
    finally:
        project.url = url.render_as_string(False)
        _run(project, f"DROP USER '{account}'@'127.0.0.1'")


@pytest.mark.databases("postgresql18", "mariadb")
def test_settings_of_the_session_are_said_again(project: Project) -> None:
    if project.url.startswith("postgresql"):
        setting, step = "SET application_name = 'mine'", CONCURRENTLY
        row = "INSERT INTO t SELECT 40 WHERE current_setting('application_name') = 'mine'"
    else:
        setting, step = "SET @mine = 1", ADD.format("one")
        row = "INSERT INTO t (id) SELECT 40 FROM t WHERE @mine = 1"
    body = (f'op.execute("{setting}")', COUNT, step)
    failed = fail(project, *body, BAD)
    assert failed.details[-1] == "operations 1-2 of it are in"
    project.revision("b1", "\n".join([*body, f'op.execute("{row}")']), down="a1")
    project.upgrade()
    assert sorted(project.ask("SELECT id FROM t")) == [2, 40]
