"""``current`` and ``check`` over many databases, the settings, and what is never told."""

from __future__ import annotations

import pytest

from tests.fleet.tenants import COUNT, Tenants


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_where_they_stand_and_what_differs(tenants: Tenants) -> None:
    [first, second, third, *_] = tenants.addresses
    assert tenants.run("current").code == 0
    assert tenants.run("current", "--check").code == 1
    assert tenants.run("upgrade", "head", "--jobs", "2").code == 0
    assert tenants.run("current", "--check-heads").code == 0
    assert tenants.json("check", "--jobs", "2")["states"] == {"alike": COUNT}

    tenants.execute(second, "ALTER TABLE account ADD COLUMN extra INTEGER")
    answer = tenants.run("check", "--drop-unowned")
    assert answer.code == 1, answer
    assert f"{COUNT} databases: {COUNT - 1} like the models, 1 that differ" in answer.stdout
    assert f"{second}:\n  " in answer.stdout
    assert "account: column extra" in answer.stdout
    tenants.execute(third, "UPDATE alembic_version SET version_num = 'r2'")
    found = tenants.json("current", "--check-heads", code=1)
    assert found["states"] == {"equal": COUNT - 1, "behind": 1}
    assert found["databases"][2]["pending"] == ["r3"]
    listed = tenants.run("current", "-v").stdout
    assert f"{first}  r3  equal\n" in listed
    assert f"1 at r2: {third}" in listed


def test_the_settings_name_the_fleet(files: Tenants) -> None:
    toml = files.project.folder / "limbeck.toml"
    toml.write_text(f'{toml.read_text()}\n[fleet]\ndatabases = "tenants.txt"\njobs = 2\n')
    answer = files.project.run("upgrade", "head")
    assert f"{COUNT} databases: {COUNT} done" in answer.stdout, answer
    alone = files.project.run("upgrade", "head", "--no-fleet")
    assert alone.code == 0
    assert "upgrade  r1" in alone.stderr
    assert files.project.run("current", "--no-fleet").stdout == "r3 (head)\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("upgrade", "head", "--jobs", "2"), "nothing says which they are"),
        (("upgrade", "head", "--canary", "1"), "--canary is about many databases"),
        (("upgrade", "head", "--databases", "tenants.txt", "--sql"), "--sql is about one"),
        (("check", "--databases", "tenants.txt", "--all"), "--all is about one"),
        (("current", "--databases", "tenants.txt", "--no-fleet"), "contradict"),
        (("upgrade", "head", "--databases", "tenants.txt", "--jobs", "0"), "jobs is no number"),
        (("current", "--databases", "tenants.txt", "--tenant", "tenant_9"), "no tenant tenant_9"),
        (("current", "--databases", "tenants.txt", "--report", "no/such.json"), "report"),
        (("current", "--databases", "tenants.txt", "--part", "3/3"), "there is no part 3/3"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    files: Tenants, words: tuple[str, ...], told: str
) -> None:
    answer = files.project.run(*words)
    assert answer.code == 2, answer
    assert told in answer.stderr
    assert answer.stderr.count("error:") == 1
    assert not list(files.project.folder.glob("*.db"))


@pytest.mark.databases("postgresql15")
def test_no_password_is_told(tenants: Tenants, database_url: str) -> None:
    at = database_url.rpartition("@")[2]
    project = tenants.project
    project.write(
        "tenants.txt",
        f"one postgresql+psycopg://nobody:s3cret-one@{at}\n"
        "two postgresql+psycopg://u:s3cret-two@127.0.0.1:1/x?sslpassword=s3cret-three\n"
        f"three {database_url} nowhere\n",
    )
    for words in (("upgrade", "head"), ("current",), ("check", "--debug")):
        answer = project.run(*words, "--databases", "tenants.txt", "--report", "report.json")
        assert answer.code == 13, answer
        report = (project.folder / "report.json").read_text()
        assert "s3cret" not in answer.stdout + answer.stderr + report
        assert "error: one: " in answer.stderr
        assert "there is no schema nowhere" in answer.stderr
