"""A project whose revisions are all written by hand, and whose settings name no models."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from limbeck.command import check
from limbeck.config import Config
from limbeck.errors import ConfigurationError
from limbeck.workflow.downgrade import downgrade
from limbeck.workflow.upgrade import upgrade

REVISION = '''\
"""first"""

import sqlalchemy as sa
from limbeck import op

revision = "first"
down_revision = None


def upgrade():
    op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("t")
'''


@pytest.mark.databases("sqlite")
def test_it_is_upgraded_and_downgraded(database_url: str, tmp_path: Path) -> None:
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "first.py").write_text(REVISION, encoding="utf-8")
    settings = tmp_path / "limbeck.toml"
    settings.write_text(f'url = "{database_url}"\n', encoding="utf-8")
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    upgrade(Config(toml_file=settings), "head")
    assert sa.inspect(engine).has_table("t")
    with pytest.raises(ConfigurationError, match="where the models are"):
        check(Config(toml_file=settings))
    downgrade(Config(toml_file=settings), "base")
    assert not sa.inspect(engine).has_table("t")
