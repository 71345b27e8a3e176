"""Which casts PostgreSQL has between its own types.

Read from ``pg_cast`` (https://www.postgresql.org/docs/current/catalog-pg-cast.html): a cast with
the context "implicit" or "assignment" is made by ``ALTER COLUMN … TYPE`` itself, an "explicit" one
has to be asked for. Where there is none, a value can still go through its text. A type that is not
listed may have any casts, so nothing is said of it.
"""

from __future__ import annotations

import re

from limbeck.dialects.postgresql.types import base_type, normal_type

_COLLATION = re.compile(r'\s+COLLATE\s+("[^"]+"|\S+)')
_FIELDS = re.compile(r"^interval\b[^\[]*")
TEXTS = frozenset({"text", "character", "character varying", "name"})
_NUMBERS = frozenset({"smallint", "integer", "bigint", "numeric", "real", "double precision"})
_RANGES = ("int4", "int8", "num", "ts", "tstz", "date")
_BY_THEMSELVES = (
    TEXTS,
    _NUMBERS,
    frozenset({"bit", "bit varying"}),
    frozenset({"json", "jsonb"}),
    frozenset({"cidr", "inet"}),
    frozenset({"macaddr", "macaddr8"}),
    frozenset({"date", "timestamp without time zone", "timestamp with time zone"}),
    frozenset({"time without time zone", "time with time zone"}),
    frozenset({"time without time zone", "interval"}),
    frozenset({"oid", "integer", "bigint"}),
    frozenset({"oid", "regclass", "integer", "bigint"}),
    frozenset({"oid", "regconfig", "integer", "bigint"}),
)
"""Groups of types in which each is cast to every other one by assignment."""

_ONE_WAY = frozenset(
    {
        ("timestamp without time zone", "time without time zone"),
        ("timestamp with time zone", "time without time zone"),
        ("timestamp with time zone", "time with time zone"),
        ("smallint", "oid"),
        ("integer", "money"),
        ("bigint", "money"),
        ("numeric", "money"),
        ("money", "numeric"),
        ("smallint", "regclass"),
        ("smallint", "regconfig"),
        ("box", "polygon"),
        ("path", "polygon"),
        ("point", "box"),
        ("polygon", "path"),
    }
)
_EXPLICIT = frozenset(
    {
        *((f"{each}range", f"{each}multirange") for each in _RANGES),
        *(("jsonb", number) for number in _NUMBERS),
        *((bits, number) for bits in ("bit",) for number in ("integer", "bigint")),
        *((number, "bit") for number in ("integer", "bigint")),
        ("jsonb", "boolean"),
        ("integer", "boolean"),
        ("boolean", "integer"),
        ("box", "point"),
        ("circle", "point"),
        ("polygon", "point"),
        ("lseg", "point"),
        ("polygon", "circle"),
        ("circle", "polygon"),
        ("box", "circle"),
        ("circle", "box"),
        ("polygon", "box"),
        ("box", "lseg"),
    }
)
KNOWN = frozenset(
    {
        *(name for group in _BY_THEMSELVES for name in group),
        *(name for pair in (*_ONE_WAY, *_EXPLICIT) for name in pair),
        *("bytea", "uuid", "tsvector", "tsquery", "xml", "jsonpath", "line", "pg_lsn"),
    }
)


def built_in_path(before: str, after: str) -> str | None:
    """How a column gets from one type to another.

    :param before: the DDL text of a type.
    :param after: the DDL text of another.
    :return: None where PostgreSQL converts by itself or nobody knows, "" for a plain cast, or the
        type that the cast goes through.
    """
    old, new = (_name(text) for text in (before, after))
    arrays = (old.endswith("[]"), new.endswith("[]"))
    if arrays[0] != arrays[1]:
        known = {old.removesuffix("[]"), new.removesuffix("[]")} <= KNOWN
        return None if not known or new in TEXTS else "text"
    old, new = old.removesuffix("[]"), new.removesuffix("[]")
    if old == new or not {old, new} <= KNOWN or new in TEXTS or (old, new) in _ONE_WAY:
        return None
    if any({old, new} <= group for group in _BY_THEMSELVES):
        return None
    if (old, new) in _EXPLICIT or old in TEXTS:
        return ""
    return "text[]" if arrays[0] else "text"


def _name(text: str) -> str:
    """A type without its arguments, collation and fields."""
    name = base_type(normal_type(_COLLATION.sub("", text)))
    return _FIELDS.sub("interval", name)
