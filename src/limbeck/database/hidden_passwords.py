"""What looks like a password in a text, and the text without it."""

from __future__ import annotations

import re

__all__ = ["without_passwords"]

# greedy up to the last @ of the word: a password may itself hold an @, a colon or a slash
_IN_ADDRESS = re.compile(r"(://[^:/@\s'\"]*):[^\s'\"]*@")
_AS_KEYWORD = re.compile(
    r"(?i)(password|passwd|pwd)(\s*=\s*)"
    # in a string of SQL, each of its quotes is there twice
    r"(''[^']+''|(?:[en]|u&)?'(?:[^'\\]|''|\\.)*(?:'|\Z)|\"[^\"]*\"|[^\s,;&)'\"]+)"
)
# "password: x" is a setting, "password: no such column" a message, and YES and NO are MySQL's
_AFTER_COLON = re.compile(
    r"(?im)\b(password|passwd|pwd)(\s*:[ \t]+)(?!YES\)|NO\))[^\s,;]+?(?=[,;]|\)*\s*$)"
)
# of an address only: elsewhere a token is a word of a language
_IN_QUERY = re.compile(r"(?i)([?&](?:token|access_token|secret|api_?key|odbc_connect)=)[^\s&'\"]+")
_IN_DICT = re.compile(
    r"(?i)((?:password|passwd|pwd|secret|token)['\"]\s*:\s*)"
    r"('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
)
# what a driver takes for a host where the password before it had an @ in it
_IN_HOST = re.compile(r"(?i)(\bhost(?: ?name)?:? ['\"]|\bserver on ['\"])[^'\"\s]*@")
# "Can't locate revision identified by 'x'" is a message of ours, and no statement. A text that is
# cut off in the middle of a password has no quote at its end.
_IN_SQL = re.compile(
    r"(?i)(?<!revision )(?<!['\"])\b"
    r"(password\s*\(?|identified\s+(?:(?:with|via)\s+\S+\s+)?(?:by|as|using)(?:\s+password)?|"
    r"set\s+password(?:\s+for\s+(?:'[^']*'|[^\s'])+)?\s*=(?:\s*password\s*\()?)"
    r"(?:\s|/\*.*?\*/)*(?:(?:[en]|u&)?'(?:[^'\\]|''|\\.)*(?:'|\Z)|\"(?:[^\"\\]|\\.)*(?:\"|\Z)|(\$\w*\$).*?(?:\2|\Z))",
    re.DOTALL,
)
_OLD_ONE = re.compile(r"(?i)('\*\*\*'\s+replace\s+)'(?:[^'\\]|''|\\.)*(?:'|\Z)")


def without_passwords(text: str) -> str:
    """Replace whatever looks like a password by ``***``.

    :param text: any text: an address, a statement, what a driver says.
    :returns: the same text without passwords.
    """
    quiet = _OLD_ONE.sub(r"\1'***'", _IN_SQL.sub(_without_string, text))
    quiet = _AFTER_COLON.sub(r"\1\2***", quiet)
    quiet = _AS_KEYWORD.sub(r"\1\2***", _IN_ADDRESS.sub(r"\1:***@", quiet))
    quiet = _IN_QUERY.sub(r"\1***", _IN_DICT.sub(r"\1'***'", quiet))
    return _IN_HOST.sub(r"\1***@", quiet)


def _without_string(found: re.Match[str]) -> str:
    gap = "" if found[1].endswith(("(", "=")) else " "
    return f"{found[1].rstrip()}{gap}'***'"
