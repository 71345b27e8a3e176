"""Everything that is in a database, to be compared with what is in another one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import sqlalchemy as sa

from tests.loop.picture import picture

_OWN = ("alembic_version", "limbeck_journal", "limbeck_history")
_OURS = re.compile("|".join(_OWN))


@dataclass(frozen=True)
class State:
    """Everything that is in a database.

    :param lines: its schema.
    :param rows: its rows, by table.
    :param version: what the version table says.
    """

    lines: frozenset[str]
    rows: dict[str, list[str]]
    version: tuple[str, ...]

    def differs_from(self, other: State) -> list[str]:
        """What is not the same, a line each."""
        found = [f"- {line}" for line in sorted(other.lines - self.lines)]
        found += [f"+ {line}" for line in sorted(self.lines - other.lines)]
        for table in sorted(self.rows.keys() | other.rows.keys()):
            here, there = self.rows.get(table), other.rows.get(table)
            if here != there:
                found.append(f"rows of {table}: {_short(here)} and not {_short(there)}")
        if self.version != other.version:
            found.append(f"version {self.version} and not {other.version}")
        return found


def _short(rows: list[str] | None) -> str:
    return "none" if rows is None else f"{len(rows)}: {rows[:2]}"


def state_of(url: str) -> State:
    """Everything that is in a database.

    :param url: its address.
    """
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with closing(engine.connect()) as connection:
        inspector = sa.inspect(connection)
        tables = sorted(inspector.get_table_names())
        found = {*picture(connection), *_others(connection)}
        lines = {line for line in found if not _OURS.search(line)}
        if "limbeck_journal" in tables and _rows(connection, "limbeck_journal"):
            lines.add("a journal")  # an empty one goes with the next run that has something to do
        rows = {
            table: sorted(str(tuple(row)) for row in _rows(connection, table))
            for table in tables
            if table not in _OWN
        }
        version = tuple(str(row[0]) for row in _rows(connection, "alembic_version"))
        return State(frozenset(lines), rows, version)


def _rows(connection: sa.Connection, table: str) -> list[sa.Row[tuple[object, ...]]]:
    quoted = connection.dialect.identifier_preparer.quote(table)
    found = connection.execute(sa.text(f"SELECT * FROM {quoted}"))
    # A number that was drawn for a row which was rolled back is not drawn again.
    names = [name for name in tuple(found.keys()) if (table, name) != ("purchase", "id")]
    return list(found.columns(*names))


def _others(connection: sa.Connection) -> Iterator[str]:
    """What a picture of tables does not show."""
    here = str(connection.engine.url.database)
    for question in _OTHERS[connection.dialect.name]:
        found = connection.exec_driver_sql(question, execution_options={"no_parameters": True})
        for row in found:
            line = " | ".join(str(value) for value in row)
            yield (
                line
                if connection.dialect.name in ("postgresql", "sqlite")
                else line.replace(here, "here")
            )


_POSTGRESQL = (
    """SELECT c.relkind::text, c.relname, pg_get_viewdef(c.oid),
        obj_description(c.oid, 'pg_class'),
        ARRAY(SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = c.oid)
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm')""",
    """SELECT 'routine', pg_get_functiondef(p.oid),
        ARRAY(SELECT one::text FROM unnest(coalesce(p.proacl, acldefault('f', p.proowner))) one
            ORDER BY 1)
    FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prokind IN ('f', 'p')
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass
        AND d.objid = p.oid AND d.deptype = 'e')""",
    """SELECT 'trigger', pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT t.tgisinternal""",
    """SELECT 'policy', tablename, policyname, permissive, roles::text, cmd, qual, with_check
    FROM pg_policies""",
    """SELECT 'rights', c.relname, c.relrowsecurity, c.relforcerowsecurity,
        ARRAY(SELECT one::text FROM unnest(coalesce(c.relacl, acldefault(
            CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, c.relowner))) one ORDER BY 1)
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
    AND c.relkind IN ('r', 'p', 'v', 'm', 'S')""",
    """SELECT 'extension', e.extname, e.extnamespace::regnamespace, e.extversion
    FROM pg_extension e""",
    """SELECT 'domain', t.typname, t.typnotnull, t.typdefault,
        ARRAY(SELECT c.conname || ' ' || pg_get_constraintdef(c.oid) FROM pg_constraint c
            WHERE c.contypid = t.oid AND c.contype = 'c' ORDER BY c.conname)
    FROM pg_type t WHERE t.typtype = 'd' AND t.typnamespace = 'public'::regnamespace""",
)
_SQLITE = ("SELECT name, sql FROM sqlite_master WHERE type IN ('view', 'trigger')",)
_MARIADB = (
    """SELECT table_name, view_definition, check_option, security_type
    FROM information_schema.views WHERE table_schema = DATABASE()""",
    """SELECT routine_name, routine_type, dtd_identifier, routine_definition, routine_comment
    FROM information_schema.routines WHERE routine_schema = DATABASE()""",
    """SELECT trigger_name, event_object_table, action_timing, event_manipulation,
        action_statement
    FROM information_schema.triggers WHERE trigger_schema = DATABASE()""",
    """SELECT event_name, event_definition, interval_value, interval_field, status, event_comment
    FROM information_schema.events WHERE event_schema = DATABASE()""",
)
_OTHERS = {
    "postgresql": _POSTGRESQL,
    "sqlite": _SQLITE,
    "mysql": _MARIADB,
    "mariadb": _MARIADB,
}
