"""Keep passwords out of every text that a person or a log may see."""

from __future__ import annotations

import re

# greedy up to the last @ of the word: a password may itself hold an @, a colon or a slash
_IN_ADDRESS = re.compile(r"(://[^:/@\s'\"]*):[^\s'\"]*@")
_AS_KEYWORD = re.compile(r"(?i)\b(password|passwd|pwd)(\s*=\s*)('[^']*'|\"[^\"]*\"|[^\s,;&)'\"]+)")
# "Can't locate revision identified by 'x'" is a message of ours, and no statement
_IN_SQL = re.compile(r"(?i)(?<!revision )\b(password|identified\s+by)\s+'(?:[^']|'')*'")


def without_passwords(text: str) -> str:
    """Replace whatever looks like a password by ``***``.

    :param text: any text: an address, a statement, what a driver says.
    :returns: the same text without passwords.
    """
    quiet = _AS_KEYWORD.sub(r"\1\2***", _IN_ADDRESS.sub(r"\1:***@", text))
    return _IN_SQL.sub(r"\1 '***'", quiet)
