"""What a statement may write to the rows of tables, as far as its text shows.

It is asked of the statements that a person has put into a revision. UPDATE, INSERT and DELETE of
one table are read; of any other text that may write (a ``DO`` block, a join of MySQL's) all that is
known is which words occur in it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from limbeck.value import Value

__all__ = ["Write", "words_of", "writes_of"]

_TOKEN = re.compile(
    r"""
    (?P<blank>\s+|--[^\n]*|(?<![^\n])\#[^\n]*|/\*.*?(?:\*/|\Z))
  | (?P<body>\$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
  | (?P<string>'(?:[^'\\]|''|\\.)*')
  | (?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[\w[^\]]*\])
  | (?P<parameter>%\(\w+\)s|%s|[:@$?]\w+(?!\w*\$))
  | (?P<word>[^\W\d][\w$]*)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_WORD = re.compile(r"[^\W\d][\w$]*")

_READS = frozenset(
    {
        "SELECT",
        "VALUES",
        "TABLE",
        "SHOW",
        "EXPLAIN",
        "DESCRIBE",
        "PRAGMA",
        "SET",
        "RESET",
        "SAVEPOINT",
        "RELEASE",
        "ROLLBACK",
        "COMMIT",
        "BEGIN",
        "START",
        "END",
        "ANALYZE",
        "VACUUM",
        "LOCK",
        "UNLOCK",
        "GRANT",
        "REVOKE",
        "COMMENT",
        "REINDEX",
        "REFRESH",
    }
)
_WRITES = frozenset({"UPDATE", "INSERT", "DELETE", "MERGE", "REPLACE"})
_DEFINES = frozenset({"CREATE", "DROP", "ALTER", "RENAME"})
_HAS_A_BODY = frozenset({"FUNCTION", "PROCEDURE", "TRIGGER", "EVENT", "PACKAGE"})
_MODIFIERS = frozenset(
    {"ONLY", "OR", "IGNORE", "LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "QUICK", "INTO", "FROM"}
)
_SET = frozenset({"SET"})
_AFTER_SET = frozenset({"WHERE", "FROM", "RETURNING", "ORDER", "LIMIT", "OUTPUT"})


class Write(Value):
    """What one statement may do to rows.

    :param tables: the names of tables, in small letters, None for whatever it names.
    :param columns: the names of columns of which it may change values, in small letters; None for
        all.
    :param adds_rows: it may add rows.
    :param removes_rows: it may delete rows.
    :param words: every word of the statement, in small letters.
    """

    tables: frozenset[str] | None
    columns: frozenset[str] | None = None
    adds_rows: bool = True
    removes_rows: bool = True
    words: frozenset[str] = frozenset()


class _Token(Value, slots=True):
    kind: str
    text: str

    @property
    def name(self) -> str:
        """The name that it spells, in small letters."""
        if self.kind != "quoted":
            return self.text.lower()
        end = self.text[-1]
        return self.text[1:-1].replace(end * 2, end).lower()

    @property
    def is_name(self) -> bool:
        return self.kind in ("word", "quoted")

    def is_in(self, words: frozenset[str]) -> bool:
        return self.kind == "word" and self.text.upper() in words


def words_of(text: str) -> frozenset[str]:
    """All words of a text, those within strings and names in quotes too, in small letters.

    :param text: the text.
    """
    quoted = {token.name for token in _tokens(text) if token.kind == "quoted"}
    return frozenset(word.lower() for word in _WORD.findall(text)) | quoted


def writes_of(sql: str) -> tuple[Write, ...]:
    """What SQL text may write; nothing for what only reads, or only changes the schema.

    :param sql: one statement or several, as they are sent to the database.
    """
    return tuple(write for each in _statements(sql) if (write := _write(each)) is not None)


def _tokens(sql: str) -> list[_Token]:
    return [
        _Token(str(match.lastgroup if match.lastgroup != "tag" else "body"), match.group())
        for match in _TOKEN.finditer(sql)
        if match.lastgroup != "blank"
    ]


def _statements(sql: str) -> Iterator[list[_Token]]:
    """The statements of a text; one with a body of statements is one."""
    tokens = _tokens(sql)
    if tokens and tokens[0].is_in(_DEFINES) and any(each.is_in(_HAS_A_BODY) for each in tokens[:8]):
        yield tokens
        return
    found: list[_Token] = []
    for token in tokens:
        if token.text == ";":
            yield found
            found = []
        else:
            found.append(token)
    yield found


def _write(tokens: list[_Token]) -> Write | None:
    if not tokens:
        return None
    first = tokens[0].text.upper()
    if first == "WITH":
        return _after_queries(tokens)
    read = {"UPDATE": _update, "INSERT": _insert, "DELETE": _delete}.get(first)
    if read is not None:
        return read(tokens) or _unknown(tokens)
    if first in _READS:
        return _of_select(tokens)
    if first in _DEFINES:
        return _of_definition(tokens)
    return _unknown(tokens)


def _after_queries(tokens: list[_Token]) -> Write | None:
    """``WITH a AS (…), b AS (…)`` and what comes after it."""
    depth = 0
    for at, token in enumerate(tokens):
        depth += (token.text == "(") - (token.text == ")")
        if depth and token.is_in(_WRITES):  # a query that writes is PostgreSQL's
            return _unknown(tokens)
        if not depth and token.is_in(_WRITES | {"SELECT", "VALUES"}):
            return _write(tokens[at:])
    return _unknown(tokens)


def _unknown(tokens: list[_Token]) -> Write:
    return Write(None, words=_words(tokens))


def _words(tokens: list[_Token]) -> frozenset[str]:
    return words_of(" ".join(token.text for token in tokens))


def _update(tokens: list[_Token]) -> Write | None:
    table, at = _table(tokens, _past_modifiers(tokens))
    if table is None:
        return None
    names = {table}
    if at < len(tokens) and tokens[at].is_in(frozenset({"AS"})):
        at += 1
    if at < len(tokens) and tokens[at].is_name and not tokens[at].is_in(_SET):
        names.add(tokens[at].name)
        at += 1
    if at >= len(tokens) or not tokens[at].is_in(_SET):
        return None  # several tables at once, https://mariadb.com/kb/en/update/
    columns = _assigned(tokens[at + 1 :], names)
    if columns is None:
        return None
    return Write(frozenset({table}), columns, False, False, _words(tokens))


def _assigned(tokens: list[_Token], table: set[str]) -> frozenset[str] | None:
    """The columns on the left of ``=`` in what follows SET; None where it is not understood."""
    found: set[str] = set()
    left: list[_Token] | None = []
    depth = 0
    for token in tokens:
        depth += (token.text in "([") - (token.text in ")]")
        if depth == 0 and token.is_in(_AFTER_SET):
            break
        if left is None:
            left = [] if depth == 0 and token.text == "," else None
        elif token.text == "=" and depth == 0:
            names = _left_names(left, table)
            if not names:
                return None
            found |= names
            left = None
        else:
            left.append(token)
    return frozenset(found) if found and left is None else None


def _left_names(left: list[_Token], table: set[str]) -> set[str]:
    """``a``, ``t.a``, ``(a, b)``, and ``a[1]`` and ``a.field`` for a column ``a``."""
    names = [token.name for token in left if token.is_name]
    if left and left[0].text == "(":
        return set(names)
    if len(names) > 1 and names[0] in table:
        return {names[1]}
    return set(names[:1])


def _insert(tokens: list[_Token]) -> Write | None:
    table, _ = _table(tokens, _past_modifiers(tokens))
    if table is None:
        return None
    changes = any(token.is_in(frozenset({"UPDATE", "REPLACE"})) for token in tokens)
    columns = None if changes else frozenset[str]()
    return Write(frozenset({table}), columns, True, changes, _words(tokens))


def _delete(tokens: list[_Token]) -> Write | None:
    if len(tokens) > 1 and not tokens[1].is_in(_MODIFIERS):
        return None  # several tables at once, https://mariadb.com/kb/en/delete/
    table, at = _table(tokens, _past_modifiers(tokens))
    following = tokens[at : at + 1]
    if table is None or (following and following[0].text == ","):
        return None
    return Write(frozenset({table}), frozenset(), False, True, _words(tokens))


def _of_select(tokens: list[_Token]) -> Write | None:
    """What only reads, unless it calls a function that somebody has written."""
    if any(token.is_in(frozenset({"INTO"})) for token in tokens):
        return _unknown(tokens)
    calls = {
        token.name
        for token, following in itertools.pairwise(tokens)
        if token.is_name and following.text == "("
    }
    return Write(frozenset(), frozenset(), False, False, frozenset(calls)) if calls else None


def _of_definition(tokens: list[_Token]) -> Write | None:
    """``CREATE TABLE … AS`` fills a table, and ``ALTER … USING`` makes values of other ones."""
    words = {token.text.upper() for token in tokens if token.kind == "word"}
    if tokens[0].is_in(frozenset({"ALTER"})) and {"TYPE", "USING"} <= words:
        return _unknown(tokens)
    if tokens[0].is_in(frozenset({"CREATE"})) and {"TABLE", "SELECT"} <= words:
        at = next(at for at, token in enumerate(tokens) if token.is_in(frozenset({"TABLE"}))) + 1
        while at < len(tokens) and tokens[at].is_in(frozenset({"IF", "NOT", "EXISTS"})):
            at += 1
        table, _ = _table(tokens, at)
        return Write(frozenset({table or ""}), None, True, True, _words(tokens))
    return None


def _past_modifiers(tokens: list[_Token]) -> int:
    at = 1
    while at < len(tokens) and tokens[at].is_in(_MODIFIERS):
        at += 2 if tokens[at].is_in(frozenset({"OR"})) else 1
    return at


def _table(tokens: list[_Token], at: int) -> tuple[str | None, int]:
    """The name of a table without its schema, and what comes after it."""
    if at >= len(tokens) or not tokens[at].is_name:
        return None, at
    while at + 2 < len(tokens) and tokens[at + 1].text == "." and tokens[at + 2].is_name:
        at += 2
    return tokens[at].name, at + 1
