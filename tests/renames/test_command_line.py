"""What a person, a pipe and a program are told of what may have been renamed."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from limbeck import command
from limbeck.config import Config
from limbeck.errors import RenameUndecided, UsageError
from tests.cli.project import BEFORE, Project

LIMBECK = str(Path(sys.executable).with_name("limbeck"))
RENAMED = BEFORE.replace("    name:", "    full_name:")
NO_PROOF = "--no-prove"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project whose models have another name for a column than its database, with a row."""
    project = Project(tmp_path)
    project.models(BEFORE)
    project.settings()
    project.ok("revision", "--autogenerate", "-m", "one", NO_PROOF)
    project.ok("upgrade", "head")
    execute(project, "INSERT INTO customer (id, name) VALUES (1, 'ann')")
    project.models(RENAMED)
    return project


def execute(project: Project, statement: str) -> list[tuple[object, ...]]:
    """Run a statement in the project's database."""
    engine = sa.create_engine(f"sqlite:///{project.folder / 'test.db'}")
    with engine.begin() as connection:
        result = connection.exec_driver_sql(statement)
        rows = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return rows


def newest(project: Project) -> str:
    """The text of the newest revision file."""
    files = (project.folder / "migrations" / "versions").glob("*.py")
    return max(files, key=lambda path: path.stat().st_mtime_ns).read_text(encoding="utf-8")


def at_a_terminal(project: Project, typed: bytes) -> tuple[int, str]:
    """Run ``revision --autogenerate`` at a terminal on which something is typed."""
    main, terminal = pty.openpty()
    os.write(main, typed)
    process = subprocess.Popen(
        [LIMBECK, "revision", "--autogenerate", "-m", "two", NO_PROOF],
        cwd=project.folder,
        env=project._environment({}),
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=terminal,
    )
    os.close(terminal)
    said = b""
    while True:
        try:
            part = os.read(main, 4096)
        except OSError:  # the terminal ends with the last process that has it open
            break
        if not part:
            break
        said += part
    process.communicate(timeout=60)
    os.close(main)
    return process.returncode, said.decode().replace("\r\n", "\n")


def test_nobody_to_ask_ends_with_both_options(project: Project) -> None:
    before = project.contents()
    answer = project.run("revision", "--autogenerate", "-m", "two")
    assert answer.code == 3
    assert answer.stdout == ""
    assert answer.stderr == (
        "error: column customer.name is not in the models any more, but full_name is new: was it "
        "renamed or dropped?\n"
        "  --rename customer.name:full_name  (VARCHAR(50) as well)\n"
        "  --drop customer.name  (what it holds is lost)\n"
        "hint: give limbeck revision the option that is meant\n"
    )
    assert project.contents() == before


@pytest.mark.parametrize("was_full", [False, True])
def test_names_and_rows_are_asked_about_at_once(was_full: bool, project: Project) -> None:
    if was_full:  # else its rows need a value under the new name too
        project.models(BEFORE.replace("name: Mapped[str | None]", "name: Mapped[str]"))
        project.ok("revision", "--autogenerate", "--fill", "customer.name=''", NO_PROOF)
        project.ok("upgrade", "head")
    needed = RENAMED.replace("fax: Mapped[str | None]", "age: Mapped[int]; fax: Mapped[str | None]")
    project.models(needed.replace("full_name: Mapped[str | None]", "full_name: Mapped[str]"))
    before = project.contents()
    answer = project.run("revision", "--autogenerate", "-m", "two")
    assert answer.code == 3
    _, *options, hint = answer.stderr.splitlines()
    needless = "  (unless name was renamed to it)"
    assert set(options) == {
        "  --rename customer.name:full_name  (VARCHAR(50) as well)",
        "  --drop customer.name  (what it holds is lost)",
        "  --fill customer.age=0 or --no-fill customer.age",
        "  --fill customer.full_name=\"''\" or --no-fill customer.full_name"
        + (needless if was_full else ""),
    }
    assert options[-1].endswith(needless) == was_full
    assert hint.endswith("and for every column that is NOT NULL what its rows get (any SQL)")
    assert project.contents() == before
    project.ok(
        *("revision", "--autogenerate", NO_PROOF, "--drop", "customer.name"),
        *("--fill", "customer.age=0", "--fill", "customer.full_name=''"),
    )


def test_a_program_is_told_too(project: Project) -> None:
    answer = project.run("revision", "--autogenerate", "--json")
    assert answer.code == 3
    error = json.loads(answer.stdout)["error"]
    assert error["code"] == "rename-undecided"
    assert error["details"][0].startswith("--rename customer.name:full_name ")


def test_the_option_renames_and_keeps_what_is_there(project: Project) -> None:
    project.ok("revision", "--autogenerate", "--rename", "customer.name:full_name")
    assert "new_column_name=" in newest(project)
    project.ok("upgrade", "head")
    assert execute(project, "SELECT full_name FROM customer") == [("ann",)]
    project.ok("check")
    project.ok("downgrade", "-1")
    assert execute(project, "SELECT name FROM customer") == [("ann",)]


def test_the_option_drops(project: Project) -> None:
    project.ok("revision", "--autogenerate", "--drop", "customer.name", NO_PROOF)
    assert "op.drop_column(" in newest(project)
    assert "op.add_column(" in newest(project)


def test_a_hint_needs_no_question_and_stays(project: Project) -> None:
    project.edit(
        "shop/models.py",
        "    full_name: Mapped[str | None] = mapped_column(String(50))",
        "    full_name: Mapped[str | None] = mapped_column(\n"
        '        String(50), info={"renamed_from": "name"}\n    )',
    )
    assert "customer: column name is renamed to full_name" in project.run("check").stdout
    project.ok("revision", "--autogenerate", "-m", "two", NO_PROOF)
    project.ok("upgrade", "head")
    assert execute(project, "SELECT full_name FROM customer") == [("ann",)]
    project.ok("check")


def test_check_asks_nothing(project: Project) -> None:
    answer = project.run("check")
    assert answer.code == 1
    assert (
        "column name VARCHAR(50) is in the database, but not in the models; it may have been "
        "renamed to full_name" in answer.stdout
    )
    told = json.loads(project.run("check", "--json").stdout)["differences"]
    assert any("may have been renamed" in each["words"] for each in told)


@pytest.mark.parametrize(
    ("typed", "wanted", "asked"),
    [
        (b"1\n", "new_column_name=", 1),
        (b"2\n", "op.drop_column(", 1),
        (b"\nseven\n9\n1\n", "new_column_name=", 4),
    ],
)
def test_a_person_is_asked(project: Project, typed: bytes, wanted: str, asked: int) -> None:
    code, said = at_a_terminal(project, typed)
    assert code == 0, said
    assert "1) renamed to full_name (VARCHAR(50) as well)" in said
    assert "2) dropped: what it holds is lost" in said
    assert said.count("Which is meant? (1 to 2)") == asked
    assert wanted in newest(project)


def test_no_answer_is_no_answer(project: Project) -> None:
    before = project.contents()
    code, said = at_a_terminal(project, b"\x04")
    assert code == 3
    assert "--drop customer.name" in said
    assert project.contents() == before


@pytest.mark.parametrize(
    ("words", "error", "hint"),
    [
        (("--rename", "customer.nmae:full_name"), "no column nmae in customer", "mean name?"),
        (("--rename", "customer.name:fullname"), "no column fullname in customer", "full_name?"),
        (("--rename", "custmer.name:full_name"), "names nothing", "mean customer.name?"),
        (("--rename", "customer.name"), "does not say what the new name is", "as in"),
        (("--rename", "customer.name:fax"), "fax is there already", "each name once"),
        (("--drop", "customer.fax"), "the models have the column customer.fax", "take it out"),
        (("--drop", "customers"), "names nothing", "mean customer?"),
    ],
)
def test_an_option_about_nothing_is_a_mistake(
    project: Project, words: tuple[str, ...], error: str, hint: str
) -> None:
    answer = project.run("revision", "--autogenerate", *words)
    assert answer.code == 2
    first, second = answer.stderr.splitlines()
    assert error in first
    assert hint in second


def test_options_need_a_comparison(project: Project) -> None:
    answer = project.run("revision", "-m", "x", "--drop", "customer.name")
    assert answer.code == 2
    assert "give --autogenerate too" in answer.stderr


def test_the_function_refuses_and_can_be_told(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.folder)
    monkeypatch.syspath_prepend(str(project.folder))
    monkeypatch.setenv("DATABASE_URL", "sqlite:///test.db")
    for name in ("shop", "shop.models"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    config = Config(toml_file="limbeck.toml")
    with pytest.raises(RenameUndecided) as refused:
        command.revision(config, "two", autogenerate=True)
    assert refused.value.exit_code == 3
    with pytest.raises(UsageError, match="'zzz' is no name that customer"):
        command.revision(config, "two", autogenerate=True, decide_rename=lambda question: "zzz")
    command.revision(
        config,
        "two",
        autogenerate=True,
        decide_rename=lambda question: question.candidates[0].name,
    )
    assert "new_column_name=" in newest(project)


HOOK = """\
from shop.models import Base

target_metadata = Base.metadata


def keep(context, revision, directives):
    for each in directives[0].upgrade_ops.ops:
        each.ops[:] = [op for op in each.ops if "Drop" not in type(op).__name__]
"""


def test_what_a_hook_keeps_is_no_question(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.models(BEFORE)
    project.ok("init", "migrations")
    project.edit("limbeck.ini", "driver://user:pass@localhost/dbname", "sqlite:///test.db")
    project.edit("migrations/env.py", "target_metadata = None", HOOK)
    project.ok("revision", "--autogenerate", "-m", "one")
    project.ok("upgrade", "head")
    project.models(RENAMED)
    assert project.run("revision", "--autogenerate", "-m", "two").code == 3
    models = "target_metadata=target_metadata"
    path = project.folder / "migrations" / "env.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(models, f"{models}, process_revision_directives=keep"), "utf-8")
    project.ok("revision", "--autogenerate", "-m", "two")
    assert "op.add_column(" in newest(project)
