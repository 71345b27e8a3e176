"""The usual ``CREATE TABLE`` text cut into pieces, each piece read once.

A schema says the same columns in table after table. Where commas and brackets can be told without
cutting the text into tokens, a piece that was read before is not read again. Whatever is unusual
(comments, other quotes, a piece that is there twice) is left to :func:`read_table`, and what comes
out is the same.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from limbeck.dialects.sqlite.schema_cursor import SchemaTextError, names_in
from limbeck.dialects.sqlite.schema_reader import read_pieces, read_table
from limbeck.dialects.sqlite.schema_text import ColumnText, ConstraintText, Reference, TableText
from limbeck.dialects.sqlite.sql_tokens import unquoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from limbeck.dialects.sqlite.schema_text import ConstraintKind

Pieces: TypeAlias = "tuple[ColumnText, ...] | tuple[ConstraintText, ...]"

_HEAD = re.compile(r'CREATE TABLE (?P<name>[A-Za-z_]\w*|"(?:[^"]|"")+") \(')
_WORDS = r"""[^,()'"`\[\]/-]++|'(?:[^']|'')*+'|"(?:[^"]|"")*+"|-(?!-)|/(?!\*)"""
_BRACKETS = rf"\((?:{_WORDS}|,|\((?:{_WORDS}|,|\((?:{_WORDS}|,)*+\))*+\))*+\)"
_PIECE = re.compile(rf"(?:{_WORDS}|{_BRACKETS})*+")
_BLANKS = " \t\n\f\r"
_NAME = r'(?:[A-Za-z_]\w*|"[^"]+")'
_NAMES = rf"{_NAME}(?:, {_NAME})*"
_ACTION = r"(?:CASCADE|RESTRICT|SET NULL|SET DEFAULT|NO ACTION)"
_CONSTRAINT = re.compile(
    rf"[{_BLANKS}]*(?:CONSTRAINT (?P<name>{_NAME}) )?(?:"
    rf"(?P<key>PRIMARY KEY|UNIQUE) \((?P<members>{_NAMES})\)"
    rf"|FOREIGN KEY\((?P<columns>{_NAMES})\)"
    rf" REFERENCES (?P<table>{_NAME}) \((?P<referred>{_NAMES})\)"
    rf"(?: ON (?:DELETE|UPDATE) {_ACTION})*"
    r"|CHECK \((?P<condition>[^()'\"`\[\]]*)\))"
)
"""A constraint as SQLAlchemy writes it."""


def read_any_table(sql: str, name: str) -> TableText:
    """Cut the text of a table into pieces.

    :param sql: ``CREATE TABLE …`` as ``sqlite_master`` keeps it.
    :param name: the table's name, which the text may not have yet.
    :raises SchemaTextError: the text is something else, a virtual table for instance.
    """
    return plain_table(sql, name) or _named(read_table(sql), name)


def _named(table: TableText, name: str) -> TableText:
    return TableText(
        name, table.head, table.name_text, table.opening, table.columns, table.constraints,
        table.closing, table.options,
    )  # fmt: skip


def plain_table(sql: str, name: str) -> TableText | None:
    """The table as :func:`read_any_table` gives it, None where its text is not a usual one."""
    head = _HEAD.match(sql)
    if head is None:
        return None
    texts, place = [], head.end()
    while True:
        found = _PIECE.match(sql, place)
        assert found is not None  # it matches nothing, too
        place = found.end() + 1
        separator = sql[place - 1 : place]
        texts.append((found[0], separator))
        if separator == ")":
            break
        if separator != ",":
            return None
    last = texts[-1][0]
    closing = last[len(last.rstrip(_BLANKS)) :]
    texts[-1] = (last[: len(last) - len(closing)], ")")
    if len(set(texts)) < len(texts):
        return None  # pieces are told apart by being others
    pieces = [_usual_constraint(text) or _read(text, separator) for text, separator in texts]
    columns = _leading(pieces)
    constraints = pieces[len(columns) :]
    if not all(pieces) or not all(isinstance(each[0], ConstraintText) for each in constraints):
        return None
    return TableText(
        name,
        "CREATE TABLE ",
        head["name"],
        " (",
        tuple([column for each in columns for column in each]),  # type: ignore[misc]  # they are columns
        tuple([constraint for each in constraints for constraint in each]),  # type: ignore[misc]  # and constraints
        closing,
        sql[place - 1 :],
    )


def _leading(pieces: Sequence[Pieces]) -> Sequence[Pieces]:
    """The columns, which come first."""
    for place, each in enumerate(pieces):
        if each and not isinstance(each[0], ColumnText):
            return pieces[:place]
    return pieces


def _usual_constraint(text: str) -> tuple[ConstraintText, ...]:
    """A constraint as SQLAlchemy writes it, nothing for any other piece.

    Its names are others in each table, so that there is no use in remembering it.
    """
    found = _CONSTRAINT.fullmatch(text)
    if found is None:
        return ()
    said = found.groupdict()
    name = None if said["name"] is None else unquoted(said["name"])
    kind: ConstraintKind
    columns: tuple[str, ...] = ()
    reference, condition = None, ""
    if said["key"] is not None:
        kind = "unique" if said["key"] == "UNIQUE" else "primary key"
        columns = _names(said["members"])
    elif said["columns"] is not None:
        kind, columns = "foreign key", _names(said["columns"])
        reference = Reference(unquoted(said["table"]), _names(said["referred"]))
    else:
        kind, condition = "check", said["condition"].strip(_BLANKS)
    return (ConstraintText(kind, text, name, columns, condition, reference),)


def _names(columns: str) -> tuple[str, ...]:
    return names_in(columns) if '"' in columns else tuple(columns.split(", "))


@lru_cache(maxsize=4096)
def _read(text: str, separator: str) -> Pieces:
    """A column, or one or several constraints; nothing where it cannot be read by itself."""
    try:
        return read_pieces(text + separator)
    except SchemaTextError:
        return ()
