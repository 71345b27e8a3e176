"""SQLite's expressions in one spelling.

SQLite keeps conditions, defaults and generating expressions exactly as they were typed, so two
texts that mean the same differ in blanks, in the case of words, in quotes (a renamed column comes
back quoted) and in brackets around the whole. That much is levelled here, on tokens, never inside
of a string.
"""

from __future__ import annotations

import re
from functools import lru_cache

from sqlalchemy.dialects.sqlite.base import SQLiteIdentifierPreparer

from limbeck.dialects.sqlite.sql_tokens import Token, folded, quoted, tokens_of
from limbeck.dialects.standard.brackets import without_brackets

RESERVED_WORDS = SQLiteIdentifierPreparer.reserved_words
_SAME_SIGN = {"==": "=", "<>": "!="}
_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_NUMBER = re.compile(r"'\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*'")
_NO_BLANK_BEFORE = frozenset((")", ",", "."))
_NO_BLANK_AFTER = frozenset(("(", "."))


@lru_cache(maxsize=4096)
def canonical(sql: str) -> str:
    """The one spelling of an expression.

    :param sql: an expression as it was typed, with or without brackets around it.
    """
    words = [_word(token) for token in tokens_of(sql) if not token.is_trivia]
    return _joined(without_brackets(words))


@lru_cache(maxsize=4096)
def canonical_type(text: str) -> str:
    """The one spelling of a column's declared type; only upper case and no needless blanks.

    INT and INTEGER, DECIMAL and NUMERIC, BOOL and BOOLEAN name the same affinity
    (https://www.sqlite.org/datatype3.html#affinity_name_examples) and are the same to SQLAlchemy.
    """
    tokens = [token.text.upper() for token in tokens_of(text) if not token.is_trivia]
    if tokens:
        tokens[0] = _SAME_TYPE.get(tokens[0], tokens[0])
    return re.sub(r"\s*([(),])\s*", r"\1", " ".join(tokens)).replace(",", ", ")


_SAME_TYPE = {"INT": "INTEGER", "DECIMAL": "NUMERIC", "BOOL": "BOOLEAN"}


@lru_cache(maxsize=4096)
def canonical_default(text: str, type_text: str) -> str | None:
    """The one spelling of a server default, None for ``NULL``, which is no default.

    A column converts what it is given to its affinity, so ``'0'`` is 0 in an INTEGER column and 0
    is ``'0'`` in a TEXT one. A text in double quotes is a string here, as no column can be meant.

    :param type_text: the column's declared type.
    """
    tokens = [token for token in tokens_of(text) if not token.is_trivia]
    words = without_brackets(
        ["'" + t.name.replace("'", "''") + "'" if t.text[0] == '"' else _word(t) for t in tokens]
    )
    default = _joined(words)
    if default == "null":
        return None
    kind = affinity(type_text)
    if kind in ("INTEGER", "NUMERIC", "REAL"):
        default = {"true": "1", "false": "0"}.get(default, default)
        number = _NUMBER.fullmatch(default)
        return number.group(1) if number else default.replace("- ", "-").replace("+ ", "+")
    if kind == "TEXT" and len(words) == 1 and words[0][0].isdigit():
        return f"'{default}'"
    return default


def default_clause(sql: str) -> str:
    """A server default as it stands behind DEFAULT, where an expression is in brackets.

    https://www.sqlite.org/lang_createtable.html#the_default_clause

    :param sql: the default, as ``PRAGMA table_xinfo`` says it.
    """
    words = [token for token in tokens_of(sql) if not token.is_trivia]
    value = words[1:] if words and words[0].text in ("+", "-") else words
    if len(value) <= 1 or len(without_brackets([each.text for each in words])) < len(words):
        return sql
    return f"({sql})"


def affinity(type_text: str) -> str:
    """A declared type's affinity: https://www.sqlite.org/datatype3.html#determination_of_column_affinity."""
    word = type_text.upper()
    if "INT" in word:
        return "INTEGER"
    if any(part in word for part in ("CHAR", "CLOB", "TEXT")):
        return "TEXT"
    if "BLOB" in word or not word:
        return "BLOB"
    if any(part in word for part in ("REAL", "FLOA", "DOUB")):
        return "REAL"
    return "NUMERIC"


def _word(token: Token) -> str:
    """A token as it stands in the one spelling."""
    if token.kind == "word":
        return folded(token.text)
    if token.kind == "quoted":
        name = folded(token.name)
        plain = _PLAIN_NAME.fullmatch(name) and name not in RESERVED_WORDS
        return name if plain else quoted(name)
    if token.kind == "sign":
        return _SAME_SIGN.get(token.text, token.text)
    return token.text


def _joined(words: list[str]) -> str:
    """The words as a reader would write them."""
    text, last = "", ""
    for word in words:
        tight = word in _NO_BLANK_BEFORE or last in _NO_BLANK_AFTER or not text
        if word == "(" and _is_function(last):
            tight = True
        text += word if tight else " " + word
        last = word
    return text


def _is_function(word: str) -> bool:
    return bool(_PLAIN_NAME.fullmatch(word)) and word not in ("in", "and", "or", "not", "when")
