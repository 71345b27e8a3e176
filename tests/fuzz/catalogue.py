"""The words of a database: types, and what defaults, conditions and expressions fit them."""

# ruff: noqa: E501 - what means the same stands in one line

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.fuzz.model import Over, Spelled, Type


@dataclass(frozen=True)
class Catalogue:
    """What may be drawn for one database.

    :param types: the types.
    :param defaults: for each family, the server defaults.
    :param conditions: what a CHECK, a partial index or an EXCLUDE constraint may ask for.
    :param expressions: what a column may be computed from, or an index be made over.
    """

    database: str
    types: tuple[Type, ...]
    defaults: Mapping[str, tuple[Spelled, ...]]
    conditions: tuple[Over, ...]
    expressions: tuple[Over, ...]
    schemas: tuple[str, ...] = ()
    identities: tuple[Spelled, ...] = ()
    features: frozenset[str] = frozenset()
    foreign_key_options: tuple[tuple[tuple[str, str], ...], ...] = ((),)
    unique_options: tuple[tuple[tuple[str, str], ...], ...] = ((),)
    index_options: tuple[tuple[tuple[str, str], ...], ...] = ((),)
    orders: tuple[str, ...] = ("",)
    operators: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def same(*variants: str) -> Spelled:
    """Spellings of one thing."""
    return Spelled(variants)


def types(family: str, *groups: tuple[str, ...] | str, keyed: bool = True) -> tuple[Type, ...]:
    """Types of a family, each with its spellings."""
    return tuple(
        Type((group,) if isinstance(group, str) else group, family=family, keyed=keyed)
        for group in groups
    )


def over(families: str, *variants: str, result: str = "boolean") -> Over:
    """An expression over columns of families that are divided by spaces."""
    return Over(variants, families=tuple(families.split()), result=result)


AWKWARD = (
    "", "x", "it's", 'say "x"', "100%", "%s", "%%", "%(a)s", ":c", "a:b", "a::b", "back\\slash",
    "two\nlines", "tab\t", "😀", "é", " around ", "null", "NULL", "true", "0", "1", "now()",
    "CURRENT_TIMESTAMP", "'quoted'", "(x)", "-- x", "/* x */", "a;b", "{x}", "$$", "`x`", "[x]",
    "x'", "''", "\\'", "e'x'",
)  # fmt: skip
"""Strings that something on the way may take for something else."""


def literal(value: str, escapes_backslashes: bool = False) -> str:
    """A string as an SQL literal."""
    if escapes_backslashes:
        value = value.replace("\\", "\\\\")
    return "'" + value.replace("'", "''") + "'"


def strings(*values: str, escapes_backslashes: bool = False) -> tuple[Spelled, ...]:
    """Defaults that are strings, as a value and as SQL text where that can be written."""
    from tests.fuzz.source import sql

    def one(value: str) -> Spelled:
        plain = repr(value)
        if "\\:" in value or ("\\" in value and ":" in value):
            return Spelled((plain,))
        return Spelled((plain, f"sa.text({sql(literal(value, escapes_backslashes))!r})"))

    return tuple(one(value) for value in values)


NUMBERS = (
    same('"0"', 'sa.text("0")', 'sa.text("(0)")', "sa.literal(0)"),
    same('sa.text("7")', '"7"'),
    same('sa.text("-1")', '"-1"'),
    same('sa.text("(1 + 2)")', 'sa.text("(1+2)")', 'sa.text("((1 + 2))")'),
    same('sa.text("NULL")', 'sa.text("null")', "sa.null()"),
)
BOOLEANS = (
    same("sa.true()", 'sa.text("true")', 'sa.text("TRUE")'),
    same("sa.false()", 'sa.text("false")', 'sa.text("FALSE")'),
)
MOMENTS = (same("sa.func.now()", "sa.func.current_timestamp()", 'sa.text("CURRENT_TIMESTAMP")'),)

PORTABLE_TYPES = (
    *types(
        "integer", ("sa.Integer", "sa.INTEGER", "sa.Integer()"), "sa.BigInteger", "sa.SmallInteger"
    ),
    *types("number", "sa.Numeric(10, 2)", "sa.Numeric(12, 4)", "sa.Numeric(5)"),
    *types("float", "sa.Float", "sa.Double", "sa.REAL"),
    *types("text", ("sa.String(30)", "sa.VARCHAR(30)", "sa.Unicode(30)"), "sa.String(60)"),
    *types("text", ("sa.Text", "sa.TEXT", "sa.Text()"), keyed=False),
    *types("character", "sa.CHAR(3)", "sa.CHAR(5)"),
    *types("date", ("sa.Date", "sa.DATE")),
    *types("time", "sa.Time"),
    *types("moment", "sa.DateTime", "sa.DateTime(timezone=True)"),
    *types("boolean", ("sa.Boolean", "sa.Boolean()")),
    *types("binary", "sa.LargeBinary", "sa.PickleType", keyed=False),
    *types("json", "sa.JSON", keyed=False),
    *types("uuid", "sa.Uuid"),
    *types("interval", "sa.Interval"),
    *types(
        "choice",
        'sa.Enum("a", "b", native_enum=False, name="choice", length=9)',
        'sa.Enum("a", "b", native_enum=False, create_constraint=True, name="choice", length=9)',
        'sa.Enum("a", "it\'s", "c%", native_enum=False, create_constraint=True, name="other", length=9)',
        keyed=False,  # its CHECK has a name, which a table has once
    ),
    *types("flag", 'sa.Boolean(create_constraint=True, name="flag")', keyed=False),
)
