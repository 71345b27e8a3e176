"""The words of PostgreSQL."""

# ruff: noqa: E501 - what means the same stands in one line

from __future__ import annotations

from dataclasses import replace

from tests.fuzz.catalogue import (
    AWKWARD,
    BOOLEANS,
    MOMENTS,
    NUMBERS,
    PORTABLE_TYPES,
    Catalogue,
    over,
    same,
    strings,
    types,
)

TYPES = (
    *PORTABLE_TYPES,
    *types("number", "sa.Numeric", "postgresql.NUMERIC(3, 0)"),
    *types("float", ("sa.Float(24)", "sa.REAL"), ("sa.Float(53)", "sa.Double", "postgresql.DOUBLE_PRECISION")),
    *types("text", ("sa.String", "sa.VARCHAR", "sa.String()"), 'sa.String(30, collation="C")', 'sa.Text(collation="POSIX")'),
    *types("moment", "postgresql.TIMESTAMP(precision=3)", "postgresql.TIMESTAMP(timezone=True, precision=0)"),
    *types("time", "sa.Time(timezone=True)", "postgresql.TIME(precision=2)"),
    *types("interval", 'postgresql.INTERVAL(fields="DAY TO SECOND", precision=3)', "postgresql.INTERVAL(precision=2)", 'postgresql.INTERVAL(fields="YEAR")'),
    *types("jsonb", ("postgresql.JSONB", "postgresql.JSONB()")),
    *types("inet", "postgresql.INET"),
    *types("cidr", "postgresql.CIDR"),
    *types("macaddr", "postgresql.MACADDR", "postgresql.MACADDR8"),
    *types("money", "postgresql.MONEY", keyed=False),
    *types("bit", "postgresql.BIT(5)", "postgresql.BIT"),
    *types("varbit", "postgresql.BIT(varying=True)", "postgresql.BIT(7, varying=True)"),
    *types("tsvector", "postgresql.TSVECTOR"),
    *types("range", "postgresql.INT4RANGE"),
    *types("ranges", "postgresql.NUMRANGE", "postgresql.TSTZRANGE", "postgresql.DATEMULTIRANGE"),
    *types("integers", ("postgresql.ARRAY(sa.Integer)", "sa.ARRAY(sa.Integer)", "postgresql.ARRAY(sa.Integer, dimensions=2)"), "postgresql.ARRAY(sa.BigInteger)"),
    *types("texts", "postgresql.ARRAY(sa.Text)", "postgresql.ARRAY(sa.String(9))", 'postgresql.ARRAY(sa.String(collation="C"))'),
    *types("oid", "postgresql.OID"),
)  # fmt: skip

DEFAULTS = {
    "integer": (
        *NUMBERS,
        same("sa.text(\"'3'::integer\")", "sa.text(\"'3'::int4\")", "sa.text(\"CAST('3' AS integer)\")"),
        same('sa.text("5 * (2 - 1)")', 'sa.text("(5*(2-1))")'),
        same("sa.text(\"length('abc')\")", "sa.func.length('abc')"),
    ),
    "number": (
        *NUMBERS,
        same('"0.5"', 'sa.text("0.5")', "sa.text(\"'0.5'\")"),
        same('sa.text("round(1.5, 0)")', "sa.func.round(sa.text('1.5'), 0)"),
    ),
    "float": (*NUMBERS, same("sa.text(\"'NaN'\")", '"NaN"'), same('sa.text("1.5e10")')),
    "text": (
        *strings(*AWKWARD),
        same("sa.text(\"upper('x')\")", "sa.func.upper('x')", "sa.text(\"UPPER('x')\")"),
        same("sa.text(\"'a' || 'b'\")", "sa.text(\"('a'||'b')\")"),
        same('sa.text("current_user")', 'sa.text("CURRENT_USER")'),
        same("sa.text(\"E'a\\\\\\\\nb'\")"),
    ),
    "character": strings("a", "", "%"),
    "choice": strings("a"),
    "date": (
        *strings("2020-01-01"),
        same('sa.text("CURRENT_DATE")', 'sa.text("current_date")', "sa.func.current_date()"),
        same("sa.text(\"'2021-01-01'::date\")", "sa.text(\"DATE '2021-01-01'\")"),
    ),
    "time": (*strings("10:00"), same('sa.text("LOCALTIME")', 'sa.text("localtime")')),
    "moment": (
        *MOMENTS,
        same("sa.text(\"timezone('utc', now())\")"), same("sa.text(\"(now() AT TIME ZONE 'utc')\")"),
        same("sa.text(\"now() + interval '1 day'\")", "sa.text(\"now() + '1 day'::interval\")"),
        same('sa.text("clock_timestamp()")', "sa.func.clock_timestamp()"),
        same('sa.text("LOCALTIMESTAMP")'),
        *strings("2020-01-01 00:00:00"),
    ),
    "interval": strings("1 day"),
    "boolean": (*BOOLEANS, same('sa.text("(NOT true)")', 'sa.text("(not true)")')),
    "flag": BOOLEANS,
    "binary": (same("sa.text(\"'\\\\\\\\x00ff'\")"), same("sa.text(\"decode('00', 'hex')\")")),
    "json": (*strings("{}", '{"a": [1, null]}'), same("sa.text(\"'[]'::json\")", '"[]"')),
    "jsonb": (*strings("{}"), same("sa.text(\"'[]'::jsonb\")", '"[]"'), same('sa.text("jsonb_build_object()")')),
    "uuid": (
        same('sa.text("gen_random_uuid()")', "sa.func.gen_random_uuid()"),
        *strings("00000000-0000-0000-0000-000000000000"),
    ),
    "inet": strings("127.0.0.1"),
    "integers": (
        same('sa.text("\'{}\'")', '"{}"'),
        same('sa.text("ARRAY[1, 2]")', 'sa.text("array[1,2]")'),
        same('sa.text("ARRAY[]::integer[]")', 'sa.text("ARRAY[]::int4[]")'),
    ),
    "texts": (same('sa.text("\'{}\'")', '"{}"'), same("sa.text(\"ARRAY['a:b', '%']\")")),
    "bit": (),
    "range": strings("[1,2)"),
}  # fmt: skip

CONDITIONS = (
    over("integer", "{0} > 5", "({0} > 5)", "{0}>5", "(({0}) > (5))"),
    over("integer", "{0} in (1, 2)", "{0} IN (1,2)"),
    # Beside a bigint, IN makes bigints of its numbers, and ANY leaves them as they are.
    over("integer", "{0} = ANY (ARRAY[1, 2])", "({0} = any(ARRAY[1,2]))"),
    over("integer", "{0} IS NOT NULL", "{0} is not null", "{0} NOTNULL"),
    over("integer", "{0} BETWEEN 1 AND 9", "{0} >= 1 AND {0} <= 9"),
    over("integer", "CAST({0} AS bigint) <> 1", "{0}::int8 != 1"),
    over("integer integer", "{0} < {1}"),
    over("text", "length({0}) > 1", "LENGTH( {0} ) > 1"),
    over("text", "{0} <> 'it''s: 100%'", "{0} != 'it''s: 100%'"),
    over("text", "{0} like 'a%' AND {0} NOT LIKE '%:b'", "{0} ~~ 'a%' and {0} !~~ '%:b'"),
    over("text", "{0} IN ('x', 'y')", "{0} in ('x','y')"),
    over("text", "{0} ~ '^[a-z\\\\]+$'"),
    over("number", "{0} BETWEEN 0 AND 1.5"),
    over("text integer", "{0} = 'x' OR {1} = 1", "({0} = 'x') or ({1} = 1)"),
    over("moment", "{0} > '2020-01-01'"),
    over("date", "{0} > DATE '2020-01-01'", "{0} > '2020-01-01'::date"),
    over("boolean", "{0}", "({0})"),
    over("boolean", "NOT {0}", "not ({0})"),
    over("boolean", "{0} IS TRUE OR {0} IS NULL"),
    over("integers", "cardinality({0}) > 0"),
    over("jsonb", "{0} ? 'a'"),
    over("enum", "{0} IS NOT NULL"),
)

EXPRESSIONS = (
    over("integer", "{0} + 1", "({0} + 1)", "({0}+1)", result="integer"),
    over("integer integer", "{0} * {1}", result="integer"),
    over("text", "lower({0})", "LOWER({0})", result="text"),
    over("text", "{0} || ':x%'", result="text"),
    over("text", "coalesce({0}, 'it''s')", "COALESCE({0}, 'it''s')", result="text"),
    over("number", "{0} * 2.5", result="number"),
    over("integer", "CASE WHEN {0} > 1 THEN 2 ELSE 3 END", "case when {0} > 1 then 2 else 3 end", result="integer"),
    over("jsonb", "{0} ->> 'a'", "({0} ->> 'a')", result="text"),
    over("integer", "{0} > 3", result="boolean"),
)  # fmt: skip

POSTGRESQL15 = Catalogue(
    database="postgresql15",
    types=TYPES,
    defaults=DEFAULTS,
    conditions=CONDITIONS,
    expressions=EXPRESSIONS,
    schemas=("other", 'odd "schema"'),
    identities=(
        same("sa.Identity()", "sa.Identity(start=1)", "sa.Identity(always=False, increment=1)"),
        same("sa.Identity(always=True)"),
        same("sa.Identity(start=5, increment=3, cache=7)"),
        same("sa.Identity(minvalue=-5, maxvalue=100, start=-2, cycle=True)"),
        same("sa.Identity(start=-1, increment=-1)"),
    ),
    features=frozenset(
        {"stored", "partial", "comments", "exclude", "enums", "sequences", "identity", "include"}
    ),
    foreign_key_options=(
        (),
        (("ondelete", '"CASCADE"'),),
        (("ondelete", '"SET NULL"'), ("onupdate", '"cascade"')),
        (("ondelete", '"NO ACTION"'),),
        (("ondelete", '"RESTRICT"'), ("deferrable", "True")),
        (("deferrable", "True"), ("initially", '"DEFERRED"')),
        (("deferrable", "False"),),
        (("match", '"FULL"'), ("ondelete", '"SET DEFAULT"')),
        (("use_alter", "True"),),
    ),
    unique_options=(
        (),
        (("deferrable", "True"),),
        (("deferrable", "True"), ("initially", '"DEFERRED"')),
        (("postgresql_nulls_not_distinct", "True"),),
    ),
    index_options=(
        (),
        (("postgresql_using", '"btree"'),),
        (("postgresql_with", '{"fillfactor": 70}'),),
        (("postgresql_nulls_not_distinct", "True"),),
        (("postgresql_using", '"hash"'),),
        (("postgresql_using", '"brin"'),),
        (("postgresql_using", '"gin"'),),
        (("postgresql_using", '"gist"'),),
    ),
    orders=("", "desc", "asc", "nulls first", "desc, nulls last", "asc, nulls last"),
    operators={"text": ("text_pattern_ops",), "integer": (), "jsonb": ("jsonb_path_ops",)},
)

POSTGRESQL18 = replace(
    POSTGRESQL15,
    database="postgresql18",
    features=POSTGRESQL15.features | {"virtual"},
)
