"""A script does what the upgrade does, byte for byte."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pymysql
import pymysql.constants.CLIENT
import pytest
import sqlalchemy as sa

from tests.runtime.projects import Project

TEXTS = [
    "plain",
    "line\nbreak\ttab\r\nreturn",
    "it's 'quoted' ''twice''",
    'say "hi"',
    "100% %s %(x)s %%",
    ":bind ::cast :1 a:b",
    "back\\slash \\n \\' \\",
    "{braces} {{two}} ${dollar} $1 $$",
    "`back` [square] ;-- comment /* other */ # third",
    "ümlaut 漢字 🐘 \u202e\u200f",
    " blanks at both ends ",
    "",
    "?? ? @x @@y",
    "\x01\x1b[31m\x7f",
]
COLUMNS = ("bulk", "inserted", "executed", "bound", "given")


def _body() -> str:
    lines = [
        "t = op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), "
        + ", ".join(f"sa.Column({name!r}, sa.Text)" for name in COLUMNS)
        + ")",
        f"op.bulk_insert(t, [{{'id': n, 'bulk': text}} for n, text in enumerate({TEXTS!r}, 1)])",
    ]
    for number, text in enumerate(TEXTS, 1):
        written = "'" + text.replace("'", "''") + "'"
        slashes = "op.get_context().dialect.name in ('mysql', 'mariadb')"
        lines += [
            f"written = {written!r}",
            f"if {slashes}: written = written.replace(chr(92), chr(92) * 2)",
            f"op.execute('UPDATE t SET executed = ' + written + ' WHERE id = {number}')",
            f"op.execute(t.update().values(inserted={text!r}).where(t.c.id == {number}))",
            "op.execute(sa.text('UPDATE t SET bound = :value WHERE id = :id')"
            f".bindparams(value={text!r}, id={number}))",
            f"op.execute(t.update().values(given=op.inline_literal({text!r}))"
            f".where(t.c.id == {number}))",
        ]
    return "\n".join(lines)


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_a_script_stores_what_the_upgrade_stores(tmp_path: Path, database_url: str) -> None:
    project = Project(tmp_path, database_url)
    project.revision("a1", _body(), "op.drop_table('t')")
    project.upgrade()
    online = _rows(database_url)
    assert online == [(number, *[text] * len(COLUMNS)) for number, text in enumerate(TEXTS, 1)]
    project.downgrade("base")
    script = project.paper()
    _run_script(database_url, script)
    assert _rows(database_url) == online
    assert project.versions() == ["a1"]


def _rows(url: str) -> list[tuple[Any, ...]]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        rows = connection.execute(sa.text(f"SELECT id, {', '.join(COLUMNS)} FROM t ORDER BY id"))
        return [tuple(row) for row in rows]


def _run_script(address: str, script: str) -> None:
    """Run a script as the database's own client does, with nothing of SQLAlchemy's between."""
    url = sa.make_url(address)
    if url.get_backend_name() == "sqlite":
        connection = sqlite3.connect(str(url.database))
        connection.execute("DROP TABLE alembic_version")
        connection.executescript(script)
        connection.close()
        return
    engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as found:
        found.exec_driver_sql("DROP TABLE alembic_version")
        if url.get_backend_name() == "postgresql":
            found.connection.cursor().execute(script)
    if url.get_backend_name() != "postgresql":
        flag = pymysql.constants.CLIENT.MULTI_STATEMENTS
        with pymysql.connect(
            host=url.host,
            port=url.port or 3306,
            user=url.username,
            password=str(url.password or ""),
            database=url.database,
            charset="utf8mb4",
            client_flag=flag,
        ) as client:
            cursor = client.cursor()
            cursor.execute(script)
            while cursor.nextset():
                pass
            client.commit()
