"""What a database holds, as text that can be compared."""

from __future__ import annotations

import re
import subprocess
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Connection, Inspector, NullPool, create_engine, inspect, text
from sqlalchemy.exc import SAWarning
from sqlalchemy.types import TypeEngine

from tests.servers.postgresql import DEBIAN_BINARIES

#: What begins a table's constraint. Alembic takes a table's constraints and indexes from sets when
#: it makes a table again, so that their order differs from run to run: they are compared sorted.
_CONSTRAINT = re.compile(r"\s*(CONSTRAINT|PRIMARY|FOREIGN|UNIQUE|CHECK|KEY|FULLTEXT)\b", re.I)

_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|[(),]""")


@dataclass(frozen=True)
class State:
    """A database's contents.

    :param schema: the database's own words for its schema.
    :param shape: what SQLAlchemy's reflection sees, a line for each thing, sorted.
    :param rows: the number of rows of each table, as lines.
    :param versions: the rows of each version table, as lines.
    """

    schema: Sequence[str]
    shape: Sequence[str]
    rows: Sequence[str]
    versions: Sequence[str]


def read_state(url: URL, masked: Sequence[str]) -> State:
    """Read what a database holds.

    :param url: its address.
    :param masked: regular expressions of what is different in each run.
    """
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # what cannot be reflected is the same for both
        inspector = inspect(connection)
        tables = list(_tables(inspector, engine.dialect.name))
        schema = _SCHEMAS[engine.dialect.name](connection)
        counts = [(_shown(table), _count(connection, table)) for table in tables]
        state = State(
            schema=[_steady(line, masked) for line in schema],
            shape=[_steady(line, masked) for line in _shape(inspector, tables)],
            rows=[f"{table}: {count}" for table, count in counts],
            versions=[
                f"{_shown(table)}: {row}"
                for table in tables
                if "alembic_version" in table[1] or "schema_version" in table[1]
                for row in _version_rows(connection, table)
            ],
        )
    engine.dispose()
    return state


def _steady(line: str, masked: Sequence[str]) -> str:
    line = re.sub(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?", "<moment>", line)
    for pattern in masked:
        line = re.sub(pattern, "<masked>", line)
    return re.sub(r"\s+", " ", line).strip()


_Table = tuple[str | None, str]


def _tables(inspector: Inspector, dialect: str) -> Iterator[_Table]:
    schemas: list[str | None] = [None]
    if dialect == "postgresql":
        left_out = ("pg_", "information_schema")
        schemas = [name for name in inspector.get_schema_names() if not name.startswith(left_out)]
    for schema in schemas:
        for name in sorted(inspector.get_table_names(schema=schema)):
            yield schema, name


def _shown(table: _Table) -> str:
    return ".".join(part for part in table if part)


def _quoted(connection: Connection, table: _Table) -> str:
    quote = connection.dialect.identifier_preparer.quote
    return ".".join(quote(part) for part in table if part)


def _count(connection: Connection, table: _Table) -> int:
    found = connection.execute(text(f"SELECT count(*) FROM {_quoted(connection, table)}"))
    return int(found.scalar_one())


def _version_rows(connection: Connection, table: _Table) -> list[str]:
    found = connection.execute(text(f"SELECT * FROM {_quoted(connection, table)}"))
    return sorted(str(tuple(row)) for row in found)


def _in_order(statement: str) -> Iterator[str]:
    """A CREATE TABLE's parts: its name, its columns, its constraints sorted, its options."""
    before, _, rest = statement.partition("(")
    inside, _, after = rest.rpartition(")")
    parts = list(_parts(inside))
    yield before + "("
    yield from (part for part in parts if not _CONSTRAINT.match(part))
    yield from sorted(part for part in parts if _CONSTRAINT.match(part))
    yield ")" + after


def _parts(inside: str) -> Iterator[str]:
    """What stands between the commas, but not between those in parentheses or quotes."""
    depth, begun = 0, 0
    for token in _TOKEN.finditer(inside):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if token[0] == "," and depth == 0:
            yield inside[begun : token.start()].strip()
            begun = token.end()
    yield inside[begun:].strip()


def _sqlite_schema(connection: Connection) -> list[str]:
    found = connection.execute(
        text("SELECT type, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
    )
    lines: list[str] = []
    for kind, statement in found:
        lines += _in_order(statement) if kind == "table" else [statement]
    # Alembic's copy of a table is written anew; limbeck's keeps the words that the old one had.
    lines = [re.sub(r'"(\w+)"', r"\1", line) for line in lines]
    return [re.sub(r"\bDEFAULT \(([^()]*)\)", r"DEFAULT \1", line) for line in lines]


def _postgresql_schema(connection: Connection) -> list[str]:
    url = connection.engine.url.set(drivername="postgresql")
    command = [str(DEBIAN_BINARIES / "pg_dump"), "--schema-only", "--no-owner"]
    command += [url.render_as_string(hide_password=False)]
    dump = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    left_out = ("--", "SET ", "SELECT pg_catalog.set_config", "\\restrict", "\\unrestrict")
    return [line for line in dump.splitlines() if line and not line.startswith(left_out)]


def _mariadb_schema(connection: Connection) -> list[str]:
    lines: list[str] = []
    for row in connection.execute(text("SHOW FULL TABLES")).all():
        word = "VIEW" if row[1] == "VIEW" else "TABLE"
        made = connection.execute(text(f"SHOW CREATE {word} `{row[0]}`")).one()[1]
        lines += _in_order(re.sub(r" AUTO_INCREMENT=\d+", "", made))
    return lines


_SCHEMAS: Mapping[str, Callable[[Connection], list[str]]] = {
    "sqlite": _sqlite_schema,
    "postgresql": _postgresql_schema,
    "mysql": _mariadb_schema,
    "mariadb": _mariadb_schema,
}


def _shape(inspector: Inspector, tables: Sequence[_Table]) -> Iterator[str]:
    for schema, name in tables:
        where = _shown((schema, name))
        for number, column in enumerate(inspector.get_columns(name, schema=schema)):
            yield f"{where} column {number} {_plain(column)}"
        yield f"{where} primary key {_plain(inspector.get_pk_constraint(name, schema=schema))}"
        for word, ask in (
            ("foreign key", inspector.get_foreign_keys),
            ("unique", inspector.get_unique_constraints),
            ("check", inspector.get_check_constraints),
            ("index", inspector.get_indexes),
        ):
            yield from sorted(f"{where} {word} {_plain(one)}" for one in ask(name, schema=schema))


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        inside = sorted((str(key), _plain(one)) for key, one in value.items())
        return "{" + ", ".join(f"{key}: {one}" for key, one in inside) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_plain, value)) + "]"
    return repr(value) if isinstance(value, TypeEngine) else str(value)
