"""The casts that limbeck knows are those that PostgreSQL has."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from limbeck.dialects.postgresql.built_in_casts import KNOWN, TEXTS, built_in_path

CASTS = """
    SELECT format_type(castsource, NULL), format_type(casttarget, NULL), castcontext::text
    FROM pg_cast
"""
NEWER = {"smallint", "integer", "bigint"}
"""Numbers and bytes are cast to one another from version 18 on; through text it fails loudly."""


@pytest.mark.databases("postgresql")
def test_every_pair_is_as_the_catalogue_says(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        stored = {(a, b): context for a, b, context in connection.execute(sa.text(CASTS))}
    assert len(stored) > 200
    for before in KNOWN:
        for after in KNOWN - {before}:
            context = stored.get((before, after))
            if {before, after} & {"bytea"} and {before, after} & NEWER:
                context = None
            wanted = "text" if context is None else "" if context == "e" else None
            if after in TEXTS:
                wanted = None
            elif before in TEXTS:
                wanted = ""
            assert built_in_path(before, after) == wanted, (before, after)


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        ("integer[]", "bigint[]", None),
        ("text[]", "integer[]", ""),
        ("date[]", "integer[]", "text[]"),
        ("text", "integer[]", "text"),
        ("integer[]", "text", None),
        ("vector(3)", "integer", None),
        ("numeric(4,2)", "NUMERIC(5, 1)", None),
    ],
)
def test_arrays_and_unknown_types(before: str, after: str, path: str | None) -> None:
    assert built_in_path(before, after) == path
