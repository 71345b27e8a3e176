"""Writes a revision with ``command.revision``; run under Alembic and under limbeck-alembic."""

from __future__ import annotations

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config

ENV = """
import sqlalchemy as sa
from alembic import context

metadata = sa.MetaData()
sa.Table(
    "account",
    metadata,
    sa.Column("id", sa.Integer()),
    sa.Column("name", sa.String(50), nullable=False, server_default="x"),
    sa.Column("added", sa.DateTime(), server_default=sa.func.now()),
    sa.Column("kind", sa.Enum("a", "b", name="kind")),
    sa.PrimaryKeyConstraint("id", name="pk_account"),
    sa.UniqueConstraint("name", name="uq_name"),
)
sa.Table(
    "entry",
    metadata,
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("account_id", sa.ForeignKey("account.id", name="fk_account", ondelete="CASCADE")),
    sa.Column("amount", sa.Numeric(10, 2)),
    sa.CheckConstraint("amount > 0", name="ck_amount"),
    sa.PrimaryKeyConstraint("id", name="pk_entry"),
)
engine = sa.create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
"""

MAKO = '''"""${message}"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
'''

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(ENV)
    (folder / "script.py.mako").write_text(MAKO)
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("sqlalchemy.url", f"sqlite:///{folder}/database")
    command.revision(config, "begin", autogenerate=True, rev_id="abc")
