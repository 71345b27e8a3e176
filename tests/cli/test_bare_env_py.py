"""Fleets with nothing to do in projects with a usual ``env.py``, which does not have to run."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from limbeck.database import bare_reading
from limbeck.database.bare_address import BareAddress, bare_address
from limbeck.database.bare_reading import BareTables, read_each
from tests.cli.bare import NOT_TAKEN, bare, usual
from tests.cli.project import BEFORE, Project
from tests.project.test_plain_environment import USUAL

_WORDS = "upgrade head --databases all.txt"
_INI = """\
[alembic]
script_location = %(here)s/migrations
prepend_sys_path = %(here)s
path_separator = os
sqlalchemy.url = sqlite://
"""
_LOGGING = """
[loggers]
keys = root,alembic,limbeck
[handlers]
keys = console
[formatters]
keys = generic
[logger_root]
level = WARNING
handlers = console
qualname =
[logger_alembic]
level = INFO
handlers =
qualname = alembic
[logger_limbeck]
level = WARNING
handlers =
qualname = limbeck
[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic
[formatter_generic]
format = %(levelname)-5.5s [%(name)s] %(message)s
"""
_CONFIG = "config = context.config\n"
_IMPORT = "from shop.models import Base\n"
_SETS_LOGGING = (
    "from logging.config import fileConfig\n{}\n"
    "if config.config_file_name is not None:\n    fileConfig(config.config_file_name)\n"
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two revisions, and two files of SQLite, which are at the head."""
    project = Project(tmp_path)
    project.models(BEFORE)
    project.revision("aaaa1111", None)
    project.revision("bbbb2222", "aaaa1111")
    project.write("migrations/env.py", USUAL)
    project.write("alembic.ini", _INI)
    names = ("one", "two")
    project.write("all.txt", "\n".join(f"sqlite:///{tmp_path / name}.db" for name in names))
    assert project.run(*_WORDS.split()).code == 0
    return project


def test_it_says_what_the_usual_road_says(project: Project) -> None:
    assert bare(project, _WORDS) == [usual(project, _WORDS)]
    assert bare(project, _WORDS)[0][1].startswith("2 databases: 2 with nothing to do\n")
    others = ["current --databases all.txt", f"-x a=b {_WORDS}", "current", "upgrade head"]
    assert bare(project, *others) == [NOT_TAKEN] * len(others)


def test_one_database(project: Project) -> None:
    project.edit("alembic.ini", "sqlite://", f"sqlite:///{project.folder / 'one.db'}")
    words = ("current", "upgrade head")
    assert bare(project, *words) == [usual(project, each) for each in words]
    assert bare(project, "upgrade head")[0][2] == "Nothing to do: the database is there already.\n"
    _env("metadata)", "metadata, on_version_apply=print)")(project)
    assert bare(project, *words) == [NOT_TAKEN] * 2


@pytest.mark.databases("postgresql15", "mariadb")
def test_on_servers(project: Project, database_url: str, database_name: str) -> None:
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    url = engine.url
    with engine.begin() as connection:
        names = [f"{url.database}_{number}" for number in range(2)]
        for name in names:
            connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    try:
        if database_name == "mariadb":
            urls = [url.set(database=name) for name in names]
        else:
            urls = [url.update_query_dict({"options": f"-csearch_path={name}"}) for name in names]
        lines = [each.render_as_string(hide_password=False) for each in urls]
        project.write("all.txt", "\n".join(lines))
        assert bare(project, _WORDS) == [NOT_TAKEN]
        assert project.run(*_WORDS.split()).code == 0
        assert bare(project, _WORDS) == [usual(project, _WORDS)]
        with sa.create_engine(urls[1], poolclass=sa.NullPool).begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'aaaa1111'")
        assert bare(project, _WORDS) == [NOT_TAKEN]
    finally:
        if database_name == "mariadb":
            with engine.begin() as connection:
                for name in names:
                    connection.exec_driver_sql(f"DROP SCHEMA {name}")


@pytest.mark.databases("postgresql15")
def test_schemas_in_addresses_share_a_session(
    project: Project, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is looked at by its own search path, whatever it is called."""
    names = ("one", "default", "user", "two")
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for name in names:
            connection.exec_driver_sql(f'CREATE SCHEMA "{name}"')
    urls = [f"{database_url}?options=-csearch_path%3D{name}" for name in names]
    project.write("all.txt", "\n".join(urls))
    assert project.run(*_WORDS.split()).code == 0
    assert bare(project, _WORDS) == [usual(project, _WORDS)]
    read = [each for each in map(bare_address, urls) if each is not None]
    tables = BareTables("alembic_version", "limbeck_journal", None, None)
    for name in names:
        with engine.begin() as connection:
            connection.exec_driver_sql(
                f"UPDATE \"{name}\".alembic_version SET version_num = '{name}'"
            )
        assert bare(project, _WORDS) == [NOT_TAKEN]
    sessions: list[BareAddress] = []
    connected = bare_reading._connected

    def counted(address: BareAddress) -> object:
        sessions.append(address)
        return connected(address)

    monkeypatch.setattr(bare_reading, "_connected", counted)
    assert [each.heads for each in read_each(read, tables)] == [(name,) for name in names]
    assert len(sessions) == 1


def _ini(text: str, section: str = "[alembic]\n") -> Callable[[Project], None]:
    return lambda project: project.edit("alembic.ini", section, f"{section}{text}\n")


def _env(old: str, new: str) -> Callable[[Project], None]:
    return lambda project: project.edit("migrations/env.py", old, new)


def _file(name: str, text: str = "") -> Callable[[Project], None]:
    def change(project: Project) -> None:
        project.write(name, text)

    return change


def _shadowed(name: str) -> Callable[[Project], None]:
    """A module of the project's own in the place of one of Python's, imported by ``env.py``."""

    def change(project: Project) -> None:
        project.edit("migrations/env.py", _IMPORT, f"{_IMPORT}import {name}\n")
        assert bare(project, _WORDS) != [NOT_TAKEN]
        project.write(f"{name}.py", "import os\nos.environ['A'] = 'B'")

    return change


def _logging(old: str, new: str) -> Callable[[Project], None]:
    def change(project: Project) -> None:
        project.edit("migrations/env.py", _CONFIG, _SETS_LOGGING.format(_CONFIG))
        assert old in _LOGGING
        project.write("alembic.ini", _INI + _LOGGING.replace(old, new))

    return change


def _logging_of_another_file(project: Project) -> None:
    _logging("", "")(project)
    project.write("loud.ini", _LOGGING.replace("WARNING", "INFO"))
    project.edit(
        "migrations/env.py", "fileConfig(config.config_file_name)", "fileConfig('loud.ini')"
    )


def _imported(text: str) -> Callable[[Project], None]:
    """A module of the project's own that the models import, and that imports another one."""

    def change(project: Project) -> None:
        project.write("shop/more.py", "import os, between as other\n")
        project.write("between.py", "def later():\n    from last.inner import name\n")
        project.write("last/__init__.py", "")
        assert bare(project, _WORDS) != [NOT_TAKEN]
        project.write("last/inner.py", text)

    return change


def _executed(statement: str) -> Callable[[Project], None]:
    def change(project: Project) -> None:
        with closing(sqlite3.connect(project.folder / "two.db")) as connection:
            connection.execute(statement)
            connection.commit()

    return change


@pytest.mark.parametrize(
    "change",
    [
        _ini("timezone = utc"),
        _ini("recursive_version_locations = true"),
        _env(_IMPORT, f"{_IMPORT}import os, sys, logging\n"),
        _env("metadata)", "metadata, version_table='alembic_version')"),
        _env("metadata)", "metadata, version_table=None, compare_type=True)"),
        _env("metadata)", "metadata, include_name=lambda *_: True)"),
        _logging("", ""),
        _logging("qualname = limbeck\n", "qualname = limbeck.autogenerate\n"),
        _file("alembic/versions/listen.py", "listen()"),  # a folder that hides no package
    ],
)
def test_what_makes_no_difference(project: Project, change: Callable[[Project], None]) -> None:
    change(project)
    assert bare(project, _WORDS) == [usual(project, _WORDS)]


@pytest.mark.parametrize(
    "change",
    [
        _ini("history = true"),
        _ini("out_of_order = never"),
        _ini("version_table = versions"),
        _ini("sqlalchemy.pool_size = 5"),
        _ini("another = 1"),
        _ini("file_template =\n    %%(rev)s"),
        _env("metadata)", "metadata, version_table='versions')"),
        _env("metadata)", "metadata, version_table=Base.__name__)"),
        _env("metadata)", "metadata, on_version_apply=print)"),
        _env(_IMPORT, f"{_IMPORT}import sys\nsys.path.append('.')\n"),
        _env(_IMPORT, f"{_IMPORT}import pytest\n"),
        _env(_IMPORT, f"{_IMPORT}from limbeck import op\nop.get_bind()\n"),
        _file("shop/events.py", "from sqlalchemy.event import listens_for"),
        _shadowed("colorsys"),
        _logging("WARNING\nhandlers =\n", "INFO\nhandlers =\n"),
        _logging("WARNING\nhandlers = console\n", "NOTSET\nhandlers = console\n"),
        # limbeck says nothing there, but SQLAlchemy does
        _logging("qualname = alembic", "qualname = sqlalchemy.engine"),
        _env(_CONFIG, f"{_CONFIG}import logging\nlogging.basicConfig(level=logging.INFO)\n"),
        _logging_of_another_file,
        _file("shop/log.py", "import logging\nlogging.basicConfig(level=logging.INFO)"),
        # what the models import is the project's own too
        _imported("import sqlalchemy as sa\n\n@sa.event.listens_for(sa.Engine, 'connect')"),
        _imported("import os\nos.environ |= {'PGOPTIONS': '-csearch_path=x'}"),
        _imported(
            "from sqlalchemy.dialects import registry\nregistry.register('sqlite', 'a', 'b')"
        ),
        _logging("[formatters]\nkeys = generic\n", ""),
        _executed("UPDATE alembic_version SET version_num = 'aaaa1111'"),
        _executed("DELETE FROM alembic_version"),
        _executed("DROP TABLE alembic_version"),
        _executed("CREATE TABLE limbeck_journal (number INTEGER)"),
        _executed("INSERT INTO alembic_version VALUES ('aaaa1111')"),
        lambda project: project.revision("cccc3333", "bbbb2222"),
        lambda project: project.revision("cccc3333", "aaaa1111"),
    ],
)
def test_what_the_usual_road_has_to_look_at(
    project: Project, change: Callable[[Project], None]
) -> None:
    change(project)
    assert bare(project, _WORDS) == [NOT_TAKEN]
