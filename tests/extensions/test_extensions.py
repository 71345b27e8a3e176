"""Each example from an empty database and back, under the name limbeck and under alembic."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import fresh_database, server_of
from tests.extensions.examples import EXAMPLES, MODELS, Example

ROOT = Path(__file__).resolve().parents[2]
PATH = os.pathsep.join([str(ROOT / "packages" / "limbeck-alembic" / "src"), str(ROOT / "src")])

ENV_PY = """
import os
import sqlalchemy as sa
from {tool} import context
import models
import plugged

engine = sa.create_engine(os.environ["DATABASE_URL"])
with engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=models.metadata, **plugged.options
    )
    with context.begin_transaction():
        context.run_migrations()
"""
TEMPLATE = """
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
from alembic import op
import sqlalchemy as sa
# ${message}
${imports if imports else ""}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
"""
STEPS = """
import json, os, pathlib, sys
import sqlalchemy as sa
import plugged
from {tool} import command
from {tool}.config import Config

config = Config()
config.set_main_option("script_location", "migrations")
said = {{}}
made = command.revision(config, "made", autogenerate=True, rev_id="made")
said["text"] = pathlib.Path(made.path).read_text()
command.upgrade(config, "head")
command.check(config)
engine = sa.create_engine(os.environ["DATABASE_URL"])
inspector = sa.inspect(engine)
said["tables"] = inspector.get_table_names()
said["views"] = inspector.get_view_names()
said["columns"] = [
    name + "." + column["name"]
    for name in said["tables"]
    for column in inspector.get_columns(name)
]
command.downgrade(config, "base")
print(json.dumps(said), file=sys.stderr)
"""


def run(folder: Path, tool: str, url: str) -> dict[str, Any]:
    """Run the steps; what was written, and what there was after the upgrade."""
    done = subprocess.run(
        [sys.executable, "-B", "steps.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": PATH, "DATABASE_URL": url},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stderr.splitlines()[-1])
    return said


CASES = [
    pytest.param(example, tool, database, id=f"{example.name}-{tool}-{database}")
    for example in EXAMPLES
    for tool in ("limbeck", "alembic")
    for database in example.databases
]


@pytest.mark.parametrize(("example", "tool", "database"), CASES)
def test_there_and_back(
    example: Example,
    tool: str,
    database: str,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    if database == "sqlite":
        there_and_back(example, tool, f"sqlite:///{tmp_path / 'it.db'}", tmp_path)
        return
    with fresh_database(server_of(database, tmp_path_factory)) as url:
        there_and_back(example, tool, url, tmp_path)


def there_and_back(example: Example, tool: str, url: str, folder: Path) -> None:
    files = {
        "models.py": MODELS,
        "plugged.py": example.plugged.format(tool=tool),
        f"{tool}_types.py": "from plugged import Cents as Cents\n",
        "migrations/env.py": ENV_PY.format(tool=tool),
        "migrations/script.py.mako": TEMPLATE,
        "steps.py": STEPS.format(tool=tool),
    }
    (folder / "migrations" / "versions").mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for statement in example.before:
            connection.exec_driver_sql(statement)
    before = set(sa.inspect(engine).get_table_names())
    said = run(folder, tool, url.replace("sqlite:", f"{example.dialect}:"))
    text = said["text"].replace('"', "'")
    assert [words for words in example.words if words not in text] == [], text
    assert [words for words in example.unwanted if words in text] == [], text
    assert example.made <= {*said["tables"], *said["views"], *said["columns"]}
    inspector = sa.inspect(engine)
    assert {*inspector.get_table_names()} - {"alembic_version"} == before
    assert inspector.get_view_names() == []
