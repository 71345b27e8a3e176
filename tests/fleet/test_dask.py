"""A fleet on a real Dask cluster: workers are killed on the way, every tenant is migrated once."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import leave_out
from tests.fleet.tenants import COUNT, REVISIONS, Tenants, environment

WORKERS = 3
KILLS = 2
ROOT = Path(__file__).parents[2]

#: The second revision says where it runs, and takes long enough to be killed in.
SAYING = """
    import os
    place = op.get_bind().exec_driver_sql("SELECT current_schema()").scalar()
    def say(word):
        with open("LOG", "a") as log:
            log.write(f"{word} {place} {os.getpid()}\\n")
    say("begin")
    op.create_table("visit", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("SELECT pg_sleep(0.3)")
    say("end")
"""


@pytest.mark.databases("postgresql15")
def test_every_tenant_is_migrated_once_although_workers_are_killed(
    tenants: Tenants, tmp_path: Path
) -> None:
    if importlib.util.find_spec("distributed") is None:
        leave_out("dask", "pip install 'limbeck[dask]'")
    log = tmp_path / "ran.log"
    path = tenants.project.folder / "migrations" / "versions" / "r2.py"
    path.write_text(
        path.read_text().replace(
            "    op.create_table('visit', sa.Column('id', sa.Integer, primary_key=True))",
            SAYING.replace("LOG", str(log)).strip("\n"),
        )
    )
    toml = tenants.project.folder / "limbeck.toml"
    toml.write_text(f'{toml.read_text()}\n[fleet]\nschemas = ["tenant_*"]\n')
    done = subprocess.run(
        [sys.executable, "-m", "tests.fleet.on_dask", str(WORKERS), str(KILLS), str(log)],
        cwd=tenants.project.folder,
        env={**environment(tenants.project), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done
    assert f"{{'done': {COUNT}}}" in done.stdout
    assert done.stdout.count("killed at") == KILLS
    lines = log.read_text().splitlines()
    begun = [line for line in lines if line.startswith("begin")]
    # those that were killed have begun once more, in other processes
    assert len(begun) == COUNT + KILLS
    assert len(lines) == len(begun) + COUNT
    assert len({line.split()[2] for line in begun}) > WORKERS - KILLS
    for name in tenants.addresses:
        assert tenants.applied(name) == list(REVISIONS)
    assert tenants.heads() == {name: ["r3"] for name in tenants.addresses}
