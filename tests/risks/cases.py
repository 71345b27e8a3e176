"""Changes of a column's type, each with a value that tells what becomes of values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

Verdict = str | None
KEEPS: Verdict = None
LOSES: Verdict = "loses"
FAILS: Verdict = "fails"


@dataclass(frozen=True)
class Retyped:
    """A column that gets another type.

    :param value: a value, as SQL, that shows it.
    :param expected: ``loses``, ``fails`` or None, by the kind of database; where a kind is missing
        the case is not run.
    """

    before: Any
    after: Any
    value: str
    expected: dict[str, Verdict]

    @property
    def name(self) -> str:
        """What changes, for the test's name."""
        return f"{self.before!r} to {self.after!r}"

    def runs_on(self, database: str) -> bool:
        """Whether the case is meant for a database."""
        return database.rstrip("0123456789") in self.expected


def everywhere(
    before: Any,
    after: Any,
    value: str,
    postgresql: Verdict,
    mariadb: Verdict,
    sqlite: Verdict,
) -> Retyped:
    """A case for every database."""
    expected = {"postgresql": postgresql, "mariadb": mariadb, "sqlite": sqlite}
    return Retyped(before, after, value, expected)


def only(database: str, before: Any, after: Any, value: str, verdict: Verdict) -> Retyped:
    """A case for one database."""
    return Retyped(before, after, value, {database: verdict})


NARROWED = [
    everywhere(sa.String(50), sa.String(3), "'abcdef'", FAILS, LOSES, KEEPS),
    everywhere(sa.Text(), sa.String(3), "'abcdef'", FAILS, LOSES, KEEPS),
    everywhere(sa.BigInteger(), sa.Integer(), "5000000000", FAILS, LOSES, KEEPS),
    everywhere(sa.Integer(), sa.SmallInteger(), "70000", FAILS, LOSES, KEEPS),
    everywhere(sa.Numeric(10, 4), sa.Numeric(10, 2), "1.2345", LOSES, LOSES, KEEPS),
    everywhere(sa.Numeric(10, 2), sa.Numeric(10, 0), "1.25", LOSES, LOSES, KEEPS),
    everywhere(sa.Numeric(10, 2), sa.Numeric(4, 2), "12345.50", FAILS, LOSES, KEEPS),
    everywhere(sa.Numeric(10, 2), sa.Integer(), "1.25", LOSES, LOSES, LOSES),
    everywhere(sa.Double(), sa.Integer(), "1.25", LOSES, LOSES, LOSES),
    everywhere(sa.Double(), sa.Numeric(10, 1), "1.26", LOSES, LOSES, KEEPS),
    everywhere(sa.BigInteger(), sa.Double(), "9007199254740993", LOSES, LOSES, LOSES),
    everywhere(sa.String(20), sa.Integer(), "'abc'", FAILS, LOSES, LOSES),
    everywhere(sa.String(20), sa.Date(), "'abc'", FAILS, LOSES, LOSES),
    everywhere(sa.DateTime(), sa.Date(), "'2020-01-02 03:04:05'", LOSES, LOSES, KEEPS),
    everywhere(sa.DateTime(), sa.String(4), "'2020-01-02 03:04:05'", FAILS, LOSES, KEEPS),
    everywhere(sa.Integer(), sa.String(2), "1234", FAILS, LOSES, KEEPS),
    everywhere(sa.Integer(), sa.Numeric(4, 2), "1234", FAILS, LOSES, KEEPS),
    only("postgresql", sa.Double(), sa.REAL(), "1.23456789", LOSES),
    only("postgresql", sa.DateTime(timezone=True), sa.DateTime(), "now()", LOSES),
    only("postgresql", postgresql.TIMESTAMP(), postgresql.TIMESTAMP(precision=0), "now()", LOSES),
    only("postgresql", sa.JSON(), postgresql.JSONB(), """'{"b": 1,   "a": 1, "a": 2}'""", LOSES),
    only("postgresql", sa.Text(), sa.Uuid(), "'abc'", FAILS),
    only("postgresql", sa.Text(), sa.Boolean(), "'perhaps'", FAILS),
    only("postgresql", sa.Integer(), sa.Boolean(), "7", LOSES),
    only("postgresql", sa.DateTime(), sa.Time(), "'2020-01-02 03:04:05'", LOSES),
    only("postgresql", sa.ARRAY(sa.Integer()), sa.Text(), "'{1,2}'", KEEPS),
    only("mariadb", mysql.INTEGER(unsigned=True), sa.Integer(), "4000000000", LOSES),
    only("mariadb", sa.Integer(), mysql.INTEGER(unsigned=True), "-1", LOSES),
    only("mariadb", sa.Double(), mysql.FLOAT(), "1.23456789", LOSES),
    only("mariadb", mysql.DATETIME(fsp=6), mysql.DATETIME(), "'2020-01-02 03:04:05.678'", LOSES),
    only("mariadb", sa.DateTime(), sa.TIMESTAMP(), "'1950-01-02 03:04:05'", LOSES),
    only("mariadb", mysql.LONGTEXT(), sa.Text(), "repeat('x', 70000)", LOSES),
    only("mariadb", mysql.MEDIUMBLOB(), mysql.TINYBLOB(), "repeat('x', 300)", LOSES),
    only("mariadb", mysql.ENUM("a", "b"), mysql.ENUM("a"), "'b'", LOSES),
    only("mariadb", mysql.SET("a", "b"), mysql.SET("a"), "'a,b'", LOSES),
    only("mariadb", sa.String(9), mysql.ENUM("a"), "'b'", LOSES),
    only(
        "mariadb",
        mysql.VARCHAR(9, charset="utf8mb4"),
        mysql.VARCHAR(9, charset="latin1"),
        "'Ж'",
        LOSES,
    ),
    only(
        "mariadb",
        mysql.VARCHAR(9, collation="utf8mb4_general_ci"),
        mysql.VARCHAR(9, collation="latin1_swedish_ci"),
        "'Ж'",
        LOSES,
    ),
    only("sqlite", sa.String(9), sa.Integer(), "'007'", LOSES),
]

KEPT = [
    everywhere(sa.String(3), sa.String(50), "'abc'", KEEPS, KEEPS, KEEPS),
    everywhere(sa.String(50), sa.Text(), "'abc'", KEEPS, KEEPS, KEEPS),
    everywhere(sa.Integer(), sa.BigInteger(), "2147483647", KEEPS, KEEPS, KEEPS),
    everywhere(sa.Integer(), sa.String(11), "-2147483648", KEEPS, KEEPS, KEEPS),
    everywhere(sa.Integer(), sa.Numeric(12, 2), "2147483647", KEEPS, KEEPS, KEEPS),
    everywhere(sa.Numeric(6, 2), sa.Numeric(10, 4), "1234.56", KEEPS, KEEPS, KEEPS),
    everywhere(sa.Date(), sa.DateTime(), "'2020-01-02'", KEEPS, KEEPS, KEEPS),
    everywhere(sa.DateTime(), sa.Text(), "'2020-01-02 03:04:05'", KEEPS, KEEPS, KEEPS),
    everywhere(sa.Boolean(), sa.Integer(), "true", KEEPS, KEEPS, KEEPS),
    only("postgresql", sa.REAL(), sa.Double(), "1.25", KEEPS),
    only("postgresql", sa.Uuid(), sa.Text(), "gen_random_uuid()", KEEPS),
    only("postgresql", postgresql.JSONB(), sa.JSON(), """'{"a": 1}'""", KEEPS),
    only("mariadb", mysql.ENUM("a"), mysql.ENUM("a", "b"), "'a'", KEEPS),
    only("mariadb", sa.Text(), mysql.LONGTEXT(), "'abc'", KEEPS),
    only(
        "mariadb",
        mysql.VARCHAR(9, charset="latin1"),
        mysql.VARCHAR(9, charset="utf8mb4"),
        "'é'",
        KEEPS,
    ),
]

CASES = [*NARROWED, *KEPT]
