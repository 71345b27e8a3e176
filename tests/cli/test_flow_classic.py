"""The flow that users of Alembic know, as they type it, on every database and template."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.cli.project import AFTER, BEFORE, Project
from tests.conftest import fresh_database

Flow = Callable[[Project, sa.Engine], None]

ASYNC = {"sqlite": "aiosqlite", "postgresql": "asyncpg"}
METADATA = "from shop.models import Base\n\ntarget_metadata = Base.metadata"
FIRST_COLUMNS = {"id", "name", "fax"}
SECOND_COLUMNS = {"id", "name", "email"}


def columns(engine: sa.Engine, table: str = "customer") -> set[str]:
    """The columns of a table; empty where there is no such table."""
    inspector = sa.inspect(engine)
    if not inspector.has_table(table):
        return set()
    return {column["name"] for column in inspector.get_columns(table)}


def classic(folder: Path, template: str, url: str) -> Project:
    """Do what the messages of ``init`` ask for."""
    project = Project(folder, anew=url.startswith("sqlite:"))
    project.models(BEFORE)
    words = ["init", "mig"] if template == "generic" else ["init", "-t", template, "mig"]
    told = project.ok(*words)
    assert "limbeck.ini" in told
    assert (folder / "mig/env.py").exists()
    assert (folder / "mig/script.py.mako").exists()
    assert (folder / "mig/versions").is_dir()
    ini = folder / "limbeck.ini"
    text = ini.read_text(encoding="utf-8")
    text, count = re.subn(r"(?m)^sqlalchemy\.url = .*$", lambda _: f"sqlalchemy.url = {url}", text)
    assert count == 1
    ini.write_text(text, encoding="utf-8")
    project.edit("mig/env.py", "target_metadata = None", METADATA)
    return project


def go_there_and_back(project: Project, engine: sa.Engine) -> None:
    """Generate, upgrade, change the models, generate, upgrade, and go back."""
    project.ok("revision", "--autogenerate", "-m", "first")
    project.ok("upgrade", "head")
    assert columns(engine) == FIRST_COLUMNS
    assert project.ok("check") == "No new upgrade operations detected.\n"
    with engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO customer (id, name) VALUES (1, 'Ada')"))

    project.models(AFTER)
    project.ok("revision", "--autogenerate")
    project.ok("upgrade", "head")
    assert columns(engine) == SECOND_COLUMNS
    assert columns(engine, "orders") == {"id", "customer_id"}
    assert project.ok("check") == "No new upgrade operations detected.\n"

    project.ok("downgrade", "-1")
    assert columns(engine) == FIRST_COLUMNS
    assert columns(engine, "orders") == set()
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT id, name FROM customer")).all() == [(1, "Ada")]
    project.models(BEFORE)
    answer = project.run("history", "-i")
    assert len(answer.stdout.splitlines()) == 2
    assert "<base> -> " in answer.stdout
    assert "(current), first" in answer.stdout

    project.ok("downgrade", "base")
    assert columns(engine) == set()


def go_up_and_down(project: Project, engine: sa.Engine) -> None:
    """Generate, upgrade and go back; the commands' own work is seen with the other template."""
    project.ok("revision", "--autogenerate", "-m", "first")
    project.ok("upgrade", "head")
    assert columns(engine) == FIRST_COLUMNS
    project.ok("downgrade", "base")
    assert columns(engine) == set()


# A template and its pyproject form differ in where settings stand, so one flow of each is whole.
@pytest.mark.parametrize(
    ("template", "go"), [("generic", go_there_and_back), ("pyproject", go_up_and_down)]
)
def test_sync_templates(
    tmp_path: Path, template: str, go: Flow, database_url: str, engine: sa.Engine
) -> None:
    go(classic(tmp_path / "project", template, database_url), engine)


@pytest.mark.parametrize(
    ("template", "go"), [("async", go_there_and_back), ("pyproject_async", go_up_and_down)]
)
@pytest.mark.databases("sqlite", "postgresql")
def test_async_templates(
    tmp_path: Path, template: str, go: Flow, database_url: str, engine: sa.Engine
) -> None:
    url = sa.make_url(database_url)
    driver = ASYNC[url.get_backend_name()]
    url = url.set(drivername=f"{url.get_backend_name()}+{driver}")
    go(classic(tmp_path / "project", template, url.render_as_string(hide_password=False)), engine)


def test_multidb_template(tmp_path: Path, database_url: str, engine: sa.Engine) -> None:
    with second_database(database_url, tmp_path) as second_url:
        second = sa.create_engine(second_url)
        project = multidb(tmp_path / "project", database_url, second_url)
        project.ok("revision", "--autogenerate", "-m", "first")
        project.ok("upgrade", "head")
        assert columns(engine) == FIRST_COLUMNS
        assert columns(engine, "supplier") == set()
        assert columns(second, "supplier") == FIRST_COLUMNS
        assert columns(second) == set()
        assert len(project.ok("current").split()) == 4
        project.ok("check")

        project.models(AFTER)
        project.ok("revision", "--autogenerate")
        project.ok("upgrade", "head")
        assert columns(engine) == SECOND_COLUMNS
        assert columns(second, "supplier") == FIRST_COLUMNS
        project.ok("downgrade", "base")
        assert columns(engine) == set()
        assert columns(second, "supplier") == set()
        second.dispose()


def multidb(folder: Path, first_url: str, second_url: str) -> Project:
    """A project with two databases, each with models of its own."""
    project = Project(folder)
    project.models(BEFORE)
    project.write("shop/other.py", BEFORE.replace("customer", "supplier"))
    project.ok("init", "-t", "multidb", "mig")
    ini = folder / "limbeck.ini"
    text = ini.read_text(encoding="utf-8")
    urls = iter([first_url, second_url])
    text, count = re.subn(
        r"(?m)^sqlalchemy\.url = .*$", lambda _: f"sqlalchemy.url = {next(urls)}", text
    )
    assert count == 2
    ini.write_text(text, encoding="utf-8")
    env = (folder / "mig/env.py").read_text(encoding="utf-8")
    env, count = re.subn(
        r"(?m)^target_metadata(: [^=]+)? = \{\}.*$",
        "from shop.models import Base\nfrom shop.other import Base as Other\n\n"
        "target_metadata = {'engine1': Base.metadata, 'engine2': Other.metadata}",
        env,
    )
    assert count == 1, env
    (folder / "mig/env.py").write_text(env, encoding="utf-8")
    return project


class second_database:  # noqa: N801 - reads as a verb phrase after `with`
    """One more database beside that of the fixture."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = sa.make_url(url)
        self.folder = folder
        self.fresh: fresh_database | None = None

    def __enter__(self) -> str:
        if self.url.get_backend_name() == "sqlite":
            return f"sqlite:///{self.folder / 'second.db'}"
        self.fresh = fresh_database(self.url.render_as_string(hide_password=False))
        return self.fresh.__enter__()

    def __exit__(self, *exception: object) -> None:
        if self.fresh is not None:
            self.fresh.__exit__(*exception)


def test_offline_both_ways(tmp_path: Path, database_url: str, engine: sa.Engine) -> None:
    project = classic(tmp_path / "project", "generic", database_url)
    project.ok("revision", "--autogenerate", "-m", "first", "--rev-id", "aaaa1111")
    sql = project.ok("upgrade", "head", "--sql")
    assert "CREATE TABLE customer" in sql
    assert "INSERT INTO alembic_version" in sql
    assert columns(engine) == set()
    assert "DROP TABLE customer" in project.ok("downgrade", "aaaa1111:base", "--sql")
    assert "aaaa1111" in project.ok("stamp", "head", "--sql")


def test_an_empty_revision_is_said_to_be_empty(tmp_path: Path) -> None:
    project = classic(tmp_path, "generic", "sqlite:///test.db")
    project.ok("revision", "--autogenerate", "-m", "first")
    project.ok("upgrade", "head")
    answer = project.run("revision", "--autogenerate", "-m", "second")
    assert answer.code == 0
    assert "Generating " in answer.stdout
    assert "the new revision is empty" in answer.stderr


def test_nothing_is_told_twice(tmp_path: Path) -> None:
    project = classic(tmp_path, "generic", "sqlite:///test.db")
    project.ok("revision", "--autogenerate", "-m", "first", "--rev-id", "aaaa1111")
    told = project.run("upgrade", "head").stderr
    lines = [line for line in told.splitlines() if "aaaa1111" in line]
    assert len(lines) == 1, told
    assert lines[0].startswith("INFO  [limbeck.runtime.migration] Running upgrade  -> aaaa1111")


def test_env_py_reads_the_command_line(tmp_path: Path) -> None:
    project = classic(tmp_path, "generic", "sqlite:///test.db")
    project.ok("revision", "-m", "first")
    project.edit(
        "mig/env.py",
        METADATA,
        f"{METADATA}\n"
        "options = config.cmd_opts\n"
        "print(options.cmd[0].__name__, options.cmd[1], options.revision, options.x,\n"
        "      context.get_x_argument(as_dictionary=True), __name__)",
    )
    told = project.ok("-x", "a=1", "upgrade", "head", "-x", "b")
    assert told == ("upgrade ['revision'] head ['a=1', 'b'] {'a': '1', 'b': ''} env_py\n")


def test_section_of_the_ini_file(tmp_path: Path) -> None:
    project = classic(tmp_path, "generic", "sqlite:///test.db")
    with (tmp_path / "limbeck.ini").open("a", encoding="utf-8") as file:
        file.write(
            "\n[staging]\nscript_location = %(here)s/mig\n"
            "prepend_sys_path = .\npath_separator = os\nsqlalchemy.url = sqlite:///staging.db\n"
        )
    project.ok("revision", "--autogenerate", "-m", "first")
    project.ok("-n", "staging", "upgrade", "head")
    assert (tmp_path / "staging.db").exists()
    assert columns(sa.create_engine(f"sqlite:///{tmp_path}/staging.db")) == FIRST_COLUMNS
