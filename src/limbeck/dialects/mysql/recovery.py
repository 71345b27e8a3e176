"""What MySQL and MariaDB say of a statement that may have been interrupted.

A DDL statement is atomic: it has happened as a whole or not at all, whatever has ended the
session or the server (https://mariadb.com/kb/en/atomic-ddl/ since MariaDB 10.6,
https://dev.mysql.com/doc/refman/8.4/en/atomic-ddl.html). So what it names tells: described as
before, it has not happened. Only DROP of several tables may have dropped some of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, text
from sqlalchemy.exc import DBAPIError

from limbeck.dialects.mysql.asked_at_once import (
    SOUGHT_BEFORE,
    definitions_asked,
    objects_asked,
    objects_told,
    tables_after,
    tables_before,
)
from limbeck.dialects.mysql.dropped import dropped_by
from limbeck.dialects.mysql.foreseen import (
    SOUGHT,
    definition_in,
    foreseen_of,
    key_of,
    loses,
    names_and_words,
    objects_in,
    questions_for,
)
from limbeck.dialects.mysql.sql_tokens import unquoted
from limbeck.dialects.mysql.undo import undo_statements
from limbeck.dialects.standard.own_statements import ask
from limbeck.dialects.standard.recovery import Objects, Recovery, Verdict, first_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set
    from typing import Any

    from sqlalchemy import Connection

    from limbeck.dialects.standard.foreseen import Foreseen

_VERBS = frozenset({"CREATE", "ALTER", "DROP", "RENAME", "TRUNCATE"})
_SEEN = frozenset(
    {"TABLE", "TABLES", "VIEW", "INDEX", "UNIQUE", "FULLTEXT", "SPATIAL", "TRIGGER", "PROCEDURE",
     "FUNCTION", "SEQUENCE", "EVENT", "DATABASE", "SCHEMA", "KEY"}
)  # fmt: skip
_REPEATABLE = frozenset({"ANALYZE", "OPTIMIZE", "CHECK", "FLUSH", "GRANT", "REVOKE", "CACHE"})
_UNSEEN = re.compile(r"\bEXCHANGE\s+PARTITION\b|\b(DISCARD|IMPORT)\s+(PARTITION\b.*)?TABLESPACE\b")
_MOVES = frozenset({"RENAME", "DROP", "PARTITION", "TABLESPACE", "SYSTEM", "CONVERT", "TO"})
"""Words by which ALTER TABLE may do more to objects, or to rows, than to change a definition."""

_WORDS = (
    SOUGHT_BEFORE
    | SOUGHT
    | _VERBS
    | _SEEN
    | _REPEATABLE
    | _MOVES
    | {"EXCHANGE", "PARTITION", "DISCARD", "IMPORT", "TABLESPACE"}
)
"""All words that are looked for in a statement to tell what it is about."""


class MysqlRecovery(Recovery):
    """The answers of MySQL and MariaDB."""

    keeps_journal = True

    def is_table_there(self, schema: str | None) -> str:
        return (
            "EXISTS (SELECT 1 FROM information_schema.tables WHERE table_name = :name "
            f"AND table_schema = {'DATABASE()' if schema is None else ':schema'})"
        )

    def session(self, connection: Connection) -> str:
        # A server that was started again counts its sessions from 1.
        ((_, uptime),) = ask(connection, "SHOW GLOBAL STATUS LIKE 'Uptime'")
        ((number, now),) = ask(connection, "SELECT CONNECTION_ID(), UNIX_TIMESTAMP()")
        return f"{number} {int(now) - int(uptime)}"

    def database(self, connection: Connection) -> str:
        # SHOW CREATE TABLE and the like are asked, and undone, with the schema before each name.
        return str(ask(connection, "SELECT DATABASE()")[0][0])

    def is_session(self, connection: Connection, session: str) -> bool:
        return _is_same(self.session(connection), session)

    def is_running(self, connection: Connection, session: str) -> bool:
        mine = self.session(connection)
        number, _, start = session.partition(" ")
        if _is_same(mine, session) or not _is_same(f"0 {mine.partition(' ')[2]}", f"0 {start}"):
            return False
        found = text("SELECT COUNT(*) FROM information_schema.processlist WHERE id = :id")
        return bool(connection.scalar(found, {"id": int(number)}))

    def rows_last_at_once(self, connection: Connection, sql: str) -> str | None:
        # https://mariadb.com/kb/en/information-schema-engines-table/
        asked = text(
            "SELECT t.table_name FROM information_schema.tables t "
            "JOIN information_schema.engines e ON e.engine = t.engine "
            "WHERE t.table_schema = DATABASE() AND t.table_name IN :names "
            "AND e.transactions <> 'YES' AND t.table_type = 'BASE TABLE'"
        ).bindparams(bindparam("names", expanding=True))
        found: str | None = connection.scalar(asked, {"names": _names(sql)})
        return found

    def shuts_journal_out(self, sql: str) -> bool:
        # "While holding locks, a thread can only access the locked tables":
        # https://mariadb.com/kb/en/lock-tables/
        return first_words(sql, 2) in (("LOCK", "TABLES"), ("LOCK", "TABLE"))

    def is_repeatable(self, sql: str) -> bool:
        words = first_words(sql, 6)
        if not words or _UNSEEN.search(sql.upper()):
            return False
        if words[0] in _REPEATABLE:
            return True
        return words[0] in _VERBS and not _SEEN.isdisjoint(words[1:])

    def objects(self, connection: Connection, sql: str) -> Objects:
        names = _names(sql)
        if not names:
            return Objects()
        found = dict(_definitions(connection, sql, names))
        may_lose = loses(sql)
        filled = [
            key
            for key in found
            if may_lose and key.startswith("table ") and _has_rows(connection, key)
        ]
        return Objects(found, tuple(filled))

    def objects_after(self, connection: Connection, sql: str, before: Objects) -> Objects:
        if _keeps_objects(sql, before):
            # What is there is known, so only its definitions have to be asked for.
            found = {key: _shown(connection, *_kind_and_place(key)) for key in before.definitions}
            if all(found.values()):
                return Objects(found)
        return self.objects(connection, sql)

    def foreseen(
        self, sql: str, before: Objects, after: Objects, database: str
    ) -> tuple[Foreseen, Foreseen] | None:
        if not self.is_repeatable(sql):
            return None
        may_lose = loses(sql)
        asked_before = foreseen_of(sql, before, database, filled=may_lose)
        may_lose = may_lose and not _keeps_objects(sql, before)
        asked_after = foreseen_of(sql, after, database, filled=may_lose)
        if asked_before is None or asked_after is None:
            return None
        return asked_before, asked_after

    def likely(self, sql: str, database: str) -> tuple[Objects, Objects] | None:
        before = tables_before(sql)
        after = None if before is None else tables_after(sql, before)
        if before is None or after is None:
            return None
        found, left = (
            Objects(dict.fromkeys((key_of(name, database) for name in names), ""))
            for names in (before, after)
        )
        return found, left

    def is_mere_name(self, name: str) -> bool:
        return name.upper() not in _WORDS

    def questions(self, foreseen: Foreseen) -> tuple[str, ...]:
        return questions_for(foreseen)

    def objects_foreseen(
        self, foreseen: Foreseen, answers: Mapping[str, Sequence[Any]], database: str
    ) -> Objects:
        return objects_in(foreseen, answers, database)

    def asked_before(self, sql: str) -> tuple[str, ...] | None:
        expected = tables_before(sql)
        return None if expected is None else objects_asked(sql, expected)

    def told_before(
        self, sql: str, answers: Sequence[Sequence[Sequence[Any]]], database: str
    ) -> Objects | None:
        return objects_told(sql, tables_before(sql) or (), answers, database)

    def asked_after(self, sql: str, before: Objects) -> tuple[str, ...] | None:
        if _keeps_objects(sql, before):
            return definitions_asked(before)
        expected = tables_after(sql, map(_name_of, before.definitions))
        return None if expected is None else objects_asked(sql, expected)

    def told_after(
        self, sql: str, before: Objects, answers: Sequence[Sequence[Sequence[Any]]], database: str
    ) -> Objects | None:
        if not _keeps_objects(sql, before):
            expected = tables_after(sql, map(_name_of, before.definitions)) or ()
            return objects_told(sql, expected, answers, database)
        shown = [str(rows[0][1]) for rows in answers if rows]
        if len(shown) != len(before.definitions):
            return None
        return Objects(dict(zip(before.definitions, map(definition_in, shown), strict=True)))

    def verdict(self, sql: str, before: Objects, now: Objects) -> Verdict:
        if first_words(sql, 2)[:1] == ("DROP",):
            gone = before.definitions.keys() - now.definitions.keys()
            named, doubtful = dropped_by(sql, before.definitions)
            left = named - gone
            if gone and doubtful - gone:
                return Verdict(None)
            if gone and left:
                kind = first_words(sql, 2)[1]
                places = ", ".join(key.partition(" ")[2] for key in sorted(left))
                return Verdict(True, (f"DROP {kind} IF EXISTS {places}",))
        return super().verdict(sql, before, now)

    def undo(self, sql: str, before: Objects, after: Objects) -> tuple[str, ...]:
        return tuple(undo_statements(sql, before, after))


def _is_same(one: str, other: str) -> bool:
    """Whether two names are of one session: the server's start is known to a second or two."""
    (first, start), (second, started) = one.split(), other.split()
    return first == second and abs(int(start) - int(started)) <= 2


def _keeps_objects(sql: str, before: Objects) -> bool:
    """Whether a statement changes definitions, and neither makes, drops nor renames an object."""
    if first_words(sql, 2) != ("ALTER", "TABLE") or not before.definitions:
        return False
    only_tables = all(key.startswith("table ") for key in before.definitions)
    return only_tables and _MOVES.isdisjoint(names_and_words(sql)[1])


def _name_of(key: str) -> str:
    """The name of a table, of which the key of its definition ends with it."""
    return unquoted(key.rpartition("`.")[2])


def _kind_and_place(key: str) -> tuple[str, str]:
    kind, _, place = key.partition(" ")
    return kind, place


def _names(sql: str) -> Sequence[str]:
    """Everything in a statement that can be a name."""
    return names_and_words(sql)[0]


def _definitions(
    connection: Connection, sql: str, names: Sequence[str]
) -> Iterator[tuple[str, str]]:
    words = names_and_words(sql)[1]
    moves = not words.isdisjoint(("TRUNCATE", "RENAME"))
    # A name with a point may be one of another schema, whose name is in the statement as well.
    schemas = names if "." in words else ["\0"]
    for kind, schema, name, created in _listed(connection, words, schemas, names):
        place = f"{_quoted(schema)}.{_quoted(name)}"
        if moves and created:
            # Neither can be seen in the definition; a new table has a new time.
            yield f"time of {place}", created
        yield f"{kind} {place}", _shown(connection, kind, place)
    if not words.isdisjoint(("DATABASE", "SCHEMA")):
        asked = text("SELECT schema_name FROM information_schema.schemata WHERE schema_name IN :n")
        for name in connection.scalars(
            asked.bindparams(bindparam("n", expanding=True)), {"n": names}
        ):
            shown = connection.exec_driver_sql(f"SHOW CREATE DATABASE {_quoted(name)}").one()
            yield f"database {_quoted(name)}", str(shown[1])


_LISTS = {
    (): "SELECT LOWER(table_type), table_schema, table_name, CAST(create_time AS CHAR) "
    "FROM information_schema.tables "
    "WHERE (table_schema = DATABASE() OR table_schema IN :schemas) AND table_name IN :names",
    ("FUNCTION", "PROCEDURE"): "SELECT LOWER(routine_type), routine_schema, routine_name, '' "
    "FROM information_schema.routines "
    "WHERE (routine_schema = DATABASE() OR routine_schema IN :schemas) AND routine_name IN :names",
    ("TRIGGER", "DROP", "RENAME"): "SELECT 'trigger', trigger_schema, trigger_name, '' "
    "FROM information_schema.triggers "
    "WHERE (trigger_schema = DATABASE() OR trigger_schema IN :schemas) "
    "AND (trigger_name IN :names OR event_object_table IN :names)",
    ("EVENT",): "SELECT 'event', event_schema, event_name, '' FROM information_schema.events "
    "WHERE (event_schema = DATABASE() OR event_schema IN :schemas) AND event_name IN :names",
}
"""What lists the objects of some names, by the words of a statement that make it worth asking."""

_KINDS = {"base table": "table", "system versioned": "table", "sequence": "sequence"}


def _answers(
    connection: Connection, question: str, schemas: Sequence[str], names: Sequence[str]
) -> Sequence[Sequence[str]]:
    values: list[str] = []

    def marks(found: re.Match[str]) -> str:
        wanted = schemas if found[1] == "schemas" else names
        values.extend(wanted)
        return f"({', '.join(['%s'] * len(wanted))})"

    if connection.dialect.paramstyle not in ("format", "pyformat"):
        asked = text(question).bindparams(
            bindparam("schemas", expanding=True), bindparam("names", expanding=True)
        )
        return connection.execute(asked, {"schemas": schemas, "names": names}).all()
    sql = _LIST.sub(marks, question)
    return ask(connection, sql, tuple(values))


_LIST = re.compile(r":(schemas|names)\b")


def _listed(
    connection: Connection, words: Set[str], schemas: Sequence[str], names: Sequence[str]
) -> Iterator[tuple[str, str, str, str]]:
    for wanted, question in _LISTS.items():
        if wanted and words.isdisjoint(wanted):
            continue
        for kind, schema, name, created in _answers(connection, question, schemas, names):
            if kind not in ("system view", "temporary"):
                yield _KINDS.get(kind, kind), schema, name, created or ""


def _shown(connection: Connection, kind: str, place: str) -> str:
    """The definition of an object; empty where a right to see it is missing (SHOW VIEW, say)."""
    try:
        (shown,) = ask(connection, _show(kind, place))
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        return ""
    column = 2 if kind in ("function", "procedure", "trigger") else 3 if kind == "event" else 1
    return definition_in(str(shown[column]))


def _show(kind: str, place: str) -> str:
    words = {"sequence": "SEQUENCE", "table": "TABLE", "view": "VIEW"}.get(kind, kind.upper())
    return f"SHOW CREATE {words} {place}".replace("%", "%%")


def _has_rows(connection: Connection, key: str) -> bool:
    place = key.partition(" ")[2].replace("%", "%%")
    return connection.exec_driver_sql(f"SELECT 1 FROM {place} LIMIT 1").first() is not None


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
