"""What becomes of values when their column gets another type, on SQLite.

SQLite keeps any value in any column; the declared length or precision means nothing to it. Only the
affinity converts: https://www.sqlite.org/datatype3.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.dialects.sqlite.rebuild_copy import affinity
from limbeck.dialects.standard.type_words import type_words
from limbeck.operations.risk import loses

if TYPE_CHECKING:
    from limbeck.operations.risk import Risk

_WHOLE = frozenset({"boolean", "date", "time", "timestamp"})
"""What has the affinity NUMERIC, and holds no fractions."""


def type_risk(before: str, after: str, column: str) -> Risk | None:
    """Say what a change of type may do to a column's values.

    :param before: the text of the old type.
    :param after: the text of the new one.
    :param column: the column for people.
    :returns: None where every value stays what it is.
    """
    old, new = affinity(before), affinity(after)
    if old == new or new in ("TEXT", "BLOB"):
        return None
    if old == "TEXT":
        return loses(f"the spelling of texts in {column} that look like numbers: 007 becomes 7")
    if type_words(before).family in _WHOLE:
        return None
    if new == "INTEGER" and old in ("REAL", "NUMERIC"):
        return loses(f"fractions in {column}")
    if new == "REAL" and old in ("INTEGER", "NUMERIC"):
        return loses(f"digits after the 15th in {column}")
    return None
