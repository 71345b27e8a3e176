"""What a user can get wrong, and how limbeck has to answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from tests.bad_input.case import (
    AUTOGENERATE,
    SECRET,
    UPGRADE,
    Case,
    classic,
    native,
    nothing,
    with_file,
    with_revisions,
)
from tests.cli.project import BEFORE, Project


def _at(url: str) -> Callable[[Project], None]:
    return lambda project: native(project, url)


def _with_models(text: str) -> Callable[[Project], None]:
    def setup(project: Project) -> None:
        project.models(text)
        project.settings()

    return setup


def _no_models_named(project: Project) -> None:
    native(project)
    project.write("limbeck.toml", 'url = "${DATABASE_URL}"\n')


def _unknown_key(project: Project) -> None:
    native(project)
    project.edit("limbeck.toml", "models =", "modles =")


def _broken_toml(project: Project) -> None:
    native(project)
    project.write("limbeck.toml", "models = [\n")


def _no_address(project: Project) -> None:
    native(project)
    del project.environment["DATABASE_URL"]


def _read_only(project: Project) -> None:
    with_revisions(project)
    connection = sqlite3.connect(project.folder / "test.db")
    connection.execute("CREATE TABLE kept (id INTEGER)")
    connection.close()
    # a file's mode does not stop root, SQLite's own read-only mode stops everybody
    project.environment["DATABASE_URL"] = "sqlite:///file:test.db?mode=ro&uri=true"


def _not_sqlite(project: Project) -> None:
    with_revisions(project)
    (project.folder / "test.db").write_bytes(b"this is no database at all\n" * 100)


def _unknown_version(project: Project) -> None:
    with_revisions(project)
    connection = sqlite3.connect(project.folder / "test.db")
    with connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('gone')")
    connection.close()


def _two_heads(project: Project) -> None:
    with_revisions(project)
    project.revision("bbbb3333", "aaaa1111")


def _same_identifier(project: Project) -> None:
    with_revisions(project)
    original = project.folder / "migrations/versions/aaab2222.py"
    project.write("migrations/versions/copy_of_it.py", original.read_text(encoding="utf-8"))


def _cycle(project: Project) -> None:
    with_revisions(project)
    project.edit(
        "migrations/versions/aaaa1111.py", "down_revision = None", 'down_revision = "aaab2222"'
    )


def _missing_parent(project: Project) -> None:
    with_revisions(project)
    project.revision("cccc4444", "aaab2223")


def _classic_without_tables(project: Project) -> None:
    classic(project)
    connection = sqlite3.connect(project.folder / "test.db")
    connection.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY)")
    connection.close()
    project.edit(
        "mig/env.py",
        "target_metadata = None",
        "import sqlalchemy\n\ntarget_metadata = sqlalchemy.MetaData()",
    )


def _env_raises(project: Project) -> None:
    classic(project)
    project.edit("mig/env.py", "target_metadata = None", 'raise RuntimeError("no luck today")')


def _two_bases(project: Project) -> None:
    project.models(BEFORE)
    project.write("shop/more.py", BEFORE.replace("customer", "supplier"))


_MISSING_MODULE = "import no_such_module\n" + BEFORE
_NO_TABLES = (
    "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n"
)
_PORT = 9  # the discard service, which nobody runs

CASES: tuple[Case, ...] = (
    # settings
    Case("no settings", nothing, UPGRADE, 2, ("script_location", "limbeck init")),
    Case("no settings, alone", nothing, (), 2, ("limbeck init",)),
    Case("named settings missing", nothing, ("-c", "no.ini", *UPGRADE), 2, ("no.ini",)),
    Case("unknown key", _unknown_key, UPGRADE, 2, ("modles", "models")),
    Case("settings are no TOML", _broken_toml, UPGRADE, 2, ("limbeck.toml",)),
    Case("no address", _no_address, UPGRADE, 2, ("DATABASE_URL", "export")),
    Case("no models found", nothing, ("init",), 2, ("no models", "--models")),
    Case("several models", _two_bases, ("init",), 3, ("shop.models:Base.metadata", "--models")),
    # addresses
    Case("address is none", _at(f"nonsense {SECRET}"), UPGRADE, 2, ("address", "as in")),
    Case(
        "port is no number",
        _at(f"postgresql://me:{SECRET}@localhost:port/x"),
        UPGRADE,
        2,
        ("address",),
    ),
    Case(
        "password with an @",
        _at(f"postgresql+psycopg://me:x@{SECRET}/y@localhost/x"),
        UPGRADE,
        2,
        ("%40",),
    ),
    Case("postgres://", _at(f"postgres://me:{SECRET}@localhost/x"), UPGRADE, 2, ("postgresql://",)),
    Case("unknown database", _at(f"postgrez://me:{SECRET}@h/x"), UPGRADE, 2, ("postgrez",)),
    Case(
        "missing driver",
        _at(f"oracle+oracledb://me:{SECRET}@localhost/x"),
        UPGRADE,
        4,
        ("oracledb", "pip install"),
    ),
    Case(
        "PostgreSQL is down",
        _at(f"postgresql+psycopg://me:{SECRET}@127.0.0.1:{_PORT}/x"),
        UPGRADE,
        4,
        ("does not answer", "is it running"),
    ),
    Case(
        "PostgreSQL is down, asyncpg",
        _at(f"postgresql+asyncpg://me:{SECRET}@127.0.0.1:{_PORT}/x"),
        UPGRADE,
        4,
        ("does not answer",),
    ),
    Case(
        "MariaDB is down",
        _at(f"mariadb+pymysql://me:{SECRET}@127.0.0.1:{_PORT}/x"),
        UPGRADE,
        4,
        ("does not answer",),
    ),
    Case(
        "unknown host",
        _at(f"postgresql+psycopg://me:{SECRET}@no.such.host.invalid/x"),
        UPGRADE,
        4,
        ("host",),
    ),
    Case("folder missing", _at("sqlite:///no/such/x.db"), UPGRADE, 4, ("cannot be opened",)),
    Case("no SQLite file", _not_sqlite, UPGRADE, 4, ("no SQLite database",)),
    Case("read-only database", _read_only, UPGRADE, 4, ("read-only",)),
    # models
    Case(
        "models import what is missing",
        _with_models(_MISSING_MODULE),
        AUTOGENERATE,
        2,
        ("shop.models", "no_such_module", "shop/models.py:1"),
    ),
    Case(
        "models raise",
        _with_models(BEFORE + '\nraise RuntimeError("no luck today")\n'),
        AUTOGENERATE,
        2,
        ("no luck today", "shop/models.py:"),
    ),
    Case(
        "models are no Python",
        _with_models("class Base(:\n"),
        AUTOGENERATE,
        2,
        ("SyntaxError", "shop/models.py:1"),
    ),
    Case("models have no such name", _with_models("x = 1\n"), AUTOGENERATE, 2, ("Base.metadata",)),
    Case("models without tables", _with_models(_NO_TABLES), AUTOGENERATE, 2, ("no tables",)),
    Case("models are not named", _no_models_named, AUTOGENERATE, 2, ("models",)),
    Case("env.py has no MetaData", classic, AUTOGENERATE, 2, ("MetaData", "target_metadata")),
    Case("env.py's MetaData is empty", _classic_without_tables, AUTOGENERATE, 2, ("no tables",)),
    Case("env.py raises", _env_raises, UPGRADE, 2, ("no luck today", "mig/env.py:")),
    # names
    Case("unknown revision", with_revisions, ("upgrade", "aaaa1112"), 8, ("aaaa1112", "aaaa1111")),
    Case("ambiguous", with_revisions, ("upgrade", "aaa"), 8, ("aaa", "aaaa1111", "aaab2222")),
    Case("two heads", _two_heads, UPGRADE, 8, ("aaab2222", "bbbb3333", "merge")),
    Case("two heads, revision", _two_heads, ("revision", "-m", "x"), 8, ("aaab2222", "bbbb3333")),
    Case("version no file knows", _unknown_version, UPGRADE, 8, ("gone",)),
    Case("version no file knows, alone", _unknown_version, (), 8, ("gone",)),
    # revision files
    Case("empty file", with_file(b""), UPGRADE, 8, ("broken.py", "empty")),
    Case("no Python", with_file(b"def upgrade(:\n"), UPGRADE, 8, ("broken.py", "line 1")),
    Case("no UTF-8", with_file(b'"""caf\xe9"""\n'), UPGRADE, 8, ("broken.py", "UTF-8")),
    Case("no identifiers", with_file(b"x = 1\n"), UPGRADE, 8, ("broken.py", "revision")),
    Case(
        "no parent named",
        with_file(b'revision = "dddd5555"\n'),
        UPGRADE,
        8,
        ("broken.py", "down_revision"),
    ),
    Case(
        "same identifier twice",
        _same_identifier,
        UPGRADE,
        8,
        ("aaab2222", "copy_of_it.py", "aaab2222.py"),
    ),
    Case("missing parent", _missing_parent, UPGRADE, 8, ("aaab2223", "cccc4444")),
    Case("cycle", _cycle, UPGRADE, 8, ("aaaa1111", "aaab2222")),
    # the command line
    Case("unknown command", nothing, ("upgrad", "head"), 2, ("upgrad", "did you mean `upgrade`")),
    Case("unknown option", nothing, ("upgrade", "--sqll", "head"), 2, ("--sqll", "`--sql`")),
    Case("revision missing", nothing, ("upgrade",), 2, ("revision", "limbeck upgrade head")),
    Case("range without colon", with_revisions, ("history", "-r", "x"), 2, ("[start]:[end]",)),
    Case("downgrade --sql", with_revisions, ("downgrade", "base", "--sql"), 2, ("<fromrev>",)),
)
