"""Cut a ``CREATE TABLE`` text into its pieces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from limbeck.dialects.sqlite.schema_cursor import END, Cursor, SchemaTextError, names_in
from limbeck.dialects.sqlite.schema_text import (
    Clause,
    ClauseKind,
    ColumnText,
    ConstraintKind,
    ConstraintText,
    Reference,
    TableText,
)
from limbeck.dialects.sqlite.sql_tokens import Token, text_of, tokens_of

_TABLE_CONSTRAINT = ("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN")
_CLAUSE = (
    "CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE",
    "REFERENCES", "DEFERRABLE", "AS",
)  # fmt: skip
_Piece = TypeVar("_Piece", ColumnText, ConstraintText)


__all__ = ["SchemaTextError", "read_column", "read_constraint", "read_pieces", "read_table"]


def read_table(sql: str) -> TableText:
    """Cut the text of a table into pieces.

    :param sql: ``CREATE TABLE …`` as ``sqlite_master`` keeps it.
    :return: pieces whose ``text`` is ``sql`` again.
    :raises SchemaTextError: the text is something else, a virtual table for instance.
    """
    return _Reader(tokens_of(sql)).table()


def read_column(definition: str) -> ColumnText:
    """Cut one column definition into its clauses."""
    return _Reader(tokens_of(definition)).column()


def read_constraint(definition: str) -> ConstraintText:
    """Take one table constraint apart."""
    return _Reader(tokens_of(definition)).constraint()


def read_pieces(text: str) -> tuple[ColumnText, ...] | tuple[ConstraintText, ...]:
    """Take a column apart, or table constraints without commas between them.

    :param text: up to the comma or bracket behind it, with it.
    :raises SchemaTextError: it is something else, or more than that.
    """
    reader = _Reader(tokens_of(text))
    if reader.peek().is_word(*_TABLE_CONSTRAINT):
        constraints = []
        while reader.peek().text not in ("", ")"):
            constraints.append(reader.separated(reader.constraint()))
        reader.at_end(constraints[-1])
        return tuple(constraints)
    column = reader.separated(reader.column())
    reader.at_end(column)
    return (column,)


class _Reader(Cursor):
    """Reads a table from its tokens."""

    # -- the table -------------------------------------------------------------------------

    def table(self) -> TableText:
        if not self.take_words("CREATE"):
            raise SchemaTextError("not a CREATE TABLE")
        if self.peek().is_word("TEMP", "TEMPORARY"):
            self.take()
        if not self.take_words("TABLE"):
            raise SchemaTextError("not a CREATE TABLE")
        self.take_words("IF", "NOT", "EXISTS")
        if self.peek(1).text == ".":
            self.take()
            self.take()
        head = self.since(0) + self.trivia()
        name = self.take_name()
        name_text = self.tokens[self.at - 1].text
        start = self.at
        self.expect("(")
        opening = self.since(start)
        columns = self._pieces(self.column, lambda token: not token.is_word(*_TABLE_CONSTRAINT))
        constraints = self._pieces(self.constraint, lambda token: token.text != ")")
        closing = self.trivia()
        start = self.at
        self.expect(")")
        options = text_of(self.tokens[start:])
        return TableText(name, head, name_text, opening, columns, constraints, closing, options)

    def _pieces(
        self, read: Callable[[], _Piece], more: Callable[[Token], bool]
    ) -> tuple[_Piece, ...]:
        pieces: list[_Piece] = []
        while self.peek().text != ")" and more(self.peek()):
            if self.peek() is END:
                raise SchemaTextError("the bracket of the table is not closed")
            pieces.append(self.separated(read()))
        return tuple(pieces)

    def at_end(self, piece: ColumnText | ConstraintText) -> None:
        """Make sure that all was read, and the comma or bracket taken for what it is."""
        left = self.tokens[self.at :]
        if left != (Token("sign", ")"),) and (left or piece.separator != ","):
            raise SchemaTextError("the piece ends elsewhere")

    def separated(self, piece: _Piece) -> _Piece:
        """The piece with the comma behind it, and the comment behind that."""
        if self.peek().text == ",":
            tail = self.trivia()
            self.take()
            return replace(piece, tail=tail, after=self._comment_on_line())
        if self.peek().text == ")":
            return replace(piece, after=self._comment_on_line())
        return replace(piece, separator="")

    def _comment_on_line(self) -> str:
        """Step over a comment that ends the line; it belongs to what stands before it."""
        end, seen = self.at, False
        while end < len(self.tokens) and self.tokens[end].is_trivia:
            token = self.tokens[end]
            if "\n" in token.text:
                break
            seen = seen or token.kind == "comment"
            end += 1
        ends_line = end < len(self.tokens) and self.tokens[end].text.lstrip(" \t\r")[:1] == "\n"
        if not (seen and ends_line):
            return ""
        start, self.at = self.at, end
        return self.since(start)

    # -- a column --------------------------------------------------------------------------

    def column(self) -> ColumnText:
        start = self.at
        name = self.take_name()
        name_text, start = self.since(start), self.at
        while not self._type_ends():
            if self.peek().text == "(":
                self.take_brackets()
            else:
                self.take()
        type_text = self.since(start)
        clauses = []
        while self.peek().text not in (",", ")", ""):
            clauses.append(self.clause())
        return ColumnText(name, name_text, type_text, tuple(clauses))

    def _type_ends(self) -> bool:
        token = self.peek()
        if token.text in (",", ")", "") or token.is_word(*_CLAUSE):
            return True
        return token.is_word("GENERATED") and self.peek(1).is_word("ALWAYS")

    def clause(self) -> Clause:
        start = self.at
        name = self.take_name() if self.take_words("CONSTRAINT") else None
        kind, expression, reference = self._clause_body()
        return Clause(kind, self.since(start), name, expression, reference)

    def _clause_body(self) -> tuple[ClauseKind, str, Reference | None]:
        if self.take_words("PRIMARY", "KEY"):
            if self.peek().is_word("ASC", "DESC"):
                self.take()
            self._conflict()
            self.take_words("AUTOINCREMENT")
            return "primary key", "", None
        for words, kind in _SIMPLE:
            if self.take_words(*words):
                self._conflict()
                return kind, "", None
        if self.take_words("CHECK"):
            return "check", self.take_brackets(), None
        if self.take_words("DEFAULT"):
            return "default", self._default(), None
        if self.take_words("COLLATE"):
            return "collate", self.take_name(), None
        if self.take_words("REFERENCES"):
            return "foreign key", "", self._reference()
        return self._rare_clause()

    def _rare_clause(self) -> tuple[ClauseKind, str, Reference | None]:
        self.take_words("GENERATED", "ALWAYS")
        if self.take_words("AS"):
            expression = self.take_brackets()
            if self.peek().is_word("STORED", "VIRTUAL"):
                self.take()
            return "generated", expression, None
        if self.peek().is_word("CONSTRAINT") or self.peek().text in (",", ")", ""):
            return "other", "", None  # CONSTRAINT and a name, and nothing that has this name
        if self._deferrable():
            return "other", "", None
        raise SchemaTextError(f"cannot read {self.peek().text!r} in a column definition")

    def _default(self) -> str:
        if self.peek().text == "(":
            return f"({self.take_brackets()})"
        sign = self.take().text if self.peek().text in ("+", "-") else ""
        return sign + self.take().text

    def _conflict(self) -> None:
        if self.take_words("ON", "CONFLICT"):
            self.take()

    def _reference(self) -> Reference:
        table = self.take_name()
        columns = names_in(self.take_brackets()) if self.peek().text == "(" else ()
        while True:
            if self.take_words("ON"):
                self.take()
                if not (self.take_words("SET") or self.take_words("NO")):
                    self.take()
                    continue
                self.take()
            elif self.take_words("MATCH"):
                self.take()
            elif not self._deferrable():
                return Reference(table, columns)

    def _deferrable(self) -> bool:
        if not (self.take_words("DEFERRABLE") or self.take_words("NOT", "DEFERRABLE")):
            return False
        if self.take_words("INITIALLY"):
            self.take()
        return True

    # -- a table constraint ----------------------------------------------------------------

    def constraint(self) -> ConstraintText:
        start = self.at
        name = self.take_name() if self.take_words("CONSTRAINT") else None
        columns: tuple[str, ...] = ()
        expression, reference = "", None
        kind: ConstraintKind
        if self.take_words("PRIMARY", "KEY"):
            kind, columns = "primary key", names_in(self.take_brackets())
        elif self.take_words("UNIQUE"):
            kind, columns = "unique", names_in(self.take_brackets())
        elif self.take_words("CHECK"):
            kind, expression = "check", self.take_brackets()
        elif self.take_words("FOREIGN", "KEY"):
            kind, columns = "foreign key", names_in(self.take_brackets())
            if not self.take_words("REFERENCES"):
                raise SchemaTextError("a foreign key refers to nothing")
            reference = self._reference()
        elif name is not None:
            kind = "other"
        else:
            raise SchemaTextError(f"cannot read {self.peek().text!r} as a table constraint")
        self._conflict()
        return ConstraintText(kind, self.since(start), name, columns, expression, reference)


_SIMPLE: tuple[tuple[tuple[str, ...], ClauseKind], ...] = (
    (("NOT", "NULL"), "not null"),
    (("NULL",), "null"),
    (("UNIQUE",), "unique"),
)
