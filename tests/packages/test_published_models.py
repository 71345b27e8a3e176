"""The models that published packages ship: from an empty database and back to it."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.packages.environments import python_with


@dataclass(frozen=True)
class Package:
    """Where a package keeps its models.

    ``mariadb_charset`` is the character set that the package's documentation asks for: buildbot's
    indexes on VARCHAR(255) pairs are longer than InnoDB's limit of 3072 bytes with utf8mb4.
    """

    name: str
    models: str
    mariadb_charset: str = "utf8mb4"


PACKAGES = (
    Package("jupyterhub", "jupyterhub.orm:Base.metadata"),
    Package("optuna", "optuna.storages._rdb.models:BaseModel.metadata"),
    Package("buildbot", "buildbot.db.model:Model.metadata", mariadb_charset="utf8mb3"),
)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_there_and_back(
    package: Package, database_name: str, engine: sa.Engine, tmp_path: Path
) -> None:
    """First revision from an empty database, upgrade, nothing differs, downgrade, nothing left."""
    url = engine.url.render_as_string(hide_password=False)
    if database_name == "mariadb":
        with engine.begin() as connection:
            connection.exec_driver_sql(
                f"ALTER DATABASE {engine.url.database} CHARACTER SET {package.mariadb_charset}"
            )
    (tmp_path / "limbeck.toml").write_text(f'models = "{package.models}"\n')
    (tmp_path / "migrations" / "versions").mkdir(parents=True)
    python = python_with(package.name)

    def limbeck(*arguments: str) -> str:
        done = subprocess.run(
            [python, "-m", "limbeck", *arguments],
            cwd=tmp_path,
            env={**os.environ, "DATABASE_URL": url},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"limbeck {' '.join(arguments)}:\n{done.stdout}"
        return done.stdout

    limbeck("revision", "--autogenerate", "-m", "first")
    limbeck("upgrade", "head")
    assert len(sa.inspect(engine).get_table_names()) > 10
    limbeck("check")
    limbeck("downgrade", "base")
    assert left_behind(engine) == {"alembic_version"}


def left_behind(engine: sa.Engine) -> set[str]:
    """Name every table, view, sequence and enumerated type in a database."""
    inspector = sa.inspect(engine)
    names = {*inspector.get_table_names(), *inspector.get_view_names()}
    if engine.dialect.name == "postgresql":
        names |= {row["name"] for row in inspector.get_enums()}  # type: ignore[attr-defined]  # only PostgreSQL's inspector has it
        names |= set(inspector.get_sequence_names())
    return names
