"""Which tables and columns the author's own statements in a revision may have written.

A loss of values is the author's own doing only where one of these statements writes: the rows of
its table, for an UPDATE the columns that it sets, and what goes along by foreign keys and triggers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from limbeck.database.data_statements import Write, words_of, writes_of
from limbeck.facts.objects import ForeignKeyFact
from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.facts.objects import SchemaFact, TableFact, TableKey
    from limbeck.workflow.overhearing import Heard

__all__ = ["OwnWrites", "own_writes"]

_RENAME = re.compile(
    r"\bTABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?(?P<old>\S+)\s+(?:RENAME\s+)?TO\s+(?P<new>\S+)",
    re.IGNORECASE,
)
_CREATE = re.compile(
    r"\bCREATE\s+(?:\w+\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([^\s(]+)", re.IGNORECASE
)
_ROUTINE = re.compile(r"(?:FUNCTION|PROCEDURE)\s+(?:[\w$\"`]+\.)?[\"`]?([\w$]+)", re.IGNORECASE)
_ON = re.compile(r"(?<=\s)ON\s+\S+", re.IGNORECASE)
_RUNS = ("trigger", "function", "procedure", "event")
_FOLLOWS = ("CASCADE", "SET NULL", "SET DEFAULT")


class OwnWrites(Value):
    """What may have been written, by the names of tables in small letters.

    :param writes: the writes, each of named tables.
    """

    writes: tuple[Write, ...] = ()

    def __bool__(self) -> bool:
        return any(each.tables for each in self.writes)

    def changes(self, key: TableKey, column: str) -> bool:
        """Whether values of a column may have been changed."""
        return any(each.columns is None or column.lower() in each.columns for each in self._of(key))

    def adds_rows(self, key: TableKey) -> bool:
        """Whether rows may have been added to a table."""
        return any(each.adds_rows for each in self._of(key))

    def removes_rows(self, key: TableKey) -> bool:
        """Whether rows of a table may have been deleted."""
        return any(each.removes_rows for each in self._of(key))

    def _of(self, key: TableKey) -> Iterator[Write]:
        name = key.name.lower()
        return (each for each in self.writes if each.tables is not None and name in each.tables)


def own_writes(
    heard: Iterable[Heard],
    schemas: Sequence[SchemaFact],
    surroundings: Iterable[str],
    unheard: str | None = None,
) -> OwnWrites:
    """What the author's statements may have written.

    :param heard: the statements of a revision.
    :param schemas: the schemas before and after it.
    :param surroundings: the triggers and routines of both, as texts.
    :param unheard: the text of a revision that also talks to the driver, past everybody's ears.
    """
    tables = [table for schema in schemas for table in schema.tables]
    names = frozenset(table.key.name.lower() for table in tables)
    found: list[Write] = []
    made: set[str] = set()
    for each in heard:
        made |= {_plain_name(name) for name in _CREATE.findall(each.sql)}
        if each.is_own:
            writes = writes_of(each.sql)
            # all that is in a table which the revision has made was put there by its author
            found += [_whole(one) if one.tables and one.tables & made else one for one in writes]
        found = _renamed(found, each.sql)
    if unheard is not None:
        found.append(Write(None, words=words_of(unheard)))
    found = [each for each in (_named(each, names) for each in found) if _matters(each, names)]
    found = [_settled(each, tables) for each in found]
    found += _by_routines(found, tuple(surroundings), names)
    return OwnWrites(tuple(_with_followers(found, tables)))


def _renamed(writes: list[Write], sql: str) -> list[Write]:
    """The writes, those of a table that is now called otherwise for its new name too."""
    names = _RENAME.search(sql) if writes and "RENAME" in sql.upper() else None
    if names is None:
        return writes
    old, new = (_plain_name(names[which]) for which in ("old", "new"))
    return [
        _whole(replace(each, tables=each.tables | {new}))
        if each.tables is not None and old in each.tables
        else each
        for each in writes
    ]


def _plain_name(word: str) -> str:
    """The name in a word of SQL, without its schema and its quotes, in small letters."""
    return word.rstrip(";").rpartition(".")[2].strip('"`[]').lower()


def _whole(write: Write) -> Write:
    return replace(write, columns=None, adds_rows=True, removes_rows=True)


def _named(write: Write, names: frozenset[str]) -> Write:
    """A write of which only words are known is one of the tables among them, else of all."""
    if write.tables is not None:
        return write
    return replace(write, tables=(write.words & names) or names)


def _matters(write: Write, names: frozenset[str]) -> bool:
    """Not so of the version table; what is no write may still be a call."""
    return not write.tables or bool(write.tables & names)


def _settled(write: Write, tables: Iterable[TableFact]) -> Write:
    """A column that is there neither before nor after may have become any by another name."""
    if not write.columns or write.tables is None:
        return write
    known = {
        column.name.lower()
        for table in tables
        if table.key.name.lower() in write.tables
        for column in table.columns
    }
    return write if write.columns <= known else replace(write, columns=None)


def _by_routines(
    writes: Iterable[Write], surroundings: Iterable[str], names: frozenset[str]
) -> list[Write]:
    """What triggers and functions may have written: of every table that one of them names."""
    texts = [each for each in surroundings if each.lower().startswith(_RUNS)]
    routines = {name.lower() for each in texts for name in _ROUTINE.findall(each[:200])}
    fired = frozenset[str]().union(
        *(words_of(each) for each in texts if each.lower().startswith("trigger"))
    )
    runs = any((each.tables and each.tables & fired) or each.words & routines for each in writes)
    if not runs:
        return []
    words = frozenset[str]().union(*(words_of(_without_table(each)) for each in texts))
    return [Write(words & names)]


def _without_table(text: str) -> str:
    """A trigger's text without the table that it is on, which it need not write."""
    return _ON.sub(" ", text) if text.lower().startswith("trigger") else text


def _with_followers(writes: list[Write], tables: Iterable[TableFact]) -> list[Write]:
    """The writes, with what foreign keys do to other tables on their account."""
    found = list(writes)
    keys = [
        (table, fact)
        for table in tables
        for fact in table.constraints
        if isinstance(fact, ForeignKeyFact)
    ]
    done = 0
    while done < len(found):
        write = found[done]
        done += 1
        for table, key in keys:
            follower = _follower(write, table, key)
            if follower is not None and follower not in found:
                found.append(follower)
    return found


def _follower(write: Write, table: TableFact, key: ForeignKeyFact) -> Write | None:
    if write.tables is None or key.referred.name.lower() not in write.tables:
        return None
    own = frozenset(each.lower() for each in key.columns)
    referred = {each.lower() for each in key.referred_columns}
    updates = key.onupdate in _FOLLOWS and (write.columns is None or write.columns & referred)
    deletes = write.removes_rows and key.ondelete in _FOLLOWS
    if not updates and not deletes:
        return None
    removes = deletes and key.ondelete == "CASCADE"
    changes = updates or (deletes and not removes)
    name = frozenset({table.key.name.lower()})
    return Write(name, own if changes else frozenset(), False, bool(removes))
