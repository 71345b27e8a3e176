"""A history as a project of Alembic's has it, and the two tools that carry it out."""

from __future__ import annotations

import importlib
import io
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

ENV = """
import sqlalchemy as sa
from alembic import context

naming = {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s",
          "fk": "fk_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"}
target_metadata = sa.MetaData(naming_convention=naming)

engine = sa.create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=sa.NullPool)
with engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=target_metadata, render_as_batch=True
    )
    with context.begin_transaction():
        context.run_migrations()
"""

#: id, what it follows, what it depends on, upgrade, downgrade
Revision = tuple[str, str | tuple[str, ...] | None, str | None, str, str]

HISTORY: tuple[Revision, ...] = (
    (
        "a1",
        None,
        None,
        """
        op.create_table(
            "owner",
            sa.Column("id", sa.Integer, nullable=False),
            sa.Column("name", sa.String(40), nullable=False, server_default="nobody"),
            sa.Column("born", sa.DateTime),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_owner")),
        )
        op.create_index("ix_owner_name", "owner", ["name"], unique=True)
        owner = sa.table("owner", sa.column("id", sa.Integer), sa.column("name", sa.String))
        op.bulk_insert(owner, [{"id": 1, "name": "ann"}, {"id": 2, "name": "zoë"}])
        """,
        """
        op.drop_index("ix_owner_name", table_name="owner")
        op.drop_table("owner")
        """,
    ),
    (
        "b1",
        "a1",
        None,
        """
        op.create_table(
            "pet",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("owner_id", sa.Integer, sa.ForeignKey("owner.id", ondelete="CASCADE")),
            sa.Column("kind", sa.Enum("cat", "dog", name="pet_kind"), nullable=False),
            sa.Column("weight", sa.Numeric(6, 2), server_default=sa.text("0")),
            sa.UniqueConstraint("owner_id", "kind"),
        )
        op.execute("INSERT INTO pet (id, owner_id, kind) VALUES (1, 2, 'cat')")
        """,
        """
        op.drop_table("pet")
        sa.Enum(name="pet_kind").drop(op.get_bind(), checkfirst=True)
        """,
    ),
    (
        "b2",
        "b1",
        None,
        """
        with op.batch_alter_table("pet") as batch_op:
            batch_op.add_column(sa.Column("note", sa.Text, nullable=True))
            batch_op.alter_column("weight", existing_type=sa.Numeric(6, 2), type_=sa.Numeric(8, 3),
                                  existing_server_default=sa.text("0"), existing_nullable=True)
            batch_op.create_check_constraint("heavy", sa.text("weight >= 0"))
        """,
        """
        with op.batch_alter_table("pet") as batch_op:
            batch_op.drop_constraint("heavy", type_="check")
            batch_op.alter_column("weight", existing_type=sa.Numeric(8, 3), type_=sa.Numeric(6, 2),
                                  existing_server_default=sa.text("0"), existing_nullable=True)
            batch_op.drop_column("note")
        """,
    ),
    (
        "c1",
        "a1",
        None,
        """
        with op.batch_alter_table("owner") as batch_op:
            batch_op.alter_column("name", existing_type=sa.String(40), type_=sa.String(80),
                                  existing_nullable=False, existing_server_default="nobody")
            batch_op.alter_column("born", existing_type=sa.DateTime, new_column_name="birth")
        """,
        """
        with op.batch_alter_table("owner") as batch_op:
            batch_op.alter_column("birth", existing_type=sa.DateTime, new_column_name="born")
            batch_op.alter_column("name", existing_type=sa.String(80), type_=sa.String(40),
                                  existing_nullable=False, existing_server_default="nobody")
        """,
    ),
    ("m1", ("b2", "c1"), None, "pass", "pass"),
    (
        "d1",
        None,
        "m1",
        """
        op.create_table("visit", sa.Column("day", sa.Date, primary_key=True), comment="of a vet")
        with op.batch_alter_table("visit") as batch_op:
            batch_op.add_column(sa.Column("owner_id", sa.Integer, nullable=True))
            batch_op.create_foreign_key(None, "owner", ["owner_id"], ["id"])
        """,
        """
        op.drop_table("visit")
        """,
    ),
    (
        "m2",
        "m1",
        None,
        """
        op.rename_table("pet", "animal")
        op.create_index(None, "animal", ["kind", sa.text("owner_id DESC")])
        """,
        """
        op.drop_index(op.f("ix_animal_kind"), table_name="animal")
        op.rename_table("animal", "pet")
        """,
    ),
)

#: Columns of which the revisions say less than there is, or something else.
FORGETFUL: tuple[Revision, ...] = (
    (
        "a1",
        None,
        None,
        """
        op.create_table(
            "t",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("short", sa.String(40), nullable=False, server_default="x"),
            sa.Column("wide", sa.String(255), nullable=False, comment="of a kind"),
            sa.Column("renamed", sa.Integer, nullable=False, server_default="7"),
            sa.Column("emptied", sa.String(10), nullable=False),
        )
        """,
        """
        op.drop_table("t")
        """,
    ),
    (
        "b1",
        "a1",
        None,
        """
        op.alter_column("t", "short", type_=sa.String(80))
        op.alter_column("t", "wide", existing_type=sa.String(50), nullable=True)
        op.alter_column("t", "renamed", existing_type=sa.BigInteger, new_column_name="name")
        op.alter_column("t", "emptied", nullable=True, existing_type=sa.Text)
        """,
        """
        op.alter_column("t", "name", existing_type=sa.Integer, new_column_name="renamed")
        op.alter_column("t", "short", existing_type=sa.String(80), type_=sa.String(30),
                        existing_nullable=False)
        """,
    ),
)

#: Where each step of a walk leads: up to the heads, down, and up and down again.
WALK = (
    ("upgrade", "a1"),
    ("upgrade", "b1"),
    ("upgrade", "b2"),
    ("upgrade", "c1"),
    ("upgrade", "m1"),
    ("upgrade", "d1"),
    ("upgrade", "m2"),
    ("downgrade", "m1"),
    ("upgrade", "heads"),
    ("downgrade", "d1@base"),
    ("downgrade", "b1"),
    ("downgrade", "a1"),
    ("upgrade", "m2"),
    ("stamp", "m1"),
    ("stamp", "m2"),
    ("upgrade", "heads"),
    ("downgrade", "base"),
    ("upgrade", "heads"),
)


def write(folder: Path, history: tuple[Revision, ...] = HISTORY) -> Path:
    """Write the project.

    :param folder: where to.
    :param history: its revisions.
    :returns: the folder of its scripts.
    """
    scripts = folder / "migrations"
    (scripts / "versions").mkdir(parents=True)
    (scripts / "env.py").write_text(ENV)
    for id_, follows, depends_on, upgrade, downgrade in history:
        (scripts / "versions" / f"{id_}.py").write_text(
            f'"""make {id_}"""\nimport sqlalchemy as sa\nfrom alembic import op\n'
            f"revision = {id_!r}\ndown_revision = {follows!r}\nbranch_labels = None\n"
            f"depends_on = {depends_on!r}\n"
            f"def upgrade():\n{indent(dedent(upgrade).strip(), '    ')}\n"
            f"def downgrade():\n{indent(dedent(downgrade).strip(), '    ')}\n"
        )
    return scripts


def carry_out(tool: str, scripts: Path, url: str, command: str, revision: str) -> None:
    """Call a command of one of the tools.

    :param tool: ``alembic`` or ``limbeck``.
    :param scripts: the folder of the project's scripts.
    :param url: the database.
    """
    config: Any = importlib.import_module(f"{tool}.config").Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(scripts))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    getattr(importlib.import_module(f"{tool}.command"), command)(config, revision)
