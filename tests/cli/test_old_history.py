"""An old history in a project that is Alembic's leaves the schema that it has always left."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.cli.test_alembic_project import run

SETTINGS = "[alembic]\nscript_location = %(here)s/migrations\n"

ENV = """
from sqlalchemy import create_engine

from alembic import context

with create_engine(context.get_x_argument(as_dictionary=True)["url"]).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""

OLD = """
from contextlib import suppress

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None


def upgrade():
    op.create_table(
        "parent",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True),
    )
    op.create_table(
        "child",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("parent", sa.Integer),
        sa.Column("name", sa.String(9, collation="NOCASE")),
    )
    op.create_index("by_name", "child", [sa.text("name DESC")])
    op.create_index("by_upper", "child", [sa.text("upper(name)")])
    op.execute("CREATE TRIGGER tidy AFTER DELETE ON child BEGIN DELETE FROM parent; END")
    try:
        join()
    except NotImplementedError:
        print("no foreign key")
    with suppress(NotImplementedError):
        op.add_column("child", sa.Column("code", sa.Integer, unique=True))
    with op.batch_alter_table("child") as batch:
        batch.alter_column("name", nullable=False)
    # What the copy has lost is made again.
    op.create_index("by_upper", "child", [sa.text("upper(name)")])
    op.execute("CREATE TRIGGER tidy AFTER DELETE ON child BEGIN DELETE FROM parent; END")


def join():
    op.create_foreign_key("child_parent", "child", "parent", ["parent"], ["id"])


def downgrade():
    op.drop_index("by_name", "child")
    with op.batch_alter_table("child") as batch:
        batch.drop_column("name")
    with op.batch_alter_table("parent") as batch:
        batch.drop_column("part")
"""


def make_project(folder: Path, revisions: dict[str, str]) -> None:
    (folder / "migrations" / "versions").mkdir(parents=True)
    (folder / "alembic.ini").write_text(SETTINGS)
    (folder / "migrations" / "env.py").write_text(ENV)
    for name, text in revisions.items():
        (folder / "migrations" / "versions" / name).write_text(text)


def schema(folder: Path, name: str) -> list[str]:
    with sqlite3.connect(folder / name) as connection:
        rows = connection.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name != 'alembic_version'"
        ).fetchall()
    connection.close()
    return sorted(" ".join(row[0].split()) for row in rows)


def test_an_old_history_leaves_what_it_has_always_left(tmp_path: Path) -> None:
    make_project(tmp_path, {"0001_old.py": OLD})
    for command in (["upgrade", "head"], ["downgrade", "base"]):
        for tool in ("alembic", "limbeck"):
            run(tool, tmp_path, "-x", f"url=sqlite:///{tool}.db", *command)
        left = schema(tmp_path, "alembic.db")
        assert any('CREATE TABLE "child"' in each for each in left)
        assert schema(tmp_path, "limbeck.db") == left


NEW = """
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade():
    op.alter_column("child", "parent", nullable=False)
    op.create_foreign_key("child_parent", "child", "parent", ["parent"], ["id"])


def downgrade():
    op.drop_constraint("child_parent", "child", type_="foreignkey")
"""


def test_what_nobody_refuses_is_carried_out(tmp_path: Path) -> None:
    make_project(tmp_path, {"0001_old.py": OLD, "0002_new.py": NEW})
    run("limbeck", tmp_path, "-x", "url=sqlite:///new.db", "upgrade", "head")
    assert any("CONSTRAINT child_parent" in each for each in schema(tmp_path, "new.db"))
    run("limbeck", tmp_path, "-x", "url=sqlite:///new.db", "downgrade", "-1")
    assert not any("CONSTRAINT child_parent" in each for each in schema(tmp_path, "new.db"))
