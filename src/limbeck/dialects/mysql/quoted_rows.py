"""Rows of which all columns come as one text.

A driver in Python takes as long for a short column as for a long one. ``QUOTE()`` writes any value
so that it can be told from its neighbours, whatever is in it and whatever the SQL mode is: a
backslash before each backslash and quote, ``\\0`` and ``\\Z`` for two control characters, and NULL
without quotes (https://mariadb.com/kb/en/quote/,
https://dev.mysql.com/doc/refman/8.4/en/string-functions.html#function_quote).
"""

from __future__ import annotations

import re

__all__ = ["BREAK", "quoted", "values_of", "without_breaks"]

BREAK = "\n"
"""What stands between rows of one text."""

_VALUE = re.compile(r"'([^'\\]*(?:\\.[^'\\]*)*)'|(NULL)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CONTROL = {"0": "\0", "Z": "\x1a", "n": BREAK}


def quoted(*columns: str) -> str:
    """SQL for the text of some columns.

    :param columns: SQL expressions.
    """
    # QUOTE(NULL) is a string of bytes, where QUOTE() of a column without a value is one of letters.
    texts = ("'NULL'" if each == "NULL" else f"QUOTE({each})" for each in columns)
    return f"CONCAT_WS(',', {', '.join(texts)})"


def without_breaks(row: str) -> str:
    """SQL for a row in which a line break is ``\\n``, which ``QUOTE()`` leaves as it is.

    :param row: SQL for the text of a row.
    """
    return f"REPLACE({row}, CHAR(10 USING utf8), CHAR(92, 110 USING utf8))"


def values_of(text: str) -> list[str | None]:
    """The values of a row.

    :param text: as :func:`quoted` has it.
    """
    found = [None if nothing else value for value, nothing in _VALUE.findall(text)]
    if "\\" not in text:
        return found
    return [None if each is None else _ESCAPED.sub(_plain, each) for each in found]


def _plain(escaped: re.Match[str]) -> str:
    return _CONTROL.get(escaped[1], escaped[1])
