"""SQLite's SQL as tokens, with every blank and every comment kept.

SQLite stores a table as the text that created it, and that text is the only complete record
of the table: neither ``PRAGMA table_xinfo`` nor SQLAlchemy's reflection tells the names and
places of all constraints, ``ON CONFLICT`` clauses, comments or the spelling of expressions.
Whoever changes one piece of it must keep all others as they are, so the tokens here, put
together again, are the text again. A general SQL parser gives a tree and loses that; the
rules of SQLite's tokenizer (https://www.sqlite.org/lang_expr.html,
https://www.sqlite.org/lang_keywords.html) fit one regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field
from functools import lru_cache
from typing import Any, Literal

from limbeck.value import Value

Kind = Literal["blank", "comment", "word", "quoted", "string", "blob", "number", "variable", "sign"]

# What is in a word (letters, _, all that is not ASCII; after its first character digits and $) is
# said by what is left of ASCII: a range up to the last character takes long to compile.
_TOKEN = re.compile(
    r"""
    (?P<blank>[ \t\n\f\r]+)
  | (?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))
  | (?P<blob>[xX]'[0-9A-Fa-f]*')
  | (?P<string>'(?:[^']|'')*')
  | (?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])
  | (?P<number>0[xX][0-9A-Fa-f_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)
  | (?P<word>[^\x00-@\[-^`{-\x7f][^\x00-\#%-/:-@\[-^`{-\x7f]*)
  | (?P<variable>[?:@$][\w$]*)
  | (?P<sign>->>|->|\|\||<=|<>|<<|>=|>>|==|!=|.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(Value, slots=True):
    """One token: its kind, and its text exactly as it was written."""

    kind: Kind
    text: str
    is_trivia: bool = field(init=False, compare=False, repr=False)
    """Whether the token means nothing to SQLite."""
    word: str = field(init=False, compare=False, repr=False)
    """An unquoted word in upper case, else nothing. Both are asked of each token many times."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_trivia", self.kind in ("blank", "comment"))
        object.__setattr__(self, "word", self.text.upper() if self.kind == "word" else "")

    @property
    def can_be_name(self) -> bool:
        """Whether the token may name something; SQLite takes ``'t'`` for a name as well."""
        return self.kind in ("word", "quoted", "string")

    @property
    def name(self) -> str:
        """The name that the token spells, without its quotes."""
        return unquoted(self.text)

    def is_word(self, *words: str) -> bool:
        """Whether the token is one of these (upper case) words, unquoted."""
        return self.word != "" and self.word in words


def tokens_of(sql: str) -> tuple[Token, ...]:
    """Cut SQL text into tokens that, joined, are the same text again."""
    found: list[Any] = [(match.lastgroup, match.group()) for match in _TOKEN.finditer(sql)]
    return tuple([_token(kind, text) for kind, text in found])


@lru_cache(maxsize=8192)
def _token(kind: Kind, text: str) -> Token:
    """One token; the same few words make up most of a schema's text."""
    return Token(kind, text)


def text_of(tokens: Iterable[Token]) -> str:
    """The text that the tokens were cut from."""
    return "".join(token.text for token in tokens)


def unquoted(text: str) -> str:
    """An identifier without its quotes, whichever of SQLite's four kinds they are."""
    first = text[:1]
    if first == "[":
        return text[1:-1]
    if first in ("'", '"', "`"):
        return text[1:-1].replace(first * 2, first)
    return text


def quoted(name: str) -> str:
    """An identifier in double quotes, which suits every name there is."""
    return '"' + name.replace('"', '""') + '"'


def same_name(one: str, other: str) -> bool:
    """Whether SQLite takes two identifiers for the same: only ASCII letters fold."""
    return folded(one) == folded(other)


def folded(name: str) -> str:
    """The form of an identifier under which SQLite finds it."""
    if name.isascii():
        return name.lower()
    return "".join(letter.lower() if letter.isascii() else letter for letter in name)


def mentions(sql: str, name: str) -> bool:
    """Whether SQL text speaks of something by this name (a string literal does not)."""
    if not any(quote in name for quote in "\"`'") and name.lower() not in sql.lower():
        return False  # most texts, without cutting them into tokens
    wanted = folded(name)
    return any(
        token.kind in ("word", "quoted") and folded(token.name) == wanted
        for token in tokens_of(sql)
    )


def meaning(sql: str) -> tuple[str, ...]:
    """The text without blanks, comments and the case of words, for comparing two texts."""
    return tuple(
        folded(token.text) if token.kind == "word" else token.text
        for token in tokens_of(sql)
        if not token.is_trivia
    )


def ends_in_line_comment(sql: str) -> bool:
    """Whether whatever is put behind this text would become part of its last comment."""
    tokens = tokens_of(sql)
    return bool(tokens) and tokens[-1].kind == "comment" and tokens[-1].text.startswith("--")
