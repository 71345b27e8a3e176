"""A batch that limbeck writes into a project that is Alembic's changes what it speaks of only."""

from __future__ import annotations

import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.cli.test_alembic_project import run
from tests.cli.test_old_history import SETTINGS, schema

ENV = """
from alembic import context
from models import metadata
from sqlalchemy import create_engine

address = context.get_x_argument(as_dictionary=True)["url"]
with create_engine(address).connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
"""

MODELS = """
import sqlalchemy as sa

metadata = sa.MetaData()
owner = sa.Table("owner", metadata, sa.Column("id", sa.Integer, primary_key=True))
pet = sa.Table(
    "pet",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("owner_id", sa.Integer, sa.ForeignKey("owner.id", ondelete="CASCADE")),
    sa.Column("name", sa.String(30, collation="NOCASE"), nullable=False),
    sa.Column("weight", sa.Integer),
    sa.CheckConstraint("weight < 1000"),
    sqlite_autoincrement=True,
)
sa.Index("heaviest", pet.c.weight.desc())
sa.Index("loudest", sa.func.upper(pet.c.name))
sa.Index("by_name", pet.c.name.collate("BINARY"), unique=True)
"""

TRIGGER = """
CREATE TRIGGER tidy AFTER DELETE ON pet BEGIN DELETE FROM owner WHERE id = old.id; END
"""

#: What becomes of the models; each makes a copy of the table.
WEIGHT, OWNER, CHECK = (
    'sa.Column("weight", sa.Integer),',
    'sa.Column("owner_id", sa.Integer, sa.ForeignKey("owner.id", ondelete="CASCADE")),',
    'sa.CheckConstraint("weight < 1000"),',
)
CHANGES: dict[str, dict[str, str]] = {
    "a column is altered": {WEIGHT: 'sa.Column("weight", sa.Numeric(5, 2), server_default="0"),'},
    "constraints come": {
        WEIGHT: WEIGHT + 'sa.Column("other_id", sa.ForeignKey("owner.id", name="other")),',
        CHECK: CHECK + 'sa.UniqueConstraint("weight", "name", name="both"),',
    },
    "a column goes": {OWNER: ""},
}


def changed(change: str) -> str:
    text = MODELS
    for before, after in CHANGES[change].items():
        assert before in text
        text = text.replace(before, after)
    return text


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose first revision is applied, with a row in each table and a trigger."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "migrations" / "versions").mkdir(parents=True)
    (folder / "alembic.ini").write_text(SETTINGS)
    (folder / "migrations" / "env.py").write_text(ENV)
    (folder / "migrations" / "script.py.mako").write_text(TEMPLATE)
    (folder / "models.py").write_text(MODELS)
    limbeck(folder, "revision", "--autogenerate", "-m", "first", "--rev-id", "a1")
    limbeck(folder, "upgrade", "head")
    with sqlite3.connect(folder / "it.db") as connection:
        connection.execute(TRIGGER)
        connection.execute("INSERT INTO owner VALUES (1)")
        connection.execute("INSERT INTO pet (owner_id, name, weight) VALUES (1, 'Ada', 3)")
    connection.close()
    return folder


TEMPLATE = '''"""${message}"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''


def limbeck(folder: Path, *words: str, code: int = 0) -> str:
    return run("limbeck", folder, "-x", "url=sqlite:///it.db", *words, code=code)


@pytest.mark.parametrize("change", CHANGES)
def test_the_loop_closes(project: Path, tmp_path: Path, change: str) -> None:
    folder = shutil.copytree(project, tmp_path / "project")
    before = besides_tables(folder)
    shutil.copy(folder / "it.db", folder / "alembics.db")
    models, file = folder / "models.py", new_revision(folder, change)
    limbeck(folder, "upgrade", "head")
    assert any("AUTOINCREMENT" in each for each in schema(folder, "it.db"))
    assert besides_tables(folder) == before
    limbeck(folder, "check")
    limbeck(folder, "downgrade", "-1")
    assert besides_tables(folder) == before

    # Alembic itself gets through the file, and copies in its own way.
    for words in (["upgrade", "head"], ["downgrade", "-1"]):
        run("alembic", folder, "-x", "url=sqlite:///alembics.db", *words)

    models.write_text(MODELS)
    file.unlink()
    limbeck(folder, "check")


def test_a_batch_that_does_not_say_so_copies_as_ever(project: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(project, tmp_path / "project")
    file = new_revision(folder, "a column is altered")
    struck, times = re.subn(KEEPS, "", file.read_text())
    assert times == 2
    file.write_text(struck)
    limbeck(folder, "upgrade", "head")
    assert not any("upper(name)" in each for each in schema(folder, "it.db"))


KEEPS = r',\s+table_kwargs={"info": {"existing": "limbeck"}}'


def new_revision(folder: Path, change: str) -> Path:
    (folder / "models.py").write_text(changed(change))
    limbeck(folder, "revision", "--autogenerate", "-m", "second", "--rev-id", "b2")
    return next((folder / "migrations" / "versions").glob("b2*.py"))


def besides_tables(folder: Path) -> list[str]:
    """The indexes and triggers."""
    return [each for each in schema(folder, "it.db") if not each.startswith("CREATE TABLE")]
