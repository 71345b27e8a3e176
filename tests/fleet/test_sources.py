"""Where the tenants are written down, and what they are called."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from limbeck.config import Config
from limbeck.errors import CommandError, ConfigurationError
from limbeck.fleet.lines import words_of_lines, words_of_row
from limbeck.fleet.sources import tenants_of
from limbeck.project.fleet_settings import FleetSettings, Share, Source, fleet_settings
from limbeck.project.tenant import Tenant
from tests.fleet.tenants import write_project

_PG = "postgresql+psycopg://app:s3cret@db"


def _config(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    project = write_project(folder, f"sqlite:///{folder / 'settings.db'}")
    monkeypatch.setenv("DATABASE_URL", project.environment["DATABASE_URL"])
    monkeypatch.chdir(folder)
    return Config.find(folder=folder)


def test_lines_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENANT_PASSWORD", "s3cret")
    text = f"""
        # the first ones
        {_PG}/one

        two {_PG}/two   # by its name
        three postgresql+psycopg://app:${{TENANT_PASSWORD}}@db/shard tenant_3
        my own\tsqlite:///a folder/four.db
    """
    found = words_of_lines(text, "tenants.txt", expand=True)
    assert [(each.name, each.address, each.schema) for each in found] == [
        (None, f"{_PG}/one", None),
        ("two", f"{_PG}/two", None),
        ("three", f"{_PG}/shard", "tenant_3"),
        ("my own", "sqlite:///a folder/four.db", None),
    ]


@pytest.mark.parametrize("line", ["nonsense", f"a b {_PG}/x", f"a {_PG}/x schema more"])
def test_a_line_that_makes_no_sense_is_named_and_not_shown(line: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        words_of_lines(f"\n{line}", "tenants.txt")
    told = f"{caught.value.message} {caught.value.hint}"
    assert "line 2 of tenants.txt" in told
    assert "s3cret" not in told


def test_rows_of_a_query() -> None:
    assert words_of_row((f"{_PG}/one",), 1).name is None
    named = words_of_row((7, f"{_PG}/one", "tenant_7"), 1)
    assert (named.name, named.schema) == ("7", "tenant_7")
    # what comes from a database says nothing of this process's environment
    assert words_of_row((f"{_PG}/${{HOME}}",), 1).address == f"{_PG}/${{HOME}}"


def test_each_database_once_and_by_a_name_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = _config(tmp_path, monkeypatch)
    Path("tenants.txt").write_text(
        f"{_PG}/one\n{_PG}/two\n{_PG}/one\n"
        "postgresql+psycopg://app:s3cret@other/two\n"
        "acme postgresql+psycopg://app:s3cret@other/shard tenant_1\n"
        "postgresql+psycopg://app:s3cret@other/shard tenant_2\n"
        "sqlite:///files/five.db\n"
    )
    found = tenants_of(config, Source("databases", ("tenants.txt",)), ("public",))
    assert [each.name for each in found] == [
        *("one", "postgresql+psycopg://app:***@db/two"),
        *("postgresql+psycopg://app:***@other/two", "acme", "shard.tenant_2", "five.db"),
    ]
    assert [(each.schema, each.shared_schemas) for each in found][-3:] == [
        *[("tenant_1", ("public",)), ("tenant_2", ("public",))],
        (None, ()),
    ]
    # the work may be done in a process that is in another folder
    assert found[-1].address == f"sqlite:///{tmp_path / 'files' / 'five.db'}"
    assert "s3cret" not in repr(found)


def test_a_command_and_a_query(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = _config(tmp_path, monkeypatch)
    command = Source("command", ("printf 'sqlite:///a.db\\nsqlite:///b.db\\n' | sort -r",))
    assert [each.name for each in tenants_of(config, command)] == ["b.db", "a.db"]
    engine = sa.create_engine(config.database_url() or "", poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE customer (name TEXT, address TEXT)")
        connection.exec_driver_sql(
            "INSERT INTO customer VALUES ('x', 'sqlite:///a.db'), ('100%', 'sqlite:///b.db')"
        )
    query = Source("query", ("SELECT name, address FROM customer WHERE name LIKE '%' ORDER BY 1",))
    assert tenants_of(config, query) == (
        Tenant("100%", f"sqlite:///{tmp_path}/b.db"),
        Tenant("x", f"sqlite:///{tmp_path}/a.db"),
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (Source("command", ("echo postgresql://u:s3cret@h/d; exit 3",)), "ended with 3"),
        (Source("command", ("true",)), "no database is named"),
        (Source("databases", ("nowhere.txt",)), "nowhere.txt cannot be read"),
        (Source("query", ("SELECT nonsense",)), "nonsense"),
        (Source("query", ("CREATE TABLE made (id INTEGER)",)), "returns no rows"),
        (Source("schemas", ("tenant_*",)), "cannot keep to one schema of sqlite"),
    ],
)
def test_what_names_nothing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: Source, words: str
) -> None:
    config = _config(tmp_path, monkeypatch)
    with pytest.raises(CommandError) as caught:
        tenants_of(config, source)
    assert words in caught.value.message
    assert "s3cret" not in f"{caught.value.message} {caught.value.hint} {caught.value.details}"
    engine = sa.create_engine(config.database_url() or "", poolclass=sa.NullPool)
    assert not sa.inspect(engine).has_table("made")


@pytest.mark.databases("postgresql15")
def test_schemas_by_patterns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    project = write_project(tmp_path, database_url)
    monkeypatch.setenv("DATABASE_URL", project.environment["DATABASE_URL"])
    monkeypatch.chdir(tmp_path)
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for name in ("tenant_1", "tenants", "tenant_b", 'te"nt', "Tenant_2", "other", "te_50%"):
            quoted = name.replace('"', '""')
            connection.execute(sa.text(f'CREATE SCHEMA "{quoted}"'))

    def found(*patterns: str) -> list[str | None]:
        tenants = tenants_of(Config.find(folder=tmp_path), Source("schemas", patterns))
        assert all(each.name == each.schema for each in tenants)
        return [each.schema for each in tenants]

    assert found("tenant_*") == found("tenant_%") == ["tenant_1", "tenant_b"]
    assert found("?enant_?", "other") == ["Tenant_2", "other", "tenant_1", "tenant_b"]
    assert found('te"*') == ['te"nt']
    assert found("te?50*") == found("te_50%") == ["te_50%"]
    with pytest.raises(ConfigurationError, match=r"no schema matches pg_\*"):
        found("pg_*")


def test_settings() -> None:
    found = fleet_settings(
        {"schemas": ["a_*", "b_*"], "jobs": 4, "canary": "10%", "wave": 50, "fail_fast": True}
    )
    assert found == FleetSettings(
        Source("schemas", ("a_*", "b_*")), (), 4, Share(10, is_percent=True), Share(50), 0
    )
    assert Share(10, is_percent=True).of(6) == 1
    assert Share(50).of(6) == 6
    later = fleet_settings({"databases": "x.txt", "fail_fast": None}, found)
    assert later.source == Source("databases", ("x.txt",))
    assert later.max_failures == 0


@pytest.mark.parametrize(
    "given",
    [
        {"schemas": ["a"], "databases": "b"},
        {"jobs": 0},
        {"jobs": True},
        {"canary": "many"},
        {"canary": 0},
        {"wave": "101%"},
        {"max_failures": -1},
        {"fail_fast": "yes"},
        {"schemas": []},
        {"databases": ["a"]},
        {"nonsense": 1},
    ],
)
def test_settings_that_make_no_sense_are_refused(given: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        fleet_settings(given)
    assert caught.value.hint
