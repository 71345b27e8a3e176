"""What a statement names, asked in the same message in which something else is sent to MariaDB.

What :class:`~limbeck.dialects.mysql.recovery.MysqlRecovery` asks one question at a time, of
whatever a statement may be about, is asked here at once for statements that are about tables: which
of the names are there, and the definitions of those that the statement looks to be about. What
turns out to be more than that is asked as ever.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from limbeck.dialects.mysql.foreseen import definition_in, is_about_tables, loses, names_and_words
from limbeck.dialects.mysql.sql_tokens import recent_tokens, unquoted
from limbeck.dialects.standard.recovery import Objects, first_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "SOUGHT_BEFORE",
    "definitions_asked",
    "objects_asked",
    "objects_told",
    "tables_after",
    "tables_before",
]

_BEFORE_NAMES = frozenset({"TABLE", "TABLES", "ON", "REFERENCES", "EXISTS"})
_NO_NAMES = frozenset({"IF", "NOT", "DELETE", "UPDATE"})
SOUGHT_BEFORE = _BEFORE_NAMES | _NO_NAMES
"""The words that are looked for here beside names."""

_TABLE_TYPES = "('BASE TABLE', 'SYSTEM VERSIONED')"
_KINDS = {"base table": True, "system versioned": True, "system view": False, "temporary": False}
"""What can be told of at once, and whether it is a table of its own."""

_STRANGE = re.compile(r"['\\,]")


class _Names(NamedTuple):
    """What can be a name in a statement.

    :param all: everything that can.
    :param tables: the tables that it looks to be about.
    :param verb: its first two words.
    :param may_drop: whether it drops something, which may be a trigger.
    """

    all: tuple[str, ...]
    tables: tuple[str, ...]
    verb: tuple[str, ...]
    may_drop: bool


@lru_cache(maxsize=16)  # a statement is looked at before it runs and after it
def _names(sql: str) -> _Names | None:
    """The names in a statement; None where it may be about more than tables of this database."""
    names, capitals = names_and_words(sql)
    if not is_about_tables(sql) or any(map(_STRANGE.search, names)):
        return None
    words = [unquoted(text) for _, text in recent_tokens(sql)]
    tables = dict.fromkeys(
        word
        for before, word in pairwise(words)
        if before.upper() in _BEFORE_NAMES and word in names and word.upper() not in _NO_NAMES
    )
    return _Names(names, tuple(tables), first_words(sql, 2), "DROP" in capitals)


def tables_before(sql: str) -> tuple[str, ...] | None:
    """The tables that a statement is likely to find; None where it may be about more.

    :param sql: the statement.
    """
    names = _names(sql)
    if names is None:
        return None
    return names.tables[1:] if names.verb == ("CREATE", "TABLE") else names.tables


def tables_after(sql: str, before: Iterable[str]) -> tuple[str, ...] | None:
    """The tables that a statement is likely to leave; None where it may be about more.

    :param sql: the statement.
    :param before: those that it has found.
    """
    names = _names(sql)
    if names is None:
        return None
    likely = dict.fromkeys((*names.tables, *before))
    if names.verb == ("DROP", "TABLE"):
        likely = dict.fromkeys(name for name in likely if name not in names.tables)
    return tuple(likely)


def objects_asked(sql: str, expected: Sequence[str]) -> tuple[str, ...]:
    """The questions for all that a statement names.

    The server itself finds out whether that is what is expected, as each answer costs the client.

    :param sql: the statement.
    :param expected: the tables that are likely to be there.
    """
    names = _names(sql)
    assert names is not None
    listed = ", ".join(f"'{name}'" for name in names.all)
    here = (
        "FROM information_schema.tables "
        f"WHERE table_schema = DATABASE() AND table_name IN ({listed})"
    )
    line = "CONCAT(LOWER(table_type), ' ', table_name)"
    there = f"SELECT {line} {here}"
    triggers = (
        "FROM information_schema.triggers WHERE trigger_schema = DATABASE() "
        f"AND (trigger_name IN ({listed}) OR event_object_table IN ({listed}))"
    )
    lines = ",".join(f"base table {name}" for name in sorted(expected, key=str.encode))
    all_lines = f"GROUP_CONCAT({line} ORDER BY BINARY table_name SEPARATOR ',')"
    wanted = f"BINARY '{lines}'" if lines else "NULL"
    is_expected = f"(SELECT {all_lines} {here}) <=> {wanted}"
    if names.may_drop:
        there += f" UNION ALL SELECT CONCAT('trigger ', trigger_name) {triggers}"
        is_expected += f" AND NOT EXISTS (SELECT 1 {triggers})"
    asked = {name: _shown(name, with_rows=loses(sql)) for name in (*expected, *names.tables)}
    each = [
        "IF EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() "
        f"AND table_name = '{name}' AND table_type IN {_TABLE_TYPES}) THEN {said}; END IF"
        for name, said in asked.items()
    ]
    usual = "; ".join(asked[name] for name in expected) or "DO 0"
    return (f"IF {is_expected} THEN {usual}; ELSE {'; '.join((there, *each))}; END IF",)


def _shown(name: str, *, with_rows: bool) -> str:
    rows = f"; SELECT '{name}', 1, EXISTS (SELECT 1 FROM {_quoted(name)})" if with_rows else ""
    return f"SHOW CREATE TABLE {_quoted(name)}{rows}"


def objects_told(
    sql: str, expected: Sequence[str], answers: Sequence[Sequence[Sequence[Any]]], database: str
) -> Objects | None:
    """What a statement names; None where the answers do not say all of it.

    :param sql: the statement.
    :param expected: the tables that were likely to be there.
    :param answers: the rows of each answer to :func:`objects_asked`, their values as text.
    :param database: the database in which it is.
    """
    is_listed = bool(answers) and (not answers[0] or len(answers[0][0]) == 1)
    lines = [str(line) for (line,) in answers[0]] if is_listed else None
    told: dict[str, dict[str, Any]] = {"shown": {}, "filled": {}}
    for rows in answers[is_listed:]:
        for name, *said in rows:
            told["filled" if len(said) == 2 else "shown"][str(name)] = said[-1]
    there = expected if lines is None else _tables_in(lines)
    if there is None or not told["shown"].keys() >= set(there):
        return None
    if loses(sql) and not told["filled"].keys() >= set(there):
        return None
    keys = {name: f"table {_quoted(database)}.{_quoted(name)}" for name in there}
    found = {key: definition_in(str(told["shown"][name])) for name, key in keys.items()}
    filled = [key for name, key in keys.items() if told["filled"].get(name) == "1"]
    return Objects(found, tuple(filled))


def _tables_in(lines: Sequence[str]) -> list[str] | None:
    """The tables in a list of what is there; None where something else is."""
    found = []
    for line in lines:
        kind = next((each for each in _KINDS if line.startswith(f"{each} ")), None)
        if kind is None:
            return None
        if _KINDS[kind]:
            found.append(line[len(kind) + 1 :])
    return found


def definitions_asked(before: Objects) -> tuple[str, ...]:
    """The questions for the definitions of tables that are known to be there.

    :param before: the tables.
    """
    return tuple(f"SHOW CREATE TABLE {key.partition(' ')[2]}" for key in before.definitions)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
