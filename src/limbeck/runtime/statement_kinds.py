"""What kind of statement a text is, as far as its first word tells."""

from __future__ import annotations

import re
from functools import lru_cache

from limbeck.dialects.standard.recovery import COMMITS

READS = frozenset(
    {"SELECT", "SHOW", "PRAGMA", "EXPLAIN", "DESCRIBE", "DESC", "SET", "USE", "VALUES"}
)
CONTROLS = COMMITS | {"BEGIN", "START", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"}
ROWS = frozenset({"INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "MERGE", "CALL", "LOAD", "DO"})
COMMENTS = re.compile(r"\A(?:\s+|--[^\n]*\n|/\*.*?\*/)*", re.DOTALL)


@lru_cache(maxsize=32)  # each statement that runs is looked at by several, one after the other
def first_word(statement: str) -> str:
    """The word by which a statement begins, in capitals."""
    start = COMMENTS.match(statement)
    rest = statement[start.end() if start else 0 :].lstrip("(")
    found = re.match(r"\w+", rest)
    return found.group().upper() if found else ""


def is_ddl(statement: str) -> bool:
    """Whether a statement changes a schema, and not rows."""
    word = first_word(statement)
    return bool(word) and word not in READS and word not in CONTROLS and word not in ROWS
