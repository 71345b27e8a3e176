"""What a revision drops and no revision creates is made on scratch, or it is not proved."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from limbeck.config import Config
from limbeck.script import Script
from limbeck.script.drop_words import speaks_of_drops
from limbeck.script.drops import Dropped, drops_of
from limbeck.workflow.project import script_directory
from limbeck.workflow.prove import lines_of, prove
from limbeck.workflow.upgrade import upgrade
from tests.cli.project import Project
from tests.proof.hand_written import Written

VIEW = "CREATE VIEW glance AS SELECT id, name FROM users"
AROUND = (
    "op.execute('DROP VIEW glance'); op.alter_column('users', 'name', "
    f"existing_type=sa.String({{}}), type_=sa.String({{}})); op.execute('{VIEW}')"
)
DROPPED = "which the history does not create"


def outcome(written: Written, name: str) -> tuple[str, str]:
    """What comes of proving a revision, and what is said of it."""
    (found,) = prove(written.config, [name])
    return found.proof.outcome, "\n".join(lines_of(found))


def by_hand(written: Written, *statements: str) -> None:
    """Bring the project's own database to the first revision, and change it."""
    upgrade(written.config, "first")
    with sa.create_engine(written.url, poolclass=sa.NullPool).begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_a_view_made_by_hand_is_made_on_scratch(written: Written) -> None:
    by_hand(written, VIEW)
    written.add("second", AROUND.format(20, 30), AROUND.format(30, 20))
    written.add("third", "pass", "pass")
    assert outcome(written, "second")[0] == "proved"
    # what came of it is no part of what comes next
    found = prove(written.config, all_revisions=True)
    assert [each.proof.outcome for each in found][:2] == ["proved", "proved"]
    forgotten = AROUND.format(30, 20).replace(f"op.execute('{VIEW}')", "1")
    written.last = "first"
    written.add("second", AROUND.format(20, 30), forgotten)
    said = outcome(written, "second")
    assert said[0] == "refuted" and "glance" in said[1]


@pytest.mark.databases("sqlite", "postgresql15")
def test_only_what_was_made_by_hand_may_stay(written: Written) -> None:
    by_hand(written, VIEW)
    hidden = "op.get_bind().exec_driver_sql('{} TABLE ' + 'extra'{})"
    around = AROUND.format(20, 20)
    made = hidden.format("CREATE", " + ' (a int)'")
    written.add("second", f"{around}; {made}", "pass")
    said = outcome(written, "second")
    assert said[0] == "refuted" and "extra" in said[1], said


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_where_nobody_knows_what_was_there_it_is_not_proved(written: Written) -> None:
    by_hand(written, VIEW)
    written.add("second", AROUND.format(20, 30), AROUND.format(30, 20))
    written.add("third", "pass", "pass")
    upgrade(written.config, "second")
    said = outcome(written, "second")
    assert said[0] == "not proved" and f"it drops view glance, {DROPPED}" in said[1]
    gentle = AROUND.replace("VIEW glance'", "VIEW IF EXISTS glance'")
    written.last = "first"
    written.add("second", gentle.format(20, 30), gentle.format(30, 20))
    said = outcome(written, "second")
    assert said[0] == "not proved" and f"it drops view glance, {DROPPED}" in said[1]


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
@pytest.mark.parametrize(
    ("statement", "up", "words"),
    [
        ("CREATE TABLE legacy (a INTEGER)", "op.drop_table('legacy')", "table legacy"),
        ("ALTER TABLE users ADD fax INTEGER", "op.drop_column('users', 'fax')", "column users.fax"),
        (
            "CREATE INDEX by_hand ON users (id)",
            "op.drop_index('by_hand', 'users')",
            "index by_hand",
        ),
        # a name that the files have for something else
        ("CREATE INDEX name ON users (id)", "op.drop_index('name', 'users')", "index name"),
    ],
)
def test_anything_else_made_by_hand_is_not_proved(
    written: Written, statement: str, up: str, words: str
) -> None:
    by_hand(written, statement)
    written.add("second", up, "x = 1")
    said = outcome(written, "second")
    assert said[0] == "not proved" and f"it drops {words}, {DROPPED}" in said[1]
    # what is nowhere is a mistake
    written.last = "first"
    written.add(
        "second",
        up.replace("legacy", "ly")
        .replace("fax", "fx")
        .replace("by_", "b")
        .replace("'name'", "'nm'"),
        "1",
    )
    assert outcome(written, "second")[0] == "refuted"


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_drop_unowned_is_not_refuted(tmp_path: Path, database_url: str, engine: sa.Engine) -> None:
    project = Project(tmp_path)
    project.settings(database_url, models="shop.models:metadata")
    project.models(
        "import sqlalchemy as sa\nmetadata = sa.MetaData()\n"
        "sa.Table('users', metadata, sa.Column('id', sa.Integer, primary_key=True))\n"
    )
    project.ok("revision", "--autogenerate", "--rev-id", "first", "--no-prove")
    project.ok("upgrade", "head")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE legacy (a INTEGER)")
    told = project.run("revision", "--autogenerate", "--drop-unowned", "--rev-id", "second")
    assert told.code == 0, told
    assert f"Not proved: it drops table legacy, {DROPPED}" in told.stderr
    assert project.run("prove", "second").code == 11
    assert Config(toml_file=project.folder / "limbeck.toml").is_native


@pytest.mark.databases("sqlite")
def test_what_is_dropped_is_found_however_it_is_said(written: Written) -> None:
    own = "op.drop_table('t')"
    written.add("none", "op.execute('CREATE TABLE t (a int)')", own)
    assert not speaks_of_drops(revision_of(written, "none"))
    assert not dropped_by(written, "none")
    for number, up in enumerate(
        (
            own,
            "op.execute('DR' 'OP TABLE t')",
            "op.execute('dr'\n        + 'op table t')",
            "downgrade()",
            "op.invoke(op_words.CreateTableOp('t', []).reverse())",
        )
    ):
        written.add(f"second{number}", f"from limbeck.operations import ops as op_words; {up}", own)
        assert speaks_of_drops(revision_of(written, f"second{number}")), up
        assert [str(each) for each in dropped_by(written, f"second{number}")] == ["table t"], up


def dropped_by(written: Written, name: str) -> tuple[Dropped, ...]:
    """What a revision drops."""
    return drops_of(revision_of(written, name), sqlite.dialect())


def revision_of(written: Written, name: str) -> Script:
    """A revision, of which nothing is loaded."""
    found = script_directory(written.config).get_revision(name)
    assert found is not None
    return found
