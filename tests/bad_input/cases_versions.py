"""What a database can say about its version that makes no sense, and databases that refuse."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from tests.bad_input.case import UPGRADE, Case, Fine, native, with_revisions, with_rows, with_toml
from tests.cli.project import Project

TABLE = "CREATE TABLE alembic_version (version_num VARCHAR(32))"


def _versions(*values: object) -> Callable[[Project], None]:
    def setup(project: Project) -> None:
        with_rows(TABLE)(project)
        connection = sqlite3.connect(project.folder / "test.db")
        with connection:
            for value in values:
                connection.execute("INSERT INTO alembic_version VALUES (?)", (value,))
        connection.close()

    return setup


def _corrupted(project: Project) -> None:
    with_rows(TABLE, "INSERT INTO alembic_version VALUES ('aaaa1111')")(project)
    path = project.folder / "test.db"
    data = bytearray(path.read_bytes())
    data[4096:4400] = b"\xff" * 304
    path.write_bytes(data)


def _a_folder(project: Project) -> None:
    with_revisions(project)
    (project.folder / "test.db").mkdir()


HOSTILE = "'; DROP TABLE alembic_version; --\n\x1b]0;owned\x07\u202e"

CASES: tuple[Case, ...] = (
    Case("same row twice", _versions("aaaa1111", "aaaa1111"), UPGRADE, 8, ("aaaa1111",)),
    Case("empty text", _versions(""), UPGRADE, 8, ("alembic_version",)),
    Case("NULL", _versions(None), UPGRADE, 8, ("alembic_version",)),
    Case("NULL, current", _versions(None), ("current",), 8, ("alembic_version",)),
    Case("a number", _versions(3), UPGRADE, 8, ("3",)),
    Case("bytes", _versions(b"\xff\x00"), UPGRADE, 8, ("not a string",)),
    Case("hostile", _versions(HOSTILE), UPGRADE, 8, ("DROP TABLE",)),
    Case("hostile, current", _versions(HOSTILE), ("current",), 8, ("DROP TABLE",)),
    Case("hostile, alone", _versions(HOSTILE), (), 8, ("DROP TABLE",)),
    Case("hostile, check", _versions(HOSTILE), ("check",), 8, ("DROP TABLE",)),
    Case("hostile, stamp", _versions(HOSTILE), ("stamp", "head"), 8, ("DROP TABLE",)),
    Case("hostile, downgrade", _versions(HOSTILE), ("downgrade", "-1"), 8, ("DROP TABLE",)),
    Case("long", _versions("x" * 100_000), UPGRADE, 8, ("xxx",)),
    Case(
        "another shape",
        with_rows("CREATE TABLE alembic_version (version INTEGER)"),
        UPGRADE,
        8,
        ("alembic_version", "version_num"),
    ),
    Case(
        "another shape, current",
        with_rows("CREATE TABLE alembic_version (version INTEGER)"),
        ("current",),
        8,
        ("alembic_version", "version_num"),
    ),
    Case(
        "a view",
        with_rows("CREATE VIEW alembic_version AS SELECT 'aaaa1111' AS version_num"),
        UPGRADE,
        6,
        ("alembic_version",),
        "aaaa1111",
    ),
    Case(
        "a row of what came before",
        _versions("aaaa1111", "aaab2222"),
        ("check",),
        2,
        ("aaaa1111 besides aaab2222, which comes after", "limbeck stamp"),
    ),
    Case("corrupted file", _corrupted, UPGRADE, 4, ("test.db", "damaged")),
    Case("folder instead of a file", _a_folder, UPGRADE, 4, ("cannot be opened",)),
    Case("schema that is not there", with_toml('version_table_schema = "no"'), UPGRADE, 4, ("no",)),
)

FINE: tuple[Fine, ...] = (
    Fine("purged", _versions(HOSTILE), ("stamp", "--purge", "head"), "aaab2222"),
    Fine("hostile name of the version table", with_toml("version_table = 'a\"b; -- %s'"), at=None),
    Fine(
        "empty file",
        lambda project: (with_revisions(project), (project.folder / "test.db").touch()),
        at="aaab2222",
    ),
    Fine("no revision and no database", native, ("current",), None),
)
