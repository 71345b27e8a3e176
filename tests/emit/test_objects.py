"""Directives of objects by hand: what is sent, on paper and to a database."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.errors import CommandError
from limbeck.operations.operations import Operations
from limbeck.runtime.migration import MigrationContext
from limbeck.schema import ViewIndex

BODY = "BEGIN\n\tPERFORM 1; -- it's :word, 100%%, \\n\n  RETURN;\nEND"


def on_paper(dialect: str, *calls: Any) -> str:
    """What directives write for a dialect."""
    buffer = io.StringIO()
    opts = {"as_sql": True, "output_buffer": buffer}
    context = MigrationContext.configure(dialect_name=dialect, opts=opts)
    operations = Operations(context)
    for call in calls:
        call(operations)
    return buffer.getvalue().strip()


def test_text_is_written_as_it_stands() -> None:
    written = on_paper(
        "postgresql",
        lambda op: op.create_function(
            "f", "a int = 7", f"RETURNS void LANGUAGE plpgsql AS $$ {BODY} $$", comment="it's \\ %"
        ),
    )
    assert written == (
        f"CREATE FUNCTION f(a int = 7)\nRETURNS void LANGUAGE plpgsql AS $$ {BODY} $$;\n\n"
        "COMMENT ON FUNCTION f(a int) IS E'it''s \\\\ %';"
    )


def test_a_script_of_mysql_says_where_a_body_ends() -> None:
    body = "FOR EACH ROW\nBEGIN\n    SET NEW.a = 1;\nEND"
    written = on_paper(
        "mysql",
        lambda op: op.create_trigger("g", "t", "BEFORE INSERT", body),
        lambda op: op.drop_trigger("g", "t", if_exists=True),
    )
    assert written == (
        f"DELIMITER //\nCREATE TRIGGER g BEFORE INSERT ON t\n{body}\n//\nDELIMITER ;\n\n"
        "DROP TRIGGER IF EXISTS g;"
    )


def test_views_on_paper() -> None:
    calls = (
        lambda op: op.create_view("v", "SELECT ':a' AS a"),
        lambda op: op.drop_view("v", schema="s", if_exists=True),
    )
    assert on_paper("sqlite", *calls) == (
        "CREATE VIEW v AS\nSELECT ':a' AS a;\n\nDROP VIEW IF EXISTS s.v;"
    )
    assert on_paper("mssql", calls[0]) == "CREATE VIEW v AS\nSELECT ':a' AS a;\n\nGO"
    assert "CREATE VIEW v AS" in on_paper("oracle", calls[0])


def test_a_view_of_mariadb_with_all_its_options() -> None:
    options = {
        "algorithm": "merge",
        "definer": "app@localhost",
        "security": "invoker",
        "check_option": "cascaded",
    }
    written = on_paper("mariadb", lambda op: op.create_view("v", "SELECT 1", options=options))
    assert written == (
        "CREATE ALGORITHM=MERGE DEFINER=`app`@`localhost` SQL SECURITY INVOKER VIEW v AS\n"
        "SELECT 1\nWITH CASCADED CHECK OPTION;"
    )


@pytest.mark.parametrize(
    ("dialect", "call", "words"),
    [
        ("sqlite", lambda op: op.create_function("f", "", "RETURNS int"), "create function f()"),
        ("mssql", lambda op: op.create_trigger("g", "t", "AFTER INSERT", ""), "create trigger g"),
        ("mariadb", lambda op: op.create_domain("d", "text"), "create domain d"),
        ("mariadb", lambda op: op.create_materialized_view("m", "SELECT 1"), "materialised view m"),
        ("sqlite", lambda op: op.grant(["SELECT"], "t", "a"), "grant SELECT on t to a"),
        ("sqlite", lambda op: op.create_view("v", "SELECT 1", options={"x": 1}), "no options"),
        ("mariadb", lambda op: op.create_view("v", "SELECT 1", options={"x": 1}), "no option"),
    ],
)
def test_what_a_database_does_not_have_is_refused(dialect: str, call: Any, words: str) -> None:
    with pytest.raises(CommandError) as refused:
        on_paper(dialect, call)
    assert words in refused.value.message
    assert refused.value.hint


@pytest.mark.databases("postgresql15")
def test_directives_of_postgresql(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        op.create_extension("citext", if_not_exists=True)
        op.create_domain("positive", "integer", checks={"more": "VALUE > 0"}, comment="% :x")
        op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))
        op.create_view("v", sa.select(sa.literal("100%:a").label("a")), comment="it's")
        op.create_view("v", "SELECT 'not this'", if_not_exists=True)
        op.replace_view("v", "SELECT '100%:b'::text AS a, 5 AS b", options={"security_barrier": 1})
        op.create_materialized_view(
            "m",
            "SELECT id FROM t",
            indexes=[ViewIndex("m_id", "(id) WHERE id % 2 = 0", unique=True)],
            with_data=False,
        )
        op.create_procedure("p", "a int, b text = 'x'", "LANGUAGE sql AS 'SELECT 1'", comment="c")
        op.enable_row_security("t", forced=True)
        op.create_policy("mine", "t", using="id > 0", comment="c")
        op.grant(["SELECT"], "v", "pg_monitor")
        assert connection.exec_driver_sql("SELECT a, b FROM v").all() == [("100%:b", 5)]
        assert connection.exec_driver_sql("SELECT 1 FROM pg_class WHERE relname = 'm_id'").scalar()
        op.revoke(["SELECT"], "v", "pg_monitor")
        op.drop_policy("mine", "t")
        op.disable_row_security("t")
        op.drop_procedure("p", "int, text")
        op.drop_materialized_view("m")
        op.drop_view("v")
        op.drop_view("v", if_exists=True)
        op.replace_domain("positive", "integer", default="7", drop_checks=["more"])
        assert connection.exec_driver_sql("SELECT (-1)::positive").scalar() == -1
        op.drop_domain("positive")
        op.replace_extension("citext", comment="mine")
        op.drop_extension("citext")


@pytest.mark.databases("all")
def test_a_driver_reads_nothing_into_a_text(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        op.create_view("v", "SELECT '100% %s %(a)s :a ? it''s' AS a")
        assert connection.exec_driver_sql("SELECT a FROM v").scalar() == "100% %s %(a)s :a ? it's"
        op.drop_view("v")
