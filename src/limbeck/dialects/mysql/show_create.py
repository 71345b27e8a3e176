"""The text of ``SHOW CREATE TABLE`` as rows.

``information_schema`` does not know temporary tables before MariaDB 11.2 (and in MySQL at all), so
a table that was built on scratch is read from its text. The server writes one definition a line
(https://mariadb.com/kb/en/show-create-table/), in the same words as in ``information_schema``.
"""

from __future__ import annotations

from limbeck.dialects.mysql.rows import CheckRow, ColumnRow, ElementRow, IndexRow, TableRows
from limbeck.dialects.mysql.sql_tokens import Token, spelled_tokens, unquoted

_INDEX_WORDS = frozenset(("PRIMARY", "UNIQUE", "KEY", "FULLTEXT", "SPATIAL", "INDEX"))
_FLAGS = frozenset(("NOT", "STORED", "PERSISTENT", "AUTO_INCREMENT"))
_BEFORE_BRACKETS = frozenset(("AS", "CHECK"))


def read_table(text: str) -> TableRows:
    """Take the text of a table apart.

    Foreign keys are not read, as scratch tables have none, and comments are not, as no server
    spells them differently from the models.

    :param text: the second column of ``SHOW CREATE TABLE``.
    """
    lines = text.split("\n")
    table = TableRows(unquoted(_Line(lines[0]).name_after("TABLE")))
    for line in lines[1:]:
        if line.startswith(")"):
            options = _Line(line)
            table.collation = options.value_after("COLLATE")
            table.engine = options.value_after("ENGINE")
            break
        _read_line(table, _Line(line.rstrip(",")))
    return table


def _read_line(table: TableRows, line: _Line) -> None:
    kind, text = line.peek()
    if kind == "quoted":
        column, check = _column(line)
        table.columns.append(column)
        if check is not None:
            table.checks.append(CheckRow(column.name, check, column.name))
    elif text in _INDEX_WORDS:
        table.indexes.append(_index(line))
    elif text == "CONSTRAINT":
        line.take()
        name = unquoted(line.take())
        if line.take_if("CHECK"):
            table.checks.append(CheckRow(name, line.brackets()))


def _column(line: _Line) -> tuple[ColumnRow, str | None]:
    """A column, and the condition of the CHECK that stands in it."""
    name, kind = unquoted(line.take()), line.take()
    if line.peek()[1] == "(":
        kind += f"({line.brackets()})"
    while line.peek()[0] == "word" and line.peek()[1] in ("unsigned", "zerofill"):
        kind += f" {line.take()}"
    texts: dict[str, str] = {}
    flags: set[str] = set()
    while not line.at_end:
        word = line.take()
        if word in _FLAGS:
            flags.add(word)
        elif word in _BEFORE_BRACKETS:
            texts[word] = line.brackets()
        elif word == "DEFAULT":
            texts[word] = line.until("ON", "COMMENT", "CHECK", "AUTO_INCREMENT", "INVISIBLE")
        elif word == "ON":
            line.take()
            texts[word] = line.until("COMMENT", "CHECK", "INVISIBLE")
        elif word in ("COLLATE", "COMMENT"):
            texts[word] = line.take()
    row = ColumnRow(
        name,
        kind,
        nullable="NOT" not in flags,
        default=texts.get("DEFAULT"),
        on_update=texts.get("ON"),
        generated=texts.get("AS"),
        stored=not flags.isdisjoint(("STORED", "PERSISTENT")),
        auto_increment="AUTO_INCREMENT" in flags,
        collation=texts.get("COLLATE"),
    )
    return row, texts.get("CHECK")


def _index(line: _Line) -> IndexRow:
    kind, unique, primary = "BTREE", False, False
    while line.peek()[1] in _INDEX_WORDS:
        word = line.take()
        unique = unique or word in ("UNIQUE", "PRIMARY")
        primary = primary or word == "PRIMARY"
        kind = word if word in ("FULLTEXT", "SPATIAL") else kind
    name = "PRIMARY" if primary else unquoted(line.take())
    inside = _Line(line.brackets())
    elements = [_element(inside)]
    while inside.take_if(","):
        elements.append(_element(inside))
    return IndexRow(name, unique, tuple(elements), kind)


def _element(line: _Line) -> ElementRow:
    column: str | None = None
    expression: str | None = None
    length: int | None = None
    if line.peek()[1] == "(":
        expression = line.brackets()
    else:
        column = unquoted(line.take())
        if line.peek()[1] == "(":
            length = int(line.brackets())
    descending = line.take_if("DESC")
    return ElementRow(column, expression, length, descending)


class _Line:
    """One line of the text, and a place in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[tuple[Token, int, int]] = spelled_tokens(text)
        self._at = 0

    @property
    def at_end(self) -> bool:
        return self._at >= len(self._tokens)

    def peek(self) -> Token:
        return ("end", "") if self.at_end else self._tokens[self._at][0]

    def take(self) -> str:
        text = self.peek()[1]
        self._at += 1
        return text

    def take_if(self, word: str) -> bool:
        if self.peek()[1] != word:
            return False
        self._at += 1
        return True

    def name_after(self, word: str) -> str:
        """The quoted name that follows a word."""
        while self.take() != word:
            pass
        return self.take()

    def value_after(self, word: str) -> str | None:
        """The value of an option: ``ENGINE=InnoDB``."""
        for place, (token, _, _) in enumerate(self._tokens):
            if token[1] == word:
                return self._tokens[place + 2][0][1]
        return None

    def brackets(self) -> str:
        """What stands in the brackets that open here, as it is written."""
        start, depth = self._tokens[self._at][2], 0
        while True:
            token, begin, _ = self._tokens[self._at]
            depth += {"(": 1, ")": -1}.get(token[1], 0)
            self._at += 1
            if depth == 0:
                return self._text[start:begin]

    def until(self, *words: str) -> str:
        """What stands before the first of these words that is in no brackets, as it is written."""
        start, depth = self._tokens[self._at][1], 0
        end = start
        while not self.at_end:
            token, _, behind = self._tokens[self._at]
            depth += {"(": 1, ")": -1}.get(token[1], 0)
            if depth == 0 and token[1] in words:
                break
            end = behind
            self._at += 1
        return self._text[start:end]
