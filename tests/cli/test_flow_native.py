"""The new way: ``limbeck init`` finds the models, and no ``env.py`` is needed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.cli.project import AFTER, BEFORE, Project
from tests.cli.test_flow_classic import ASYNC, columns, go_there_and_back

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def native(folder: Path, url: str) -> Project:
    """Let ``limbeck init`` set a project up."""
    project = Project(folder, {"DATABASE_URL": url}, anew=url.startswith("sqlite:"))
    project.models(BEFORE)
    told = project.ok("init")
    assert "shop.models:Base.metadata (1 table)" in told
    assert not (folder / "migrations/env.py").exists()
    return project


def test_there_and_back(tmp_path: Path, database_url: str, engine: sa.Engine) -> None:
    project = native(tmp_path / "project", database_url)
    go_there_and_back(project, engine)


@pytest.mark.databases("sqlite", "postgresql")
def test_async_drivers(tmp_path: Path, database_url: str, engine: sa.Engine) -> None:
    url = sa.make_url(database_url)
    backend = url.get_backend_name()
    url = url.set(drivername=f"{backend}+{ASYNC[backend]}")
    project = native(tmp_path / "project", url.render_as_string(hide_password=False))
    go_there_and_back(project, engine)


@pytest.mark.databases("sqlite", "postgresql")
def test_inside_of_a_running_loop(tmp_path: Path, database_url: str, engine: sa.Engine) -> None:
    url = sa.make_url(database_url)
    backend = url.get_backend_name()
    url = url.set(drivername=f"{backend}+{ASYNC[backend]}")
    project = native(tmp_path / "project", url.render_as_string(hide_password=False))
    project.ok("revision", "--autogenerate", "-m", "first")
    project.write(
        "start.py",
        """\
        import asyncio

        from limbeck import command
        from limbeck.config import Config


        async def start() -> None:
            command.upgrade(Config(toml_file="limbeck.toml"), "head")


        asyncio.run(start())
        """,
    )
    done = subprocess.run(
        [sys.executable, "start.py"],
        cwd=project.folder,
        env={**os.environ, **project.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert columns(engine) == {"id", "name", "fax"}


def test_a_connection_of_the_callers(tmp_path: Path) -> None:
    project = native(tmp_path, "sqlite:///unused.db")
    project.ok("revision", "--autogenerate", "-m", "first")
    engine = sa.create_engine(f"sqlite:///{tmp_path}/given.db")
    script = (
        "import sqlalchemy as sa\n"
        "from limbeck import command\n"
        "from limbeck.config import Config\n"
        "with sa.create_engine('sqlite:///given.db').connect() as connection:\n"
        "    config = Config(toml_file='limbeck.toml', attributes={'connection': connection})\n"
        "    command.upgrade(config, 'head')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert columns(engine) == {"id", "name", "fax"}


def test_a_message_is_made_from_the_changes(tmp_path: Path) -> None:
    project = native(tmp_path, "sqlite:///test.db")
    project.ok("revision", "--autogenerate")
    project.ok("upgrade", "head")
    assert project.ok("history").endswith("(head), add customer\n")
    project.models(AFTER)
    answer = project.run("revision", "--autogenerate")
    assert "add orders" in project.ok("history", "-r", "-1:") or "add " in answer.stdout
    assert "drop column customer.fax" in answer.stderr
    [newest] = [
        path
        for path in (tmp_path / "migrations/versions").glob("*.py")
        if "customer_email" in path.name
    ]
    assert len(newest.name) < 70


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_types_are_told_in_the_words_of_the_database(tmp_path: Path, database_url: str) -> None:
    words = {"sqlite": "CHAR(32)", "postgresql": "UUID", "mariadb": "UUID", "mysql": "CHAR(32)"}
    project = native(tmp_path, database_url)
    project.ok("revision", "--autogenerate", "-m", "first", "--no-prove")
    project.ok("upgrade", "head")
    project.models(
        BEFORE.replace("import String", "import String, Uuid").replace(
            "fax: Mapped[str | None] = mapped_column(String(30))",
            "fax: Mapped[str | None] = mapped_column(String(30)); key = mapped_column(Uuid)",
        )
    )
    told = project.run("revision", "--autogenerate", "-m", "second", "--no-prove").stderr
    expected = words[sa.make_url(database_url).get_backend_name()]
    assert f"  add column customer.key {expected}\n" in told
    assert told.endswith("next: limbeck upgrade head\n")


def test_no_file_where_nothing_differs(tmp_path: Path) -> None:
    project = native(tmp_path, "sqlite:///test.db")
    project.ok("revision", "--autogenerate", "-m", "first")
    project.ok("upgrade", "head")
    answer = project.run("revision", "--autogenerate", "-m", "second")
    assert answer.code == 0
    assert "Nothing differs" in answer.stderr
    assert len(list((tmp_path / "migrations/versions").glob("*.py"))) == 1


def test_check_says_what_differs(tmp_path: Path) -> None:
    project = native(tmp_path, "sqlite:///test.db")
    project.ok("revision", "--autogenerate", "-m", "first")
    project.ok("upgrade", "head")
    project.models(AFTER)
    answer = project.run("check")
    assert answer.code == 1
    assert "customer: column email VARCHAR(100) is missing in the database" in answer.stdout
    assert "differ in" in answer.stderr
    assert "limbeck revision --autogenerate" in answer.stderr
    assert "object at 0x" not in answer.stdout + answer.stderr


def test_revisions_run_before_there_are_models(tmp_path: Path) -> None:
    """Only a comparison needs tables in the models; a revision written by hand does not."""
    project = native(tmp_path, "sqlite:///test.db")
    told = project.run("revision", "-m", "by hand", "--rev-id", "0001")
    assert told.stderr == "next: limbeck edit 0001, then limbeck upgrade head\n"
    project.models(
        "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n"
    )
    project.ok("upgrade", "head")
    project.ok("downgrade", "base")
    assert project.run("check").code == 2


def test_settings_elsewhere(tmp_path: Path) -> None:
    project = native(tmp_path / "inner", f"sqlite:///{tmp_path}/test.db")
    outside = Project(tmp_path, project.environment)
    outside.ok("-c", "inner/limbeck.toml", "revision", "--autogenerate", "-m", "first")
    outside.ok("-c", "inner/limbeck.toml", "upgrade", "head")
    assert columns(sa.create_engine(f"sqlite:///{tmp_path}/test.db")) == {"id", "name", "fax"}


def test_sqlmodel(tmp_path: Path) -> None:
    project = Project(tmp_path, {"DATABASE_URL": "sqlite:///test.db"})
    project.write("shop/__init__.py", "")
    for name in ("hero", "team"):
        project.write(
            f"shop/{name}.py",
            f"""\
            from sqlmodel import Field, SQLModel


            class {name.title()}(SQLModel, table=True):
                id: int | None = Field(default=None, primary_key=True)
                name: str = Field(index=True)
            """,
        )
    project.ok("init")
    project.ok("revision", "--autogenerate", "-m", "heroes")
    project.ok("upgrade", "head")
    project.ok("check")
    engine = sa.create_engine(f"sqlite:///{tmp_path}/test.db")
    assert columns(engine, "hero") == columns(engine, "team") == {"id", "name"}


def test_async_example(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "async_shop", tmp_path, dirs_exist_ok=True)
    (tmp_path / "migrations" / "versions").mkdir(parents=True, exist_ok=True)
    project = Project(tmp_path, {"DATABASE_URL": "sqlite+aiosqlite:///visitors.db"})
    project.ok("revision", "--autogenerate", "-m", "visitors")
    for count in (1, 2):
        done = subprocess.run(
            [sys.executable, "application.py"],
            cwd=tmp_path,
            env={**os.environ, **project.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, f"visitors: {count}\n"), done.stderr


def test_demo() -> None:
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / "demo.py")],
        capture_output=True,
        encoding="utf-8",
        timeout=300,  # a machine may be slow
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    folder = Path(done.stdout.splitlines()[-1].rpartition(" ")[2])
    assert folder.is_dir()
    shutil.rmtree(folder)
    assert "\x1b" not in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    for words in ("$ limbeck upgrade head", "$ limbeck downgrade -1", "1 | Ada | ada@"):
        assert words in done.stdout
