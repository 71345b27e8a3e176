"""What a revision renames is followed to its new name, and has to keep its values there."""

from __future__ import annotations

import pytest

from limbeck.workflow.prove import lines_of
from tests.proof.hand_written import Written

TABLE = (
    'op.create_table("{name}", sa.Column("id", sa.Integer(), nullable=False), '
    'sa.Column("x", sa.String(20)), sa.Column("y", sa.String(20)), '
    'sa.PrimaryKeyConstraint("id", name="{name}_pkey"))'
)
TABLES = f"{TABLE.format(name='one')}; {TABLE.format(name='two')}"
NO_TABLES = 'op.drop_table("one"); op.drop_table("two")'
COLUMN = 'op.alter_column("{}", "{}", new_column_name="{}", existing_type=sa.String(20))'
LOSE = 'op.drop_column("{0}", "{1}"); op.add_column("{0}", sa.Column("{1}", sa.String(20)))'


def columns(table: str, *pairs: tuple[str, str]) -> str:
    """Renames columns, one after another."""
    return "; ".join(COLUMN.format(table, old, new) for old, new in pairs)


def tables(*pairs: tuple[str, str]) -> str:
    """Renames tables, one after another."""
    return "; ".join(f'op.rename_table("{old}", "{new}")' for old, new in pairs)


EXCHANGE = columns("one", ("x", "z"), ("y", "x"), ("z", "y"))
KEPT = {
    "columns that exchange their names": (EXCHANGE, EXCHANGE),
    "the key among them": (
        COLUMN.format("one", "id", "key").replace("sa.String(20)", "sa.Integer()"),
        COLUMN.format("one", "key", "id").replace("sa.String(20)", "sa.Integer()"),
    ),
    "a column that moves into another's name": (
        columns("one", ("y", "z"), ("x", "y")),
        columns("one", ("y", "x"), ("z", "y")),
    ),
    "a table that moves into another's name": (
        tables(("two", "three"), ("one", "two")) + "; " + columns("two", ("x", "z"), ("y", "x")),
        columns("two", ("x", "y"), ("z", "x")) + "; " + tables(("two", "one"), ("three", "two")),
    ),
    "in a batch": (
        'batch = op.batch_alter_table("one"); inner = batch.__enter__(); '
        'inner.alter_column("x", new_column_name="z", existing_type=sa.String(20)); '
        "batch.__exit__(None, None, None)",
        columns("one", ("z", "x")),
    ),
    "what makes room for something new of its name": (
        tables(("one", "old")) + f"; {TABLE.format(name='one')}; "
        "op.execute('INSERT INTO one SELECT * FROM old'); op.drop_table('old')",
        "op.execute('SELECT 1')",
    ),
}


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("case", KEPT)
def test_what_is_renamed_keeps_its_values(written: Written, case: str) -> None:
    is_proved(written, *KEPT[case])


@pytest.mark.databases("postgresql15", "mariadb")
def test_what_is_renamed_on_a_server_keeps_its_values(written: Written) -> None:
    case = KEPT["a table that moves into another's name"]
    is_proved(written, f"{EXCHANGE}; {case[0]}", f"{case[1]}; {EXCHANGE}")


def is_proved(written: Written, up: str, back: str) -> None:
    """Make sure that a revision of renames is proved, with values of every kind."""
    written.add("tables", TABLES, NO_TABLES)
    written.add("renames", up, back)
    (found,) = written.prove("renames", is_head=False)
    assert found.proof.outcome == "proved", "\n".join(lines_of(found))
    assert "empty tables only" not in found.proof.limits


LOST = {
    "a column of a table that is renamed": (
        tables(("one", "three")) + "; " + LOSE.format("three", "y"),
        tables(("three", "one")),
        "three.y: '",
    ),
    "a column that is renamed": (
        columns("one", ("x", "z")) + "; " + LOSE.format("one", "z"),
        columns("one", ("z", "x")),
        "one.z: '",
    ),
    "an exchange that is none": (
        f"{LOSE.format('one', 'x')}; {EXCHANGE}",
        EXCHANGE,
        "one.y: '",
    ),
}


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("case", LOST)
def test_a_loss_under_a_new_name_is_one(written: Written, case: str) -> None:
    up, back, words = LOST[case]
    written.add("tables", TABLES, NO_TABLES)
    written.add("renames", up, back)
    (found,) = written.prove("renames", is_head=False)
    said = "\n".join(lines_of(found))
    assert found.proof.outcome == "refuted" and words in said, said


MOODS = (
    "op.execute(\"CREATE TYPE mood AS ENUM ('sad', 'it''s {odd}', 'ok')\"); "
    "op.execute('CREATE TABLE people (id integer PRIMARY KEY, one mood NOT NULL, more mood[])')"
)
NO_MOODS = "op.execute('DROP TABLE people'); op.execute('DROP TYPE mood')"
NAMES = "op.execute(\"ALTER TYPE mood RENAME VALUE '{}' TO '{}'\")"


@pytest.mark.databases("postgresql15")
def test_values_of_a_type_are_followed(written: Written) -> None:
    written.add("moods", MOODS, NO_MOODS)
    exchange = [("sad", "t"), ("ok", "sad"), ("t", "ok"), ("it''s {odd}", "100%")]
    back = [(new, old) for old, new in reversed(exchange)]
    up = "; ".join(NAMES.format(*pair) for pair in exchange)
    down = "; ".join(NAMES.format(*pair) for pair in back)
    written.add("names", up, down)
    (found,) = written.prove("names", is_head=False)
    assert found.proof.outcome == "proved", "\n".join(lines_of(found))
    lose = "op.execute('ALTER TABLE people DROP more, ADD more mood[]')"
    written.replace("names", f"{lose}; {up}", down)
    (found,) = written.prove("names", is_head=False)
    assert found.proof.outcome == "refuted" and "people.more: " in "\n".join(lines_of(found))
