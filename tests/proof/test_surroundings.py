"""A downgrade has to take back grants and comments too."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from limbeck.workflow.replay import replaying
from tests.proof.hand_written import Written

POSTGRESQL = {
    "a grant": (
        "GRANT SELECT ON users TO public",
        "REVOKE SELECT ON users FROM public",
        "grant on users: SELECT to public",
    ),
    "a grant on a column": (
        "GRANT UPDATE (name) ON users TO public",
        "REVOKE UPDATE (name) ON users FROM public",
        "grant on users.name: UPDATE to public",
    ),
    "a right that is taken": (
        "REVOKE USAGE ON SCHEMA other FROM CURRENT_USER",
        "GRANT USAGE ON SCHEMA other TO CURRENT_USER",
        "no grant on schema other: USAGE to ",
    ),
    "a comment on an index": (
        "COMMENT ON INDEX users_pkey IS 'the key'",
        "COMMENT ON INDEX users_pkey IS NULL",
        "comment on index users_pkey",
    ),
    "a comment on a function": (
        "COMMENT ON FUNCTION one() IS 'new'",
        "COMMENT ON FUNCTION one() IS 'old'",
        "comment on function one() is another one",
    ),
    "a comment on a constraint": (
        "COMMENT ON CONSTRAINT users_pkey ON users IS 'the key'",
        "COMMENT ON CONSTRAINT users_pkey ON users IS NULL",
        "comment on constraint users_pkey on table users",
    ),
    "row security": (
        "ALTER TABLE users ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE users DISABLE ROW LEVEL SECURITY",
        "row security of users",
    ),
}
MARIADB = {
    "a comment on a routine": (
        "ALTER PROCEDURE nothing COMMENT 'new'",
        "ALTER PROCEDURE nothing COMMENT ''",
        "comment on PROCEDURE nothing",
    ),
}
FIRST = {
    "postgresql": (
        "CREATE SCHEMA other",
        "CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "COMMENT ON FUNCTION one() IS 'old'",
    ),
    "mysql": ("CREATE PROCEDURE nothing() BEGIN END",),
}


@pytest.mark.databases("postgresql15", "mariadb")
def test_grants_and_comments_have_to_be_taken_back(written: Written) -> None:
    """All in one database, as each on its own would cost a proof."""
    kind = "postgresql" if written.url.startswith("postgresql") else "mysql"
    cases = POSTGRESQL if kind == "postgresql" else MARIADB
    with replaying(written.config) as replay:
        engine = replay.scratch.engine
        replay.upgrade(["first"])
        _run(engine, FIRST[kind])
        start = replay.surroundings()
        for what, (there, back, _) in cases.items():
            _run(engine, [there])
            assert replay.surroundings() != start, what
            _run(engine, [back])
            assert replay.surroundings() == start, what


@pytest.mark.databases("postgresql15", "mariadb")
def test_what_is_not_taken_back_is_named(written: Written) -> None:
    kind = "postgresql" if written.url.startswith("postgresql") else "mysql"
    cases = POSTGRESQL if kind == "postgresql" else MARIADB
    first = "; ".join(f"op.execute({each!r})" for each in FIRST[kind])
    written.add("before", first, "x = 1")
    there = "; ".join(f"op.execute({each!r})" for each, _, _ in cases.values())
    back = "; ".join(f"op.execute({each!r})" for _, each, _ in cases.values())
    written.add("second", there, back)
    (found,) = written.prove("second")
    assert found.proof.outcome == "proved", found.proof
    written.replace("second", there, "x = 1")
    said = written.words("second")
    for _, _, words in cases.values():
        assert words in said, said


def _run(engine: sa.Engine, statements: list[str] | tuple[str, ...]) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
