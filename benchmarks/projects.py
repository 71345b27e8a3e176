"""Projects that both tools run as they are, and limbeck's own kind without an ``env.py``."""

from __future__ import annotations

from pathlib import Path

__all__ = ["write_classic", "write_models", "write_native"]

_INI = """\
[alembic]
script_location = %(here)s
prepend_sys_path = %(here)s
path_separator = os
sqlalchemy.url = {url}
"""

_ENV = """\
from alembic import context
from sqlalchemy import engine_from_config, pool

{imports}

config = context.config


def run_migrations_online():
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {{}}),
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )
    with connectable.connect() as connection:
        context.configure(
            connection=connection, target_metadata=target_metadata{options}
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    context.configure(
        url=config.get_main_option("sqlalchemy.url"),
        target_metadata=target_metadata,
        literal_binds=True,
    )
    with context.begin_transaction():
        context.run_migrations()
else:
    run_migrations_online()
"""

_TEMPLATE = '''\
"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''

_MODELS = """\
import sqlalchemy as sa

metadata = sa.MetaData()

{schemas}
for schema in SCHEMAS:
    for number in range({tables}):
        name = f"table_{{number}}"
        before = f"table_{{number - 1}}" if number else name
        prefix = f"{{schema}}." if schema else ""
        target = f"{{prefix}}{{before}}.id"
        sa.Table(
            name,
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("before_id", sa.ForeignKey(target, name=f"fk_{{number}}")),
            sa.Column("code", sa.String(20), nullable=False),
            sa.Column("name", sa.String(80), nullable=False, index=True),
            sa.Column("note", sa.Text),
            sa.Column("amount", sa.Numeric(12, 2), nullable=False, server_default="0"),
            sa.Column("rate", sa.Float),
            sa.Column("is_open", sa.Boolean, nullable=False),
            sa.Column("day", sa.Date),
            sa.Column("made_at", sa.DateTime, nullable=False),
            sa.Column("size", sa.SmallInteger),
            sa.Column("total", sa.BigInteger),
            sa.UniqueConstraint("code", name=f"uq_{{number}}"),
            sa.CheckConstraint("amount >= 0", name=f"ck_{{number}}"),
            sa.Index(f"ix_{{number}}_day", "day", "size"),
            schema=schema,
        )
"""


def write_models(folder: Path, tables: int, schemas: tuple[str, ...] = ()) -> None:
    """Write ``models.py``: tables of a dozen mixed columns with indexes and keys.

    :param folder: the project.
    :param tables: how many, in each schema.
    :param schemas: the schemas; the usual one if none.
    """
    text = _MODELS.format(tables=tables, schemas=f"SCHEMAS = {schemas or (None,)!r}")
    (folder / "models.py").write_text(text)


def write_classic(folder: Path, url: str, *, models: bool = False, options: str = "") -> None:
    """Write ``alembic.ini``, ``env.py`` and the template of new revisions.

    :param folder: the project; its revisions are in ``versions``.
    :param url: the address of the database.
    :param models: ``env.py`` imports ``models.py``.
    :param options: further arguments of ``context.configure()``.
    """
    (folder / "versions").mkdir(parents=True, exist_ok=True)
    imports = (
        "from models import metadata as target_metadata" if models else "target_metadata = None"
    )
    (folder / "alembic.ini").write_text(_INI.format(url=url.replace("%", "%%")))
    (folder / "env.py").write_text(_ENV.format(imports=imports, options=options))
    (folder / "script.py.mako").write_text(_TEMPLATE)


def write_native(folder: Path, url: str, *, options: str = "") -> None:
    """Write ``limbeck.toml``, for a project without an ``env.py``.

    :param folder: the project; its revisions are in ``versions``, its models in ``models.py``.
    :param url: the address of the database.
    :param options: further lines.
    """
    (folder / "versions").mkdir(parents=True, exist_ok=True)
    lines = [f'url = "{url}"', 'script_location = "."', 'models = "models:metadata"', options]
    (folder / "limbeck.toml").write_text("\n".join(lines))
