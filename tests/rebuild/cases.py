"""Tables, operations on them, and the text that must come out: nothing else may change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from limbeck.operations.ops import (
    AddColumnOp,
    AlterColumnOp,
    CreateCheckConstraintOp,
    CreateForeignKeyOp,
    CreateIndexOp,
    CreatePrimaryKeyOp,
    CreateUniqueConstraintOp,
    DropColumnOp,
    DropConstraintOp,
    DropIndexOp,
)

if TYPE_CHECKING:
    from limbeck.operations.ops import MigrateOperation

PARENT = "CREATE TABLE parent (id INTEGER PRIMARY KEY, code TEXT UNIQUE)"
FILL_PARENT = "INSERT INTO parent VALUES (1, 'one'), (2, 'two')"


@dataclass(frozen=True)
class Case:
    """A table ``t``, what is done to it, and what it is afterwards.

    :param before: statements that make the database; the table under change is ``t``.
    :param after: the text of ``t`` afterwards.
    :param rows: the rows of ``t`` afterwards, None where they stay as they are.
    :param gone: names in ``sqlite_master`` that must be gone.
    :param came: names that must have come.
    """

    name: str
    before: tuple[str, ...]
    operations: tuple[MigrateOperation, ...]
    after: str
    rows: list[tuple[object, ...]] | None = None
    gone: tuple[str, ...] = ()
    came: tuple[str, ...] = ()
    metadata: sa.MetaData | None = field(default=None)


def not_null(column: str) -> AlterColumnOp:
    return AlterColumnOp("t", column, modify_nullable=False)


CONVENTION = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ALTER = [
    Case(
        "not null",
        ("CREATE TABLE t (a INTEGER, b TEXT)", "INSERT INTO t VALUES (1, 'x')"),
        (not_null("b"),),
        "CREATE TABLE t (a INTEGER, b TEXT NOT NULL)",
    ),
    Case(
        "null again",
        ("CREATE TABLE t (a INTEGER, b TEXT CONSTRAINT nn NOT NULL ON CONFLICT IGNORE UNIQUE)",),
        (AlterColumnOp("t", "b", modify_nullable=True),),
        "CREATE TABLE t (a INTEGER, b TEXT UNIQUE)",
    ),
    Case(
        "explicit NULL becomes NOT NULL, behind the default",
        ("CREATE TABLE t (a INTEGER DEFAULT 5 NULL CHECK (a > 1))", "INSERT INTO t VALUES (7)"),
        (not_null("a"),),
        "CREATE TABLE t (a INTEGER DEFAULT 5 NOT NULL CHECK (a > 1))",
    ),
    Case(
        "type, with the text around it",
        (
            "CREATE TABLE t (\n  id INTEGER PRIMARY KEY, -- the key\n"
            "  name VARCHAR(10) COLLATE NOCASE NOT NULL, /* a name */\n  n INT\n)",
            "INSERT INTO t VALUES (1, 'Ann', 3)",
        ),
        (AlterColumnOp("t", "name", modify_type=sa.String(50)),),
        "CREATE TABLE t (\n  id INTEGER PRIMARY KEY, -- the key\n"
        "  name VARCHAR(50) COLLATE NOCASE NOT NULL, /* a name */\n  n INT\n)",
    ),
    Case(
        "integer to text",
        ("CREATE TABLE t (a INTEGER)", "INSERT INTO t VALUES (12), (NULL)"),
        (AlterColumnOp("t", "a", modify_type=sa.String(5)),),
        "CREATE TABLE t (a VARCHAR(5))",
        [("12",), (None,)],
    ),
    Case(
        "text to integer keeps what is no number",
        ("CREATE TABLE t (a TEXT)", "INSERT INTO t VALUES ('12'), ('abc')"),
        (AlterColumnOp("t", "a", modify_type=sa.Integer()),),
        "CREATE TABLE t (a INTEGER)",
        [(12,), ("abc",)],
    ),
    Case(
        "text to datetime keeps the date",
        ("CREATE TABLE t (a VARCHAR(30))", "INSERT INTO t VALUES ('2024-05-06 07:08:09')"),
        (AlterColumnOp("t", "a", modify_type=sa.DateTime()),),
        "CREATE TABLE t (a DATETIME)",
        [("2024-05-06 07:08:09",)],
    ),
    Case(
        "float to integer",
        ("CREATE TABLE t (a FLOAT)", "INSERT INTO t VALUES (1.5), (2.0)"),
        (AlterColumnOp("t", "a", modify_type=sa.Integer()),),
        "CREATE TABLE t (a INTEGER)",
        [(1,), (2,)],
    ),
    Case(
        "text to blob",
        ("CREATE TABLE t (a TEXT)", "INSERT INTO t VALUES ('xy')"),
        (AlterColumnOp("t", "a", modify_type=sa.LargeBinary()),),
        "CREATE TABLE t (a BLOB)",
        [(b"xy",)],
    ),
    Case(
        "a collation comes with the type",
        ("CREATE TABLE t (a VARCHAR(5) NOT NULL)", "INSERT INTO t VALUES ('x')"),
        (AlterColumnOp("t", "a", modify_type=sa.String(9, collation="NOCASE")),),
        'CREATE TABLE t (a VARCHAR(9) COLLATE "NOCASE" NOT NULL)',
    ),
    Case(
        "a collation goes with the type that had it",
        ("CREATE TABLE t (a VARCHAR(5) COLLATE NOCASE)",),
        (
            AlterColumnOp(
                "t", "a", existing_type=sa.String(5, collation="NOCASE"), modify_type=sa.String(5)
            ),
        ),
        "CREATE TABLE t (a VARCHAR(5))",
    ),
    Case(
        "the CHECK of an enumeration comes and goes with it",
        (
            "CREATE TABLE t (a VARCHAR(3), CONSTRAINT mood CHECK (a IN ('old', 'new')), "
            "CHECK (a <> 'x'))",
            "INSERT INTO t VALUES ('old')",
        ),
        (
            AlterColumnOp(
                "t",
                "a",
                existing_type=sa.Enum("old", "new", name="mood", create_constraint=True),
                modify_type=sa.Enum("old", "newer", name="mood2", create_constraint=True),
            ),
        ),
        "CREATE TABLE t (a VARCHAR(5), CHECK (a <> 'x'), "
        "CONSTRAINT mood2 CHECK (a IN ('old', 'newer')))",
    ),
    Case(
        "the CHECK of an old boolean goes with it",
        (
            "CREATE TABLE t (a BOOLEAN, b BOOLEAN, CHECK (a IN (0, 1)), CHECK (b IN (0, 1)))",
            "INSERT INTO t VALUES (1, 0)",
        ),
        (AlterColumnOp("t", "a", modify_type=sa.Integer()),),
        "CREATE TABLE t (a INTEGER, b BOOLEAN, CHECK (b IN (0, 1)))",
    ),
    Case(
        "the CHECK of a type is known by the type's name",
        ("CREATE TABLE t (a BOOLEAN, CONSTRAINT ck_t_yes CHECK (a = 1 OR a = 0))",),
        (AlterColumnOp("t", "a", existing_type=sa.Boolean(name="yes"), modify_type=sa.Integer()),),
        "CREATE TABLE t (a INTEGER)",
        metadata=CONVENTION,
    ),
    Case(
        "default set",
        ("CREATE TABLE t (a INTEGER, b TEXT NOT NULL)", "INSERT INTO t VALUES (1, 'x')"),
        (AlterColumnOp("t", "b", modify_server_default="it's: %x"),),
        "CREATE TABLE t (a INTEGER, b TEXT DEFAULT 'it''s: %x' NOT NULL)",
    ),
    Case(
        "default changed where it stands",
        ("CREATE TABLE t (a INTEGER NOT NULL DEFAULT (1 + 1) CHECK (a > 0))",),
        (AlterColumnOp("t", "a", modify_server_default=sa.text("7")),),
        "CREATE TABLE t (a INTEGER NOT NULL DEFAULT 7 CHECK (a > 0))",
    ),
    Case(
        "default expression",
        ("CREATE TABLE t (a DATETIME)",),
        (AlterColumnOp("t", "a", modify_server_default=sa.func.now()),),
        "CREATE TABLE t (a DATETIME DEFAULT CURRENT_TIMESTAMP)",
    ),
    Case(
        "default dropped",
        ("CREATE TABLE t (a INTEGER DEFAULT -1 NOT NULL)", "INSERT INTO t VALUES (3)"),
        (AlterColumnOp("t", "a", modify_server_default=None),),
        "CREATE TABLE t (a INTEGER NOT NULL)",
    ),
    Case(
        "generated becomes ordinary and keeps its values",
        (
            "CREATE TABLE t (a INT, b INT GENERATED ALWAYS AS (a * 2) STORED)",
            "INSERT INTO t (a) VALUES (4)",
        ),
        (AlterColumnOp("t", "b", modify_server_default=None),),
        "CREATE TABLE t (a INT, b INT)",
        [(4, 8)],
    ),
    Case(
        "renamed and altered at once",
        (
            "CREATE TABLE t (a INTEGER, b TEXT, CHECK (b <> ''))",
            "CREATE INDEX ix_b ON t (b)",
            "INSERT INTO t VALUES (1, 'x')",
        ),
        (AlterColumnOp("t", "b", modify_name="c", modify_nullable=False),),
        "CREATE TABLE t (a INTEGER, c TEXT NOT NULL, CHECK (c <> ''))",
    ),
    Case(
        "several operations in one copy",
        ("CREATE TABLE t (a INTEGER, b TEXT, c TEXT)", "INSERT INTO t VALUES (1, 'x', 'y')"),
        (
            not_null("a"),
            DropColumnOp("t", "c"),
            AddColumnOp("t", sa.Column("d", sa.Integer, server_default="4", nullable=False)),
            CreateUniqueConstraintOp("uq_t_b", "t", ["b", "d"]),
        ),
        "CREATE TABLE t (a INTEGER NOT NULL, b TEXT, d INTEGER DEFAULT '4' NOT NULL, "
        "CONSTRAINT uq_t_b UNIQUE (b, d))",
        [(1, "x", 4)],
    ),
    Case(
        "a column is dropped and one of its name added",
        ("CREATE TABLE t (a INTEGER, b TEXT)", "INSERT INTO t VALUES (1, 'x')"),
        (DropColumnOp("t", "b"), AddColumnOp("t", sa.Column("b", sa.Integer))),
        "CREATE TABLE t (a INTEGER, b INTEGER)",
        [(1, None)],
    ),
    Case(
        "a column takes the name of another that is dropped",
        ("CREATE TABLE t (a INTEGER, b TEXT)", "INSERT INTO t VALUES (1, 'x')"),
        (
            DropColumnOp("t", "a"),
            AlterColumnOp("t", "b", modify_name="a", modify_nullable=False),
            CreateUniqueConstraintOp("uq", "t", ["a"]),
        ),
        "CREATE TABLE t (a TEXT NOT NULL, CONSTRAINT uq UNIQUE (a))",
        [("x",)],
    ),
    Case(
        "a CHECK over the new name",
        ("CREATE TABLE t (a INTEGER, b TEXT)", "INSERT INTO t VALUES (1, 'x')"),
        (
            AlterColumnOp("t", "b", modify_name="c", modify_nullable=False),
            CreateCheckConstraintOp("ck", "t", "c <> ''"),
        ),
        "CREATE TABLE t (a INTEGER, c TEXT NOT NULL, CONSTRAINT ck CHECK (c <> ''))",
    ),
]

CONSTRAINTS = [
    Case(
        "unique added",
        ("CREATE TABLE t (a INTEGER, b TEXT)", "INSERT INTO t VALUES (1, 'x')"),
        (CreateUniqueConstraintOp("uq", "t", ["a", "b"]),),
        "CREATE TABLE t (a INTEGER, b TEXT, CONSTRAINT uq UNIQUE (a, b))",
    ),
    Case(
        "CHECK added, with signs that others take for parameters",
        ("CREATE TABLE t (a TEXT)", "INSERT INTO t VALUES ('x')"),
        (CreateCheckConstraintOp("ck", "t", "a NOT LIKE '%:b%' AND a <> '\\:c'"),),
        "CREATE TABLE t (a TEXT, CONSTRAINT ck CHECK (a NOT LIKE '%:b%' AND a <> ':c'))",
    ),
    Case(
        "foreign key added",
        (PARENT, FILL_PARENT, "CREATE TABLE t (a INTEGER)", "INSERT INTO t VALUES (1)"),
        (
            CreateForeignKeyOp(
                "fk",
                "t",
                "parent",
                ["a"],
                ["id"],
                ondelete="CASCADE",
                deferrable=True,
                initially="DEFERRED",
            ),
        ),
        "CREATE TABLE t (a INTEGER, CONSTRAINT fk FOREIGN KEY(a) REFERENCES parent (id) "
        "ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)",
    ),
    Case(
        "primary key added",
        ("CREATE TABLE t (a INTEGER, b TEXT)", "INSERT INTO t VALUES (1, 'x')"),
        (CreatePrimaryKeyOp("pk", "t", ["a", "b"]),),
        "CREATE TABLE t (a INTEGER, b TEXT, CONSTRAINT pk PRIMARY KEY (a, b))",
    ),
    Case(
        "primary key in the place of another",
        ("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)", "INSERT INTO t VALUES (1, 'x')"),
        (CreatePrimaryKeyOp("pk", "t", ["b"]),),
        "CREATE TABLE t (a INTEGER, b TEXT, CONSTRAINT pk PRIMARY KEY (b))",
    ),
    Case(
        "constraint of the same name replaced",
        ("CREATE TABLE t (a INT, b INT, CONSTRAINT uq UNIQUE (a), CHECK (a > 0))",),
        (CreateUniqueConstraintOp("uq", "t", ["b"]),),
        "CREATE TABLE t (a INT, b INT, CHECK (a > 0), CONSTRAINT uq UNIQUE (b))",
    ),
    Case(
        "named constraints dropped, of the table and of a column",
        (
            PARENT,
            "CREATE TABLE t (a INT CONSTRAINT fk REFERENCES parent (id) ON DELETE CASCADE "
            "CONSTRAINT ck CHECK (a > 0) NOT NULL, b INT, CONSTRAINT uq UNIQUE (b), CHECK (b > 0))",
        ),
        (
            DropConstraintOp("fk", "t", "foreignkey"),
            DropConstraintOp("CK", "t", "check"),
            DropConstraintOp("uq", "t"),
        ),
        "CREATE TABLE t (a INT NOT NULL, b INT, CHECK (b > 0))",
    ),
    Case(
        "constraints without a name dropped by the usual names",
        (
            PARENT,
            "CREATE TABLE t (a INT PRIMARY KEY REFERENCES parent DEFERRABLE INITIALLY DEFERRED, "
            "b INT UNIQUE CHECK (b > 0), c INT, UNIQUE (b, c), "
            "CHECK (b < c), CHECK (c < b + 10), CHECK (c > 1))",
        ),
        (
            DropConstraintOp("t_pkey", "t", "primary"),
            DropConstraintOp("t_a_fkey", "t", "foreignkey"),
            DropConstraintOp("t_b_key", "t", "unique"),
            DropConstraintOp("t_b_c_key", "t", "unique"),
            DropConstraintOp("t_b_check", "t", "check"),
            DropConstraintOp("t_check1", "t", "check"),
        ),
        "CREATE TABLE t (a INT, b INT, c INT, CHECK (b < c), CHECK (c > 1))",
    ),
    Case(
        "usual names where some are taken",
        (
            f"CREATE TABLE t (a INT CHECK (a > 0), b INT, {'x' * 70} INT UNIQUE, "
            "CONSTRAINT t_a_check CHECK (a < 9), UNIQUE (b), UNIQUE (a, b))",
        ),
        (
            DropConstraintOp("t_a_check1", "t", "check"),
            DropConstraintOp("t_b_key7", "t", "unique"),
            DropConstraintOp(f"t_{'x' * 57}_key", "t", "unique"),
        ),
        f"CREATE TABLE t (a INT, b INT, {'x' * 70} INT, CONSTRAINT t_a_check CHECK (a < 9), "
        "UNIQUE (a, b))",
    ),
    Case(
        "constraints without a name dropped by the names of the convention",
        (
            PARENT,
            "CREATE TABLE t (a INT REFERENCES parent, b INT UNIQUE, PRIMARY KEY (a, b), "
            "CONSTRAINT ck_t_small CHECK (b < 10))",
        ),
        (
            DropConstraintOp("fk_t_a_parent", "t", "foreignkey"),
            DropConstraintOp("uq_t_b", "t", "unique"),
            DropConstraintOp("pk_t", "t", "primary"),
            DropConstraintOp("small", "t", "check"),
        ),
        "CREATE TABLE t (a INT, b INT)",
        metadata=CONVENTION,
    ),
    Case(
        "dropped by content",
        ("CREATE TABLE t (a INT, b INT, UNIQUE (a), UNIQUE (b), CHECK (a>0))",),
        (
            DropConstraintOp(
                "whatever",
                "t",
                "unique",
                _reverse=CreateUniqueConstraintOp("whatever", "t", ["b"]),
            ),
            DropConstraintOp(
                "other",
                "t",
                "check",
                _reverse=CreateCheckConstraintOp("other", "t", "A > 0"),
            ),
        ),
        "CREATE TABLE t (a INT, b INT, UNIQUE (a))",
    ),
    Case(
        "dropped if it exists",
        ("CREATE TABLE t (a INT)",),
        (DropConstraintOp("nope", "t", "unique", if_exists=True), not_null("a")),
        "CREATE TABLE t (a INT NOT NULL)",
    ),
]

COLUMNS = [
    Case(
        "dropped with its own constraints and indexes",
        (
            PARENT,
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT UNIQUE CHECK (a > 0), b INT, c INT, "
            "CONSTRAINT fk FOREIGN KEY (a) REFERENCES parent (id), CHECK (a < 100), "
            "CONSTRAINT uq UNIQUE (b, a), CHECK (b > c))",
            "CREATE INDEX ix_a ON t (a)",
            "CREATE INDEX ix_ab ON t (b, a)",
            "CREATE INDEX ix_part ON t (b) WHERE a > 3",
            "CREATE INDEX ix_expr ON t (lower(b))",
            "INSERT INTO parent VALUES (5, 'x')",
            "INSERT INTO t VALUES (1, 5, 3, 2)",
        ),
        (DropColumnOp("t", "a"),),
        "CREATE TABLE t (id INTEGER PRIMARY KEY, b INT, c INT, CHECK (b > c))",
        [(1, 3, 2)],
        gone=("ix_a", "ix_ab", "ix_part"),
    ),
    Case(
        "the first of several, with the comments of the others",
        (
            "CREATE TABLE t (\n  a INT, -- first\n  -- the second\n  b INT -- really\n)",
            "INSERT INTO t VALUES (1, 2)",
        ),
        (DropColumnOp("t", "a"),),
        "CREATE TABLE t (\n  -- the second\n  b INT -- really\n)",
        [(2,)],
    ),
    Case(
        "added with everything",
        (
            PARENT,
            FILL_PARENT,
            "CREATE TABLE t (\n\ta INT, \n\tCHECK (a > 0)\n)",
            "INSERT INTO t VALUES (1)",
        ),
        (
            AddColumnOp(
                "t",
                sa.Column(
                    "p",
                    sa.Integer,
                    sa.ForeignKey("parent.id", name="fk_p", ondelete="SET NULL"),
                    sa.CheckConstraint("p > 0", name="ck_p"),
                    server_default=sa.text("(1 + 1)"),
                    unique=True,
                    index=False,
                    nullable=False,
                ),
            ),
            CreateIndexOp("ix_p", "t", [sa.text("p + 1")], sqlite_where=sa.text("p > 0")),
        ),
        "CREATE TABLE t (\n\ta INT,\n\tp INTEGER DEFAULT (1 + 1) NOT NULL "
        "CONSTRAINT ck_p CHECK (p > 0), \n\tCHECK (a > 0),\n\tUNIQUE (p),\n\t"
        "CONSTRAINT fk_p FOREIGN KEY(p) REFERENCES parent (id) ON DELETE SET NULL\n)",
        [(1, 2)],
        came=("ix_p",),
    ),
    Case(
        "added at a place",
        ("CREATE TABLE t (a INT, b INT)", "INSERT INTO t VALUES (1, 2)"),
        (
            AddColumnOp("t", sa.Column("x", sa.Integer), insert_before="b"),
            AddColumnOp("t", sa.Column("y", sa.Integer), insert_after="b"),
            AlterColumnOp("t", "a", modify_nullable=False, insert_after="y"),
        ),
        "CREATE TABLE t (x INTEGER, b INT, y INTEGER, a INT NOT NULL)",
        [(None, 2, None, 1)],
    ),
    Case(
        "generated column added",
        ("CREATE TABLE t (a INT)", "INSERT INTO t VALUES (3)"),
        (AddColumnOp("t", sa.Column("b", sa.Integer, sa.Computed("a * 2", persisted=True))),),
        "CREATE TABLE t (a INT, b INTEGER GENERATED ALWAYS AS (a * 2) STORED)",
        [(3, 6)],
    ),
    Case(
        "added if not there, dropped if there",
        ("CREATE TABLE t (a INT)",),
        (
            AddColumnOp("t", sa.Column("a", sa.Text), if_not_exists=True),
            DropColumnOp("t", "zzz", if_exists=True),
            not_null("a"),
        ),
        "CREATE TABLE t (a INT NOT NULL)",
    ),
]

KEPT = [
    Case(
        "indexes of every kind",
        (
            "CREATE TABLE t (a INT, b TEXT)",
            "CREATE UNIQUE INDEX ix_u ON t (a DESC, b COLLATE NOCASE)",
            'CREATE INDEX "ix part" ON t (lower(b)) WHERE a > 0 -- partial',
            "INSERT INTO t VALUES (1, 'x')",
        ),
        (not_null("a"),),
        "CREATE TABLE t (a INT NOT NULL, b TEXT)",
    ),
    Case(
        "an index is dropped and another one comes",
        ("CREATE TABLE t (a INT, b TEXT)", "CREATE INDEX ix_a ON t (a)"),
        (not_null("a"), DropIndexOp("ix_a", "t"), CreateIndexOp("ix_b", "t", ["b"], unique=True)),
        "CREATE TABLE t (a INT NOT NULL, b TEXT)",
        gone=("ix_a",),
        came=("ix_b",),
    ),
    Case(
        "strict and without rowid, a descending key, ON CONFLICT",
        (
            "CREATE TABLE t (a INT, b TEXT, c ANY, PRIMARY KEY (a DESC, b COLLATE NOCASE) "
            "ON CONFLICT IGNORE) STRICT, WITHOUT ROWID",
            "INSERT INTO t VALUES (1, 'x', 2.5)",
        ),
        (not_null("c"),),
        "CREATE TABLE t (a INT, b TEXT, c ANY NOT NULL, PRIMARY KEY (a DESC, b COLLATE NOCASE) "
        "ON CONFLICT IGNORE) STRICT, WITHOUT ROWID",
    ),
    Case(
        "generated columns of both kinds",
        (
            "CREATE TABLE t (a INT, v INT AS (a + 1), "
            "s TEXT GENERATED ALWAYS AS (a || 'x') STORED)",
            "CREATE INDEX ix_v ON t (v)",
            "INSERT INTO t (a) VALUES (1), (2)",
        ),
        (not_null("a"),),
        "CREATE TABLE t (a INT NOT NULL, v INT AS (a + 1), "
        "s TEXT GENERATED ALWAYS AS (a || 'x') STORED)",
    ),
    Case(
        "a reference to itself, deferred",
        (
            "CREATE TABLE t (id INTEGER PRIMARY KEY, up INT REFERENCES t (id) ON DELETE CASCADE "
            "DEFERRABLE INITIALLY DEFERRED, b INT)",
            "INSERT INTO t VALUES (2, 1, 0), (1, NULL, 0)",
        ),
        (not_null("b"),),
        "CREATE TABLE t (id INTEGER PRIMARY KEY, up INT REFERENCES t (id) ON DELETE CASCADE "
        "DEFERRABLE INITIALLY DEFERRED, b INT NOT NULL)",
    ),
    Case(
        "columns called by the table's name too",
        (
            'CREATE TABLE t (a INT CHECK (t.a > 0), c INT, CHECK ("t".a > c))',
            "INSERT INTO t (a, c) VALUES (3, 2)",
        ),
        (not_null("c"),),
        "CREATE TABLE t (a INT CHECK (a > 0), c INT NOT NULL, CHECK (a > c))",
    ),
    Case(
        "words of the language and strange names",
        (
            "CREATE TABLE t (\"select\" INT, [from x] TEXT DEFAULT 'a,b)', `we``ird` TEXT, "
            '"q""q" INT CHECK ("q""q" > 0), "ünï" TEXT)',
            "INSERT INTO t VALUES (1, 'f', 'w', 2, 'u')",
        ),
        (not_null("from x"), AlterColumnOp("t", "we`ird", modify_type=sa.Text())),
        "CREATE TABLE t (\"select\" INT, [from x] TEXT DEFAULT 'a,b)' NOT NULL, `we``ird` TEXT, "
        '"q""q" INT CHECK ("q""q" > 0), "ünï" TEXT)',
    ),
    Case(
        "an ignoring constraint loses no row",
        (
            "CREATE TABLE t (a INT UNIQUE ON CONFLICT IGNORE, b INT NOT NULL ON CONFLICT REPLACE "
            "DEFAULT 3)",
            "INSERT INTO t VALUES (1, 1), (2, 2)",
        ),
        (not_null("a"),),
        "CREATE TABLE t (a INT NOT NULL UNIQUE ON CONFLICT IGNORE, b INT NOT NULL ON CONFLICT "
        "REPLACE DEFAULT 3)",
    ),
]

CASES = [*ALTER, *CONSTRAINTS, *COLUMNS, *KEPT]
