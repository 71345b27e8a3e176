"""``current`` and ``upgrade head`` without SQLAlchemy: where, and that they say the same."""

from __future__ import annotations

import io
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
import sqlalchemy as sa

from limbeck.cli.main import main
from limbeck.database.bare_address import bare_address
from limbeck.fleet.bare import addresses_of
from tests.cli.bare import NOT_TAKEN, bare, usual
from tests.cli.project import BEFORE, Project

_COMMANDS = ("current", "upgrade head", "upgrade heads")

State = Callable[[Project, sa.Connection], None]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with two revisions."""
    return _written(Project(tmp_path))


def _written(project: Project) -> Project:
    project.models(BEFORE)
    project.settings()
    project.revision("aaaa1111", None)
    project.revision("bbbb2222", "aaaa1111")
    return project


def _nothing(project: Project, connection: sa.Connection) -> None:
    pass


def _says(*statements: str) -> State:
    def state(project: Project, connection: sa.Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    return state


def _behind(project: Project, connection: sa.Connection) -> None:
    project.revision("cccc3333", "bbbb2222")


def _edited(project: Project, connection: sa.Connection) -> None:
    project.revision("aaaa1111", None, "op.execute('SELECT 1')")


def _formatted(project: Project, connection: sa.Connection) -> None:
    path = project.folder / "migrations/versions/aaaa1111.py"
    path.write_text(path.read_text("utf-8") + "# a word\n", "utf-8")


def _without_head(project: Project, connection: sa.Connection) -> None:
    (project.folder / "migrations/versions/bbbb2222.py").unlink()


def _put_in(project: Project, connection: sa.Connection) -> None:
    project.revision("abab1212", "aaaa1111")
    project.revision("bbbb2222", "abab1212")


def _two_heads(project: Project, connection: sa.Connection) -> None:
    project.revision("cccc3333", "aaaa1111")


def _two_heads_applied(project: Project, connection: sa.Connection) -> None:
    project.revision("cccc3333", "aaaa1111")
    assert project.run("upgrade", "heads").code == 0


def _no_history(project: Project, connection: sa.Connection) -> None:
    connection.exec_driver_sql("DROP TABLE limbeck_history")
    project.edit("limbeck.toml", "models =", "history = false\nmodels =")


_STATES: dict[str, tuple[State, set[str]]] = {
    # the state, and the commands that are answered without SQLAlchemy
    "equal": (_nothing, {*_COMMANDS}),
    "no history is kept": (_no_history, {*_COMMANDS}),
    "two heads are applied": (_two_heads_applied, {"current", "upgrade heads"}),
    "behind": (_behind, {"current"}),
    "two heads": (_two_heads, {"current"}),
    "edited": (_edited, {"current"}),
    "formatted": (_formatted, {"current"}),
    "put in": (_put_in, {"current"}),
    "the history is gone": (_says("DROP TABLE limbeck_history"), {"current"}),
    "the history is empty": (_says("DELETE FROM limbeck_history"), {*_COMMANDS}),
    "no row": (_says("DELETE FROM alembic_version"), {"current"}),
    "taken back by another tool": (
        _says("UPDATE alembic_version SET version_num = 'aaaa1111'"),
        {"current"},
    ),
    "one before the other": (_says("INSERT INTO alembic_version VALUES ('aaaa1111')"), {"current"}),
    "ahead": (_without_head, set()),
    "unknown": (_says("UPDATE alembic_version SET version_num = 'ffff'"), set()),
    "half done": (_says("CREATE TABLE limbeck_journal (number INTEGER)"), set()),
    "no version table": (_says("DROP TABLE alembic_version"), set()),
    "another table": (
        _says("DROP TABLE alembic_version", "CREATE TABLE alembic_version (id INTEGER)"),
        set(),
    ),
}


@pytest.mark.databases("sqlite", "postgresql", "mariadb")
def test_both_roads_say_the_same(tmp_path: Path, database_url: str, database_name: str) -> None:
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    first = _applied(tmp_path / "first", database_url)
    said = usual(first, "upgrade head")
    assert said == (0, "", "Nothing to do: the database is there already.\n")
    tables = _Tables(engine)
    wrong = []
    for number, (name, (state, answered)) in enumerate(_STATES.items()):
        tables.restore()
        project = _written(Project(tmp_path / str(number)))
        project.environment["DATABASE_URL"] = database_url
        with engine.begin() as connection:
            state(project, connection)
        for words, found in zip(_COMMANDS, bare(project, *_COMMANDS), strict=True):
            expected = NOT_TAKEN
            if words in answered:
                expected = _usual_current(project) if words == "current" else said
            if found != expected:
                wrong.append((name, words, found, expected))
    assert not wrong


def _applied(folder: Path, database_url: str) -> Project:
    project = _written(Project(folder))
    project.environment["DATABASE_URL"] = database_url
    assert project.run("upgrade", "head").code == 0
    return project


class _Tables:
    """The tables of a database as they are, to be brought back."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.metadata = sa.MetaData()
        with engine.connect() as connection:
            self.metadata.reflect(connection)
            self.rows = {
                table: [dict(row) for row in connection.execute(table.select()).mappings()]
                for table in self.metadata.sorted_tables
            }

    def restore(self) -> None:
        with self.engine.begin() as connection:
            for name in sa.inspect(connection).get_table_names():
                connection.exec_driver_sql(f"DROP TABLE {name}")
            self.metadata.create_all(connection)
            for table, rows in self.rows.items():
                connection.execute(table.insert(), rows)


def _usual_current(project: Project) -> tuple[int, str, str]:
    """What ``current`` says in this process, which has imported SQLAlchemy."""
    stdout, stderr = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(stdout), redirect_stderr(stderr):
        patch.chdir(project.folder)
        patch.setattr(sys, "path", sys.path[:])
        for name, value in project.environment.items():
            patch.setenv(name, value)
        code = main(["current"])
    return code, stdout.getvalue(), stderr.getvalue()


@pytest.mark.databases("postgresql")
def test_names_and_schemas(project: Project, database_url: str, database_name: str) -> None:
    project.settings(
        database_url, version_table="versions", version_table_schema="own", history_table="applied"
    )
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA own")
        # which nobody means
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num TEXT)")
    assert project.run("upgrade", "head").code == 0
    assert bare(project, *_COMMANDS) == [usual(project, words) for words in _COMMANDS]
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE own.limbeck_journal_versions (number INTEGER)")
    assert bare(project, *_COMMANDS) == [NOT_TAKEN] * 3
    project.settings(database_url, version_table="Versions")
    assert bare(project, *_COMMANDS) == [NOT_TAKEN] * 3


@pytest.mark.databases("sqlite", "postgresql", "mariadb")
def test_a_lock_is_not_waited_for(project: Project, database_url: str, database_name: str) -> None:
    project.environment["DATABASE_URL"] = database_url
    assert project.run("upgrade", "head").code == 0
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    lock = {
        "sqlite": "BEGIN EXCLUSIVE",
        "postgresql": "LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE",
        "mariadb": "LOCK TABLES alembic_version WRITE",
    }
    with engine.connect() as connection:
        connection.exec_driver_sql(lock[database_name.rstrip("0123456789")])
        assert bare(project, "upgrade head") == [NOT_TAKEN]
        connection.rollback()


@pytest.mark.databases("postgresql", "mariadb")
def test_a_server_that_lets_nobody_in(
    project: Project, database_url: str, database_name: str
) -> None:
    project.environment["DATABASE_URL"] = database_url
    assert project.run("upgrade", "head").code == 0
    assert bare(project, "current")[0][0] == 0
    url = sa.make_url(database_url)
    for other in (url.set(username="nobody", password="hidden"), url.set(port=1)):
        address = other.render_as_string(hide_password=False)
        project.environment["DATABASE_URL"] = address
        assert bare(project, "current") == bare(project, "upgrade head") == [NOT_TAKEN]


def test_no_file_is_made(project: Project) -> None:
    assert bare(project, "current") == bare(project, "upgrade head") == [NOT_TAKEN]
    assert not (project.folder / "test.db").exists()


def test_no_log_is_left(project: Project) -> None:
    assert project.run("upgrade", "head").code == 0
    with closing(sqlite3.connect(project.folder / "test.db")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    assert [code for code, _, _ in bare(project, *_COMMANDS)] == [0, 0, 0]
    assert [path.name for path in project.folder.glob("test.db*")] == ["test.db"]


def test_of_options_the_usual_road_knows(project: Project) -> None:
    assert project.run("upgrade", "head").code == 0
    asked = [
        *("upgrade +0", "upgrade bbbb2222", "upgrade head --strict", "upgrade head --sql"),
        *("upgrade head --json", "upgrade head --accept aaaa1111", "-x a=b upgrade head"),
        *("upgrade head --lock-wait 5", "current -v", "current --check", "current --json"),
        *("current --check-heads", "upgrade head --no-fleet", "-n other current"),
    ]
    assert bare(project, *asked) == [NOT_TAKEN] * len(asked)
    usual = ["-q upgrade head", "--color always current", "-c limbeck.toml current"]
    assert [code for code, _, _ in bare(project, *usual)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("name", "text", "answered"),
    [
        ("limbeck.toml", "lock_wait = 5", {"current", "upgrade head"}),
        ("limbeck.toml", "lock_wait = -5", set()),
        ("limbeck.toml", 'out_of_order = "never"', set()),
        ("limbeck.toml", 'outer_transaction = "join"', set()),
        ("limbeck.toml", '[fleet]\nschemas = "t_*"', set()),
        ("migrations/env.py", "", set()),
        ("limbeck.ini", "[limbeck]\n", set()),
        ("shop/events.py", "from sqlalchemy.event import listens_for", {"current"}),
        ("shop/events.py", "import os\nos.environ['DATABASE_URL'] = 'sqlite://'", {"current"}),
        ("shop/events.py", "import os\nos.environ['X'] == 'y'", {"current", "upgrade head"}),
        ("shop/more/__init__.py", "import dotenv", {"current"}),
    ],
)
def test_of_settings_and_models(project: Project, name: str, text: str, answered: set[str]) -> None:
    assert project.run("upgrade", "head").code == 0
    path = project.folder / name
    path.parent.mkdir(exist_ok=True)
    before = path.read_text("utf-8") if path.exists() else ""
    path.write_text(f"{before}{text}\n", "utf-8")
    asked = ("current", "upgrade head")
    answers = zip(asked, bare(project, *asked), strict=True)
    found = {words for words, said in answers if said != NOT_TAKEN}
    assert found == answered


@pytest.mark.parametrize(
    "address",
    [
        *("sqlite:///data/shop.db", "sqlite+pysqlite:////var/shop.db"),
        *("postgresql+psycopg://host/shop", "postgresql+psycopg://jane@host/shop"),
        "postgresql+psycopg://jane:a!$&*=^.~-_1@db.example.org:5433/shop-1",
        "postgresql+psycopg://jane@host/shop?options=-csearch_path%3Dtenant_1",
        "mariadb+pymysql://jane:b@host:3307/shop?charset=utf8mb4",
        *("mysql+pymysql://jane:a=b@host/shop", "mariadb+pymysql://jane@host:3307/shop"),
    ],
)
def test_the_driver_gets_what_sqlalchemy_gives(address: str) -> None:
    url = sa.make_url(address)
    words, names = sa.create_engine(url, poolclass=sa.NullPool).dialect.create_connect_args(url)
    found = bare_address(address)
    assert found is not None
    assert found.driver == url.get_dialect().import_dbapi().__name__.partition(".")[0]
    names.pop("check_same_thread", None)  # one thread connects and asks
    names.pop("context", None)  # how psycopg reads types that are no texts
    assert found.arguments == ({"database": words[0]} if words else names)


@pytest.mark.parametrize(
    "address",
    [
        *("sqlite://", "sqlite:///:memory:", "sqlite:///file:a.db?uri=true", "sqlite:///a%20b.db"),
        *("postgresql://host/shop", "postgresql+psycopg2://host/shop", "oracle://host/shop"),
        *("postgresql+psycopg://a:b%40@host/shop", "postgresql+psycopg:///shop"),
        *("postgresql+psycopg://host/shop?options=-c", "postgresql+psycopg://a:b@c@host/shop"),
        "postgresql+psycopg://host/shop?options=-csearch_path%3Da,b",
        "mysql+pymysql://host/shop?options=-csearch_path%3Da",
        *("mysql+pymysql://host/shop?charset=latin1", "postgresql+psycopg://h/s?charset=utf8mb4"),
        *("mysql+pymysql://host/shop?ssl=1", "mysql://host/shop", "postgresql+psycopg://[::1]/a"),
    ],
)
def test_what_is_not_plain_is_left_to_sqlalchemy(address: str) -> None:
    assert bare_address(address) is None


def test_addresses_that_can_be_read_once_only_are_left_where_they_are() -> None:
    """As a shell gives them: limbeck upgrade head --databases <(command)."""
    reading, writing = os.pipe()
    lines = b"sqlite:///a.db\nsqlite:///b.db\n"
    os.write(writing, lines)
    os.close(writing)
    assert addresses_of(f"/dev/fd/{reading}") is None
    assert os.read(reading, 99) == lines
    os.close(reading)


@pytest.mark.skipif(not os.access("/dev/shm", os.W_OK), reason="no files in memory here")
def test_addresses_in_a_file_in_memory() -> None:
    with tempfile.NamedTemporaryFile("w", dir="/dev/shm", suffix=".txt") as file:
        file.write("sqlite:///a.db\nsqlite:///b.db\n")
        file.flush()
        assert addresses_of(file.name) == ["sqlite:///a.db", "sqlite:///b.db"]


def test_many_databases(tmp_path: Path) -> None:
    """Files of addresses, where every database is at the same revisions."""
    project = _written(Project(tmp_path))
    lines = [f"sqlite:///{tmp_path / name}.db" for name in ("one", "two", "three")]
    (tmp_path / "all.txt").write_text("# shops\n" + "\n".join(lines))
    (tmp_path / "twice.txt").write_text("\n".join([*lines, lines[0]]))
    (tmp_path / "named.txt").write_text("\n".join([*lines[:2], f"third {lines[2]}"]))
    (tmp_path / "alone.txt").write_text(lines[0])
    words = "upgrade head --databases"
    assert bare(project, f"{words} all.txt") == [NOT_TAKEN]
    assert project.run(*words.split(), "all.txt").code == 0
    answered, verbose, *others = bare(
        project,
        f"{words} all.txt",
        f"-v {words} all.txt",
        *(f"{words} {name}.txt" for name in ("twice", "named", "alone", "missing")),
        "current --databases all.txt",
        f"{words} all.txt --jobs 2",
        "upgrade bbbb2222 --databases all.txt",
    )
    assert answered == usual(project, f"{words} all.txt")
    assert answered[1].startswith("3 databases: 3 with nothing to do\n")
    assert {verbose, *others} == {NOT_TAKEN}
    with closing(sqlite3.connect(tmp_path / "two.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'aaaa1111'")
        connection.commit()
    assert bare(project, f"{words} all.txt") == [NOT_TAKEN]


@pytest.mark.databases("postgresql15")
def test_many_schemas(tmp_path: Path, database_url: str) -> None:
    """Schemas of one database, by a pattern."""
    project = _written(Project(tmp_path))
    project.environment["DATABASE_URL"] = database_url
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for name in ("t_1", "t_2", "other"):
            connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    words = "upgrade head --schemas t_*"
    assert bare(project, words) == [NOT_TAKEN]
    assert project.run(*words.split()).code == 0
    answered, *others = bare(
        project, words, "upgrade head --schemas t_1", "upgrade head --schemas *"
    )
    assert answered == usual(project, words)
    assert answered[1].startswith("2 databases: 2 with nothing to do\n")
    assert set(others) == {NOT_TAKEN}
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t_2.limbeck_journal (number INTEGER)")
    assert bare(project, words) == [NOT_TAKEN]
