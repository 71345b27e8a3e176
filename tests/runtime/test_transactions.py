"""Each revision is in the database whole, or not at all, as far as the database can do that."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from limbeck.errors import CommandError, ConfigurationError, RevisionFailed, RevisionPartlyApplied
from limbeck.workflow.upgrade import upgrade
from tests.runtime.projects import Project, create

TRANSACTIONAL = ("sqlite", "postgresql")


def test_there_and_back(project: Project) -> None:
    project.revision("a1", create("t"), 'op.drop_table("t")')
    project.revision("b1", 'op.execute("INSERT INTO t VALUES (7)")', 'op.execute("DELETE FROM t")')
    project.upgrade()
    assert project.versions() == ["b1"]
    assert project.ask("SELECT id FROM t") == [7]
    project.downgrade("a1")
    assert project.versions() == ["a1"]
    assert project.ask("SELECT id FROM t") == []
    project.downgrade("base")
    assert project.versions() == []
    assert project.tables() == {"alembic_version"}


@pytest.mark.databases(*TRANSACTIONAL)
def test_a_failing_revision_leaves_nothing(project: Project) -> None:
    project.revision("a1", create("t"))
    path = project.revision("b1", create("u") + '\nop.execute("INSERT INTO nowhere VALUES (1)")')
    with pytest.raises(RevisionFailed, match=r"revision b1 failed: .*nowhere") as failed:
        project.upgrade()
    assert failed.value.exit_code == 6
    assert project.versions() == ["a1"]
    assert project.tables() == {"alembic_version", "t"}
    assert any(f"{path.name}:8" in line for line in failed.value.details)
    assert "SQL: INSERT INTO nowhere VALUES (1)" in failed.value.details
    assert failed.value.details[-1] == "nothing of it is in the database, which is at a1"


@pytest.mark.databases(*TRANSACTIONAL)
def test_the_first_revision_takes_the_version_table_with_it(project: Project) -> None:
    project.revision("a1", create("t") + "\nraise ValueError('no')")
    with pytest.raises(RevisionFailed, match="revision a1 failed: ValueError: no"):
        project.upgrade()
    assert project.tables() == set()


@pytest.mark.parametrize("ending", ["commit", "rollback"])
def test_a_revision_may_end_its_transaction(project: Project, ending: str) -> None:
    project.revision("a1", create("t"))
    project.revision("b1", f'op.get_bind().{ending}()\nop.execute("INSERT INTO t VALUES (1)")')
    project.revision("c1", 'op.execute("INSERT INTO t VALUES (2)")')
    project.upgrade()
    assert project.versions() == ["c1"]
    assert sorted(project.ask("SELECT id FROM t")) == [1, 2]


def test_a_revision_may_end_the_transaction_of_all(project: Project) -> None:
    project.env(options="{'transaction_per_migration': False}")
    project.revision("a1", create("t"))
    project.revision("b1", 'op.get_bind().commit()\nop.execute("INSERT INTO t VALUES (1)")')
    project.revision("c1", 'op.execute("INSERT INTO t VALUES (2)")')
    project.upgrade()
    assert project.versions() == ["c1"]
    assert sorted(project.ask("SELECT id FROM t")) == [1, 2]


@pytest.mark.databases(*TRANSACTIONAL)
def test_what_a_revision_has_committed_stays(project: Project) -> None:
    project.revision("a1", create("t"))
    insert = 'op.execute("INSERT INTO t VALUES ({})")'
    body = (insert.format(1), "op.get_bind().commit()", insert.format(2), "raise ValueError")
    project.revision("b1", "\n".join(body))
    with pytest.raises(RevisionPartlyApplied) as failed:
        project.upgrade()
    assert failed.value.details[-1] == "operation 1 of it is in"
    assert project.ask("SELECT id FROM t") == [1]
    assert project.versions() == ["a1"]


@pytest.mark.databases("postgresql", "mariadb")
def test_a_foreign_key_to_a_table_that_comes_later(project: Project) -> None:
    key = 'sa.ForeignKeyConstraint(["u_id"], ["u.id"], name="fk", use_alter=True)'
    column = 'sa.Column("u_id", sa.Integer)'
    project.revision(
        "a1",
        f'op.create_table("t", {column}, {key})\n{create("u")}\n'
        'op.create_foreign_key("fk", "t", "u", ["u_id"], ["id"])\n'
        f'op.create_table("v", {column}, {key.replace("fk", "fk_v")})',
    )
    project.upgrade()
    engine = sa.create_engine(project.url)
    for table, name in (("t", "fk"), ("v", "fk_v")):
        assert [one["name"] for one in sa.inspect(engine).get_foreign_keys(table)] == [name]
    engine.dispose()


@pytest.mark.databases("mariadb")
def test_mariadb_says_what_stays(project: Project) -> None:
    project.revision("a1", create("t"))
    project.revision(
        "b1", 'op.execute("INSERT INTO t VALUES (1)")\nop.execute("ALTER TABLE nowhere ADD x INT")'
    )
    with pytest.raises(RevisionPartlyApplied, match="revision b1 failed") as failed:
        project.upgrade()
    # The ALTER commits the row before it fails.
    assert project.ask("SELECT id FROM t") == [1]
    assert failed.value.exit_code == 7
    assert project.versions() == ["a1"]
    assert failed.value.details[-1] == "operation 1 of it is in"


@pytest.mark.databases("mariadb")
def test_mariadb_rolls_rows_back(project: Project) -> None:
    project.revision("a1", create("t"))
    insert = 'op.execute("INSERT INTO t VALUES (1)")'
    project.revision("b1", f"{insert}\n{insert}")
    with pytest.raises(RevisionFailed, match="Duplicate entry '1'") as failed:
        project.upgrade()
    assert type(failed.value) is RevisionFailed
    assert project.ask("SELECT id FROM t") == []
    assert project.versions() == ["a1"]


@pytest.mark.databases(*TRANSACTIONAL)
def test_one_transaction_for_all_where_it_is_asked_for(project: Project) -> None:
    project.env(options="{'transaction_per_migration': False}")
    project.revision("a1", create("t"))
    project.revision("b1", "raise ValueError('no')")
    with pytest.raises(RevisionFailed) as failed:
        project.upgrade()
    assert failed.value.details[-1] == "nothing of this run is in the database, which is at base"
    assert project.tables() == set()
    project.upgrade("a1")
    assert project.versions() == ["a1"]


def test_an_exit_is_a_failure(project: Project) -> None:
    project.revision("a1", "import sys; sys.exit(0)")
    with pytest.raises(RevisionFailed, match="it ended the program"):
        project.upgrade()
    assert project.versions() == []


@pytest.mark.databases(*TRANSACTIONAL)
@pytest.mark.parametrize("keep", [True, False])
def test_a_transaction_of_the_callers_is_joined(project: Project, keep: bool) -> None:
    project.env()
    text = (project.folder / "env.py").read_text()
    (project.folder / "env.py").write_text(
        "from limbeck import context\n"
        "context.configure(connection=context.config.attributes['connection'])\n"
        "with context.begin_transaction():\n    context.run_migrations()\n"
    )
    assert "engine" in text
    project.revision("a1", create("t"))
    engine = sa.create_engine(project.url)
    with engine.connect() as connection:
        transaction = connection.begin()
        config = project.config
        config.attributes["connection"] = connection
        upgrade(config, "head")
        assert transaction.is_active
        (transaction.commit if keep else transaction.rollback)()
    engine.dispose()
    assert project.tables() == ({"alembic_version", "t"} if keep else set())


@pytest.mark.databases(*TRANSACTIONAL)
def test_a_transaction_that_nobody_commits_is_an_error(project: Project) -> None:
    project.env(before="connection.execute(sa.text('SELECT 1'))")
    project.revision("a1", create("t"))
    with pytest.raises(ConfigurationError, match="began before configure"):
        project.upgrade()
    assert project.tables() == set()


@pytest.mark.databases(*TRANSACTIONAL)
def test_forgetting_the_block_does_no_harm(project: Project) -> None:
    project.env(run="context.run_migrations()")
    project.revision("a1", create("t"))
    project.upgrade()
    assert project.versions() == ["a1"]


@pytest.mark.databases(*TRANSACTIONAL)
def test_forgetting_the_block_of_one_transaction_is_an_error(project: Project) -> None:
    options = "{'transaction_per_migration': False}"
    project.env(run="context.run_migrations()", options=options)
    project.revision("a1", create("t"))
    with pytest.raises(ConfigurationError, match=r"outside of context.begin_transaction\(\)"):
        project.upgrade()
    project.env(run="context.run_migrations(); connection.commit()", options=options)
    project.upgrade()
    assert project.versions() == ["a1"]


def test_an_env_that_runs_nothing_is_an_error(small: Project) -> None:
    small.env(run="pass")
    small.revision("a1")
    with pytest.raises(ConfigurationError, match=r"env.py did not run the migrations"):
        small.upgrade()


def test_what_env_does_around_the_migrations_is_committed(project: Project) -> None:
    project.revision("a1", create("t"))
    project.revision("b1", create("u"))
    project.env(
        run="""
        with context.begin_transaction():
            context.execute("SELECT 1")
            context.run_migrations()
            connection.execute(sa.text("INSERT INTO t VALUES (5)"))
        """
    )
    project.upgrade()
    assert project.versions() == ["b1"]
    assert project.ask("SELECT id FROM t") == [5]


@pytest.mark.databases("postgresql")
def test_a_lock_that_env_takes_is_held_to_the_end(project: Project) -> None:
    project.env(
        run="""
        with context.begin_transaction():
            context.execute("SELECT pg_advisory_xact_lock(42)")
            context.run_migrations()
        """
    )
    project.revision("a1", create("t"))
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 42"
    project.revision("b1", f'assert op.get_bind().exec_driver_sql("{held}").scalar() == 1')
    project.upgrade()
    assert project.versions() == ["b1"]


@pytest.mark.databases("postgresql")
def test_an_index_is_created_concurrently(project: Project) -> None:
    project.revision("a1", create("t"))
    project.revision(
        "b1",
        """
        op.execute("INSERT INTO t VALUES (1)")
        with op.get_context().autocommit_block():
            op.create_index("ix", "t", ["id"], postgresql_concurrently=True)
        op.execute("INSERT INTO t VALUES (2)")
        """,
    )
    project.upgrade()
    assert project.ask("SELECT count(*) FROM t") == [2]
    assert project.ask("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix'::regclass")
    assert project.versions() == ["b1"]


@pytest.mark.databases(*TRANSACTIONAL)
def test_what_an_autocommit_block_has_done_stays(project: Project) -> None:
    project.revision("a1", create("t"))
    project.revision(
        "b1",
        """
        with op.get_context().autocommit_block():
            op.execute("INSERT INTO t VALUES (1)")
        op.execute("INSERT INTO t VALUES (1)")
        """,
    )
    with pytest.raises(RevisionPartlyApplied) as failed:
        project.upgrade()
    assert failed.value.details[-1] == "operation 1 of it is in"
    assert project.ask("SELECT id FROM t") == [1]
    assert project.versions() == ["a1"]


def test_no_autocommit_in_a_transaction_of_the_callers(small: Project) -> None:
    small.env(before="connection.begin()")
    small.revision("a1", "with op.get_context().autocommit_block():\n    pass")
    with pytest.raises(CommandError, match="the caller has begun"):
        small.upgrade()


def test_a_password_is_not_shown(project: Project) -> None:
    project.revision("a1", "op.execute(\"CREATE USR u PASSWORD 'Tr0ub4dor'\")")
    with pytest.raises(RevisionFailed) as failed:
        project.upgrade()
    assert "SQL: CREATE USR u PASSWORD '***'" in failed.value.details
    assert "Tr0ub4dor" not in "\n".join([failed.value.message, *failed.value.details])


@pytest.mark.databases(*TRANSACTIONAL)
def test_an_engine_in_autocommit_says_what_stays(project: Project) -> None:
    env = project.folder / "env.py"
    env.write_text(env.read_text().replace("(url,", "(url, isolation_level='AUTOCOMMIT',"))
    project.revision("a1", create("t") + "\nraise ValueError('no')")
    with pytest.raises(RevisionFailed) as failed:
        project.upgrade()
    if project.url.startswith("sqlite"):
        assert type(failed.value) is RevisionFailed
        assert project.tables() == set()
    else:
        assert type(failed.value) is RevisionPartlyApplied
        assert project.tables() == {"alembic_version", "limbeck_journal", "t"}


@pytest.mark.databases("postgresql15", "mariadb")
def test_a_lost_connection(project: Project) -> None:
    kill = "SELECT pg_terminate_backend(pg_backend_pid())"
    if project.url.startswith("mariadb"):
        kill = "KILL CONNECTION_ID()"
    project.revision("a1", f'op.execute("{kill}")')
    with pytest.raises(RevisionFailed, match="revision a1 failed"):
        project.upgrade()
    assert project.versions() == []


@pytest.mark.databases("postgresql15")
def test_a_transaction_of_two_phases(project: Project) -> None:
    project.revision("a1", create("t"))
    before = "transaction = connection.begin_twophase()"
    project.env(before=before, run="context.run_migrations(); transaction.rollback()")
    with pytest.raises(ConfigurationError, match="were rolled back"):
        project.upgrade()
    assert project.tables() == set()
    project.env(before=before, run="context.run_migrations(); transaction.commit()")
    project.upgrade()
    assert project.tables() == {"alembic_version", "t"}
