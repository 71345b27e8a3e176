"""The same calls on Alembic's ``op``: the same SQL, but for what is listed with its reason."""

from __future__ import annotations

import io
import warnings

import pytest

from tests.emit.directives import CALLS, PAIRS, metadata_for
from tests.emit.test_text import said

# Alembic refuses, or writes a statement that SQLite does not have.
NEEDS_A_COPY = "!! CommandError: This operation cannot proceed in --sql mode"

# Why the SQL differs, for each dialect the cases of which this is true.
REASONS: dict[str, dict[str, list[str]]] = {
    "a foreign key of one column is added natively": {
        "sqlite": [
            "add column with foreign key",
            "add column with named foreign key",
            "named: add column",
        ],
    },
    "a name that was given is kept": {
        "postgresql, mysql, mariadb, sqlite": ["add column with named foreign key inline"],
    },
    "Alembic loses what is written within the column": {
        "mssql, oracle": [
            "add column with foreign key inline",
            "add column with named foreign key inline",
            "add column with primary key inline",
            "add column with check",
        ],
        "oracle": ["oracle: add column with all that belongs to it"],
    },
    "SQL Server has no such words, and Alembic says them or nothing": {
        "mssql": [
            "add column if not exists",
            "create table",
            "create index with options",
            "mssql: add column in another database",
            "mssql: create table if not exists",
            "mssql: create index if not exists",
            "mssql: create index if not exists in another database",
        ],
    },
    "Oracle has such words since version 23 only, and for fewer things": {
        "oracle": [
            "add column if not exists",
            "drop column if exists",
            "drop check if exists",
            "create table",
            "create index with options",
            "drop table if exists",
            "drop index if exists",
            "oracle: add column if not exists",
            "oracle: drop column if exists",
            "oracle: create table if not exists",
            "oracle: drop table if exists",
            "oracle: create index if not exists",
            "oracle: drop index if exists",
            "oracle: drop constraint if exists",
        ],
    },
    "it is not known whether there is a comment": {
        "mssql": ["alter comment", "create table comment", "mssql: drop an unknown comment"],
    },
    "a procedure and the catalogue speak of one database": {
        "mssql": [
            "mssql: rename table of another database",
            "mssql: rename column of another database",
            "mssql: comment in another database",
        ],
    },
    "brackets stand around a name once": {
        "mssql": [
            "mssql: rename table of a schema with a dot",
        ],
    },
    "a string without N has question marks for what the code page lacks": {
        "mssql": [
            "mssql: rename table beyond the code page",
            "mssql: alter default beyond the code page",
            "mssql: drop default beyond the code page",
            "mssql: create table with clustered key",
            "mssql: insert rows into a table by name",
        ],
    },
    "a quote within a name is doubled": {
        "mssql": [
            "mssql: drop default, awkward names",
        ],
    },
    "a server of today has DATE and VARCHAR(max)": {
        "mssql": [
            "mssql: alter type beside a default",
            "mssql: types of a server of today",
        ],
    },
    "a comment that is there is changed, not added": {
        "mssql": [
            "mssql: another table comment",
        ],
    },
    "EXEC, as for the other procedures": {"mssql": ["add column in schema"]},
    "a script has no variable to return into": {"oracle": ["oracle: insert a row"]},
    "Alembic loses the schema": {
        "oracle": ["alter comment", "oracle: alter all in a schema", "oracle: drop comment"],
    },
    "a column with a default cannot change its type": {
        "mssql": ["keep all but the type"],
    },
    "only a column that numbers the rows needs the switch": {
        "mssql": [
            "insert rows",
            "insert no rows",
            "insert rows one by one",
            "mssql: insert rows that are numbered",
            "mssql: insert rows of both kinds",
            "mssql: insert rows without numbering",
            "mssql: insert rows, the number unknown",
            "mssql: insert rows without numbers",
        ],
    },
    "MariaDB takes no name for a CHECK within a column": {"mariadb": ["add column with check"]},
    "the type's CHECK can be added natively": {"sqlite": ["add boolean with check"]},
    "there are no comments, and COMMENT ON would fail": {
        "sqlite": ["alter comment", "drop comment", "create table comment", "drop table comment"],
    },
    "PostgreSQL does not cast this by itself": {
        "postgresql": [
            "alter type to enum",
            "alter type with checks",
            "alter type and name with check",
        ],
    },
    "the old type's CHECK would refuse the new type's values": {
        "mysql, mariadb": ["alter type with checks"],
    },
    "the CHECK is on the column's new name": {
        "mysql, mariadb": ["alter type and name with check"],
    },
    "an expression stands in parentheses": {"mysql, mariadb": ["alter default to function"]},
    "Alembic fails": {
        "postgresql": ["identity to default", "default to identity"],
        "mssql": [
            "drop comment",
            "alter all",
            "drop table comment",
            "mssql: comment on a new column",
            "mssql: another comment",
            "mssql: drop a known comment",
            "mssql: drop a known table comment",
            "mssql: comments on a new table",
            "mssql: insert a column of unknown type",
            "mssql: values that mean the same everywhere",
        ],
        "oracle": [
            "identity to default",
            "oracle: identity to default",
            "oracle: drop primary key without a name",
            "oracle: insert rows",
        ],
        "mysql, mariadb": ["create table of types"],
    },
    "a generated column can become an ordinary one": {"postgresql": ["drop expression"]},
    "a colon in a string is no parameter": {
        "postgresql, mysql, mariadb, mssql, oracle": ["create check with a colon"],
        "oracle": ["oracle: create check"],
    },
    "said in a sentence": {
        "mysql, mariadb, sqlite, mssql, oracle": ["create exclude constraint"],
        "mssql": [
            "add column with named foreign key",
            "create foreign key",
            "create foreign key to itself",
            "create unique constraint",
        ],
        "oracle": ["create foreign key to itself"],
    },
    "MariaDB has the words": {"mariadb": ["drop check if exists"]},
    "Alembic loses the foreign key": {
        "postgresql, mysql, mariadb, mssql, oracle": ["create table, foreign key later"],
    },
    "there is no table that is called no_table": {
        "mysql, mariadb, mssql": ["drop index of unknown table"],
    },
    "a script has no parameters": {
        "postgresql, mysql, mariadb, sqlite, mssql, oracle": ["execute a statement with values"],
        "mssql": ["mssql: statement beyond the code page"],
    },
}
DIFFERS = {
    (name, dialect): reason
    for reason, by_dialect in REASONS.items()
    for dialects, names in by_dialect.items()
    for dialect in dialects.split(", ")
    for name in names
}


def alembic_said(name: str, dialect: str) -> str:
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    buffer = io.StringIO()
    context = MigrationContext.configure(
        dialect_name=dialect,
        dialect_opts={"paramstyle": "named"},
        opts={
            "as_sql": True,
            "output_buffer": buffer,
            "target_metadata": metadata_for(name),
        },
    )
    try:
        CALLS[name](Operations(context))
    except Exception as error:
        return f"!! {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    # What ends a batch on SQL Server, and a statement on Oracle.
    return buffer.getvalue().replace("\n\nGO\n", "\n").replace("\n\n/\n", ";\n")


def plain(words: str) -> str:
    """Without blank lines, which mean nothing."""
    lines = (line.rstrip() for line in words.replace("\t", "    ").splitlines())
    return "\n".join(line for line in lines if line)


@pytest.mark.parametrize(("name", "dialect"), PAIRS)
def test_the_same_sql_as_alembic(name: str, dialect: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = plain(alembic_said(name, dialect))
    ours = plain(said(name, dialect))
    if ours.startswith(NEEDS_A_COPY):
        assert dialect == "sqlite"
        assert ours != theirs
    elif (name, dialect) in DIFFERS:
        assert ours != theirs
    else:
        assert ours == theirs


def test_what_differs_is_a_case() -> None:
    assert set(DIFFERS) <= set(PAIRS)
