"""Fleets of projects with an ``env.py``, which decides itself what it opens."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.fleet.tenants import COUNT, Tenants

ENV = """
import sqlalchemy as sa
from alembic import context

config = context.config
engine = sa.create_engine({url}, poolclass=sa.NullPool)
with engine.connect() as connection:
    {before}
    context.configure(connection=connection{options})
    with context.begin_transaction():
        context.run_migrations()
"""
GIVEN = 'config.get_main_option("sqlalchemy.url")'


def as_alembics(tenants: Tenants, url: str, before: str = "", options: str = "") -> None:
    project = tenants.project
    (project.folder / "limbeck.toml").unlink()
    project.write(
        "migrations/env.py",
        ENV.replace("{url}", url).replace("{before}", before).replace("{options}", options),
    )
    address = tenants.url.replace("%", "%%")
    project.write(
        "alembic.ini",
        f"[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = {address}\n",
    )


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_address_is_where_it_always_is(files: Tenants, jobs: int) -> None:
    as_alembics(files, GIVEN, 'print(context.get_x_argument(as_dictionary=True)["tenant"])')
    found = files.project.run("upgrade", "head", *files.source, "--jobs", str(jobs))
    assert found.code == 0, found
    assert all(name in found.stdout for name in files.addresses)
    assert files.heads() == {name: ["r3"] for name in files.addresses}


@pytest.mark.parametrize("jobs", [1, 2])
def test_one_that_opens_another_database_is_refused(
    files: Tenants, tmp_path: Path, jobs: int
) -> None:
    as_alembics(files, repr(files.url))
    found = files.json("upgrade", "head", "--jobs", str(jobs), code=13)
    assert found["states"] == {"failed": COUNT}
    assert "has opened another database" in found["databases"][0]["problem"]["message"]
    engine = sa.create_engine(files.url, poolclass=sa.NullPool)
    assert not sa.inspect(engine).get_table_names()


@pytest.mark.databases("postgresql15")
def test_a_schema_has_to_be_entered(tenants: Tenants) -> None:
    search = (
        """connection.exec_driver_sql(f'SET search_path TO "{config.tenant.schema}", public')\n"""
        "    connection.commit()"
    )
    as_alembics(tenants, GIVEN)
    found = tenants.json("upgrade", "head", code=13)
    assert "works in the schema public" in found["databases"][0]["problem"]["message"]

    # the version table of somebody else would be taken for each tenant's
    engine = sa.create_engine(tenants.url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE public.alembic_version (version_num varchar(32))")
    _as_alembics_again(tenants, search, "")
    found = tenants.json("upgrade", "head", code=13)
    assert "version table in public" in found["databases"][0]["problem"]["message"]

    _as_alembics_again(tenants, search, ", version_table_schema=config.tenant.schema")
    assert tenants.json("upgrade", "head")["states"] == {"done": COUNT}
    assert tenants.heads() == {name: ["r3"] for name in tenants.addresses}


def _as_alembics_again(tenants: Tenants, before: str, options: str) -> None:
    tenants.project.write(
        "migrations/env.py",
        ENV.replace("{url}", GIVEN).replace("{before}", before).replace("{options}", options),
    )
