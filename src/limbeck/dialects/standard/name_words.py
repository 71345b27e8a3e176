"""How names are spelled in the texts that a database keeps of expressions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Dialect

    from limbeck.facts.objects import TableKey

_TOKEN = re.compile(
    r"""
    (?P<string>'(?:[^']|'')*')
  | (?P<quoted>"(?:[^"]|"")*" | `(?:[^`]|``)*`)
  | (?P<type>::\s*[\w.]+)
  | (?P<called>[^\W\d][\w$]*(?=\s*\())
  | (?P<word>[^\W\d][\w$]*)
    """,
    re.VERBOSE,
)


class StandardNameWords:
    """Names within texts, in the words of a dialect.

    :param dialect: knows what has to be quoted.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._preparer = dialect.identifier_preparer

    def quoted(self, key: TableKey) -> str:
        """An enumerated type as it stands in texts."""
        name: str = self._preparer.quote(key.name)
        return f"{self._preparer.quote_schema(key.schema)}.{name}" if key.schema else name

    def in_text(self, text: str, names: Mapping[str, str]) -> str:
        """An expression with other columns in it; strings, types and functions stay."""

        def put(match: re.Match[str]) -> str:
            kind, token = str(match.lastgroup), match.group()
            if kind not in ("quoted", "word"):
                return token
            after = names.get(self.unquoted(token) if kind == "quoted" else token)
            return token if after is None else self.identifier(after)

        return _TOKEN.sub(put, text)

    def identifier(self, name: str) -> str:
        """A column within an expression."""
        words: str = self._preparer.quote(name)
        return words

    @staticmethod
    def unquoted(token: str) -> str:
        """What stands between quotes."""
        inside, mark = token[1:-1], token[-1]
        return inside.replace(mark * 2, mark)

    def constraint_name(self, name: str | None, before: str, after: str) -> str | None:
        """A foreign key keeps its name."""
        return name
