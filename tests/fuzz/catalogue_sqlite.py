"""The words of SQLite."""

from __future__ import annotations

from tests.fuzz.catalogue import (
    AWKWARD,
    BOOLEANS,
    NUMBERS,
    PORTABLE_TYPES,
    Catalogue,
    over,
    same,
    strings,
    types,
)

SQLITE = Catalogue(
    database="sqlite",
    types=(
        *PORTABLE_TYPES,
        *types("text", 'sa.String(30, collation="NOCASE")', 'sa.String(30, collation="RTRIM")'),
    ),
    defaults={
        "integer": NUMBERS,
        "number": (*NUMBERS, same('"0.5"', 'sa.text("0.5")')),
        "float": (*NUMBERS, same('sa.text("1e3")')),
        "text": (*strings(*AWKWARD), same("sa.text(\"(upper('x'))\")")),
        "character": strings("a", "", "%"),
        "choice": strings("a"),
        "date": (
            *strings("2020-01-01"),
            same('sa.text("CURRENT_DATE")', 'sa.text("(CURRENT_DATE)")'),
        ),
        "moment": (
            same(
                "sa.func.current_timestamp()",
                'sa.text("CURRENT_TIMESTAMP")',
                'sa.text("(CURRENT_TIMESTAMP)")',
            ),
            same("sa.text(\"(datetime('now'))\")"),
        ),
        "boolean": (*BOOLEANS, same('sa.text("0")', '"0"')),
        "flag": (same('sa.text("0")', '"0"', "sa.false()"),),
        "binary": (same("sa.text(\"x'00ff'\")"),),
        "json": strings("{}", '{"a": [1, null]}'),
    },
    conditions=(
        over("integer", "{0} > 5", "({0} > 5)", "{0}>5"),
        over("integer", "{0} in (1, 2)", "{0} IN (1,2)", "({0} in (1, 2))"),
        over("integer", "{0} IS NOT NULL", "{0} is not null"),
        over("integer integer", "{0} < {1}"),
        over("text", "length({0}) > 1", "length( {0} ) > 1"),
        over("text", "{0} <> 'it''s: 100%'"),
        over("text", "{0} like 'a%' AND {0} NOT LIKE '%:b'"),
        over("text", "{0} IN ('x', 'y')", "{0} in ('x','y')"),
        over("number", "{0} BETWEEN 0 AND 1.5"),
        over("text integer", "{0} = 'x' OR {1} = 1"),
    ),
    expressions=(
        over("integer", "{0} + 1", "({0} + 1)", result="integer"),
        over("integer integer", "{0} * {1}", result="integer"),
        over("text", "lower({0})", result="text"),
        over("text", "{0} || ':x%'", result="text"),
        over("text", "coalesce({0}, 'it''s')", result="text"),
        over("number", "{0} * 2.5", result="number"),
    ),
    features=frozenset({"virtual", "stored", "partial"}),
    foreign_key_options=(
        (),
        (("ondelete", '"CASCADE"'),),
        (("ondelete", '"SET NULL"'), ("onupdate", '"cascade"')),
        (("ondelete", '"NO ACTION"'),),
        (("ondelete", '"RESTRICT"'), ("deferrable", "True")),
        (("deferrable", "True"), ("initially", '"DEFERRED"')),
        (("use_alter", "True"),),
    ),
    orders=("", "desc", "asc"),
)
