"""The same work by the plain driver, or the files merely read: what nobody can be faster than.

A program of its own, ``python benchmarks/floors.py NAME …``, which imports what it needs only.
"""

from __future__ import annotations

import sys


def read(folder: str) -> None:
    """Read every file of a folder."""
    import os

    for entry in os.scandir(folder):
        if entry.name.endswith(".py"):
            with open(entry.path, "rb") as file:
                file.read()


def version(folder: str, url: str) -> None:
    """Read every file, and the version that the database is at."""
    read(folder)
    connection = _connect(url)
    cursor = connection.cursor()
    cursor.execute("SELECT version_num FROM alembic_version")
    print(cursor.fetchall())


def upgrade(url: str, count: str) -> None:
    """Run the statements of a linear history, each revision in a transaction of its own."""
    connection = _connect(url)
    cursor = connection.cursor()
    mark = "?" if url.startswith("sqlite") else "%s"
    cursor.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    cursor.execute("INSERT INTO alembic_version VALUES ('')")
    connection.commit()
    for number in range(int(count)):
        table = f"table_{number // 50}"
        if number % 50:
            cursor.execute(f"ALTER TABLE {table} ADD COLUMN column_{number} VARCHAR(40)")
        else:
            cursor.execute(f"CREATE TABLE {table} (id INTEGER NOT NULL, PRIMARY KEY (id))")
        cursor.execute(f"UPDATE alembic_version SET version_num = {mark}", (f"{number:012x}",))
        connection.commit()


def downgrade(url: str, count: str) -> None:
    """Move the version so many times, each time in a transaction of its own."""
    connection = _connect(url)
    cursor = connection.cursor()
    for number in reversed(range(1, int(count))):
        cursor.execute("UPDATE alembic_version SET version_num = ?", (f"{number:012x}",))
        connection.commit()
    cursor.execute("DELETE FROM alembic_version")
    connection.commit()


def tenants(path: str, count: str) -> None:
    """Run the statements of a linear history in each database of a file, an address a line."""
    for url in _lines(path):
        upgrade(url, count)


def versions(path: str) -> None:
    """Read the version of each database of a file, an address a line."""
    for url in _lines(path):
        cursor = _connect(url).cursor()
        cursor.execute("SELECT version_num FROM alembic_version")
        cursor.fetchall()


def write(url: str, path: str) -> None:
    """Read what is in a database, and write a revision whose text is known."""
    catalogue(url)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open("versions/all.py", "w", encoding="utf-8") as file:
        file.write(text)


def catalogue(url: str) -> None:
    """Read all there is to know of every table."""
    cursor = _connect(url).cursor()
    for query in _CATALOGUE[url.partition(":")[0].partition("+")[0]]:
        cursor.execute(query)
        cursor.fetchall()


def script(url: str, path: str) -> None:
    """Run the statements of a file in one transaction."""
    connection = _connect(url)
    cursor = connection.cursor()
    with open(path, encoding="utf-8") as file:
        statements = file.read().split(";\n")
    for statement in statements:
        if statement.strip():
            cursor.execute(statement)
            if cursor.description is not None:  # what an INSERT … RETURNING gives
                cursor.fetchall()
    connection.commit()


def models() -> None:
    """Import the models, and do nothing with them, nor free them at the end."""
    sys.path.insert(0, "")
    import os

    import models  # type: ignore[import-not-found]  # it is in the folder where this runs

    print(len(models.metadata.tables), flush=True)
    os._exit(0)  # to free them is a part of what a tool costs: not each does it


def _lines(path: str) -> list[str]:
    with open(path, encoding="utf-8") as file:
        return file.read().split()


def _connect(url: str):  # type: ignore[no-untyped-def]  # noqa: ANN202  # of whichever driver
    if url.startswith("sqlite"):
        import sqlite3

        return sqlite3.connect(url.removeprefix("sqlite:///"))
    if url.startswith("postgresql"):
        import psycopg

        return psycopg.connect(url.replace("postgresql+psycopg", "postgresql"))
    from urllib.parse import unquote, urlsplit

    import pymysql

    at = urlsplit(url)
    return pymysql.connect(
        host=at.hostname,
        port=at.port or 3306,
        user=unquote(at.username or ""),
        password=unquote(at.password or ""),
        database=at.path.strip("/"),
    )


_PRAGMA = "SELECT * FROM sqlite_master m, pragma_{}(m.name) p WHERE m.type = 'table'"
_CATALOGUE = {
    "sqlite": [
        "SELECT * FROM sqlite_master",
        *(_PRAGMA.format(one) for one in ("table_xinfo", "foreign_key_list", "index_list")),
    ],
    "postgresql": [
        "SELECT * FROM pg_class WHERE relkind = 'r'",
        "SELECT attrelid, attname, format_type(atttypid, atttypmod), attnotnull "
        "FROM pg_attribute WHERE attnum > 0",
        "SELECT adrelid, adnum, pg_get_expr(adbin, adrelid) FROM pg_attrdef",
        "SELECT conrelid, conname, contype, pg_get_constraintdef(oid) FROM pg_constraint",
        "SELECT indrelid, pg_get_indexdef(indexrelid) FROM pg_index",
    ],
    "mysql": [
        f"SELECT * FROM information_schema.{table} WHERE {column} = database()"
        for table, column in (
            ("tables", "table_schema"),
            ("columns", "table_schema"),
            ("statistics", "table_schema"),
            ("key_column_usage", "table_schema"),
            ("referential_constraints", "constraint_schema"),
            ("check_constraints", "constraint_schema"),
        )
    ],
}

if __name__ == "__main__":
    work = (read, version, upgrade, downgrade, tenants, versions, catalogue, write, script, models)
    {each.__name__: each for each in work}[sys.argv[1]](*sys.argv[2:])
