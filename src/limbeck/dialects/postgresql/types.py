"""PostgreSQL's spellings of types and literals, brought to the one of the catalogue.

``format_type()`` spells each built-in type in one way, where DDL knows several; the pairs are in
table 8.1 of the manual (https://www.postgresql.org/docs/current/datatype.html). What is missing
here costs a comparison on scratch, no more.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SYNONYMS = {
    "varchar": "character varying",
    "char varying": "character varying",
    "char": "character",
    "nchar": "character",
    "int": "integer",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "serial": "integer",
    "serial2": "smallint",
    "serial4": "integer",
    "serial8": "bigint",
    "smallserial": "smallint",
    "bigserial": "bigint",
    "decimal": "numeric",
    "dec": "numeric",
    "bool": "boolean",
    "float4": "real",
    "float8": "double precision",
    "float": "double precision",
    "varbit": "bit varying",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
    "time": "time without time zone",
    "timetz": "time with time zone",
}
_NUMBERS = frozenset({"smallint", "integer", "bigint", "numeric", "real", "double precision"})
_BOOLEANS = {
    "t": "true", "true": "true", "y": "true", "yes": "true", "on": "true", "1": "true",
    "f": "false", "false": "false", "n": "false", "no": "false", "off": "false", "0": "false",
}  # fmt: skip
"""The literals of boolean: https://www.postgresql.org/docs/current/datatype-boolean.html"""

_NOW = frozenset({"now()", "current_timestamp", "transaction_timestamp()"})
"""All three are the start of the transaction, as ``timestamp with time zone``."""

_ARRAY = re.compile(r"(\s*\[\d*\])+$|\s+ARRAY$", re.IGNORECASE)
_ARGUMENTS = re.compile(r"\(([^)]*)\)")
_LITERAL = re.compile(r"'((?:[^']|'')*)'(?:::(.+))?$", re.DOTALL)
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?$")
_UNCUT = frozenset({"text", "character varying"})
"""String types, as casts without a length, between which a value stays as it is."""

_INTEGER = re.compile(r"[+-]?\d+$")
_NULL = re.compile(r"NULL(::.+)?$", re.IGNORECASE)
_ITEM = r"\('((?:[^']|'')*)'::character varying\)::text"
_CAST_ITEMS = re.compile(rf"ARRAY\[{_ITEM}(?:, {_ITEM})*\]")
"""``a IN ('x')`` is stored as ``(ARRAY['x'::character varying])::text[]``. That text, used to make
the condition once more, is stored as ``ARRAY[('x'::character varying)::text]``, which is equal."""


@lru_cache(maxsize=1024)
def normal_type(text: str) -> str:
    """A type's DDL text as ``format_type()`` spells it.

    Arrays of any number of dimensions are the same type to PostgreSQL.
    """
    text = text.strip()
    array = _ARRAY.search(text)
    if array:
        return normal_type(text[: array.start()]) + "[]"
    if '"' in text:
        return text
    words = re.sub(r"\s+", " ", text.lower())
    arguments = _ARGUMENTS.search(words)
    if arguments is None:
        return _with_default_length(_SYNONYMS.get(words, words))
    inside = ",".join(part.strip() for part in arguments.group(1).split(","))
    base, rest = words[: arguments.start()].strip(), words[arguments.end() :].strip()
    return _with_arguments(base, inside, rest)


def _with_default_length(name: str) -> str:
    return f"{name}(1)" if name in ("character", "bit") else name


def _with_arguments(base: str, inside: str, rest: str) -> str:
    """``timestamp(3) with time zone`` and its like: the argument may stand in the middle."""
    if base == "float":  # the argument counts binary digits: 1 to 24 make a real
        return "real" if inside.isdigit() and int(inside) <= 24 else "double precision"
    full = _SYNONYMS.get(f"{base} {rest}".strip(), f"{base} {rest}".strip())
    if full == "numeric" and "," not in inside:
        inside += ",0"
    for start in ("timestamp", "time"):
        if full.startswith(start + " "):
            return f"{start}({inside}){full[len(start) :]}"
    return f"{full}({inside})"


def base_type(text: str) -> str:
    """A type's normal text without length, precision and scale."""
    return re.sub(r"\([^)]*\)", "", text)


def normal_default(text: str, type_text: str) -> str | None:
    """A server default's text as it is best compared, None for NULL, which is no default.

    :param text: from the models, or as ``pg_get_expr()`` returns it.
    :param type_text: the normal text of the column's type.
    """
    if _NULL.match(text):
        return None
    if text.lower() in _NOW:
        return "now()"
    kind = base_type(type_text)
    literal = _LITERAL.match(text)
    if literal is None:
        return text.lower() if text.lower() in ("true", "false") else text
    value, cast = literal.groups()
    if (
        kind in _NUMBERS
        and _INTEGER.match(value)
        and (cast is None or normal_type(cast) in _NUMBERS)
    ):
        return value  # DEFAULT -1 is kept as '-1'::integer, whatever number the column has
    if cast in _UNCUT and kind in _UNCUT:
        return f"'{value}'"  # a default keeps the type that the column had before
    if cast is not None and base_type(normal_type(cast)) != kind:
        return text
    if kind in _NUMBERS and _NUMBER.match(value):
        return value
    if kind == "boolean":
        return _BOOLEANS.get(value.strip().lower(), text)
    return f"'{value}'"


def with_casts_outside(text: str) -> str:
    """A text with arrays as they are spelled the first time: see :data:`_CAST_ITEMS`.

    :param text: a condition or expression.
    """
    return _CAST_ITEMS.sub(_with_cast_outside, text) if "ARRAY[" in text else text


def _with_cast_outside(array: re.Match[str]) -> str:
    items = (f"'{item[1]}'::character varying" for item in re.finditer(_ITEM, array.group(0)))
    return f"(ARRAY[{', '.join(items)}])::text[]"
