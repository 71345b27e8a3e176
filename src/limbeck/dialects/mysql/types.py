"""Types and defaults of MySQL and MariaDB in one spelling."""

from __future__ import annotations

import re
from functools import lru_cache

from limbeck.dialects.mysql.sql_tokens import canonical, tokens_of

_SAME_TYPE = {
    "integer": "int",
    "bool": "tinyint",
    "boolean": "tinyint",
    "dec": "decimal",
    "fixed": "decimal",
    "numeric": "decimal",
    "real": "double",
    "double precision": "double",
    "character": "char",
    "nchar": "char",
    "nvarchar": "varchar",
    "national char": "char",
    "national varchar": "varchar",
    "character varying": "varchar",
    "int1": "tinyint",
    "int2": "smallint",
    "int3": "mediumint",
    "int4": "int",
    "int8": "bigint",
    "long": "mediumtext",
}
_LENGTHS = {"char": "1", "binary": "1", "bit": "1", "decimal": "10,0"}
"""What the server makes of a type without arguments."""
_INTEGERS = frozenset(("tinyint", "smallint", "mediumint", "int", "bigint"))
_NUMBERS = _INTEGERS | {"decimal", "float", "double", "year"}
_NUMBER = re.compile(r"'\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*'")
_FRACTION = re.compile(r"[+-]?\d+\.\d+")
_NOW = re.compile(
    r"""(?P<string>'(?:[^'\\]|''|\\.)*')
    |\b(?:current_timestamp|now|localtimestamp|localtime)\b(?:\s*\(\s*(?P<parts>\d*)\s*\))?""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


@lru_cache(maxsize=4096)
def canonical_type(text: str) -> str:
    """The one spelling of a type, without character set and collation.

    The width of an integer means nothing but how it is shown (MySQL 8.0.19 no longer keeps it), so
    BOOL, which is TINYINT(1), is TINYINT.
    """
    words, arguments = _parts(text)
    signed = [word for word in words if word in ("unsigned", "zerofill")]
    name = " ".join(_before_attributes(words))
    name = _SAME_TYPE.get(name, name)
    if name == "float" and arguments and "," not in arguments:
        name, arguments = ("float" if int(arguments) <= 24 else "double"), None
    if (name in _INTEGERS and "zerofill" not in signed) or name == "year":
        arguments = None
    elif name == "decimal" and arguments and "," not in arguments:
        arguments += ",0"
    elif arguments is None:
        arguments = _LENGTHS.get(name)
    elif arguments == "0" and name in ("datetime", "timestamp", "time"):
        arguments = None
    if "zerofill" in signed:
        signed = ["unsigned", "zerofill"]
    return " ".join([name if arguments is None else f"{name}({arguments})", *signed])


_ATTRIBUTES = frozenset(
    ("unsigned", "zerofill", "collate", "charset", "null", "ascii", "unicode", "signed")
)


def _before_attributes(words: list[str]) -> list[str]:
    """The words of the name alone: ``double precision`` of ``double precision unsigned``."""
    name: list[str] = []
    for place, word in enumerate(words):
        follows = words[place + 1] if place + 1 < len(words) else ""
        if word in _ATTRIBUTES or (word == "character" and follows == "set"):
            break
        if word == "binary" and name:
            break
        name.append(word)
    return name


def _parts(text: str) -> tuple[list[str], str | None]:
    """The words of a type in lower case, and what stands in its brackets without blanks."""
    words: list[str] = []
    inside: list[str] = []
    depth, brackets = 0, False
    for kind, token in tokens_of(text):
        if token == ")":
            depth -= 1
        elif depth:
            inside.append(token)
        elif token == "(":
            brackets = True
        elif kind == "word":
            words.append(token.lower())
        depth += token == "("
    return words, "".join(inside) if brackets else None


@lru_cache(maxsize=4096)
def canonical_default(text: str, type_text: str) -> str | None:
    """The one spelling of a server default with its ON UPDATE, None for none at all.

    :param type_text: the type of the column, in its one spelling.
    """
    default = _NOW.sub(_now, canonical(text))
    if default == "null":
        return None
    kind = type_text.partition("(")[0].partition(" ")[0]
    if kind in _NUMBERS:
        default = {"true": "1", "false": "0"}.get(default, default)
        number = _NUMBER.fullmatch(default)
        return _shortest(number.group(1) if number else default)
    return default


def _shortest(default: str) -> str:
    """A number without the zeros that the server adds to fill a column's scale."""
    if not _FRACTION.fullmatch(default):
        return default
    return default.rstrip("0").removesuffix(".")


def _now(match: re.Match[str]) -> str:
    """``current_timestamp(…)`` for each of its names; a string stays as it is."""
    if match["string"] is not None:
        return match["string"]
    return f"current_timestamp({(match['parts'] or '').lstrip('0')})"
