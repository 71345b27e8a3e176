"""What a history has created, whichever way its revisions say it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from limbeck.operations.creations import Creations
from limbeck.script.history import creations_of, is_plain
from limbeck.script.script import Script

HEAD = "import sqlalchemy as sa\nfrom alembic import op\n"


def created(
    folder: Path, *bodies: str, head: str = HEAD, opts: Mapping[str, Any] | None = None
) -> Creations:
    """What revisions with these bodies have created."""
    scripts = []
    for number, body in enumerate(bodies):
        path = folder / f"r{number}.py"
        text = indent(dedent(body), "    ")
        path.write_text(f"{head}\nrevision = 'r{number}'\n\ndef upgrade():\n{text}\n")
        scripts.append(Script(None, f"r{number}", path))
    return creations_of(scripts, postgresql.dialect(), opts or {})


def names(creations: Creations) -> set[str]:
    """Tables and columns in one word each."""
    return {".".join(filter(None, table)) for table in creations.tables} | {
        ".".join(filter(None, (*table, column))) for table, column in creations.columns
    }


CASES = {
    "a table": ('op.create_table("t", sa.Column("a", sa.Integer))', {"t", "t.a"}),
    "in a schema": (
        'op.create_table("t", sa.Column("a", sa.Integer), schema="s")',
        {"s.t", "s.t.a"},
    ),
    "a column of a table that was there": (
        'op.add_column("t", sa.Column("a", sa.Integer))',
        {"t.a"},
    ),
    "created and dropped": (
        'op.create_table("t", sa.Column("a", sa.Integer))\nop.drop_table("t")',
        set(),
    ),
    "a renamed table": (
        'op.create_table("t", sa.Column("a", sa.Integer))\nop.rename_table("t", "u")',
        {"u", "u.a"},
    ),
    "a renamed column": (
        'op.create_table("t", sa.Column("a", sa.Integer))\n'
        'op.alter_column("t", "a", new_column_name="b")',
        {"t", "t.b"},
    ),
    "a table renamed that was there": ('op.rename_table("t", "u")', set()),
    "in a batch": (
        'with op.batch_alter_table("t") as batch_op:\n'
        '    batch_op.add_column(sa.Column("a", sa.Integer))\n'
        '    batch_op.drop_column("b")',
        {"t.a"},
    ),
    "a dropped column": (
        'op.create_table("t", sa.Column("a", sa.Integer), sa.Column("b", sa.Integer))\n'
        'op.drop_column("t", "b")',
        {"t", "t.a"},
    ),
    "SQL": (
        'op.execute("CREATE TABLE IF NOT EXISTS t (a int, b numeric(3, 2), PRIMARY KEY (a))")',
        {"t", "t.a", "t.b"},
    ),
    "more SQL": (
        'op.execute(sa.text("""\n'
        "-- CREATE TABLE no (x int);\n"
        'CREATE TABLE "s"."t" (a int); ALTER TABLE s.t ADD COLUMN b int, ADD c text;\n'
        "ALTER TABLE s.t RENAME COLUMN a TO d; ALTER TABLE s.t ADD CONSTRAINT x CHECK (d > 0)\n"
        '"""))',
        {"s.t", "s.t.b", "s.t.c", "s.t.d"},
    ),
    "SQL that drops": (
        'op.execute("CREATE TABLE t (a int); CREATE TABLE u (a int); DROP TABLE t")',
        {"u", "u.a"},
    ),
    "a statement object": (
        "op.execute(sa.schema.CreateTable(\n"
        '    sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))))',
        {"t", "t.a"},
    ),
    "rows only": ("op.execute(\"INSERT INTO t VALUES ('CREATE TABLE x (a int)')\")", set()),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_recorded(name: str, tmp_path: Path) -> None:
    body, expected = CASES[name]
    assert names(created(tmp_path, body)) == expected


@pytest.mark.parametrize("name", [name for name in CASES if name != "a statement object"])
def test_what_is_read_is_the_same(name: str, tmp_path: Path) -> None:
    body, expected = CASES[name]
    assert names(created(tmp_path, f"op.get_bind()\n{body}")) == expected


def test_a_loop_is_run(tmp_path: Path) -> None:
    body = 'for name in ("t", "u"):\n    op.create_table(name, sa.Column("a", sa.Integer))'
    assert names(created(tmp_path, body)) == {"t", "t.a", "u", "u.a"}


def test_one_revision_after_the_other(tmp_path: Path) -> None:
    found = created(
        tmp_path,
        'op.create_table("t", sa.Column("a", sa.Integer))',
        'op.rename_table("t", "u")',
        'op.add_column("u", sa.Column("b", sa.Integer))',
    )
    assert names(found) == {"u", "u.a", "u.b"}


def test_what_could_reach_a_database_is_not_run(tmp_path: Path) -> None:
    proof = tmp_path / "ran"
    body = f"""\
    engine = sa.create_engine("sqlite://")
    open({str(proof)!r}, "w").close()
    op.create_table("t", sa.Column("a", sa.Integer))
    """
    assert names(created(tmp_path, body)) == {"t", "t.a"}
    assert not proof.exists()


def test_a_revision_that_fails_is_read(tmp_path: Path) -> None:
    body = 'op.create_table("t", sa.Column("a", sa.Integer))\nraise RuntimeError'
    assert names(created(tmp_path, body)) == {"t", "t.a"}


def test_tables_that_a_revision_makes_by_themselves(tmp_path: Path) -> None:
    body = """\
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    table.create(op.get_bind())
    """
    assert names(created(tmp_path, body)) == {"t", "t.a"}
    body = """\
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    op.get_bind().execute(table.insert())
    """
    assert names(created(tmp_path, body)) == set()


def test_sequences_and_types(tmp_path: Path) -> None:
    found = created(
        tmp_path,
        """\
        op.execute("CREATE SEQUENCE s.numbers START 7")
        op.execute("CREATE TYPE mood AS ENUM ('a')")
        op.create_table("t", sa.Column("a", sa.Enum("x", name="State")))
        """,
    )
    assert found.sequences == {("s", "numbers")}
    assert found.types == {"mood", "state"}


OBJECTS = """\
op.create_view("v", "SELECT 1 AS a", schema="s")
op.execute("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$")
op.execute("CREATE MATERIALIZED VIEW IF NOT EXISTS m AS SELECT 1; CREATE VIEW w AS SELECT 1")
op.execute("DROP VIEW w")
"""


@pytest.mark.parametrize("first", ["", "op.get_bind()\n"])
def test_views_and_routines(first: str, tmp_path: Path) -> None:
    assert created(tmp_path, first + OBJECTS).objects == {
        ("view", ("s", "v")),
        ("function", ("", "f")),
        ("materialized_view", ("", "m")),
    }


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("from alembic import op\ndef upgrade(): pass", True),
        ("import datetime, uuid\ndef upgrade(): pass", True),
        ("from alembic import context, op\ndef upgrade(): pass", False),
        ("import requests\ndef upgrade(): pass", False),
        ("from shop import models\ndef upgrade(): pass", False),
        ("from . import shared\ndef upgrade(): pass", False),
        ("def upgrade(): op.get_bind()", False),
        ("def upgrade(engine): pass", False),
        ("async def upgrade(): pass", False),
        ("", False),
    ],
)
def test_what_is_plain(text: str, plain: bool) -> None:
    assert is_plain(text) == plain


def test_a_renamed_type_is_the_history_s_where_the_old_one_was(tmp_path: Path) -> None:
    body = (
        'op.execute("CREATE TYPE mood AS ENUM (\'a\')")\nop.execute("ALTER TYPE mood RENAME TO m")'
    )
    assert created(tmp_path, body).types == {"mood", "m"}
    assert created(tmp_path, 'op.execute("ALTER TYPE mood RENAME TO m")').types == set()


A = 'op.create_table("t", sa.Column("a", sa.Integer), sa.Column("b", sa.Integer){0})'
PARTS: dict[str, tuple[str, list[tuple[str, str | None, list[str]]]]] = {
    "of a column": (
        'op.create_table("t", sa.Column("a", sa.Integer, unique=True, index=True), '
        'sa.Column("b", sa.Integer, sa.ForeignKey("r.id")))',
        [("unique", "ix_t_a", ["a"]), ("foreign_key", "t_b_fkey", ["b"])],
    ),
    "without a name": (
        A.format(', sa.UniqueConstraint("a", "b"), sa.CheckConstraint("a > 0")'),
        [("unique", "t_a_b_key", ["b", "a"]), ("check", "t_a_check", ["a"])],
    ),
    "with one": (
        A.format(', sa.UniqueConstraint("a", name="U"), sa.CheckConstraint("a > 0", name="c")'),
        [("unique", "u", ["a"]), ("check", "C", ["a"])],
    ),
    "by directives": (
        'op.create_index(op.f("ix"), "t", ["a"])\nop.create_unique_constraint(None, "t", ["b"])\n'
        'op.create_check_constraint("c", "t", "a > 0")\n'
        'op.create_foreign_key("f", "t", "r", ["a"], ["id"])',
        [("index", "ix", []), ("unique", "x", ["b"]), ("check", "c", []), ("foreign_key", "f", [])],
    ),
    "in a batch": (
        'with op.batch_alter_table("t") as batch_op:\n'
        '    batch_op.create_index("ix", ["a"], unique=True)\n'
        '    batch_op.create_foreign_key("f", "r", ["a"], ["id"])',
        [("unique", "ix", []), ("foreign_key", "f", [])],
    ),
    "by SQL": (
        'op.execute("CREATE TABLE t (a int UNIQUE, b int REFERENCES r, CHECK (a > b), KEY (b))")\n'
        'op.execute("CREATE INDEX CONCURRENTLY ix ON t (a); CREATE INDEX ON t (a, b)")\n'
        'op.execute("ALTER TABLE t ADD CONSTRAINT k UNIQUE (b)")\n'
        "op.execute(\"DO $$ BEGIN EXECUTE 'CREATE INDEX deep ON t (b)'; END $$\")",
        [
            ("unique", "t_a_key", ["a"]),
            ("foreign_key", "t_b_fkey", ["b"]),
            ("check", "t_check", ["a", "b"]),
            ("index", "b", ["b"]),
            ("index", "ix", ["a"]),
            ("index", "t_a_b_idx", ["a", "b"]),
            ("unique", "k", ["b"]),
            ("index", "deep", ["b"]),
        ],
    ),
    "under new names": (
        A.format(', sa.UniqueConstraint("a")')
        + '\nop.rename_table("t", "o")\nop.rename_table("o", "t")\n'
        'op.alter_column("t", "a", new_column_name="z")',
        [("unique", "t_a_key", ["z"])],
    ),
}
STRANGE: list[tuple[str, str | None, list[str]]] = [
    ("index", "hand", ["a"]),
    ("check", "hand", ["a"]),
    ("foreign_key", "hand", ["a", "b"]),
]


@pytest.mark.parametrize("first", ["", "op.get_bind()\n"])
@pytest.mark.parametrize("name", PARTS)
def test_constraints_and_indexes(name: str, first: str, tmp_path: Path) -> None:
    body, expected = PARTS[name]
    found = created(tmp_path, first + body).parts
    for kind, own, columns in expected:
        assert found.owns([("", "t")], kind, own, columns), (kind, own)
        assert not found.owns([("", "other")], kind, f"{own}_", columns), (kind, own)
    for kind, own, columns in STRANGE:
        assert not found.owns([("", "t")], kind, own, columns), (kind, own)


DROPS = (
    'op.drop_index("x", "t")',
    'op.drop_index("x")',
    'op.execute("DROP INDEX CONCURRENTLY IF EXISTS x")',
    'op.drop_table("t")',
)


@pytest.mark.parametrize("first", ["", "op.get_bind()\n"])
@pytest.mark.parametrize("drop", DROPS)
def test_a_dropped_index(drop: str, first: str, tmp_path: Path) -> None:
    body = f'{first}op.create_index("x", "t", ["a"])\n{drop}'
    assert not created(tmp_path, body).parts.owns([("", "t")], "index", "x", ["a"])


def test_what_a_naming_convention_makes_of_a_name(tmp_path: Path) -> None:
    metadata = sa.MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s"})
    body = 'op.create_check_constraint("positive", "t", "a > 0")'
    found = created(tmp_path, body, opts={"target_metadata": metadata}).parts
    assert found.owns([("", "t")], "check", "ck_t_positive", ["a"])
    assert not found.owns([("", "t")], "check", "ck_t_negative", ["a"])
