"""Prints what batches leave of tables; run under the real Alembic, limbeck-alembic and limbeck.

Each case is statements that make table ``t`` and what is around it, and a batch on it.
"""

from __future__ import annotations

import json
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa

Batch = Callable[[Any], object]


def not_null(batch: Any) -> None:
    batch.alter_column("a", nullable=False)


PARENT = "CREATE TABLE parent (id INTEGER PRIMARY KEY, code TEXT UNIQUE)"
PLAIN = "CREATE TABLE t (a INTEGER, b TEXT)"

CASES: dict[str, tuple[list[str], Batch]] = {
    "orders and collations of an index": (
        [PLAIN, "CREATE UNIQUE INDEX i ON t (a DESC, b COLLATE NOCASE)"],
        not_null,
    ),
    "index over an expression": (
        [PLAIN, "CREATE INDEX i ON t (lower(b))", "CREATE INDEX j ON t (b)"],
        not_null,
    ),
    "partial index": ([PLAIN, "CREATE UNIQUE INDEX i ON t (b) WHERE a > 1 AND b = 'x'"], not_null),
    "no copy": ([PLAIN, "CREATE INDEX i ON t (b DESC)"], lambda b: b.add_column(text("c"))),
    "index that is dropped": (
        [PLAIN, "CREATE INDEX i ON t (b DESC)", "CREATE INDEX j ON t (a DESC)"],
        lambda b: (not_null(b), b.drop_index("i")),
    ),
    "trigger": (
        [PLAIN, "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; END"],
        not_null,
    ),
    "collation and comments of columns": (
        ["CREATE TABLE t (a INTEGER, -- the first\n b VARCHAR(5) COLLATE NOCASE /* second */)"],
        lambda b: b.alter_column("b", type_=sa.String(9), existing_type=sa.String(5)),
    ),
    "autoincrement": (
        ["CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INTEGER)"],
        not_null,
    ),
    "without rowid": (["CREATE TABLE t (b TEXT PRIMARY KEY, a INTEGER) WITHOUT ROWID"], not_null),
    "strict": (["CREATE TABLE t (b TEXT, a INTEGER) STRICT"], not_null),
    "words of conflicts": (
        ["CREATE TABLE t (a INTEGER, b TEXT CONSTRAINT nn NOT NULL ON CONFLICT IGNORE)"],
        not_null,
    ),
    "foreign keys": (
        [
            PARENT,
            "CREATE TABLE t (a INTEGER, p INTEGER REFERENCES parent (id) ON DELETE CASCADE, "
            "q INTEGER REFERENCES parent, r TEXT, CONSTRAINT fk FOREIGN KEY (r) REFERENCES "
            "parent(code) ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED)",
        ],
        not_null,
    ),
    "foreign key to itself": (
        [
            "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a INTEGER, p INTEGER, "
            "CONSTRAINT fk FOREIGN KEY (p) REFERENCES t (id))"
        ],
        not_null,
    ),
    "unique constraints": (
        [
            "CREATE TABLE t (a INTEGER UNIQUE, b TEXT CONSTRAINT ub UNIQUE, c TEXT, UNIQUE (b, c), "
            "CONSTRAINT uc UNIQUE (c, a) ON CONFLICT IGNORE)"
        ],
        not_null,
    ),
    "checks": (
        [
            "CREATE TABLE t (a INTEGER CHECK (a > 0), b TEXT CONSTRAINT cb CHECK (b IN ('x', 'y')),"
            " CONSTRAINT c2 CHECK (a < 10 AND (b = 'x' OR b = ')')), CHECK (a <> 3))"
        ],
        not_null,
    ),
    "types": (
        [
            "CREATE TABLE t (a INTEGER, b VARCHAR(10), c NUMERIC(10, 2), d UUID, e BLOB, f JSON, "
            "g DOUBLE PRECISION, h CHAR(32), i TIMESTAMP, j varchar, k TINYINT, l INT)"
        ],
        not_null,
    ),
    "defaults": (
        [
            "CREATE TABLE t (a INTEGER DEFAULT 5, b TEXT DEFAULT 'it''s', c TEXT DEFAULT '', "
            "d DATETIME DEFAULT CURRENT_TIMESTAMP, e INTEGER DEFAULT -1, f INTEGER DEFAULT (1 + 1),"
            " g BOOLEAN DEFAULT true, h TEXT DEFAULT (lower('A')), i TEXT DEFAULT NULL, "
            "j REAL DEFAULT 1.5e3, k BLOB DEFAULT x'00', l INTEGER DEFAULT (7), m INT DEFAULT 0x10)"
        ],
        not_null,
    ),
    "defaults of several lines": (
        [
            "CREATE TABLE t (a INTEGER, b TEXT DEFAULT ((\n'a' || 'b'\n)), c TEXT DEFAULT 'a\nb', "
            "d TEXT DEFAULT ('a'\n || 'b'))"
        ],
        not_null,
    ),
    "another default": (
        ["CREATE TABLE t (a VARCHAR(5) DEFAULT 'q', b TEXT)"],
        lambda b: (
            b.alter_column("a", server_default=None),
            b.alter_column("b", server_default=sa.text("(1+1)")),
        ),
    ),
    "another Enum": (
        ["CREATE TABLE t (a VARCHAR(1), CONSTRAINT en CHECK (a IN ('a', 'b')))"],
        lambda b: b.alter_column("a", type_=enum("a", "b", "c"), existing_type=enum("a", "b")),
    ),
    "names in quotes": (
        ['CREATE TABLE t (a INTEGER, "the b" TEXT UNIQUE)', 'CREATE INDEX "an i" ON t ("the b")'],
        not_null,
    ),
    "new column, constraints and index": (
        [PARENT, PLAIN, "CREATE INDEX i ON t (b DESC)"],
        lambda b: (
            b.add_column(sa.Column("c", sa.String(5), nullable=False, server_default="x")),
            b.create_unique_constraint("uc", ["c"]),
            b.create_foreign_key("fk", "parent", ["a"], ["id"], ondelete="CASCADE"),
            b.create_index("ic", ["c"]),
        ),
    ),
    "constraints that go": (
        [
            PARENT,
            "CREATE TABLE t (a INTEGER, b TEXT, CONSTRAINT u UNIQUE (a, b), CONSTRAINT c CHECK "
            "(a > 1), CONSTRAINT f FOREIGN KEY (a) REFERENCES parent (id))",
        ],
        lambda b: (
            b.drop_constraint("u", type_="unique"),
            b.drop_constraint("f", type_="foreignkey"),
            b.drop_constraint("c", type_="check"),
        ),
    ),
    "another primary key": (
        ["CREATE TABLE t (id INTEGER NOT NULL, a INTEGER NOT NULL, CONSTRAINT k PRIMARY KEY (id))"],
        lambda b: (
            b.drop_constraint("k", type_="primary"),
            b.create_primary_key("k", ["id", "a"]),
        ),
    ),
    "renamed columns": (
        ['CREATE TABLE t (a INTEGER, "order" TEXT)', 'CREATE INDEX i ON t ("order" DESC, a)'],
        lambda b: (
            b.alter_column("a", new_column_name="group"),
            b.alter_column("order", new_column_name="plain"),
        ),
    ),
    "renamed column of a foreign key": (
        [PARENT, "CREATE TABLE t (a INTEGER, CONSTRAINT f FOREIGN KEY(a) REFERENCES parent (id))"],
        lambda b: b.alter_column("a", new_column_name="b"),
    ),
    "dropped column": (
        ["CREATE TABLE t (a INTEGER, b TEXT, c TEXT, CONSTRAINT u UNIQUE (a, b), CHECK (a > c))"],
        lambda b: b.drop_column("a"),
    ),
    "dropped column of a primary key": (
        ["CREATE TABLE t (a INTEGER NOT NULL, b TEXT NOT NULL, CONSTRAINT k PRIMARY KEY (a, b))"],
        lambda b: b.drop_column("a"),
    ),
    "dropped column that others refer to": (
        [
            "CREATE TABLE t (a INTEGER NOT NULL, b TEXT NOT NULL, PRIMARY KEY (b), UNIQUE (a))",
            "CREATE TABLE other (x INTEGER REFERENCES t (a))",
        ],
        lambda b: b.drop_column("a"),
    ),
    "statement between an index and a column": (
        [PLAIN, "CREATE INDEX i ON  t (b)", "CREATE INDEX j ON t (a)"],
        lambda b: (b.drop_index("j"), b.execute("CREATE TABLE other (x INTEGER)"), not_null(b)),
    ),
    "statement in between": (
        [PLAIN, "CREATE INDEX i ON t (b DESC)"],
        lambda b: (
            not_null(b),
            b.execute("CREATE TABLE other (x INTEGER)"),
            b.add_column(text("c")),
        ),
    ),
}


def rename(batch: Any) -> None:
    batch.alter_column("a", new_column_name="z")


def boolean(name: str | None = None) -> sa.Column[Any]:
    return sa.Column("b", sa.Boolean(create_constraint=True, name=name))


COUNTED = "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INTEGER, b BOOLEAN)"
TOKEN = {"ck": "ck_%(table_name)s_%(constraint_name)s", "uq": "uq_%(table_name)s_%(column_0_name)s"}
BY_COLUMN = {"ck": "ck_%(table_name)s_%(column_0_name)s"}

#: As above, with what the batch is told besides; made anew each time.
TOLD: dict[str, tuple[list[str], Batch, Callable[[], dict[str, Any]]]] = {
    "no rowid any more": (
        [COUNTED],
        not_null,
        lambda: {"table_kwargs": {"sqlite_with_rowid": False}},
    ),
    "table_args under an old name": (
        [PLAIN],
        rename,
        lambda: {
            "table_args": [
                sa.UniqueConstraint("a", "b", name="u"),
                sa.CheckConstraint("z > 0", name="c"),
                sa.Index("i", "a"),
            ]
        },
    ),
    "table_args under an old name and a new column": (
        [PLAIN],
        lambda b: (rename(b), b.add_column(text("n"))),
        lambda: {"table_args": [sa.UniqueConstraint("a", "n", name="u")]},
    ),
    "table_args are named by no convention": (
        [PLAIN],
        not_null,
        lambda: {
            "table_args": [sa.UniqueConstraint("a"), sa.CheckConstraint("a > 0", name="c")],
            "naming_convention": TOKEN,
        },
    ),
    "reflect_args are named by the batch's convention": (
        [PLAIN],
        not_null,
        lambda: {
            "reflect_args": [sa.UniqueConstraint("a"), boolean("bn")],
            "naming_convention": TOKEN,
        },
    ),
    "a Boolean without a name, and no convention": (
        [COUNTED],
        not_null,
        lambda: {"reflect_args": [boolean()]},
    ),
    "a Boolean with a name, and no convention": (
        [COUNTED],
        not_null,
        lambda: {"reflect_args": [boolean("bn")]},
    ),
    "a Boolean without a name, and a convention that takes it": (
        [COUNTED],
        not_null,
        lambda: {"reflect_args": [boolean()], "naming_convention": TOKEN},
    ),
    "a Boolean without a name, and a convention that makes one": (
        [COUNTED],
        not_null,
        lambda: {"reflect_args": [boolean()], "naming_convention": BY_COLUMN},
    ),
}

#: The models' convention has no say in what a batch is told.
MODELS = sa.MetaData(naming_convention={key: f"models_{each}" for key, each in TOKEN.items()})


def text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text)


def enum(*values: str) -> sa.Enum:
    return sa.Enum(*values, name="en", create_constraint=True)


def left_by(operations: Callable[[sa.Connection, dict[str, Any]], Any]) -> dict[str, list[str]]:
    """What ``sqlite_master`` says after each batch.

    :param operations: made of a connection and options of ``context.configure()``.
    """
    found = {}
    cases = {name: (*case, dict[str, Any]) for name, case in CASES.items()} | TOLD
    for name, (statements, batch, told) in cases.items():
        engine = sa.create_engine("sqlite://")
        with engine.begin() as connection, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for statement in statements:
                connection.exec_driver_sql(statement)
            opts = {"target_metadata": MODELS} if name in TOLD else {}
            with operations(connection, opts).batch_alter_table("t", **told()) as recorder:
                batch(recorder)
            rows = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
            found[name] = sorted(map(steady, rows.scalars()))
        engine.dispose()
    return found


def steady(sql: str) -> str:
    """A text without its line breaks; constraints sorted, which Alembic takes from a set.

    ``RENAME COLUMN`` keeps the quotes that the old name needed.
    """
    sql = re.sub(r'"(\w+)"', r"\1", re.sub(r"\s+", " ", sql)).strip()
    head, bracket, body = sql.partition("(")
    if not head.startswith("CREATE TABLE"):
        return sql
    body, closing, options = body.rpartition(")")
    pieces = [piece.strip() for piece in cut(body)]
    first = ("CONSTRAINT ", "PRIMARY ", "FOREIGN ", "UNIQUE ", "CHECK ")
    pieces.sort(key=lambda piece: piece if piece.startswith(first) else "")
    return head + bracket + ", ".join(pieces) + closing + options


def cut(body: str) -> Iterator[str]:
    """The text between commas that stand in no brackets."""
    depth, begin = 0, 0
    for place, sign in enumerate(re.sub("'[^']*'", lambda m: "x" * len(m.group()), body)):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            yield body[begin:place]
            begin = place + 1
    yield body[begin:]


if __name__ == "__main__":
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    json.dump(left_by(lambda c, o: Operations(MigrationContext.configure(c, opts=o))), sys.stdout)
