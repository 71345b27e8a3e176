"""SQL text of MySQL and MariaDB as tokens: https://mariadb.com/kb/en/string-literals/."""

from __future__ import annotations

import re
from functools import lru_cache

from sqlalchemy.dialects.mysql.reserved_words import RESERVED_WORDS_MARIADB, RESERVED_WORDS_MYSQL

from limbeck.dialects.standard.brackets import without_brackets

_RESERVED = RESERVED_WORDS_MARIADB | RESERVED_WORDS_MYSQL
# What a word begins with (letters, _, $, @ and all that is not ASCII) is said by what is left of
# ASCII: a range up to the last character takes long to compile.
_TOKEN = re.compile(
    r"""
    (?P<blank>\s+)
  | (?P<string>(?:[bBxXnN]|_[A-Za-z0-9]+\s*)?'(?:[^'\\]|''|\\.)*')
  | (?P<quoted>`(?:[^`]|``)*`)
  | (?P<double>"(?:[^"\\]|""|\\.)*")
  | (?P<number>0[xX][0-9A-Fa-f]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>[^\x00-\#%-?\[-^`{-\x7f][\w$@]*)
  | (?P<sign><=>|->>|->|<<|>>|<=|>=|<>|!=|:=|&&|\|\||.)
    """,
    re.VERBOSE | re.DOTALL,
)
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_INTRODUCER = re.compile(r"^_[A-Za-z0-9]+\s*'")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SAME_SIGN = {"!=": "<>", "&&": "and", "||": "or"}
_KEYWORDS = frozenset(("in", "and", "or", "not", "when", "then", "else", "between", "like", "xor"))

Token = tuple[str, str]
"""Kind and text."""


def tokens_of(sql: str) -> list[Token]:
    """The tokens of ``sql``, without blanks."""
    return [
        (str(match.lastgroup), match.group())
        for match in _TOKEN.finditer(sql)
        if match.lastgroup != "blank"
    ]


@lru_cache(maxsize=16)
def recent_tokens(sql: str) -> tuple[Token, ...]:
    """The tokens of a statement at which several look, one after the other."""
    return tuple(tokens_of(sql))


def spelled_tokens(sql: str) -> list[tuple[Token, int, int]]:
    """The tokens of ``sql``, without blanks, each with where it begins and ends."""
    return [
        ((str(match.lastgroup), match.group()), match.start(), match.end())
        for match in _TOKEN.finditer(sql)
        if match.lastgroup != "blank"
    ]


def unquoted(name: str) -> str:
    """An identifier without its backquotes."""
    return name[1:-1].replace("``", "`") if name.startswith("`") else name


@lru_cache(maxsize=4096)
def canonical(sql: str) -> str:
    """The one spelling of an expression, whether a person typed it or the server did.

    Blanks, backquotes that are not needed, the case of words and brackets around the whole are
    levelled; anything else is for the server to judge.
    """
    return joined(without_brackets([_word(token) for token in tokens_of(sql)]))


def joined(words: list[str]) -> str:
    """The words as a reader would write them."""
    text, last = "", ""
    for word in words:
        tight = word in (")", ",", ".") or last in ("(", ".", "") or text in ("-", "+")
        if word == "(" and _PLAIN_NAME.fullmatch(last) and last not in _KEYWORDS:
            tight = True
        text += word if tight else " " + word
        last = word
    return text


def _word(token: Token) -> str:
    kind, text = token
    if kind == "quoted":
        name = unquoted(text).lower()
        plain = _PLAIN_NAME.fullmatch(name) and name not in _RESERVED
        return name if plain else text.lower()
    if kind == "word":
        return text.lower()
    if kind == "string":
        # MySQL says the character set of every string that it keeps: _utf8mb4'x'.
        return _ESCAPE.sub(_quote_doubled, _INTRODUCER.sub("'", text, count=1))
    return _SAME_SIGN.get(text, text)


def _quote_doubled(escape: re.Match[str]) -> str:
    """A quote that is escaped, as two; a backslash that is may stand before the last quote."""
    return "''" if escape[1] == "'" else escape[0]
