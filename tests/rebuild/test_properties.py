"""Any table, any operation: what was not spoken of stays to the letter, and no row is lost."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from limbeck.dialects.sqlite.schema_reader import read_table
from limbeck.dialects.sqlite.sql_tokens import meaning, mentions, quoted
from limbeck.errors import CommandError
from limbeck.operations.ops import (
    AddColumnOp,
    AlterColumnOp,
    CreateCheckConstraintOp,
    CreateUniqueConstraintOp,
    DropColumnOp,
    DropConstraintOp,
    MigrateOperation,
)
from tests.rebuild.live import Live

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

    from limbeck.dialects.sqlite.schema_text import TableText

NAMES = ("a", "B", "select", "we`ird", 'q"q', "with space", "ünï", "_x1", "it's")
TYPES = (
    "",
    " INT",
    " VARCHAR(10)",
    " DECIMAL(10, 2)",
    ' "odd type"',
    " TEXT",
    " BLOB",
    " BIGINT UNSIGNED",
)
TRIVIA = ("", " ", "\n  ", "\n\t/* note, (x */ ", " -- line, )\n  ")


@st.composite
def clauses(draw: DrawFn, name: str) -> str:
    """Clauses of a column in any order; rows with different numbers satisfy all of them."""
    chosen = draw(
        st.lists(
            st.sampled_from(
                (
                    "NOT NULL",
                    "CONSTRAINT nn NOT NULL ON CONFLICT ABORT",
                    "DEFAULT 7",
                    "DEFAULT (1 + (2))",
                    "DEFAULT 'x, '') --'",
                    f"CHECK ({name} <> -1)",
                    f"CONSTRAINT \"c k\" CHECK (({name}) IS NOT 'no')",
                    "UNIQUE",
                    "COLLATE NOCASE",
                    "REFERENCES parent",
                    "REFERENCES parent (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
                )
            ),
            max_size=3,
            unique_by=lambda clause: clause.replace("CONSTRAINT nn ", "").split()[0][:4],
        )
    )
    return "".join((draw(st.sampled_from(TRIVIA)).rstrip(" ") or "") + " " + c for c in chosen)


@st.composite
def tables(draw: DrawFn) -> str:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=5, unique=True))
    pieces = []
    for name in names:
        written = quoted(name)
        pieces.append(written + draw(st.sampled_from(TYPES)) + draw(clauses(written)))
    first, second = quoted(names[0]), quoted(names[1])
    pieces += draw(
        st.lists(
            st.sampled_from(
                (
                    f"UNIQUE ({first}, {second})",
                    f"CONSTRAINT uq UNIQUE ({second} DESC)",
                    f"CHECK ({first} IS NOT {second} OR 1)",
                    f"CONSTRAINT ck CHECK ({second} <> -5)",
                    f"CONSTRAINT fk FOREIGN KEY ({first}) REFERENCES parent (id)",
                    f"PRIMARY KEY ({second}, {first})",
                )
            ),
            max_size=3,
            unique_by=lambda piece: piece[:14],
        )
    )
    body = ",".join(draw(st.sampled_from(TRIVIA)) + piece for piece in pieces)
    return f"CREATE TABLE t ({body}{draw(st.sampled_from(TRIVIA))})"


@st.composite
def operations(draw: DrawFn, table: TableText) -> MigrateOperation:
    name = draw(st.sampled_from([column.name for column in table.columns]))
    constraints = [c.name for c in table.constraints if c.name] or ["none"]
    return draw(
        st.sampled_from(
            (
                AlterColumnOp("t", name, modify_nullable=True),
                AlterColumnOp("t", name, modify_nullable=False),
                AlterColumnOp("t", name, modify_type=sa.Numeric(12, 4)),
                AlterColumnOp("t", name, modify_type=sa.String(99, collation="RTRIM")),
                AlterColumnOp("t", name, modify_server_default=None),
                AlterColumnOp("t", name, modify_server_default="it's -- :x %s"),
                DropColumnOp("t", name),
                AddColumnOp("t", sa.Column("new one", sa.Integer, server_default=sa.text("(4)"))),
                CreateUniqueConstraintOp("added", "t", [name]),
                CreateCheckConstraintOp("added", "t", "1 = 1"),
                DropConstraintOp(draw(st.sampled_from(constraints)), "t"),
            )
        )
    )


def touched(operation: Any) -> str | None:
    return getattr(operation, "column_name", None)


def fill(live: Live, table: TableText) -> None:
    live.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
    live.execute(*[f"INSERT INTO parent VALUES ({n})" for n in range(1, 40)])
    live.execute(table.text)
    for row in range(3):
        values = ", ".join(str(1 + row * 10 + place) for place, _ in enumerate(table.columns))
        live.execute(f"INSERT INTO t VALUES ({values})")


def compare_pieces(before: TableText, after: TableText, operation: Any) -> None:
    column = touched(operation)
    dropped = isinstance(operation, DropColumnOp)
    kept = [c.text.strip() for c in before.columns if c.name != column]
    assert [c.text.strip() for c in after.columns if c.name not in (column, "new one")] == kept
    constraints = [
        c.text.strip()
        for c in before.constraints
        if not (dropped and column is not None and mentions(c.text, column))
        and c.name != getattr(operation, "constraint_name", ...)
    ]
    added = {"added"} if "added" in after.text else set()
    assert [c.text.strip() for c in after.constraints if c.name not in added] == constraints
    assert after.options == before.options


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)
@given(st.data())
def test_what_was_not_spoken_of_stays(data: st.DataObject) -> None:
    before = read_table(data.draw(tables(), label="table"))
    operation = data.draw(operations(before), label="operation")
    with tempfile.TemporaryDirectory() as folder:
        live = Live(Path(folder) / "live.db")
        try:
            fill(live, before)
            kept = [c.name for c in before.columns if c.name != touched(operation)]
            listed = ", ".join(quoted(name) for name in kept)
            query = f"SELECT {listed} FROM t ORDER BY rowid"
            rows = live.rows(query)
            stored = live.schema()["t"]
            try:
                live.migrate(operation)
            except CommandError:
                assert live.schema()["t"] == stored
            else:
                after = read_table(live.schema()["t"])
                compare_pieces(before, after, operation)
            assert live.rows(query) == rows
            live.check()
        finally:
            live.engine.dispose()


@st.composite
def batches(draw: DrawFn, table: TableText) -> list[MigrateOperation]:
    """Operations that follow one another, each in the names that its predecessors leave."""
    names = [column.name for column in table.columns]
    done: list[MigrateOperation] = []
    for number in range(draw(st.integers(2, 5))):
        kind = draw(st.sampled_from(("rename", "drop", "add", "null", "unique", "check", "again")))
        name = draw(st.sampled_from(names))
        new = f"new {number}"
        if kind == "rename":
            done.append(AlterColumnOp("t", name, modify_name=new, modify_nullable=True))
            names[names.index(name)] = new
        elif kind == "drop" and len(names) > 2:
            done.append(DropColumnOp("t", name))
            names.remove(name)
        elif kind == "again" and len(names) > 2:
            names.remove(name)
            done.append(DropColumnOp("t", name))
            done.append(AlterColumnOp("t", names[0], modify_name=name))
            names[0] = name
        elif kind == "add":
            done.append(AddColumnOp("t", sa.Column(new, sa.Integer, server_default="3")))
            names.append(new)
        elif kind == "null":
            done.append(AlterColumnOp("t", name, modify_nullable=draw(st.booleans())))
        elif kind == "unique":
            done.append(CreateUniqueConstraintOp(f"uq{number}", "t", [name]))
        elif kind == "check":
            done.append(CreateCheckConstraintOp(f"ck{number}", "t", f"{quoted(name)} IS NOT 'q'"))
    return done


def outcome(
    table: TableText, steps: list[list[MigrateOperation]]
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]] | str:
    """The table and its rows after some steps, or why they cannot be done."""
    with tempfile.TemporaryDirectory() as folder:
        live = Live(Path(folder) / "live.db")
        try:
            fill(live, table)
            for step in steps:
                live.migrate(*copy.deepcopy(step))
            live.check()
            after = read_table(live.schema()["t"])
            pieces: list[tuple[object, ...]] = [
                (type(piece).__name__, *meaning(piece.text))
                for piece in (*after.columns, *after.constraints)
            ]
            return sorted(pieces, key=repr), live.rows("SELECT * FROM t ORDER BY rowid")
        except (CommandError, IntegrityError) as error:
            return type(error).__name__
        finally:
            live.engine.dispose()


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)
@given(st.data())
def test_one_copy_does_what_one_copy_each_does(data: st.DataObject) -> None:
    table = read_table(data.draw(tables(), label="table"))
    batch = data.draw(batches(table).filter(bool), label="batch")
    together = outcome(table, [batch])
    one_by_one = outcome(table, [[operation] for operation in batch])
    assert together == one_by_one
