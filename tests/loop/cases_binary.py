"""Defaults that are binary strings, which need be no text."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Integer
from sqlalchemy.dialects import mysql

from tests.loop.case import Build, Case, nothing, on
from tests.loop.cases_tables import key, table

MARIADB = on("mariadb")


def bytes_of(*defaults: str) -> Build:
    """A table with a binary column for each default."""
    columns = (
        Column(f"b{number}", mysql.VARBINARY(9), server_default=sa.text(default))
        for number, default in enumerate(defaults)
    )
    return table("t", key(), Column("n", Integer), *columns, Column("doc", sa.JSON))


def changing(default: str, **options: object) -> Build:
    """A table in which only one column may change."""
    column: Column[int] = Column("n", Integer, **options)  # type: ignore[arg-type]  # a case's own
    binary = Column("b", mysql.BINARY(4), server_default=sa.text(default))
    return table("t", key(), column, binary)


def filled(text: str, binary: str) -> Build:
    """A table of a text and a binary string that may not be null."""
    return table(
        "t",
        key(),
        Column("s", sa.String(9), nullable=False, server_default=text),
        Column("b", mysql.VARBINARY(9), nullable=False, server_default=sa.text(binary)),
    )


CASES: tuple[Case, ...] = (
    Case("a table with a default that is no text", nothing, bytes_of("x'00ff'"), MARIADB),
    Case("a default that is no text changes", changing("x'00ff'"), changing("x'00fe'"), MARIADB),
    Case(
        "a default that is no text becomes text",
        bytes_of("x'ff'", "x'f09f9880'", "'a?b'"),
        bytes_of("x'61'", "x'ff3f'", "0xc3"),
        MARIADB,
    ),
    Case("a column with a default that is no text goes", bytes_of("x'c327'"), bytes_of(), MARIADB),
    Case(
        "a column beside a default that is no text",
        changing("x'00ff'"),
        changing("x'00ff'", nullable=False, server_default="1"),
        MARIADB,
    ),
    Case(
        "a column that may not be null with a default that is no text",
        changing("x'00ff'", nullable=False),
        filled("😀", "x'ff3f'"),
        MARIADB,
    ),
    Case("a table with defaults of four bytes goes", filled("😀", "x'ff27'"), nothing, MARIADB),
    Case(
        "a comment on a column with a default that is no text",
        table("t", key(), Column("b", mysql.BINARY(2), server_default=sa.text("x'ffff'"))),
        table(
            "t",
            key(),
            Column("b", mysql.BINARY(2), server_default=sa.text("x'ffff'"), comment="two bytes"),
        ),
        MARIADB,
    ),
)
