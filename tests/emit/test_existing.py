"""With ``existing="alembic"``, what a revision does not say becomes what Alembic makes of it."""

from __future__ import annotations

import io
import itertools
import re
import warnings
from typing import Any

import pytest
import sqlalchemy as sa

from alembic.operations import Operations as TheirOperations
from alembic.runtime.migration import MigrationContext as TheirContext
from limbeck.operations import Operations
from limbeck.runtime.migration import MigrationContext

IDENTITIES: list[dict[str, Any]] = [
    {},
    {"always": True},
    {"start": 3},
    {"increment": 2, "start": 1},
    {"minvalue": 5, "cache": 7},
    {"nominvalue": True, "maxvalue": 9},
    {"nomaxvalue": True, "nominvalue": False},
    {"cycle": True, "always": True},
    {"cycle": False, "cache": 1, "maxvalue": 2147483647},
]


def sql(context: Any, operations: Any, dialect: str, **options: Any) -> str:
    """What ``alter_column()`` writes."""
    written = io.StringIO()
    opts = {"as_sql": True, "output_buffer": written}
    if context is MigrationContext:
        opts["existing"] = "alembic"
    made = context.configure(dialect_name=dialect, opts=opts)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        operations(made).alter_column("t", "c", **options)
    return written.getvalue().strip()


def both(dialect: str, **options: Any) -> tuple[str, str]:
    return (
        sql(TheirContext, TheirOperations, dialect, **options),
        sql(MigrationContext, Operations, dialect, **options),
    )


@pytest.mark.parametrize(
    ("before", "after"), list(itertools.product(IDENTITIES, IDENTITIES)), ids=lambda side: str(side)
)
def test_options_of_an_identity(before: dict[str, Any], after: dict[str, Any]) -> None:
    expected, found = both(
        "postgresql",
        server_default=sa.Identity(**after),
        existing_server_default=sa.Identity(**before),
    )
    if re.search(r"COLUMN c *;$", expected):  # which PostgreSQL does not take
        expected = ""
    assert found == expected


@pytest.mark.parametrize("dialect", ["mysql", "mariadb"])
@pytest.mark.parametrize(
    "type_",
    [
        sa.Boolean(create_constraint=True, name="ck"),
        sa.Enum("a", "b", native_enum=False, create_constraint=True, name="ck"),
    ],
    ids=["boolean", "enum"],
)
def test_the_check_of_a_type(dialect: str, type_: Any) -> None:
    expected, found = both(dialect, type_=sa.String(30), existing_type=type_)
    assert found == expected
    assert "ck" not in found
