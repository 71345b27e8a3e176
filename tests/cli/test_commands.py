"""The lines that each command prints, which Alembic's users know and their scripts read."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from tests.cli.project import BEFORE, Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A history that branches, with a label, a merge to come and a dependency.

    ::

        aaaa1111 ─┬─ bbbb2222 (shop)
                  └─ cccc3333
        dddd4444 (stock) depends on cccc3333
    """
    project = Project(tmp_path)
    project.models(BEFORE)
    project.settings()
    project.revision("aaaa1111", None)
    project.revision("bbbb2222", "aaaa1111", branch_labels='("shop",)')
    project.revision("cccc3333", "aaaa1111")
    project.revision("dddd4444", None, branch_labels='"stock"', depends_on='"cccc3333"')
    return project


def rows(project: Project) -> list[str]:
    """What the version table holds."""
    connection = sqlite3.connect(project.folder / "test.db")
    found = [row[0] for row in connection.execute("SELECT version_num FROM alembic_version")]
    connection.close()
    return sorted(found)


def test_history(project: Project) -> None:
    assert sorted(project.ok("history").splitlines()) == [
        "<base> (cccc3333) -> dddd4444 (stock) (head), dddd4444",
        "<base> -> aaaa1111 (branchpoint), aaaa1111",
        "aaaa1111 -> bbbb2222 (shop) (head), bbbb2222",
        "aaaa1111 -> cccc3333 (effective head), cccc3333",
    ]
    assert project.ok("history", "-r", "aaaa1111:shop@head").splitlines() == [
        "aaaa1111 -> bbbb2222 (shop) (head), bbbb2222",
        "<base> -> aaaa1111 (branchpoint), aaaa1111",
    ]


def test_history_marks_where_the_database_is(project: Project) -> None:
    project.ok("upgrade", "shop@head")
    assert "aaaa1111 -> bbbb2222 (shop) (head) (current), bbbb2222" in project.ok("history", "-i")
    assert "(current)" not in project.ok("history")
    assert project.ok("history", "-r", "-1:current").splitlines() == [
        "aaaa1111 -> bbbb2222 (shop) (head), bbbb2222",
        "<base> -> aaaa1111 (branchpoint), aaaa1111",
    ]
    assert "Rev: bbbb2222 (head) (current)\n" in project.ok("history", "-i", "-v")


def test_heads(project: Project) -> None:
    assert project.ok("heads").splitlines() == [
        "bbbb2222 (shop) (head)",
        "cccc3333 (effective head)",
        "dddd4444 (stock) (head)",
    ]
    assert project.ok("heads", "--resolve-dependencies").splitlines() == [
        "bbbb2222 (shop) (head)",
        "dddd4444 (stock) (head)",
    ]


def test_branches(project: Project) -> None:
    assert project.ok("branches") == (
        "aaaa1111 (branchpoint)\n"
        "         -> bbbb2222 (shop) (head)\n"
        "         -> cccc3333 (effective head)\n\n"
    )


def test_show(project: Project) -> None:
    path = project.folder / "migrations/versions/bbbb2222.py"
    assert project.ok("show", "bbb") == (
        "Rev: bbbb2222 (head)\n"
        "Parent: aaaa1111\n"
        "Branch names: shop\n"
        f"Path: {path}\n\n"
        "    bbbb2222\n\n"
    )
    project.ok("upgrade", "shop@head")
    assert project.ok("show", "current") == project.ok("show", "bbb")


def test_current_and_its_check(project: Project) -> None:
    assert project.ok("current") == ""
    project.ok("upgrade", "shop@head")
    assert project.ok("current") == "bbbb2222 (head)\n"
    told = project.ok("current", "-v")
    assert told.startswith("Current revision(s) for sqlite:///test.db:\nRev: bbbb2222 (head)\n")
    behind = project.run("current", "--check-heads")
    assert behind.code == 1
    assert "error: Database is not on all head revisions" in behind.stderr
    project.ok("upgrade", "heads")
    assert rows(project) == ["bbbb2222", "dddd4444"]
    project.ok("current", "--check-heads")


def test_upgrade_in_steps_and_back(project: Project) -> None:
    project.ok("upgrade", "aaaa1111")
    project.ok("upgrade", "shop@+1")
    assert rows(project) == ["bbbb2222"]
    project.ok("downgrade", "-1")
    assert rows(project) == ["aaaa1111"]
    project.ok("upgrade", "heads")
    project.ok("downgrade", "stock@base")
    assert rows(project) == ["bbbb2222", "cccc3333"]
    project.ok("downgrade", "base")
    assert rows(project) == []


def test_stamp(project: Project) -> None:
    project.ok("stamp", "heads")
    assert rows(project) == ["bbbb2222", "dddd4444"]
    project.ok("stamp", "--purge", "aaaa1111")
    assert rows(project) == ["aaaa1111"]
    assert project.run("stamp", "--purge", "--sql", "heads").code == 2
    assert "UPDATE alembic_version SET version_num='bbbb2222'" in project.ok(
        "stamp", "--sql", "aaaa1111:bbbb2222"
    )


def test_an_upgrade_on_paper_that_leads_back_is_refused(project: Project) -> None:
    for way in ("heads:base", "bbbb2222:aaaa1111"):
        refused = project.run("upgrade", way, "--sql")
        assert (refused.code, refused.stdout) == (8, "")
        start, _, destination = way.partition(":")
        assert f"error: No revision leads up from {start} to {destination}" in refused.stderr
        assert f"hint: 'limbeck downgrade {way} --sql'" in refused.stderr
    project.ok("upgrade", "bbbb2222:bbbb2222", "--sql")
    project.ok("upgrade", "base:base", "--sql")


def test_merge(project: Project) -> None:
    told = project.ok("merge", "bbbb2222", "cccc3333", "-m", "both", "--rev-id", "eeee5555")
    path = project.folder / "migrations/versions/eeee5555_both.py"
    assert told == f"Generating {path} ...  done\n"
    assert "bbbb2222, cccc3333 -> eeee5555 (shop) (head) (mergepoint), both" in project.ok(
        "history"
    )


def test_ensure_version(project: Project) -> None:
    assert "CREATE TABLE alembic_version" in project.ok("ensure_version", "--sql")
    project.ok("ensure_version")
    assert rows(project) == []
    project.ok("ensure_version")


def test_edit(project: Project) -> None:
    editor = project.write("editor.sh", '#!/bin/sh\nprintf "%s\\n" "$@" > opened\n')
    editor.chmod(0o755)
    project.environment |= {"EDITOR": str(editor), "VISUAL": ""}
    project.ok("edit", "shop@head")
    opened = (project.folder / "opened").read_text(encoding="utf-8")
    assert opened == f"{project.folder / 'migrations/versions/bbbb2222.py'}\n"
    project.environment["EDITOR"] = "false"
    answer = project.run("edit", "aaaa1111")
    assert answer.code == 2
    assert "error: Error executing editor" in answer.stderr


def test_revision_by_hand(project: Project) -> None:
    project.ok("revision", "-m", "more", "--head", "shop@head", "--rev-id", "ffff6666")
    text = (project.folder / "migrations/versions/ffff6666_more.py").read_text(encoding="utf-8")
    assert 'down_revision: str | Sequence[str] | None = "bbbb2222"' in text
    refused = project.run("revision", "-m", "x", "--head", "aaaa1111")
    assert refused.code == 8
    assert "--splice" in refused.stderr
    project.ok("revision", "-m", "x", "--head", "aaaa1111", "--splice", "--rev-id", "abab7777")
    refused = project.run("revision", "-m", "x", "--rev-id", "aaaa1111", "--head", "shop@head")
    assert refused.code == 2
    assert "aaaa1111 exists already" in refused.stderr


def test_list_templates(project: Project) -> None:
    lines = project.ok("list_templates").splitlines()
    assert lines[0] == "Available templates:"
    names = [line.partition(" - ")[0] for line in lines[2:7]]
    assert names == ["async", "generic", "multidb", "pyproject", "pyproject_async"]
    assert lines[-1] == "  limbeck init --template generic ./scripts"


def test_init_twice(tmp_path: Path) -> None:
    project = Project(tmp_path)
    told = project.ok("init", "mig", "--package")
    assert f"Creating directory {tmp_path / 'mig'} ...  done" in told
    assert f"Adding {tmp_path / 'mig' / '__init__.py'} ...  done" in told
    assert f"settings in {tmp_path / 'limbeck.ini'} before proceeding." in told
    again = project.run("init", "mig")
    assert again.code == 2
    assert "already exists and is not empty" in again.stderr
    wrong = project.run("init", "-t", "generik", "mig2")
    assert wrong.code == 2
    assert "did you mean generic?" in wrong.stderr
    assert not (tmp_path / "mig2").exists()


def test_failed_revision_says_what_is_in_the_database(project: Project) -> None:
    project.revision("eeee5555", "bbbb2222", 'op.execute("CREATE TABEL x (id INTEGER)")')
    answer = project.run("upgrade", "eeee5555")
    assert answer.code == 6
    assert "error: revision eeee5555 failed" in answer.stderr
    assert f"migrations{os.sep}versions{os.sep}eeee5555.py:" in answer.stderr
    assert "SQL: CREATE TABEL x" in answer.stderr
    assert "nothing of it is in the database" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert rows(project) == ["bbbb2222"]
