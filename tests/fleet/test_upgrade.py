"""``upgrade`` over many databases, on real ones."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from limbeck.dialects.registry import backend_for
from tests.fleet.tenants import COUNT, REVISIONS, Tenants

_SERVERS = ("sqlite", "postgresql15", "mariadb")


@pytest.mark.databases(*_SERVERS)
@pytest.mark.parametrize("jobs", [1, 3])
def test_every_tenant_gets_every_revision_once(tenants: Tenants, jobs: int) -> None:
    [first, *_] = names = list(tenants.addresses)
    found = tenants.json("upgrade", "r1", "--tenant", first)
    assert [each["tenant"] for each in found["databases"]] == [first]
    found = tenants.json("upgrade", "head", "--jobs", str(jobs))
    assert [each["tenant"] for each in found["databases"]] == names
    assert found["states"] == {"done": COUNT}
    assert found["revisions"] == [{"heads": ["r3"], "databases": COUNT}]
    assert [each["ran"] for each in found["databases"]] == [
        ["r2", "r3"],
        *[["r1", "r2", "r3"]] * (COUNT - 1),
    ]
    assert tenants.heads() == {name: ["r3"] for name in names}
    for name in names:
        assert tenants.applied(name) == list(REVISIONS)
    again = tenants.json("upgrade", "head", "--jobs", str(jobs))
    assert again["states"] == {"nothing": COUNT}
    assert again["revisions"] == found["revisions"]


@pytest.mark.databases("postgresql", "mariadb")
def test_nothing_else_is_touched(tenants: Tenants) -> None:
    assert tenants.run("upgrade", "head", "--jobs", "2").code == 0
    prefix = next(iter(tenants.addresses)).removesuffix("tenant_1")
    engine = sa.create_engine(tenants.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        assert inspector.get_table_names(schema=f"{prefix}tenants") == []  # no pattern's tenant
        assert inspector.get_table_names() == []
        assert sorted(inspector.get_table_names(schema=f"{prefix}tenant_3")) == [
            "account",
            "alembic_version",
            "limbeck_history",
            "visit",
        ]


@pytest.mark.databases("postgresql15")
@pytest.mark.parametrize("shared", ["", "[fleet]\nshared_schemas = ['100% \"s\"']\n"])
def test_a_schema_whose_name_has_a_percent_sign(tenants: Tenants, shared: str) -> None:
    """Drivers want it doubled beside values, and only there."""
    names = ("tenant_50%", "tenant_50%%")
    engine = sa.create_engine(tenants.url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for schema in (*names, '100% ""s""'):
            connection.execute(sa.text(f'CREATE SCHEMA "{schema}"'))
    toml = tenants.project.folder / "limbeck.toml"
    toml.write_text(f"{toml.read_text()}\n{shared}")
    tenants.addresses |= {name: (tenants.url, name) for name in names}
    # alone it takes the usual road, behind another one the quick road
    assert tenants.json("upgrade", "r2", "--tenant", names[0])["states"] == {"done": 1}
    assert tenants.json("upgrade", "head")["states"] == {"done": COUNT + 2}
    assert tenants.heads() == {key: ["r3"] for key in tenants.addresses}
    for name in names:
        assert tenants.applied(name) == list(REVISIONS)
    current = tenants.json("current", "--check")
    assert {each["tenant"]: each["heads"] for each in current["databases"]} == tenants.heads()
    assert tenants.json("upgrade", "head")["states"] == {"nothing": COUNT + 2}
    assert tenants.json("upgrade", "head", "--tenant", names[1])["states"] == {"nothing": 1}
    assert tenants.json("check")["states"] == {"alike": COUNT + 2}


@pytest.mark.databases(*_SERVERS)
def test_one_that_fails_does_not_stop_the_others(tenants: Tenants) -> None:
    broken = list(tenants.addresses)[2]
    tenants.execute(broken, "CREATE TABLE visit (id INTEGER)")
    answer = tenants.run("upgrade", "head", "--jobs", "2", "--report", "report.json")
    assert answer.code == 13, answer
    assert f"{COUNT} databases: {COUNT - 1} done, 1 failed" in answer.stdout
    assert f"1 at r1: {broken}" in answer.stdout
    assert f"error: {broken}: revision r2 failed" in answer.stderr
    report = json.loads((tenants.project.folder / "report.json").read_text())
    assert report["states"] == {"done": COUNT - 1, "failed": 1}
    [failed] = [each for each in report["databases"] if each["state"] == "failed"]
    assert (failed["tenant"], failed["heads"], failed["ran"]) == (broken, ["r1"], ["r1"])
    assert failed["problem"]["exit_code"] in (6, 7)
    expected = {name: ["r1"] if name == broken else ["r3"] for name in tenants.addresses}
    assert tenants.heads() == expected

    tenants.execute(broken, "DROP TABLE visit")
    found = tenants.json("upgrade", "head")
    assert found["states"] == {"nothing": COUNT - 1, "done": 1}
    assert tenants.applied(broken) == list(REVISIONS)


@pytest.mark.databases("sqlite", "postgresql15")
def test_no_other_one_is_begun_when_a_canary_fails(tenants: Tenants) -> None:
    names = list(tenants.addresses)
    tenants.execute(names[1], "CREATE TABLE visit (id INTEGER)")
    found = tenants.json("upgrade", "head", "--canary", "2", "--jobs", "4", code=13)
    assert [each["state"] for each in found["databases"]] == [
        *("done", "failed"),
        *["not_begun"] * (COUNT - 2),
    ]
    heads = tenants.heads()
    assert [heads[name] for name in names] == [["r3"], ["r1"], [], [], [], []]


def test_waves_and_an_end_after_the_first_failure(files: Tenants) -> None:
    names = list(files.addresses)
    files.execute(names[3], "CREATE TABLE visit (id INTEGER)")
    found = files.json("upgrade", "head", "--canary", "1", "--wave", "50%", "--fail-fast", code=13)
    # the canary, a wave of three with the one that fails, and a wave that is not begun
    assert [each["state"] for each in found["databases"]] == [
        *("done", "done", "done", "failed", "not_begun", "not_begun")
    ]
    assert files.heads()[names[4]] == []
    found = files.json("upgrade", "head", "--max-failures", "1", code=13)
    assert found["states"] == {"nothing": 3, "done": 2, "failed": 1}


@pytest.mark.databases("postgresql15", "mariadb")
def test_a_tenant_that_another_deployer_migrates_is_waited_for_alone(tenants: Tenants) -> None:
    held = list(tenants.addresses)[1]
    with tenants.connected(held) as connection:
        locks = backend_for(connection.dialect).deploy_locks
        schema = tenants.addresses[held][1]
        lock = locks.find(connection, sa.Table("alembic_version", sa.MetaData(), schema=schema))
        assert lock is not None
        assert locks.try_session(connection, lock)
        found = tenants.json("upgrade", "head", "--jobs", "3", "--lock-wait", "0", code=13)
        assert found["states"] == {"done": COUNT - 1, "failed": 1}
        [failed] = [each for each in found["databases"] if each["state"] == "failed"]
        assert (failed["tenant"], failed["problem"]["exit_code"]) == (held, 5)
        connection.exec_driver_sql(locks.release(lock))
    assert tenants.json("upgrade", "head")["states"]["done"] == 1


def test_a_revision_that_nobody_knows_is_refused_before_anything_is_opened(files: Tenants) -> None:
    answer = files.run("upgrade", "nonsense")
    assert answer.code == 8
    assert answer.stderr.count("error:") == 1
    assert not list(files.project.folder.glob("*.db"))


def test_a_path_that_is_relative_is_each_tenants_own(files: Tenants) -> None:
    files.json("upgrade", "r1", "--tenant", "tenant_2")
    found = files.json("upgrade", "+1")
    assert [each["heads"] for each in found["databases"]] == [
        ["r2"] if each == "tenant_2" else ["r1"] for each in files.addresses
    ]


@pytest.mark.databases("postgresql15")
def test_schemas_that_are_shared_are_searched_after_a_tenants_own(tenants: Tenants) -> None:
    engine = sa.create_engine(tenants.url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TYPE public.mood AS ENUM ('good', 'bad')")
        # what is there by the same name is not taken for the tenant's
        connection.exec_driver_sql("CREATE TABLE public.alembic_version (version_num varchar(32))")
        connection.exec_driver_sql("INSERT INTO public.alembic_version VALUES ('r3')")
    tenants.project.edit(
        "migrations/versions/r3.py",
        "op.add_column('account', sa.Column('note', sa.Text))",
        "op.execute('ALTER TABLE account ADD COLUMN mood mood')",
    )
    assert tenants.json("upgrade", "head", code=13)["states"] == {"failed": COUNT}
    toml = tenants.project.folder / "limbeck.toml"
    toml.write_text(f'{toml.read_text()}\n[fleet]\nshared_schemas = ["public"]\n')
    assert tenants.json("upgrade", "head")["states"] == {"done": COUNT}
    assert set(map(tuple, tenants.heads().values())) == {("r3",)}
