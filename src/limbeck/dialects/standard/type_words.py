"""A column type's text taken apart: what kind of values it holds, and how much of each.

The texts are those of type compilers and of catalogues: ``VARCHAR(50)``, ``character varying(50)``,
``timestamp(6) with time zone``, ``int(11) unsigned``, ``enum('a','b')``.
"""

from __future__ import annotations

import re

from limbeck.value import Value

_PARTS = re.compile(r"([^(\[]*)(?:\((.*)\))?(.*)", re.DOTALL)
_CHARSET = re.compile(r"(?:character set|charset) (\w+)")
_COLLATE = re.compile(r'collate "?(\w+)')
_QUALIFIER = re.compile(r" (?:character set|charset|collate|unsigned|zerofill|with(?:out)? )")
_VALUE = re.compile(r"'((?:[^']|'')*)'")

SHORT_TEXT, LONG_TEXT = 255, 65_535
"""Bytes in MySQL's TINYTEXT and TEXT: https://dev.mysql.com/doc/refman/8.4/en/storage-requirements.html"""

_SIZES: dict[str, int | None] = {
    "tiny": SHORT_TEXT,
    "": LONG_TEXT,
    "medium": 16_777_215,
    "long": None,
}
_BITS = {
    "tinyint": 8,
    "smallint": 16,
    "int2": 16,
    "smallserial": 16,
    "mediumint": 24,
    "int": 32,
    "integer": 32,
    "int4": 32,
    "serial": 32,
    "bigint": 64,
    "int8": 64,
    "bigserial": 64,
}
_FLOATS = {
    "real": 24,
    "float4": 24,
    "float": 53,
    "float8": 53,
    "double": 53,
    "double precision": 53,
}
_FAMILIES = {
    "bool": "boolean",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "timetz": "time",
    "timestamp": "timestamp",
    "timestamptz": "timestamp",
    "datetime": "timestamp",
    "datetime2": "timestamp",
    "smalldatetime": "timestamp",
    "datetimeoffset": "timestamp",
    "interval": "interval",
    "json": "json",
    "jsonb": "jsonb",
    "uuid": "uuid",
    "uniqueidentifier": "uuid",
    "enum": "enum",
    "set": "set",
}
_TEXTS = frozenset(
    {
        "char",
        "character",
        "nchar",
        "bpchar",
        "varchar",
        "nvarchar",
        "varchar2",
        "nvarchar2",
        "character varying",
        "national varchar",
        "national char",
        "text",
        "citext",
        "clob",
        "nclob",
        "string",
    }
)
_BYTES = frozenset({"blob", "binary", "varbinary", "bytea", "raw", "image"})
_DECIMALS = frozenset({"decimal", "numeric", "dec", "number", "fixed"})


class TypeWords(Value, slots=True):
    """What a type holds.

    :param family: ``text``, ``bytes``, ``integer``, ``decimal``, ``float``, ``boolean``, ``date``,
        ``time``, ``timestamp``, ``interval``, ``json``, ``jsonb``, ``uuid``, ``enum``, ``set``;
        of any other type its name.
    :param size: characters, bytes, bits of an integer or of a float's digits, digits of a decimal,
        digits of a second's fraction; None where there is no limit, or none is known.
    :param scale: digits behind the decimal point; None where that is open.
    :param values: those of an enumeration or a set.
    :param is_unsigned: whether there are no negative numbers.
    :param is_zoned: whether the time zone counts.
    :param charset: the character set, where the text or the collation names it.
    """

    family: str
    size: int | None = None
    scale: int | None = None
    values: tuple[str, ...] = ()
    is_unsigned: bool = False
    is_zoned: bool = False
    charset: str | None = None


def type_words(text: str) -> TypeWords:
    """Take a type's text apart.

    :param text: as the database, or its type compiler, spells it.
    """
    parts = _PARTS.fullmatch(text.strip())
    assert parts is not None, "the expression fits any text"
    head, inside, tail = parts[1].strip(), parts[2] or "", parts[3].lower()
    words = " ".join(f"{head} {tail}".lower().split())
    if "[" in words:
        return TypeWords(words)
    charset = _charset(words)
    name = _QUALIFIER.split(words)[0]
    family = _FAMILIES.get(name, name)
    numbers = [int(number) for number in re.findall(r"\d+", inside)]
    first = numbers[0] if numbers else None
    if family in ("enum", "set"):
        values = tuple(value.replace("''", "'") for value in _VALUE.findall(inside))
        return TypeWords(family, values=values, charset=charset)
    if family in ("timestamp", "time"):
        zoned = "with time zone" in words or name.endswith("tz") or name == "datetimeoffset"
        return TypeWords(family, size=first, is_zoned=zoned)
    return _sized(name, family, numbers, is_unsigned="unsigned" in words, charset=charset)


def _sized(
    name: str, family: str, numbers: list[int], *, is_unsigned: bool, charset: str | None
) -> TypeWords:
    first = numbers[0] if numbers else None
    if name in _BITS:
        return TypeWords("integer", size=_BITS[name], is_unsigned=is_unsigned)
    if name in _DECIMALS:
        scale = None if first is None else (numbers[1] if len(numbers) > 1 else 0)
        return TypeWords("decimal", size=first, scale=scale, is_unsigned=is_unsigned)
    if name in _FLOATS:
        size = _FLOATS[name] if first is None or len(numbers) > 1 else 24 if first < 25 else 53
        return TypeWords("float", size=size)
    prefixed = re.fullmatch(r"(tiny|medium|long|)(text|blob)", name)
    if prefixed is not None and prefixed[1]:
        family = "text" if prefixed[2] == "text" else "bytes"
        return TypeWords(family, size=_SIZES[prefixed[1]], charset=charset)
    if name in _TEXTS:
        characters = first
        if first is None and name in ("char", "character", "nchar", "bpchar"):
            characters = 1
        return TypeWords("text", size=characters, charset=charset)
    if name in _BYTES:
        return TypeWords("bytes", size=first)
    return TypeWords(family, size=first)


def _charset(words: str) -> str | None:
    """The character set that is named, or that the collation belongs to (``latin1_bin``)."""
    named = _CHARSET.search(words)
    if named is not None:
        return named[1]
    collation = _COLLATE.search(words)
    return None if collation is None else collation[1].partition("_")[0]
