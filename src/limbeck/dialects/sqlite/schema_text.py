"""A ``CREATE TABLE`` text as pieces: columns and constraints, each in its own words.

:mod:`limbeck.dialects.sqlite.schema_reader` cuts the text that ``sqlite_master`` keeps into pieces
that, written one after the other, are the same text again. Whoever wants another table replaces
the pieces that change, and every other piece stays as its author wrote it, comments included.

The grammar is the one of https://www.sqlite.org/lang_createtable.html, with what SQLite's parser
allows beyond it: no comma between table constraints, a type of any number of words, a name in
string quotes, ``DEFERRABLE`` as a clause of its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from limbeck.dialects.sqlite.sql_tokens import (
    ends_in_line_comment,
    mentions,
    same_name,
    tokens_of,
)
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Sequence

ClauseKind = Literal[
    "primary key", "not null", "null", "unique", "check", "default", "collate",
    "foreign key", "generated", "other",
]  # fmt: skip
ConstraintKind = Literal["primary key", "unique", "check", "foreign key", "other"]


class Reference(Value, slots=True):
    """What a foreign key refers to. No columns means the primary key of that table."""

    table: str
    columns: tuple[str, ...] = ()


class Clause(Value, slots=True):
    """One constraint or property of a column.

    :param text: the clause as written, with the blanks and comments before it.
    :param name: the name that ``CONSTRAINT`` gives it.
    :param expression: what stands in the brackets of a CHECK or a generated column, or the
        text of a default.
    """

    kind: ClauseKind
    text: str
    name: str | None = None
    expression: str = ""
    reference: Reference | None = None


class ColumnText(Value, slots=True):
    """The definition of one column.

    :param name_text: the name as written, with the blanks and comments before it.
    :param type_text: the type as written, with the blanks before it; empty where there is none.
    :param tail: blanks and comments before the comma.
    :param after: a comment behind the comma, on the same line.
    """

    name: str
    name_text: str
    type_text: str = ""
    clauses: tuple[Clause, ...] = ()
    tail: str = ""
    separator: str = ","
    after: str = ""

    def __hash__(self) -> int:
        """Of the texts that most columns differ in; to hash every clause takes much longer."""
        return hash((self.name_text, self.type_text, len(self.clauses)))

    @property
    def text(self) -> str:
        """The definition as written."""
        return self.name_text + self.type_text + "".join(clause.text for clause in self.clauses)

    @property
    def type(self) -> str:
        """The type's words, separated by single blanks."""
        return " ".join(t.text for t in tokens_of(self.type_text) if not t.is_trivia)

    def clause(self, kind: ClauseKind) -> Clause | None:
        """The column's first clause of a kind."""
        return next((clause for clause in self.clauses if clause.kind == kind), None)

    @property
    def is_generated(self) -> bool:
        """Whether SQLite computes the column, so that nothing may be inserted into it."""
        return self.clause("generated") is not None

    def with_clause(self, clause: Clause, place: int | None = None) -> ColumnText:
        """The column with one clause more."""
        at = len(self.clauses) if place is None else place
        return replace(self, clauses=(*self.clauses[:at], clause, *self.clauses[at:]))

    def without(self, clause: Clause) -> ColumnText:
        """The column without a clause; a comment that stood before the clause stays."""
        at = next(i for i, each in enumerate(self.clauses) if each is clause)
        kept, rest = "", self.clauses[at + 1 :]
        for token in tokens_of(clause.text):
            if not token.is_trivia:
                break
            kept += token.text
        if not any(token.kind == "comment" for token in tokens_of(kept)):
            return replace(self, clauses=(*self.clauses[:at], *rest))
        if rest:
            following = replace(rest[0], text=kept.rstrip(" ") + rest[0].text)
            return replace(self, clauses=(*self.clauses[:at], following, *rest[1:]))
        return replace(self, clauses=self.clauses[:at], tail=kept + self.tail)


class ConstraintText(Value, slots=True):
    """The definition of one table constraint; its fields are those of a column and a clause.

    :param columns: the columns that it is about; empty for a CHECK.
    """

    kind: ConstraintKind
    text: str
    name: str | None = None
    columns: tuple[str, ...] = ()
    expression: str = ""
    reference: Reference | None = None
    tail: str = ""
    separator: str = ","
    after: str = ""


Piece = ColumnText | ConstraintText


class TableText(Value, slots=True):
    """A whole ``CREATE TABLE``.

    :param head: everything before the table's name.
    :param name_text: the table's name as written.
    :param opening: from the name to the opening bracket.
    :param closing: from the last piece to the closing bracket.
    :param options: what follows the bracket: STRICT, WITHOUT ROWID.
    """

    name: str
    head: str
    name_text: str
    opening: str
    columns: tuple[ColumnText, ...]
    constraints: tuple[ConstraintText, ...]
    closing: str
    options: str

    @property
    def text(self) -> str:
        """The whole statement."""
        body, trivia = "", ""
        pieces: tuple[Piece, ...] = (*self.columns, *self.constraints)
        for place, piece in enumerate(pieces):
            body += _line_break(trivia, piece.text) + piece.text + piece.tail
            if place < len(pieces) - 1:
                body += _line_break(piece.tail, piece.separator) + piece.separator
            body += piece.after
            trivia = piece.tail + piece.after
        body += _line_break(trivia, self.closing) + self.closing
        return self.head + self.name_text + self.opening + body + self.options

    @property
    def without_rowid(self) -> bool:
        """Whether the table is a WITHOUT ROWID table."""
        return mentions(self.options, "WITHOUT")

    @property
    def strict(self) -> bool:
        """Whether the table is a STRICT table."""
        return mentions(self.options, "STRICT")

    def column(self, name: str) -> ColumnText | None:
        """The column of a name."""
        return next((each for each in self.columns if same_name(each.name, name)), None)

    @property
    def primary_key(self) -> tuple[str, ...]:
        """The columns of the primary key, none where there is no primary key."""
        for column in self.columns:
            for clause in column.clauses:
                if clause.kind == "primary key":
                    return (column.name,)
        return next((c.columns for c in self.constraints if c.kind == "primary key"), ())

    @property
    def rowid_column(self) -> ColumnText | None:
        """The column that is another name for the rowid.

        It is the primary key of a rowid table whose type is exactly INTEGER, except, by an old
        mistake that is kept, a column that says ``PRIMARY KEY DESC``
        (https://www.sqlite.org/lang_createtable.html#rowid).
        """
        key = self.primary_key
        if len(key) != 1 or self.without_rowid:
            return None
        column = self.column(key[0])
        if column is None or column.type.upper() != "INTEGER":
            return None
        clause = column.clause("primary key")
        return None if clause is not None and mentions(clause.text, "DESC") else column

    @property
    def autoincrement(self) -> bool:
        """Whether rowids are never used again."""
        clauses: list[Clause | ConstraintText] = [
            clause for column in self.columns for clause in column.clauses
        ]
        clauses += self.constraints
        return any(c.kind == "primary key" and mentions(c.text, "AUTOINCREMENT") for c in clauses)

    def with_column(self, column: ColumnText, place: int | None = None) -> TableText:
        """The table with one column more, written below the others as they are written."""
        at = len(self.columns) if place is None else place
        fitted = replace(column, name_text=self._lead() + column.name_text.lstrip())
        return self._with_columns((*self.columns[:at], fitted, *self.columns[at:]))

    def with_constraint(self, constraint: ConstraintText) -> TableText:
        """The table with one constraint more."""
        fitted = replace(constraint, text=self._lead() + constraint.text.lstrip())
        return replace(self, constraints=(*self.constraints, fitted))

    def replacing(self, column: ColumnText) -> TableText:
        """The table with another definition for the column of the same name."""
        return replace(
            self,
            columns=tuple(column if same_name(c.name, column.name) else c for c in self.columns),
        )

    def without_column(self, name: str) -> TableText:
        """The table without a column; what else mentions the column stays."""
        return self._with_columns(tuple(c for c in self.columns if not same_name(c.name, name)))

    def without_constraint(self, constraint: ConstraintText) -> TableText:
        """The table without a table constraint."""
        return replace(self, constraints=tuple(c for c in self.constraints if c is not constraint))

    def in_order(self, names: Sequence[str]) -> TableText:
        """The table with its columns in another order."""
        columns = [self.column(name) for name in names]
        return self._with_columns(tuple(column for column in columns if column is not None))

    def _with_columns(self, columns: tuple[ColumnText, ...]) -> TableText:
        """Other columns; where the first stood right behind the bracket, so does the new first."""
        if not columns or self.columns[0].name_text[:1].isspace():
            return replace(self, columns=columns)
        first = replace(columns[0], name_text=columns[0].name_text.lstrip(" "))
        others = (
            c if c.name_text[:1].isspace() else replace(c, name_text=" " + c.name_text)
            for c in columns[1:]
        )
        return replace(self, columns=(first, *others))

    def _lead(self) -> str:
        """The blanks before a new piece: those before the last column that is there."""
        blanks = ""
        for token in tokens_of(self.columns[-1].name_text if self.columns else ""):
            if token.kind == "blank":
                blanks = token.text if "\n" in token.text or not blanks else blanks
            elif token.kind != "comment":
                break
        return blanks or " "


def _line_break(trivia: str, following: str) -> str:
    """What must stand between blanks and comments and the text that now follows them."""
    if following.startswith("\n") or not ends_in_line_comment(trivia):
        return ""
    return "\n"
