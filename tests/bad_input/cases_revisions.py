"""Revision files that nobody can use, and some that everybody can."""

from __future__ import annotations

import os
from collections.abc import Callable

from tests.bad_input.case import (
    UPGRADE,
    Case,
    Fine,
    third,
    upgrade_doing,
    with_file,
    with_revisions,
)
from tests.cli.project import Project

FILE = "r003.py"
BOTH = "def upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n"


def _link(target: str) -> Callable[[Project], None]:
    def setup(project: Project) -> None:
        with_revisions(project)
        (project.folder / "migrations/versions" / FILE).symlink_to(target)

    return setup


def _pipe(project: Project) -> None:
    with_revisions(project)
    os.mkfifo(project.folder / "migrations/versions" / FILE)


def _folder_named_so(project: Project) -> None:
    third()(project)
    (project.folder / "migrations/versions/r004.py").mkdir()


def _no_versions(project: Project) -> None:
    with_revisions(project)
    for path in (project.folder / "migrations/versions").iterdir():
        path.unlink()
    (project.folder / "migrations/versions").rmdir()


def _empty_versions(project: Project) -> None:
    with_revisions(project)
    for path in (project.folder / "migrations/versions").iterdir():
        path.unlink()


def _cycle_of_two(project: Project) -> None:
    third(down_revision='"r004"')(project)
    project.revision("r004", "r003")


def _cycle_of_dependencies(project: Project) -> None:
    third()(project)
    project.revision("r004", "aaab2222", depends_on='"r005"')
    project.revision("r005", "r003", depends_on='"r004"')


def _label_twice(project: Project) -> None:
    third(branch_labels='"web"')(project)
    project.revision("bbbb3333", None, branch_labels='"web"')


def _label_is_an_id(project: Project) -> None:
    third(branch_labels='"aaaa1111"')(project)


CASES: tuple[Case, ...] = (
    # at import
    Case("imports what is missing", third("import no_such_module"), UPGRADE, 2, (FILE, "no_such")),
    Case("raises at import", third('raise RuntimeError("boom")'), UPGRADE, 2, (FILE, "boom")),
    Case("exits at import", third("import sys\nsys.exit(0)"), UPGRADE, 8, (FILE, "sys.exit")),
    Case("raises KeyboardInterrupt at import", third("raise KeyboardInterrupt"), UPGRADE, 130),
    Case("syntax error behind its names", third("def upgrade(:\n"), UPGRADE, 8, (FILE, "line 5")),
    Case("NUL bytes", with_file(b'revision = "r003"\n\0\n', FILE), UPGRADE, 8, (FILE,)),
    Case("nested too deeply", with_file(b"x = " + b"(" * 5000, FILE), UPGRADE, 8, (FILE,)),
    Case(
        "other encoding is declared", with_file(b"# coding: klingon\n", FILE), UPGRADE, 8, (FILE,)
    ),
    Case("no upgrade()", third("def downgrade():\n    pass"), UPGRADE, 8, (FILE, "upgrade")),
    Case("upgrade is a number", third("upgrade = 3"), UPGRADE, 8, (FILE, "upgrade")),
    # names
    Case("id with an @", third(revision='"r@3"'), UPGRADE, 8, (FILE, "'@'")),
    Case("id is a number", third(revision="3"), UPGRADE, 8, (FILE, "3")),
    Case("id is bytes", third(revision='b"r003"'), UPGRADE, 8, (FILE,)),
    Case("id is empty", third(revision='""'), UPGRADE, 8, (FILE, "empty")),
    Case("id is None", third(revision="None"), UPGRADE, 8, (FILE,)),
    Case("id is a word with a meaning", third(revision='"head"'), UPGRADE, 8, (FILE, "head")),
    Case("id with a line break", third(revision=r'"r003\nDROP"'), UPGRADE, 8, (FILE,)),
    Case("id with an escape", third(revision=r'"r\x1b[31m3"'), UPGRADE, 8, (FILE,)),
    Case("id with a NUL", third(revision=r'"r\x003"'), UPGRADE, 8, (FILE,)),
    Case("id with half a character", third(revision=r'"r\udc80"'), UPGRADE, 8, (FILE,)),
    Case("id is computed and fails", third(revision="1 / 0"), UPGRADE, 8, (FILE, "division")),
    Case("parent is a number", third(down_revision="3"), UPGRADE, 8, (FILE, "3")),
    Case("parent is a list of numbers", third(down_revision="[3]"), UPGRADE, 8, (FILE, "3")),
    Case("parent is a list of None", third(down_revision="[None]"), UPGRADE, 8, (FILE, "None")),
    Case("parent is itself", third(down_revision='"r003"'), UPGRADE, 8, ("r003",)),
    Case("parent is a dictionary", third(down_revision="{1: 2}"), UPGRADE, 8, (FILE,)),
    Case("cycle of two", _cycle_of_two, UPGRADE, 8, ("r003", "r004")),
    Case("dependency that is missing", third(depends_on='"gone"'), UPGRADE, 8, ("gone", "r003")),
    Case("dependency is a number", third(depends_on="3"), UPGRADE, 8, (FILE, "3")),
    Case("cycle of dependencies", _cycle_of_dependencies, UPGRADE, 8, ("r004", "r005")),
    Case("label twice", _label_twice, UPGRADE, 8, ("web", "r003", "bbbb3333")),
    Case("label is an id", _label_is_an_id, UPGRADE, 8, ("aaaa1111", "r003")),
    Case("label is a number", third(branch_labels="3"), UPGRADE, 8, (FILE, "3")),
    Case("label with a colon", third(branch_labels='"a:b"'), UPGRADE, 8, (FILE, "a:b")),
    # on disk
    Case("link to nowhere", _link("nowhere.py"), UPGRADE, 8, (FILE,)),
    Case("link to itself", _link(FILE), UPGRADE, 8, (FILE,)),
    Case("link to a device", _link("/dev/zero"), UPGRADE, 8, (FILE,)),
    Case("pipe", _pipe, UPGRADE, 8, (FILE,)),
    Case("no folder of revisions", _no_versions, UPGRADE, 8, ("versions",)),
    Case("empty folder of revisions", _empty_versions, UPGRADE, 8, ("versions",)),
    # while running
    Case(
        "SQL fails", upgrade_doing('op.execute("TABEL")'), UPGRADE, 6, (FILE, "TABEL"), "aaab2222"
    ),
    Case("raises", upgrade_doing('raise ValueError("boom")'), UPGRADE, 6, ("boom",), "aaab2222"),
    Case(
        "raises an empty error",
        upgrade_doing("raise ValueError"),
        UPGRADE,
        6,
        ("ValueError",),
        "aaab2222",
    ),
    Case(
        "raises a page",
        upgrade_doing('raise ValueError("x\\n" * 500)'),
        UPGRADE,
        6,
        ("ValueError",),
        "aaab2222",
    ),
    Case(
        "raises a group",
        upgrade_doing('raise BaseExceptionGroup("two", [ValueError(1), KeyboardInterrupt()])'),
        UPGRADE,
        6,
        ("two",),
        "aaab2222",
    ),
    Case(
        "an error whose words fail",
        upgrade_doing(
            "class Odd(Exception):\n    def __str__(self):\n        raise ValueError\nraise Odd"
        ),
        UPGRADE,
        6,
        ("Odd",),
        "aaab2222",
    ),
    Case("exits", upgrade_doing("raise SystemExit(0)"), UPGRADE, 6, ("sys.exit",), "aaab2222"),
    Case("interrupts", upgrade_doing("raise KeyboardInterrupt"), UPGRADE, 130, (), "aaab2222"),
    Case(
        "recursion",
        upgrade_doing("upgrade()"),
        UPGRADE,
        6,
        ("RecursionError",),
        "aaab2222",
    ),
    Case(
        "is asynchronous",
        third("async def upgrade():\n    op.execute('CREATE TABLE t (id INTEGER)')"),
        UPGRADE,
        8,
        ("async", FILE),
    ),
    Case(
        "is a generator",
        third("def upgrade():\n    op.execute('CREATE TABLE t (id INTEGER)')\n    yield"),
        UPGRADE,
        8,
        ("yield", FILE),
    ),
    Case(
        "wants arguments",
        third("def upgrade(engine):\n    pass"),
        UPGRADE,
        6,
        ("engine",),
        "aaab2222",
    ),
    Case(
        "closes the connection",
        upgrade_doing("op.get_bind().close()"),
        UPGRADE,
        6,
        ("closed",),
        "aaab2222",
    ),
    Case(
        "drops the version table",
        upgrade_doing('op.execute("DROP TABLE alembic_version")'),
        UPGRADE,
        6,
        ("alembic_version",),
        "aaab2222",
    ),
    Case(
        "empties the version table",
        upgrade_doing('op.execute("DELETE FROM alembic_version")'),
        UPGRADE,
        6,
        ("alembic_version",),
        "aaab2222",
    ),
    Case(
        "uses results on paper",
        upgrade_doing('op.get_bind().execute("x").scalar()'),
        ("upgrade", "head", "--sql"),
        6,
        ("--sql", FILE),
    ),
)

FINE: tuple[Fine, ...] = (
    Fine(
        "byte-order mark",
        with_file(
            b'\xef\xbb\xbfrevision = "r003"\ndown_revision = "aaab2222"\n' + BOTH.encode(), FILE
        ),
    ),
    Fine("folder named like a revision", _folder_named_so),
    Fine("id of 47 characters", third(revision=f'"{"r" * 47}"'), at="r" * 47),
    Fine("stdout is closed", upgrade_doing("import sys\nsys.stdout.close()")),
    Fine("another folder", upgrade_doing('import os\nos.chdir("/")')),
    Fine(
        "other encoding",
        with_file(
            b'# coding: latin-1\n"""caf\xe9"""\nrevision = "r003"\ndown_revision = "aaab2222"\n'
            + BOTH.encode(),
            FILE,
        ),
    ),
)
