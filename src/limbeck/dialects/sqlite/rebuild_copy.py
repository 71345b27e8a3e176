"""The statement that carries the rows over to the new table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.types import JSON, Date, DateTime, Time

from limbeck.dialects.sqlite.sql_tokens import folded, mentions, tokens_of

if TYPE_CHECKING:
    from sqlalchemy import Dialect

    from limbeck.dialects.sqlite.rebuild_draft import Draft
    from limbeck.dialects.sqlite.schema_text import ColumnText, TableText


def copy_statement(
    draft: Draft,
    addresses: tuple[str, str],
    dialect: Dialect,
    *,
    keep_rowid: bool,
    casts: bool,
) -> str | None:
    """``INSERT INTO new (…) SELECT … FROM old``, or None where no column is left to copy.

    :param addresses: the quoted names of the old table and of the new one.
    :param keep_rowid: keep rowids even where no column shows them.
    :param casts: convert values wherever the kind of type changes, text that is no number to 0.
    """
    before, after = draft.live.text, draft.table
    quote = dialect.identifier_preparer.quote
    source, target = addresses
    names: list[str] = []
    values: list[str] = []
    rowid = _hidden_rowid(before, after) if keep_rowid else None
    if rowid is not None:
        names.append(rowid)
        values.append(f"{source}.{rowid}")
    for column in after.columns:
        name = folded(column.name)
        old = None if name in draft.added else before.column(draft.renamed.get(name, column.name))
        if old is None or column.is_generated:
            continue
        names.append(quote(column.name))
        value = f"{source}.{quote(old.name)}"
        if casts and _is_cast(old.type, column.type, dialect):
            values.append(f"CAST({value} AS {column.type}) AS {quote(old.name)}")
        else:
            values.append(_value(old, column, value, quote(old.name)))
    if not names:
        return None
    # What a constraint says of conflicts (ON CONFLICT IGNORE) would silently lose rows here; the
    # word of the statement is stronger: https://www.sqlite.org/lang_conflict.html
    verb = "INSERT OR ABORT INTO" if mentions(after.text, "CONFLICT") else "INSERT INTO"
    return f"{verb} {target} ({', '.join(names)}) SELECT {', '.join(values)} FROM {source}"


def affinity(type_: str) -> str:
    """The affinity of a declared type, by the rules of https://www.sqlite.org/datatype3.html."""
    upper = type_.upper()
    if "INT" in upper:
        return "INTEGER"
    if any(part in upper for part in ("CHAR", "CLOB", "TEXT")):
        return "TEXT"
    if not upper or "BLOB" in upper:
        return "BLOB"
    if any(part in upper for part in ("REAL", "FLOA", "DOUB")):
        return "REAL"
    return "NUMERIC"


def _is_cast(before: str, after: str, dialect: Dialect) -> bool:
    """Whether two declared types are of different kinds, as SQLAlchemy knows them.

    JSON is text already, and CAST would make a number of a date: 2024 of 2024-05-18.
    """
    old, new = (dialect._resolve_type_affinity(words) for words in (before, after))  # type: ignore[attr-defined]  # SQLite's own, which reflection goes by
    kept = isinstance(new, JSON | Date | DateTime | Time)
    return not kept and old._type_affinity is not new._type_affinity


def _value(before: ColumnText, after: ColumnText, value: str, name: str) -> str:
    """The value of a column in the words of its new type.

    A column converts what can be converted without loss by itself. CAST would make 0 of a text
    that is no number, and 2024 of a date that comes to a DATETIME column, whose affinity is
    NUMERIC; so it is said only where the new type would otherwise not hold its own kind of value.
    """
    old, new = affinity(before.type), affinity(after.type)
    if old == new:
        return value
    if new == "TEXT" and "JSON" not in after.type.upper():
        return f"CAST({value} AS TEXT) AS {name}"
    if new == "BLOB" and old == "TEXT" and after.type:
        return f"CAST({value} AS BLOB) AS {name}"
    if new == "INTEGER" and old in ("REAL", "NUMERIC"):
        number = f"typeof({value}) = 'real'"
        return f"CASE WHEN {number} THEN CAST({value} AS INTEGER) ELSE {value} END AS {name}"
    return value


def _hidden_rowid(before: TableText, after: TableText) -> str | None:
    """A name for the rowid, where both tables have one and the new one does not show it."""
    if before.without_rowid or after.without_rowid or after.rowid_column is not None:
        return None
    taken = {folded(column.name) for column in (*before.columns, *after.columns)}
    return next((name for name in ("rowid", "_rowid_", "oid") if name not in taken), None)


def without_qualifiers(text: str, name: str) -> str:
    """A table's text in which no expression calls a column by the table's name as well.

    ``CHECK (t.a > 0)`` is right within table t, and wrong while the table has another name.
    """
    tokens = tokens_of(text)
    kept: list[str] = []
    skip = 0
    for place, token in enumerate(tokens):
        if skip:
            skip -= 1
            continue
        following = tokens[place + 1].text if place + 1 < len(tokens) else ""
        is_name = token.kind in ("word", "quoted") and folded(token.name) == folded(name)
        if is_name and following == ".":
            skip = 1
            continue
        kept.append(token.text)
    return "".join(kept)
