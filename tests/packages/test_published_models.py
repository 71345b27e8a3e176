"""The models that published packages ship: from an empty database and back to it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.forked import run_forked
from tests.packages.environments import python_with


@dataclass(frozen=True)
class Package:
    """Where a package keeps its models."""

    name: str
    models: str


PACKAGES = (
    Package("jupyterhub", "jupyterhub.orm:Base.metadata"),
    Package("optuna", "optuna.storages._rdb.models:BaseModel.metadata"),
    Package("buildbot", "buildbot.db.model:Model.metadata"),
)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_there_and_back(
    package: Package, database_name: str, engine: sa.Engine, tmp_path: Path
) -> None:
    """First revision from an empty database, upgrade, nothing differs, downgrade, nothing left."""
    # The packages address MariaDB as MySQL, and their models have options of that name.
    url = engine.url.render_as_string(hide_password=False).replace("mariadb+", "mysql+")
    (tmp_path / "limbeck.toml").write_text(f'models = "{package.models}"\n')
    (tmp_path / "migrations" / "versions").mkdir(parents=True)
    python = str(python_with(package.name))

    def limbeck(*arguments: str) -> str:
        environment = {**os.environ, "DATABASE_URL": url}
        done = run_forked(tmp_path, environment, ("limbeck", *arguments), python=python)
        assert done.code == 0, f"limbeck {' '.join(arguments)}:\n{done.stdout}{done.stderr}"
        return done.stdout

    limbeck("revision", "--autogenerate", "-m", "first")
    limbeck("upgrade", "head")
    assert len(sa.inspect(engine).get_table_names()) > 10
    limbeck("check")
    limbeck("downgrade", "base")
    assert left_behind(engine) == {"alembic_version", "limbeck_history"}


def left_behind(engine: sa.Engine) -> set[str]:
    """Name every table, view, sequence and enumerated type in a database."""
    inspector = sa.inspect(engine)
    names = {*inspector.get_table_names(), *inspector.get_view_names()}
    if engine.dialect.name == "postgresql":
        names |= {row["name"] for row in inspector.get_enums()}  # type: ignore[attr-defined]  # only PostgreSQL's inspector has it
        names |= set(inspector.get_sequence_names())
    return names
