"""What a mistake is, and the projects in which they are made."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from tests.cli.project import BEFORE, Project

SECRET = "s3cr3t"
UPGRADE = ("upgrade", "head")
AUTOGENERATE = ("revision", "--autogenerate", "-m", "x")
NEW = ("revision", "-m", "x")


@dataclass(frozen=True)
class Case:
    """One mistake.

    :param name: what is wrong, in words.
    :param setup: makes the project.
    :param words: what is typed behind ``limbeck``.
    :param code: the exit code.
    :param says: words that the answer has to hold, in the error or the hint.
    :param at: the revision at which the database is afterwards, where good revisions ran before
        the bad one; if not given, no file may have changed, and neither the database.
    """

    name: str
    setup: Callable[[Project], object]
    words: tuple[str, ...]
    code: int
    says: tuple[str, ...] = ()
    at: str | None = None


@dataclass(frozen=True)
class Fine:
    """What looks like a mistake, and has to work.

    :param name: what it is, in words.
    :param setup: makes the project.
    :param words: what is typed behind ``limbeck``.
    :param at: the revision at which the database is afterwards.
    """

    name: str
    setup: Callable[[Project], object]
    words: tuple[str, ...] = UPGRADE
    at: str | None = "r003"


def nothing(project: Project) -> None:
    """No project at all."""


def native(project: Project, url: str | None = None) -> None:
    """Models and settings, and no revision."""
    project.models(BEFORE)
    project.settings(url)


def with_revisions(project: Project) -> None:
    """Two revisions, not applied."""
    native(project)
    project.revision("aaaa1111", None)
    project.revision("aaab2222", "aaaa1111")


def with_file(data: bytes, name: str = "broken.py") -> Callable[[Project], None]:
    """Two revisions, and a file beside them."""

    def setup(project: Project) -> None:
        with_revisions(project)
        (project.folder / "migrations/versions" / name).write_bytes(data)

    return setup


def third(text: str = "", **more: str) -> Callable[[Project], None]:
    """A third revision, r003, with a text of its own.

    :param text: stands in the place of the functions ``upgrade`` and ``downgrade``.
    :param more: lines ``name = value``, ``down_revision`` among them.
    """
    names = {"revision": '"r003"', "down_revision": '"aaab2222"', **more}
    lines = [f"{name} = {value}" for name, value in names.items()]
    functions = text or "def upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n"
    return with_file(
        "\n".join(["from limbeck import op", *lines, "", functions, ""]).encode(), "r003.py"
    )


def upgrade_doing(body: str) -> Callable[[Project], None]:
    """A third revision whose ``upgrade()`` does this."""
    lines = "\n    ".join(body.splitlines())
    return third(f"def upgrade():\n    {lines}\n\n\ndef downgrade():\n    pass\n")


def classic(project: Project) -> None:
    """A project with an ini file and an env.py, two revisions, and models without a name."""
    project.models(BEFORE)
    answer = project.run("init", "mig")
    assert answer.code == 0, answer
    project.edit("limbeck.ini", "driver://user:pass@localhost/dbname", "sqlite:///test.db")


def classic_with_revisions(project: Project) -> None:
    """The same, with two revisions that are not applied."""
    classic(project)
    for name, down in (("aaaa1111", None), ("aaab2222", "aaaa1111")):
        path = project.revision(name, down)
        path.rename(project.folder / "mig/versions" / path.name)
    for folder in ("migrations/versions", "migrations"):
        (project.folder / folder).rmdir()


def with_env(old: str, new: str, last: str = "pass") -> Callable[[Project], None]:
    """A project with two revisions whose env.py has something else in the place of a text.

    :param old: the text; empty for the whole file.
    :param last: what the upgrade of the second revision does.
    """

    def setup(project: Project) -> None:
        classic_with_revisions(project)
        project.edit("mig/versions/aaab2222.py", "    pass\n\ndef down", f"    {last}\n\ndef down")
        if old:
            project.edit("mig/env.py", old, new)
        else:
            (project.folder / "mig/env.py").write_text(new, encoding="utf-8")

    return setup


def with_ini(old: str, new: str) -> Callable[[Project], None]:
    """A project with two revisions whose ini file has something else in the place of a text."""

    def setup(project: Project) -> None:
        classic_with_revisions(project)
        project.edit("limbeck.ini", old, new)

    return setup


def with_toml(*lines: str) -> Callable[[Project], None]:
    """Two revisions, and more lines in ``limbeck.toml``."""

    def setup(project: Project) -> None:
        with_revisions(project)
        path = project.folder / "limbeck.toml"
        keys = {line.partition("=")[0].strip() for line in lines}
        kept = [
            line
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.partition("=")[0].strip() not in keys
        ]
        path.write_text("\n".join([*kept, *lines]) + "\n", encoding="utf-8")

    return setup


def with_rows(*statements: str) -> Callable[[Project], None]:
    """Two revisions, and a SQLite database in which statements have run."""

    def setup(project: Project) -> None:
        with_revisions(project)
        connection = sqlite3.connect(project.folder / "test.db")
        with connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()

    return setup
