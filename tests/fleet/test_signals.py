"""SIGINT and SIGTERM end a fleet: what runs is rolled back, and nothing more is begun."""

from __future__ import annotations

import json
import signal
import subprocess
import time

import pytest
import sqlalchemy as sa

from tests.cli.test_signals import LIMBECK, as_in_a_terminal
from tests.fleet.tenants import Tenants, environment

SLOW = """if sa.inspect(op.get_bind()).has_table('slow', schema=SCHEMA):
        __import__('pathlib').Path('began').touch()
        op.execute('SELECT pg_sleep(97)')
    op.add_column('account', sa.Column('note', sa.Text))"""


def _begun(tenants: Tenants, *words: str) -> subprocess.Popen[str]:
    folder = tenants.project.folder
    process = subprocess.Popen(
        [LIMBECK, "upgrade", "head", *tenants.source, "--report", "report.json", *words],
        cwd=folder,
        env=environment(tenants.project),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=as_in_a_terminal,
    )
    deadline = time.monotonic() + 120
    while not (folder / "began").exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.5)  # into the statement
    return process


def _ended(tenants: Tenants, process: subprocess.Popen[str], number: signal.Signals) -> str:
    began = time.monotonic()
    process.send_signal(number)
    told, complained = process.communicate(timeout=90)
    assert time.monotonic() - began < 60
    assert process.returncode == (130 if number == signal.SIGINT else 143), complained
    assert "Traceback" not in complained
    engine = sa.create_engine(tenants.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        sleeping = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%%' "
            "AND state = 'active' AND datname = current_database()"
        ).scalar_one()
    assert sleeping == 0
    return told + complained


def _slow(tenants: Tenants, name: str) -> None:
    path = tenants.project.folder / "migrations" / "versions" / "r3.py"
    text = path.read_text()
    body = SLOW.replace(
        "SCHEMA", "op.get_bind().exec_driver_sql('SELECT current_schema()').scalar()"
    )
    path.write_text(text.replace("op.add_column('account', sa.Column('note', sa.Text))", body))
    tenants.execute(name, "CREATE TABLE slow (id INTEGER)")


@pytest.mark.databases("postgresql15")
@pytest.mark.parametrize(
    ("jobs", "number"), [(1, signal.SIGINT), (2, signal.SIGINT), (2, signal.SIGTERM)]
)
def test_what_runs_is_ended_and_what_waits_is_not_begun(
    tenants: Tenants, jobs: int, number: signal.Signals
) -> None:
    names = list(tenants.addresses)
    slow = names[:jobs]
    for name in slow:
        _slow(tenants, name)
    told = _ended(tenants, _begun(tenants, "--jobs", str(jobs)), number)
    report = json.loads((tenants.project.folder / "report.json").read_text())
    states = {each["tenant"]: each["state"] for each in report["databases"]}
    assert [states[name] for name in slow] == ["interrupted"] * jobs
    assert set(list(states.values())[jobs:]) == {"not_begun"}
    assert all(each["heads"] == ["r2"] for each in report["databases"][:jobs])
    assert "revision r3 was under way" in told
    assert all(f"{name}: interrupted" in told for name in slow)
    for name in slow:
        tenants.execute(name, "DROP TABLE slow")
    assert tenants.json("upgrade", "head")["states"] == {"done": len(names)}


@pytest.mark.databases("postgresql15")
def test_processes_are_ended_too(tenants: Tenants) -> None:
    names = list(tenants.addresses)
    for name in names[:2]:
        _slow(tenants, name)
    (tenants.project.folder / "limbeck.toml").unlink()
    tenants.project.write(
        "migrations/env.py",
        """
        import sqlalchemy as sa
        from alembic import context
        engine = sa.create_engine(context.config.tenant.address, poolclass=sa.NullPool)
        with engine.connect() as connection:
            schema = context.config.tenant.schema
            connection.exec_driver_sql(f'SET search_path TO "{schema}"')
            connection.commit()
            context.configure(connection=connection)
            with context.begin_transaction():
                context.run_migrations()
        """,
    )
    tenants.project.write(
        "alembic.ini",
        f"[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = {tenants.url}\n",
    )
    told = _ended(tenants, _begun(tenants, "--jobs", "2"), signal.SIGINT)
    report = json.loads((tenants.project.folder / "report.json").read_text())
    assert [each["state"] for each in report["databases"][:2]] == ["interrupted"] * 2, told
    assert "revision r3 was under way" in told
