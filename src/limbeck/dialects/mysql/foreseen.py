"""Asking again for the objects that a statement has named, within one message to MariaDB.

What :class:`~limbeck.dialects.mysql.recovery.MysqlRecovery` asks a question at a time is asked here
in two parts: a condition, which the server itself holds against what is there, and for each table
that is expected one question for its definition, whose answer is what the journal keeps.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from limbeck.dialects.mysql.sql_tokens import recent_tokens, unquoted
from limbeck.dialects.standard.foreseen import Foreseen
from limbeck.dialects.standard.recovery import Objects, first_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "SOUGHT",
    "definition_in",
    "foreseen_of",
    "is_about_tables",
    "key_of",
    "loses",
    "names_and_words",
    "objects_in",
    "questions_for",
]

_KINDS = frozenset(
    {("CREATE", "TABLE"), ("ALTER", "TABLE"), ("DROP", "TABLE"), ("CREATE", "INDEX"),
     ("DROP", "INDEX"), ("CREATE", "UNIQUE"), ("CREATE", "FULLTEXT"), ("CREATE", "SPATIAL")}
)  # fmt: skip
"""How the statements begin whose objects are tables."""

_OTHERS = frozenset(
    {".", "RENAME", "TRUNCATE", "TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "DATABASE", "SCHEMA",
     "PARTITION", "TABLESPACE", "IMPORT", "DISCARD", "TEMPORARY", "SEQUENCE", "VIEW"}
)  # fmt: skip
"""Words of statements of which more is asked than tables, or that nobody can tell afterwards."""

SOUGHT = _OTHERS.union(*_KINDS, ("DROP", "TRUNCATE"))
"""The words that are looked for here in a statement."""

_PLACE = re.compile(r"table `(?:[^`]|``)*`\.`([^`'\\,]+)`\Z")
_LOSES = re.compile(r"\bDROP\b|\bTRUNCATE\b", re.IGNORECASE)
_COUNTER = re.compile(r" AUTO_INCREMENT=\d+")


def loses(sql: str) -> bool:
    """Whether rows may be lost by a statement, so that it matters which tables have any."""
    return _LOSES.search(sql) is not None


def names_in(tokens: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Everything among the tokens of a statement that can be a name."""
    names = {
        unquoted(text) if kind == "quoted" else text.strip('"')
        for kind, text in tokens
        if kind in ("quoted", "word", "double")
    }
    return tuple(sorted(names))


def definition_in(shown: str) -> str:
    """A definition as the journal keeps it: without the counter, which rows move."""
    return _COUNTER.sub("", shown) if " AUTO_INCREMENT=" in shown else shown


@lru_cache(maxsize=16)  # a statement is looked at before it runs and after it
def names_and_words(sql: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """What can be a name in a statement, and all its tokens in capitals."""
    tokens = recent_tokens(sql)
    return names_in(tokens), frozenset([text.upper() for _, text in tokens])


def is_about_tables(sql: str) -> bool:
    """Whether a statement is about tables of the one database, and nothing else.

    :param sql: the statement.
    """
    return first_words(sql, 2) in _KINDS and _OTHERS.isdisjoint(names_and_words(sql)[1])


def foreseen_of(sql: str, objects: Objects, database: str, *, filled: bool) -> Foreseen | None:
    """How the objects that a statement has named are asked for again; None where that cannot be.

    :param sql: the statement.
    :param objects: what was there.
    :param database: the database in which they were.
    :param filled: whether it is asked which of the tables hold rows.
    """
    names, words = names_and_words(sql)
    is_plain = not any("'" in name or "\\" in name for name in names)
    if not is_about_tables(sql) or not is_plain:
        return None
    tables = [_PLACE.match(key) for key in objects.definitions]
    here = f"table `{database.replace('`', '``')}`."
    if not all(tables) or not all(key.startswith(here) for key in objects.definitions):
        return None
    # in the order of the condition
    found = sorted((each[1] for each in tables if each), key=lambda name: name.encode())
    listed = ", ".join(f"'{name}'" for name in names)
    return Foreseen(_condition(listed, found, "DROP" in words), tuple(found), filled)


def _condition(listed: str, tables: Sequence[str], may_drop_triggers: bool) -> str:
    # the kinds are named as the recovery names them: a view of the same name is something else
    kind = (
        "CASE LOWER(table_type) WHEN 'base table' THEN 'table' WHEN 'system versioned' "
        "THEN 'table' ELSE LOWER(table_type) END"
    )
    expected = ",".join(f"table {name}" for name in tables)
    expected = f"'{expected}'" if tables else "NULL"
    condition = (
        f"(SELECT GROUP_CONCAT(CONCAT({kind}, ' ', table_name) ORDER BY BINARY table_name "
        "SEPARATOR ',') FROM information_schema.tables WHERE table_schema = DATABASE() "
        f"AND LOWER(table_type) NOT IN ('system view', 'temporary') AND table_name IN ({listed}))"
        f" <=> {expected}"
    )
    if may_drop_triggers:
        condition += (
            " AND NOT EXISTS (SELECT 1 FROM information_schema.triggers "
            f"WHERE trigger_schema = DATABASE() AND (trigger_name IN ({listed}) "
            f"OR event_object_table IN ({listed})))"
        )
    return condition


def questions_for(foreseen: Foreseen) -> tuple[str, ...]:
    """What is asked of the tables that are expected; each gives one row.

    :param foreseen: what is expected.
    """
    shown = tuple(f"SHOW CREATE TABLE `{name}`" for name in foreseen.tables)
    return shown + (tuple(map(_has_rows, foreseen.tables)) if foreseen.filled else ())


def objects_in(foreseen: Foreseen, answers: Mapping[str, Sequence[Any]], database: str) -> Objects:
    """The objects of a statement.

    :param foreseen: what was expected, and is there.
    :param answers: the rows that the questions have given.
    :param database: the database in which they are.
    """
    found = {
        key_of(name, database): definition_in(answers[f"SHOW CREATE TABLE `{name}`"][1])
        for name in foreseen.tables
    }
    if not foreseen.filled:
        return Objects(found)
    rows = [name for name in foreseen.tables if int(answers[_has_rows(name)][0])]
    return Objects(found, tuple(key_of(name, database) for name in rows))


def key_of(table: str, database: str) -> str:
    """By what the objects of a statement name a table, whose name has no backquote.

    :param table: the table.
    :param database: the database in which it is.
    """
    return f"table `{database.replace('`', '``')}`.`{table}`"


def _has_rows(name: str) -> str:
    return f"SELECT EXISTS (SELECT 1 FROM `{name}`)"
