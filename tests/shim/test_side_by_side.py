"""The same commands with Alembic and with the command of limbeck-alembic: stdout and exit codes.

Left out is what Alembic orders by chance, what it says worse (a raw AssertionError, two files with
one id), and words of limbeck's own (help, the list of templates).
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
OURS = os.pathsep.join((str(ROOT / "packages" / "limbeck-alembic" / "src"), str(ROOT / "src")))

SETTINGS = """\
[alembic]
script_location = %(here)s/migrations
path_separator = os
sqlalchemy.url = sqlite:///it.db
"""
ENV = """\
import sqlalchemy as sa
from alembic import context

if context.is_offline_mode():
    url = context.config.get_main_option("sqlalchemy.url")
    context.configure(url=url, target_metadata=sa.MetaData())
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = sa.create_engine("sqlite:///it.db", poolclass=sa.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=sa.MetaData())
        with context.begin_transaction():
            context.run_migrations()
"""
TEMPLATE = '''\
"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    op.execute("CREATE TABLE t_${up_revision} (a INTEGER)")


def downgrade():
    op.execute("DROP TABLE t_${up_revision}")
'''

WITHOUT_REVISIONS = """
heads
history
current
branches
show head
current -v
current --check-heads
check
upgrade head
downgrade base
downgrade -1
stamp head
edit head
edit current
ensure_version
ensure_version --sql
revision --sql
revision --sql --autogenerate
-n nosuch heads
-c nosuch.ini heads
"""
A_BRANCH = """
revision -m "first thing" --rev-id aaaa1111
revision -m "second: thing" --rev-id bbbb2222
revision -m third --rev-id cccc3333 --branch-label shop
revision -m refused --rev-id dddd4444 --head bbbb2222
revision -m spliced --rev-id dddd4444 --head bbbb2222 --splice
revision -m "many heads"
revision --rev-id a-b
revision --rev-id a@b+c
revision --head nosuch
revision --head cccc3333 --depends-on nosuch
heads
heads --verbose
heads --resolve-dependencies
history
history -i
history -r aaaa1111:cccc3333
history -r bbbb:
history -r :bbbb
history -r aaaa
history -r nosuch:
history -r cccc3333:dddd4444
history -r dddd4444:aaaa1111
history --rev-range=-1:
history -r shop@base:
history -r :shop@head
show aaaa
show heads
show nosuch
show head
show base
show current
show shop@head
"""
UP_AND_DOWN = """
upgrade head
upgrade nosuch
upgrade +1
current
current -v
current -c
upgrade aaaa1111:bbbb2222
upgrade +1
upgrade heads
current --check-heads
history --indicate-current
history -r current:
history -r :current
history -r=-1:current
edit current
edit aaaa
edit base
edit nosuch
upgrade heads
upgrade +1
upgrade shop@+1
upgrade aaaa
downgrade nosuch
downgrade shop@-1
current
downgrade aaaa1111:base
downgrade +1
downgrade bbbb2222
current
downgrade -1
current
downgrade base
current
downgrade -1
"""
ON_PAPER = """
upgrade heads --sql
upgrade aaaa1111:bbbb2222 --sql
upgrade bbbb2222:cccc3333 --sql --tag x
upgrade nosuch --sql
upgrade aaaa:nosuch --sql
upgrade nosuch:aaaa --sql
upgrade base:+1 --sql
downgrade base --sql
downgrade cccc3333:base --sql
downgrade cccc3333:bbbb --sql
downgrade bbbb:cccc --sql
stamp aaaa --sql
stamp aaaa:cccc --sql
stamp aaaa:bbbb bbbb:cccc --sql
stamp base --sql
stamp --purge heads --sql
ensure_version --sql
"""
STAMPS = """
stamp cccc3333
current
stamp dddd4444 cccc3333
stamp base
current
stamp head
stamp nosuch
stamp heads
stamp bbbb:heads
stamp aaaa cccc dddd
stamp aaaa --purge
current
"""
MERGES = """
merge aaaa bbbb
merge nosuch
merge heads -m join --rev-id eeee5555
merge cccc3333 dddd4444 --splice --rev-id eeee6666 --branch-label mm
heads
history
history -r aaaa:eeee5555
show eeee5555
stamp base
upgrade eeee5555
current
downgrade aaaa1111
current
upgrade base
downgrade head
downgrade aaaa1111-1
"""
DEPENDENCIES = """
revision -m lib --rev-id ffff7777 --head base --depends-on eeee5555 --branch-label lib
heads
heads --verbose
heads --resolve-dependencies
history
history -r lib@base:lib@head
show ffff7777
upgrade lib@head
current
downgrade lib@base
current
-q heads
-q history -v
-q upgrade nosuch
-q upgrade ffff7777 --sql
-q current
-x a=b current
"""
MISTAKES = """
nosuch
--version
upgrade
stamp
merge
show
init
history --nosuch
heads unexpected
init migrations
init other -t nosuch
"""
CHAPTERS = {
    "without revisions": WITHOUT_REVISIONS,
    "a branch": A_BRANCH,
    "up and down": UP_AND_DOWN,
    "on paper": ON_PAPER,
    "stamps": STAMPS,
    "merges": MERGES,
    "dependencies": DEPENDENCIES,
    "mistakes": MISTAKES,
}

Told = dict[str, list[tuple[str, Any]]]


def told_by(folder: Path, path: str | None) -> Told:
    """What each command of each chapter has said, in a project of its own."""
    (folder / "migrations" / "versions").mkdir(parents=True)
    (folder / "alembic.ini").write_text(SETTINGS)
    (folder / "migrations" / "env.py").write_text(ENV)
    (folder / "migrations" / "script.py.mako").write_text(TEMPLATE)
    lines = {name: text.strip().splitlines() for name, text in CHAPTERS.items()}
    commands = [shlex.split(line) for chapter in lines.values() for line in chapter]
    environment = {**os.environ, "EDITOR": "true"}
    environment.pop("ALEMBIC_CONFIG", None)
    environment.pop("PYTHONPATH", None)
    if path is not None:
        environment["PYTHONPATH"] = path
    done = subprocess.run(
        [sys.executable, str(HERE / "one_tool.py")],
        cwd=folder,
        env=environment,
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    said = iter(json.loads(done.stdout))
    return {
        name: [(line, comparable(line, next(said), folder)) for line in chapter]
        for name, chapter in lines.items()
    }


def comparable(line: str, told: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Without what differs from one run to the next."""
    text = told["stdout"].replace(str(folder), "FOLDER")
    text = re.sub(r"Create Date: .*", "Create Date: …", text)
    text = re.sub(r"No such template .*/", "No such template …/", text)
    text = re.sub(r"(?<=Branches into: ).*", lambda found: _sorted(found[0]), text)
    # Alembic keeps labels in a set.
    text = re.sub(r"(?<=Branch names: ).*", lambda found: _sorted(found[0]), text)
    text = re.sub(r"(?<=\()\w+(, \w+)+(?=\))", lambda found: _sorted(found[0]), text)
    if re.fullmatch(r"current( --check-heads| -c)?", line):
        text = "\n".join(sorted(text.splitlines()))
    return {**told, "stdout": text}


def _sorted(names: str) -> str:
    return ", ".join(sorted(names.split(", ")))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, Told]:
    """What Alembic has said, and what the package has said."""
    folder = tmp_path_factory.mktemp("side-by-side")
    return told_by(folder / "alembic", None), told_by(folder / "limbeck", OURS)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_same_on_stdout_and_the_same_exit_code(chapter: str, both: Any) -> None:
    theirs, ours = both
    assert ours[chapter] == theirs[chapter]
