"""What PostgreSQL says of a statement that cannot be rolled back, and may have been interrupted.

``CREATE INDEX CONCURRENTLY`` that was interrupted leaves an index that is not valid, of no use to
anybody and kept up to date at every write:
https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, text
from sqlalchemy.schema import CreateIndex, DropIndex

from limbeck.dialects.standard.recovery import (
    Objects,
    Recovery,
    Verdict,
    first_words,
    text_in,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

# https://www.postgresql.org/docs/current/sql-commands.html: "cannot be executed inside a
# transaction block" stands at each of these.
_OWN_STEP = re.compile(
    r"""
    (CREATE\s+(UNIQUE\s+)?INDEX\s+CONCURRENTLY
    |DROP\s+INDEX\s+CONCURRENTLY
    |REINDEX\b.*\bCONCURRENTLY
    |REINDEX\s+(\([^)]*\)\s*)?(SCHEMA|DATABASE|SYSTEM)
    |VACUUM
    |CLUSTER(\s+VERBOSE)?\s*;?\s*\Z
    |(CREATE|DROP)\s+DATABASE
    |ALTER\s+DATABASE\b.*\bSET\s+TABLESPACE
    |(CREATE|DROP)\s+TABLESPACE
    |ALTER\s+SYSTEM
    |ALTER\s+TABLE\b.*\bDETACH\s+PARTITION\b.*\bCONCURRENTLY
    |(CREATE|DROP)\s+SUBSCRIPTION
    |ALTER\s+SUBSCRIPTION\b.*\b(REFRESH|SET\s+PUBLICATION)
    )(\b|\Z)
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_LEADING = re.compile(r"\A(?:\s+|--[^\n]*\n|/\*.*?\*/)*", re.DOTALL)
_NEW_VALUE = re.compile(r"ALTER\s+TYPE\b.*\bADD\s+VALUE\b", re.IGNORECASE | re.DOTALL)
_REPEATABLE = frozenset({"VACUUM", "REINDEX", "CLUSTER"})
_SEEN = re.compile(
    r"(CREATE|DROP)\s+(UNIQUE\s+)?(INDEX|DATABASE|TABLESPACE|SUBSCRIPTION)\b|ALTER\s+(TYPE|TABLE)\b"
    r"|ALTER\s+SYSTEM\b|ALTER\s+DATABASE\b|ALTER\s+SUBSCRIPTION\b",
    re.IGNORECASE,
)
_CREATES = re.compile(r"CREATE (UNIQUE )?INDEX")
_CREATES_INDEX = re.compile(r"CREATE\s+(UNIQUE\s+)?INDEX\s+CONCURRENTLY\b", re.IGNORECASE)
_WORDS = re.compile(r"'(?:[^']|'')*'|\"(?P<quoted>(?:[^\"]|\"\")+)\"|(?P<word>[^\W\d][\w$]*)")
_INVALID = "INVALID: "
# https://www.postgresql.org/docs/12/release-12.html
_VALUES_IN_TRANSACTIONS = (12,)


class PostgresqlRecovery(Recovery):
    """The answers of PostgreSQL."""

    keeps_journal = True

    def is_table_there(self, schema: str | None) -> str:
        where = "pg_catalog.pg_table_is_visible(c.oid)" if schema is None else "n.nspname = :schema"
        return (
            "EXISTS (SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n "
            f"ON n.oid = c.relnamespace WHERE c.relname = :name AND {where})"
        )

    def session(self, connection: Connection) -> str:
        asked = "SELECT pid || ' ' || backend_start FROM pg_stat_activity WHERE pid = {}"
        return str(connection.scalar(text(asked.format("pg_backend_pid()"))))

    def is_running(self, connection: Connection, session: str) -> bool:
        asked = text(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE pid || ' ' || backend_start = :session "
            "AND pid <> pg_backend_pid()"
        )
        return bool(connection.scalar(asked, {"session": session}))

    def needs_own_step(
        self, statement: Any, version: tuple[int, ...] | None, *, splits: bool = False
    ) -> bool:
        if isinstance(statement, CreateIndex | DropIndex):
            return bool(statement.element.dialect_options["postgresql"]["concurrently"])
        sql = text_in(statement)
        if sql is None:
            return False
        if _OWN_STEP.match(_bare(sql)):
            return True
        early = bool(version) and tuple(version or ()) < _VALUES_IN_TRANSACTIONS
        return (early or splits) and _NEW_VALUE.match(_bare(sql)) is not None

    def wants_split(self, error: BaseException) -> bool:
        # "unsafe use of new value": https://www.postgresql.org/docs/current/sql-altertype.html
        found = getattr(error, "orig", None)
        return "55P04" in (getattr(found, "sqlstate", None), getattr(found, "pgcode", None))

    def wraps(self, sql: str) -> bool:
        if _OWN_STEP.match(_bare(sql)):
            return False
        # A block of code may hold a COMMIT, which only works outside of a transaction.
        return not self.is_opaque(sql) or "commit" not in sql.lower()

    def is_opaque(self, sql: str) -> bool:
        return first_words(sql) in (("CALL",), ("DO",))

    def is_repeatable(self, sql: str) -> bool:
        return first_words(sql)[:1] in {(word,) for word in _REPEATABLE} or (
            _SEEN.match(_bare(sql)) is not None
        )

    def objects(self, connection: Connection, sql: str) -> Objects:
        return Objects(dict(_definitions(connection, _names(sql))))

    def debris(self, connection: Connection, sql: str) -> tuple[str, ...]:
        if not _CREATES_INDEX.match(_bare(sql)):
            return ()
        name = re.match(
            r"CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?:IF\s+NOT\s+EXISTS\s+)?"
            r"(?:\"(?P<quoted>(?:[^\"]|\"\")+)\"|(?P<word>(?!ON\b)[\w$]+))",
            _bare(sql),
            re.IGNORECASE,
        )
        if name is None:
            return ()
        wanted = name["quoted"].replace('""', '"') if name["quoted"] else name["word"].lower()
        return tuple(
            _drop_index(key)
            for key, definition in self.objects(connection, sql).definitions.items()
            if definition.startswith(_INVALID) and _place(key)[1] == wanted
        )

    def verdict(self, sql: str, before: Objects, now: Objects) -> Verdict:
        new = {
            key: definition
            for key, definition in now.definitions.items()
            if before.definitions.get(key) != definition
        }
        pending = [key for key in new if key.startswith("detaching ")]
        if pending:
            finished = re.sub(r"\bCONCURRENTLY\b", "FINALIZE", sql, flags=re.IGNORECASE)
            return Verdict(True, (finished,))
        broken = [key for key in new if new[key].startswith(_INVALID)]
        if broken and first_words(sql)[:1] != ("DROP",):
            return Verdict(False, tuple(_drop_index(key) for key in broken))
        if broken:
            return Verdict(False)
        return super().verdict(sql, before, now)

    def undo(self, sql: str, before: Objects, after: Objects) -> tuple[str, ...]:
        old, new = before.definitions, after.definitions
        changed = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
        if not all(key.startswith("index ") for key in changed):
            return super().undo(sql, before, after)
        # What was there before an index that was left invalid is no index either.
        came = [key for key in sorted(changed) if key in new]
        gone = [key for key in sorted(changed) if not old.get(key, _INVALID).startswith(_INVALID)]
        return (
            *(_drop_index(key) for key in came),
            *(_CREATES.sub(r"\g<0> CONCURRENTLY", old[key], count=1) for key in gone),
        )


def _bare(sql: str) -> str:
    start = _LEADING.match(sql)
    return sql[start.end() if start else 0 :]


def _names(sql: str) -> list[str]:
    """Everything in a statement that can be a name, as PostgreSQL would fold it."""
    found = set()
    for match in _WORDS.finditer(sql):
        if match["quoted"]:
            found.add(match["quoted"].replace('""', '"'))
        elif match["word"]:
            found.add(match["word"].lower())
    return sorted(found)


_INDEXES = """
SELECT 'index ' || quote_ident(n.nspname) || '.' || quote_ident(i.relname),
       CASE WHEN x.indisvalid AND x.indisready THEN '' ELSE 'INVALID: ' END
       || pg_get_indexdef(i.oid)
FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_namespace n ON n.oid = i.relnamespace
WHERE (i.relname IN :names OR t.relname IN :names) AND n.nspname NOT LIKE 'pg\\_%'
"""
_VALUES = """
SELECT 'type ' || t.oid::regtype, string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid WHERE t.typname IN :names GROUP BY t.oid
"""
_PARTITIONS = """
SELECT CASE WHEN h.inhdetachpending THEN 'detaching ' ELSE 'partition ' END
       || h.inhrelid::regclass, h.inhparent::regclass::text
FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid WHERE c.relname IN :names
"""
_OTHERS = """
SELECT 'database ' || datname, dattablespace::text FROM pg_database WHERE datname IN :names
UNION ALL SELECT 'tablespace ' || spcname, '' FROM pg_tablespace WHERE spcname IN :names
UNION ALL SELECT 'subscription ' || subname, '' FROM pg_stat_subscription WHERE subname IN :names
"""
# https://www.postgresql.org/docs/14/release-14.html
_DETACHES_CONCURRENTLY = (14,)


def _definitions(connection: Connection, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    questions = [_INDEXES, _VALUES, _OTHERS]
    if tuple(connection.dialect.server_version_info or ()) >= _DETACHES_CONCURRENTLY:
        questions.append(_PARTITIONS)
    for question in questions:
        asked = text(question.replace(":", "\\:").replace("\\:names", ":names"))
        asked = asked.bindparams(bindparam("names", expanding=True))
        for key, definition in connection.execute(asked, {"names": names}).all():
            yield key, definition or ""


def _place(key: str) -> tuple[str, str]:
    """The schema and the name of an index, by its key."""
    found = [
        (match["quoted"] or match["word"] or "").replace('""', '"')
        for match in _WORDS.finditer(key.partition(" ")[2])
    ]
    return found[0], found[-1]


def _drop_index(key: str) -> str:
    return f"DROP INDEX CONCURRENTLY IF EXISTS {key.partition(' ')[2]}"
