"""``limbeck prove``, and the proof of what ``limbeck revision --autogenerate`` writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from limbeck.project.proof_stamp import is_valid, stamps_of
from limbeck.workflow.prove import exit_code_of, lines_of, prove
from tests.cli.project import AFTER, BEFORE, Project
from tests.proof.hand_written import USERS, Written


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_a_good_revision_is_stamped_until_it_is_edited(written: Written) -> None:
    path = written.add("second", "pass", "pass")
    first = written.versions / "first.py"
    found = written.prove("first", "second")
    assert [each.proof.outcome for each in found] == ["proved", "proved"]
    assert exit_code_of(found) == 0
    for file in (first, path):
        text = file.read_text(encoding="utf-8")
        (stamp,) = stamps_of(text)
        assert is_valid(stamp, text)
    edited = first.read_text(encoding="utf-8").replace("String(20)", "String(21)")
    first.write_text(edited, encoding="utf-8")
    assert not is_valid(stamps_of(edited)[0], edited)
    # what it makes is not what the models want, but the models are those of the head
    assert written.prove("first")[0].proof.outcome == "proved"
    second = written.prove("second")[0]
    assert second.proof.outcome == "refuted"
    assert stamps_of(path.read_text(encoding="utf-8")) == ()


REFUTED = {
    "a forgotten step back": (
        'op.add_column("users", sa.Column("x", sa.Integer())); op.drop_column("users", "x"); '
        'op.create_index("ix", "users", ["name"])',
        "x = 1",
        ("after the upgrade", "index ix on (name)", "models"),
    ),
    "a type that does not come back": (
        'op.drop_table("users"); ' + USERS.replace("20", "20"),
        'op.drop_table("users"); ' + USERS.replace("20", "30"),
        ("after the downgrade", "users: column name", "20", "30"),
    ),
    "an upgrade that fails": (
        'op.drop_column("users", "nothing")',
        'op.add_column("users", sa.Column("nothing", sa.Integer()))',
        ("the upgrade:", "revision second failed", "nothing"),
    ),
    "a downgrade that fails": (
        'op.create_index("a", "users", ["name"]); op.drop_index("a", "users")',
        'op.drop_index("b", "users")',
        ("the downgrade:", "the downgrade of revision second failed"),
    ),
    "values that are lost": (
        'op.drop_column("users", "name"); op.add_column("users", sa.Column("name", sa.String(20)))',
        "x = 1",
        (
            "values in columns that the revision does not change",
            "users.name: '",
            "became None by the upgrade",
        ),
    ),
}


@pytest.mark.parametrize("case", REFUTED)
@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_a_bad_revision_is_refuted(written: Written, case: str) -> None:
    up, back, parts = REFUTED[case]
    path = written.add("second", up, back)
    (found,) = written.prove("second")
    said = "\n".join(lines_of(found))
    assert found.proof.outcome == "refuted" and exit_code_of([found]) == 1
    for part in parts:
        assert part in said, said
    assert stamps_of(path.read_text(encoding="utf-8")) == ()


@pytest.mark.databases("sqlite", "postgresql15")
@pytest.mark.parametrize(
    ("back", "words"),
    [
        ('raise NotImplementedError("the names are gone")', "raises: the names are gone"),
        ("raise RuntimeError", "raises RuntimeError"),
        ("pass", "its downgrade() does nothing"),
    ],
)
def test_no_way_back_is_an_outcome_of_its_own(written: Written, back: str, words: str) -> None:
    written.add("second", 'op.create_table("more", sa.Column("a", sa.Integer()))', back)
    path = written.versions / "second.py"
    written.add("third", 'op.drop_table("more")', "pass")
    found, _ = written.prove("second", "third")
    assert found.proof.outcome == "not reversible" and exit_code_of([found]) == 0
    assert words in "\n".join(lines_of(found))
    (stamp,) = stamps_of(path.read_text(encoding="utf-8"))
    assert stamp.remark == "upgrade only"


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_models_that_cannot_be_imported_are_no_part_of_it(written: Written) -> None:
    (models,) = written.versions.parents[1].glob("hand_models_*.py")
    models.write_text("import no_such_module_anywhere\n", encoding="utf-8")
    (found,) = written.prove("first")
    said = "\n".join(lines_of(found))
    assert found.proof.outcome == "proved" and found.proof.limits == ("without models",), said
    assert "not compared with the models: " in said and "no_such_module_anywhere" in said
    written.replace("first", USERS, "op.execute('SELECT 1')")
    (found,) = written.prove("first")
    assert found.proof.outcome == "refuted"


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_what_a_revision_does_to_data_itself_is_said(written: Written) -> None:
    written.add(
        "second",
        "op.execute(\"UPDATE users SET name = 'x' WHERE name = '1'\")",
        "op.execute('SELECT 1')",
    )
    (found,) = written.prove("second")
    assert found.proof.outcome == "proved"
    assert "users.name: '1' became 'x' by the upgrade" in "\n".join(lines_of(found))
    assert "changes data" in found.proof.limits


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_a_revision_that_fails_for_the_sake_of_rows_says_for_which(written: Written) -> None:
    change = 'with op.batch_alter_table("users") as batch:\n        batch.alter_column("name", {})'
    not_null = "existing_type=sa.String(20), nullable={}"
    written.add(
        "second", change.format(not_null.format(False)), change.format(not_null.format(True))
    )
    third = change.format(not_null.format(True)), change.format(not_null.format(False))
    written.add("third", *third)
    second, _ = written.prove("second", "third")
    assert second.proof.outcome == "proved"
    assert second.proof.limits == ("plain values only",)
    assert "with odd values in its tables the upgrade fails" in "\n".join(lines_of(second))


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_what_only_the_second_upgrade_meets_is_found(written: Written) -> None:
    up = "op.execute(\"INSERT INTO users (id, name) VALUES (1, 'first')\")"
    written.add("second", up, 'op.execute("SELECT 1")')
    (found,) = written.prove("second")
    assert found.proof.outcome == "refuted"
    assert [finding.stage for finding in found.proof.findings] == ["the second upgrade"]
    written.replace("second", up, 'op.execute("DELETE FROM users WHERE id = 1")')
    (found,) = written.prove("second")
    assert found.proof.outcome == "proved"


@pytest.mark.databases("sqlite", "postgresql15")
def test_views_and_triggers_must_be_taken_back(written: Written) -> None:
    written.add(
        "second",
        'op.execute("CREATE VIEW v AS SELECT id FROM users")',
        "op.execute('SELECT 1')",
    )
    assert "view v is there, and should not be" in written.words("second")


@pytest.mark.databases("sqlite", "postgresql15")
def test_branches_and_merges_are_proved(written: Written) -> None:
    written.add("left", 'op.create_table("l", sa.Column("a", sa.Integer()))', 'op.drop_table("l")')
    written.last = "first"
    written.add("right", 'op.create_table("r", sa.Column("a", sa.Integer()))', 'op.drop_table("r")')
    merge = written.add("merge", "pass", "pass")
    merge.write_text(
        merge.read_text(encoding="utf-8").replace("'right'", "('left', 'right')"), encoding="utf-8"
    )
    found = prove(written.config, all_revisions=True)
    outcomes = {each.script.revision: each.proof.outcome for each in found}
    # the models have neither table, which only the last of all is to blame for
    assert outcomes == {
        "first": "proved", "left": "proved", "right": "proved", "merge": "refuted"
    }  # fmt: skip


@pytest.mark.databases("sqlite")
def test_a_history_that_does_not_run_from_the_start_proves_nothing(written: Written) -> None:
    written.add("second", 'op.drop_column("elsewhere", "x")', "pass")
    written.add("third", "pass", "pass")
    (found,) = written.prove("third")
    assert found.proof.outcome == "not proved" and exit_code_of([found]) == 11
    assert "revision second failed" in "\n".join(lines_of(found))


# The command line ---------------------------------------------------------------------


def project_of(folder: Path, url: str) -> Project:
    """A project without an ``env.py``."""
    project = Project(folder)
    project.models(BEFORE)
    project.settings(url)
    return project


def only_file(project: Project) -> Path:
    """The only revision."""
    (path,) = (project.folder / "migrations" / "versions").glob("*.py")
    return path


def test_what_is_generated_is_proved(database_url: str, tmp_path: Path) -> None:
    project = project_of(tmp_path, database_url)
    answer = project.run("revision", "--autogenerate", "-m", "one")
    assert answer.code == 0 and "Proved on " in answer.stderr, answer
    first = only_file(project)
    (stamp,) = stamps_of(first.read_text(encoding="utf-8"))
    assert is_valid(stamp, first.read_text(encoding="utf-8"))
    project.ok("upgrade", "head")
    project.models(AFTER)
    told = json.loads(project.ok("revision", "--autogenerate", "--json"))
    proof = told["revisions"][0]["proof"]
    assert proof["outcome"] == "proved" and proof["findings"] == []
    told = json.loads(project.ok("prove", "--all", "--json"))
    assert [each["outcome"] for each in told["revisions"]] == ["proved", "proved"]
    assert all(each["is_stamped"] for each in told["revisions"])


@pytest.mark.databases("sqlite")
def test_a_change_of_what_no_revision_creates_is_not_proved(
    database_url: str, tmp_path: Path
) -> None:
    project = project_of(tmp_path, database_url)
    with sa.create_engine(database_url, poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE customer "
            "(id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50), fax VARCHAR(30))"
        )
    project.models(AFTER)
    answer = project.run("revision", "--autogenerate", "-m", "orders")
    assert answer.code == 0, answer
    words = "Not proved: it builds on customer, which the database had before"
    assert words in answer.stderr
    assert stamps_of(only_file(project).read_text(encoding="utf-8")) == ()


@pytest.mark.databases("sqlite")
def test_the_proof_can_be_left_out(database_url: str, tmp_path: Path) -> None:
    project = project_of(tmp_path, database_url)
    project.ok("revision", "--autogenerate", "--no-prove")
    assert stamps_of(only_file(project).read_text(encoding="utf-8")) == ()
    only_file(project).unlink()
    project.settings(database_url, scratch_url="sqlite:///given.db")
    text = (tmp_path / "limbeck.toml").read_text(encoding="utf-8")
    (tmp_path / "limbeck.toml").write_text(f"prove = false\n{text}", encoding="utf-8")
    assert "Proved" not in project.run("revision", "--autogenerate").stderr
    before = only_file(project).read_bytes()
    told = project.ok("prove", "--no-stamp")
    assert ": proved on sqlite" in told
    assert only_file(project).read_bytes() == before
    answer = project.run("revision", "--prove", "-m", "by hand")
    assert answer.code == 2 and "--autogenerate" in answer.stderr


@pytest.mark.databases("sqlite")
def test_alembic_s_projects_are_proved_when_asked(database_url: str, tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.models(BEFORE)
    project.ok("init", "migrations")
    project.edit("migrations/env.py", "target_metadata = None", CLASSIC)
    (tmp_path / "limbeck.ini").rename(tmp_path / "alembic.ini")
    text = (tmp_path / "alembic.ini").read_text(encoding="utf-8")
    lines = [
        f"sqlalchemy.url = {database_url}" if line.startswith("sqlalchemy.url") else line
        for line in text.replace("[limbeck]", "[alembic]").splitlines()
    ]
    (tmp_path / "alembic.ini").write_text("\n".join(lines) + "\n", encoding="utf-8")
    answer = project.run("revision", "--autogenerate", "-m", "one")
    assert answer.code == 0 and "roved" not in answer.stderr, answer
    only_file(project).unlink()
    answer = project.run("revision", "--autogenerate", "-m", "one", "--prove", FORGET="yes")
    assert answer.code == 1 and "is refuted on sqlite" in answer.stderr, answer
    assert "its downgrade() does nothing" in answer.stderr
    assert stamps_of(only_file(project).read_text(encoding="utf-8")) == ()
    only_file(project).unlink()
    assert "Proved on sqlite" in project.run("revision", "--autogenerate", "--prove").stderr


CLASSIC = """\
import os
from shop.models import Base
target_metadata = Base.metadata

def forget(context, revision, directives):
    if os.environ.get("FORGET"):
        directives[0].downgrade_ops.ops[:] = []

configure = context.configure
context = type("C", (), {
    "configure": staticmethod(
        lambda **kw: configure(**kw, process_revision_directives=forget)
    ),
    "begin_transaction": context.begin_transaction,
    "run_migrations": context.run_migrations,
    "is_offline_mode": context.is_offline_mode,
})
"""


@pytest.mark.databases("postgresql15", "mariadb")
def test_without_the_right_to_a_scratch_database_it_is_said(
    database_url: str, tmp_path: Path
) -> None:
    url = sa.make_url(database_url)
    name = f"poor_{url.database}"
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        if url.get_backend_name() == "postgresql":
            connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN PASSWORD 'hidden1'")
            connection.exec_driver_sql(f"GRANT ALL ON SCHEMA public TO {name}")
            gone = f"DROP OWNED BY {name}; DROP ROLE {name}"
        else:
            connection.exec_driver_sql(f"CREATE USER {name}@'127.0.0.1' IDENTIFIED BY 'hidden1'")
            connection.exec_driver_sql(f"GRANT ALL ON {url.database}.* TO {name}@'127.0.0.1'")
            gone = f"DROP USER {name}@'127.0.0.1'"
        poor = url.set(username=name, password="hidden1").render_as_string(hide_password=False)
        project = project_of(tmp_path, poor)
        answers = [
            project.run("revision", "--autogenerate", "-m", "one"),
            project.run("prove", "head"),
            project.run("prove", "head", "--json"),
        ]
        for statement in gone.split("; "):
            connection.exec_driver_sql(statement)
    assert [answer.code for answer in answers] == [0, 11, 11], answers
    assert "Not proved: a scratch database cannot be made" in answers[0].stderr
    assert "not proved" in answers[1].stdout and "--scratch" in answers[1].stdout
    assert json.loads(answers[2].stdout)["revisions"][0]["outcome"] == "not_proved"
    assert "hidden1" not in str(answers)
