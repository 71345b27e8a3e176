"""What each command that works on a database loads, and the list of what it may.

``python -m tests.cli.loaded_modules`` writes the list of now into ``loaded_modules.txt``: a line
for each module of limbeck's, or package of others, and a letter for each command.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.cli.project import Project

COMMANDS: Mapping[str, str] = {
    "upgrade": "upgrade head",
    "downgrade": "downgrade -1",
    "stamp": "stamp head",
    "check": "check",
    "current": "current",
    "revision": "revision -m more",
    "autogenerate": "revision --autogenerate -m more",
    "merge": "merge heads -m both",
}
KINDS = ("alone", "env.py")
"""A project of limbeck's kind, and one with an ``env.py``."""

LIST = Path(__file__).with_suffix(".txt")

_NOT_LISTED = {"limbeck", "shop", "cython_runtime", "greenlet", "typing_extensions"}
"""What is listed by its modules, the project itself, and what SQLAlchemy loads or not."""

_LETTERS = {(): "-", ("alone",): "a", ("env.py",): "e", KINDS: "x"}
_HEAD = """\
# What a command on SQLite loads: modules of limbeck, and the packages of others but the standard
# library. One column for each of
#   {commands}
# with  x  in every project,  a  in one of limbeck's kind only,  e  in one with an env.py only.
# Written by python -m tests.cli.loaded_modules; a line that comes or changes wants a reason.
"""

_RUN = """\
import sys
from limbeck.cli.main import main

code = main(sys.argv[1:])
print("loaded:", *sorted(sys.modules))
sys.exit(code)
"""
_MODELS = """\
import sqlalchemy as sa

metadata = sa.MetaData()
customer = sa.Table("customer", metadata, sa.Column("id", sa.Integer, primary_key=True))
"""
_MORE = """\
order = sa.Table("order", metadata, sa.Column("id", sa.Integer, primary_key=True))
"""
_CREATE = (
    'import sqlalchemy as sa; op.create_table("customer", '
    'sa.Column("id", sa.Integer, primary_key=True, nullable=False))'
)
_ENV = """\
import sqlalchemy as sa
from alembic import context
from shop.models import metadata

with sa.create_engine("sqlite:///test.db", poolclass=sa.NullPool).connect() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
"""
_TEMPLATE = """\
\"\"\"${message}\"\"\"
from alembic import op
import sqlalchemy as sa

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}

def upgrade():
    ${upgrades if upgrades else "pass"}

def downgrade():
    ${downgrades if downgrades else "pass"}
"""


@dataclass(frozen=True)
class Loaded:
    """What a command has loaded when it has done its work.

    :param modules: every module.
    """

    modules: frozenset[str]

    @property
    def listed(self) -> set[str]:
        """The modules of limbeck and the packages of others, but the standard library."""
        ours = {name for name in self.modules if name.partition(".")[0] == "limbeck"}
        # What begins with an underscore is of the installation, and of compiled modules.
        packages = {name.partition(".")[0] for name in self.modules if not name.startswith("_")}
        return ours | (packages - sys.stdlib_module_names - _NOT_LISTED)

    @property
    def standard(self) -> set[str]:
        """The modules of the standard library, without what is within packages."""
        names = {name.partition(".")[0] for name in self.modules}
        return {name for name in names & sys.stdlib_module_names if not name.startswith("_")}

    def dialects(self, package: str) -> set[str]:
        """The dialects of a package that are loaded."""
        start = f"{package}.dialects."
        within = (name.removeprefix(start) for name in self.modules if name.startswith(start))
        return {name.partition(".")[0] for name in within}


def loaded_by(folder: Path, command: str, kind: str) -> Loaded:
    """Prepare a project in which a command has something to do, and run it.

    :param folder: an empty folder.
    :param command: one of :data:`COMMANDS`.
    :param kind: one of :data:`KINDS`.
    """
    project = _prepared(Project(folder), command, kind)
    return _run(project, (*COMMANDS[command].split(),), _RUN)


def loaded_by_sqlalchemy(folder: Path) -> Loaded:
    """What SQLAlchemy loads by itself for a connection to SQLite."""
    code = (
        "import sys, sqlalchemy as sa\n"
        "sa.create_engine('sqlite://').connect().close()\n"
        "print('loaded:', *sorted(sys.modules))"
    )
    return _run(Project(folder), (), code)


def _run(project: Project, words: tuple[str, ...], code: str) -> Loaded:
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=project.folder,
        env=project._environment({}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return Loaded(frozenset(done.stdout.splitlines()[-1].split()[1:]))


def _prepared(project: Project, command: str, kind: str) -> Project:
    project.models(_MODELS)
    if kind == "alone":
        project.settings(models="shop.models:metadata")
    else:
        project.write(
            "alembic.ini", "[alembic]\nscript_location = migrations\nprepend_sys_path = .\n"
        )
        project.write("migrations/env.py", _ENV)
        project.write("migrations/script.py.mako", _TEMPLATE)
    project.revision("aaaa1111", None, _CREATE)
    if command != "upgrade":
        project.ok("upgrade", "head")
    project.revision("bbbb2222", "aaaa1111")
    if command == "merge":
        project.revision("cccc3333", "aaaa1111")
    if command not in ("upgrade", "stamp", "merge"):
        project.ok("upgrade", "head")
    if command == "autogenerate":
        project.models(_MODELS + _MORE)
    return project


def as_table(found: Mapping[tuple[str, str], set[str]]) -> str:
    """The text of the list.

    :param found: what is listed, for each command and kind of project.
    """
    names = sorted(set().union(*found.values()))
    width = max(map(len, names))
    lines = [f"{name:{width}} {_letters(name, found)}\n" for name in names]
    return _HEAD.format(commands=", ".join(COMMANDS)) + "".join(lines)


def _letters(name: str, found: Mapping[tuple[str, str], set[str]]) -> str:
    return "".join(
        _LETTERS[tuple(kind for kind in KINDS if name in found[command, kind])]
        for command in COMMANDS
    )


def from_table(text: str, command: str, kind: str) -> set[str]:
    """What the list has for a command."""
    place, letters = list(COMMANDS).index(command), ("x", kind[0])
    lines = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {name for name, marks in lines if marks[place] in letters}


def main() -> None:
    """Write the list of now."""
    found: dict[tuple[str, str], set[str]] = {}
    for command in COMMANDS:
        for kind in KINDS:
            with tempfile.TemporaryDirectory(prefix="limbeck-loaded-") as folder:
                found[command, kind] = loaded_by(Path(folder), command, kind).listed
    LIST.write_text(as_table(found), encoding="utf-8")


if __name__ == "__main__":
    main()
