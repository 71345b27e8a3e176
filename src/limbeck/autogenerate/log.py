"""One line of log for each difference that is found, where users of Alembic look for it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from limbeck.diff.changes import Added, Changed, Removed
from limbeck.facts.kind_words import kind_words
from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
    EnumFact,
    ExcludeFact,
    ForeignKeyFact,
    IndexFact,
    PrimaryKeyFact,
    SequenceFact,
    TableFact,
    UniqueFact,
)
from limbeck.facts.schema_objects import SchemaObject

if TYPE_CHECKING:
    from limbeck.database.comparison import Comparison
    from limbeck.diff.changes import Change

_ROOT = "limbeck.autogenerate.compare"
_WORDS: dict[type[object], str] = {
    IndexFact: "index",
    UniqueFact: "unique constraint",
    CheckFact: "check constraint",
    ExcludeFact: "exclude constraint",
    PrimaryKeyFact: "primary key",
    EnumFact: "enum type",
    SequenceFact: "sequence",
}


def log_changes(comparison: Comparison) -> None:
    """Log every change at level INFO, and what is doubtful about the comparison as a warning."""
    for note in comparison.notes:
        logging.getLogger(_ROOT).warning(note)
    for change in comparison.changes:
        area, words = _line(change)
        logging.getLogger(f"{_ROOT}.{area}").info(words)


def _line(change: Change) -> tuple[str, str]:
    if isinstance(change, Changed) and isinstance(change.after, TableFact):
        area = "comments" if "comment" in change.fields else "tables"
        return area, f"Detected table {' and '.join(change.fields)} of '{change.table}'"
    if isinstance(change, Changed) and isinstance(change.after, ColumnFact):
        return _column_line(change)
    fact = change.before if isinstance(change, Removed) else change.after
    verb = _verb(change)
    match fact:
        case TableFact():
            return "tables", f"Detected {verb} table '{fact.key}'"
        case ColumnFact():
            return "tables", f"Detected {verb} column '{change.table}.{fact.name}'"
        case ForeignKeyFact():
            columns, referred = ",".join(fact.columns), ",".join(fact.referred_columns)
            words = f"Detected {verb} foreign key ({columns})({referred}) on table {change.table}"
            return "constraints", words
        case IndexFact() if isinstance(change, Added):
            return "constraints", f"Detected added index '{fact.name}' on '{fact.elements}'"
        case UniqueFact() if isinstance(change, Added):
            words = f"Detected added unique constraint '{fact.name}' on '{fact.columns}'"
            return "constraints", words
        case SchemaObject():
            return "objects", f"Detected {verb} {kind_words(fact.kind)} '{fact.key}'"
        case EnumFact() | SequenceFact():
            return "tables", f"Detected {verb} {_WORDS[type(fact)]} '{fact.key}'"
        case _:
            words = f"Detected {verb} {_WORDS[type(fact)]} '{fact.name}' on '{change.table}'"
            return "constraints", words


def _verb(change: Change) -> str:
    return {Added: "added", Removed: "removed", Changed: "changed"}[type(change)]


def _column_line(change: Changed) -> tuple[str, str]:
    before, after = change.before, change.after
    assert isinstance(before, ColumnFact)
    assert isinstance(after, ColumnFact)
    column = f"'{change.table}.{after.name}'"
    match change.fields:
        case ("type",):
            words = f"Detected type change from {before.type} to {after.type} on {column}"
            return "types", words
        case ("nullable",):
            null = "NULL" if after.nullable else "NOT NULL"
            return "constraints", f"Detected {null} on column {column}"
        case ("default",) | ("identity",) | ("computed",):
            return "server_defaults", f"Detected server default on column {column}"
        case ("comment",):
            return "comments", f"Detected column comment {column}"
        case _:
            from limbeck.render.words import change_words

            return "types", f"Detected change: {change_words(change)}"
