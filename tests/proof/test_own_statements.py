"""Statements of the author's excuse what they write, and no other loss.

Each statement is put into a revision, alone and together with each loss of values that it has
nothing to do with.
"""

from __future__ import annotations

import pytest

from limbeck.workflow.prove import lines_of
from tests.proof.hand_written import Written

TABLES = """op.create_table(
        "people", sa.Column("id", sa.Integer(), nullable=False), sa.Column("name", sa.String(20)),
        sa.Column("mail", sa.String(20)), sa.PrimaryKeyConstraint("id", name="people_pkey"),
    )
    op.create_table(
        "pets", sa.Column("id", sa.Integer(), nullable=False), sa.Column("name", sa.String(20)),
        sa.Column("mail", sa.String(20)), sa.PrimaryKeyConstraint("id", name="pets_pkey"),
    )"""
PEOPLE = 'sa.table("people", sa.column("id"), sa.column("name"), sa.column("mail"))'

OWN = {
    "UPDATE": "op.execute(\"UPDATE people SET name = 'x' WHERE name = '1'\")",
    "an update construct": (
        f"people = {PEOPLE}; op.execute(people.update().where(people.c.name == '1')"
        '.values(name="x"))'
    ),
    "an update with parameters": (
        f"people = {PEOPLE}; bind = op.get_bind(); bind.execute(people.update().where("
        'people.c.name == sa.bindparam("was")), [{"was": "1", "name": "x"}])'
    ),
    "INSERT": "op.execute(\"INSERT INTO people (id, name) VALUES (4711, 'x')\")",
    "bulk_insert": f'op.bulk_insert({PEOPLE}, [{{"id": 4711, "name": "x", "mail": "y"}}])',
    "DELETE": "op.execute(\"DELETE FROM people WHERE name = '1'\")",
    "a delete construct": (
        f"people = {PEOPLE}; op.get_bind().execute(people.delete().where(people.c.name == '1'))"
    ),
    "in a batch": (
        'batch = op.batch_alter_table("people"); inner = batch.__enter__(); '
        "inner.execute(\"UPDATE people SET name = 'x'\"); batch.__exit__(None, None, None)"
    ),
}
AGAIN = {
    "INSERT": "op.execute('DELETE FROM people WHERE id = 4711')",
    "bulk_insert": "op.execute('DELETE FROM people WHERE id = 4711')",
}

LOSE = (
    'op.drop_column("{table}", "{column}"); '
    'op.add_column("{table}", sa.Column("{column}", sa.String(20)))'
)
LOSSES = {
    "another column": LOSE.format(table="people", column="mail"),
    "another table": (
        'op.drop_table("pets"); op.create_table("pets", sa.Column("id", sa.Integer(), '
        'nullable=False), sa.Column("name", sa.String(20)), sa.Column("mail", sa.String(20)), '
        'sa.PrimaryKeyConstraint("id", name="pets_pkey"))'
    ),
}
LOST = ("people.mail: '", "pets: ")


def with_tables(written: Written) -> Written:
    """The project, with two more tables."""
    written.add("tables", TABLES, 'op.drop_table("pets"); op.drop_table("people")')
    return written


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("own", OWN)
def test_a_statement_excuses_what_it_writes_and_nothing_else(written: Written, own: str) -> None:
    excuses_only_what_it_writes(written, own)


@pytest.mark.databases("postgresql15", "mariadb")
@pytest.mark.parametrize("own", ["UPDATE", "an update with parameters", "DELETE"])
def test_a_statement_on_a_server_excuses_nothing_else(written: Written, own: str) -> None:
    excuses_only_what_it_writes(written, own)


def excuses_only_what_it_writes(written: Written, own: str) -> None:
    """Prove a statement alone, and with losses that are none of its doing."""
    project = with_tables(written)
    back = AGAIN.get(own, "op.execute('SELECT 1')")
    project.add("alone", OWN[own], back)
    (found,) = project.prove("alone", is_head=False)
    assert found.proof.outcome == "proved", lines_of(found)
    assert "changes data" in found.proof.limits
    project.replace("alone", "; ".join((OWN[own], *LOSSES.values())), back)
    (found,) = project.prove("alone", is_head=False)
    assert found.proof.outcome == "refuted", lines_of(found)
    words = "\n".join(line for each in found.proof.findings for line in each.words)
    assert all(part in words for part in LOST), words
    assert "people.name" not in words


DROPPED = LOSE.format(table="people", column="name")
EXCUSED = {
    "by its name in a text": "op.execute({!r})",
    "the same column": DROPPED + "; op.execute(\"UPDATE people SET name = 'x'\")",
    "a table that becomes it": (
        'op.execute("CREATE TABLE fresh AS SELECT id, upper(mail) AS name, mail FROM people"); '
        'op.drop_table("people"); op.rename_table("fresh", "people")'
    ),
    "a table that is filled and becomes it": (
        'op.create_table("fresh", sa.Column("id", sa.Integer(), nullable=False), '
        'sa.Column("name", sa.String(20)), sa.Column("mail", sa.String(20)), '
        'sa.PrimaryKeyConstraint("id", name="people_pkey")); '
        'op.execute("INSERT INTO fresh SELECT id, upper(mail), mail FROM people"); '
        'op.drop_table("people"); op.rename_table("fresh", "people")'
    ),
    "by the driver": (
        "op.get_bind().connection.cursor().execute(\"UPDATE people SET name = 'x'\")"
    ),
    "a column that becomes it": (
        'op.add_column("people", sa.Column("fresh", sa.String(20))); '
        'op.execute("UPDATE people SET fresh = upper(mail)"); op.drop_column("people", "name"); '
        'op.alter_column("people", "fresh", new_column_name="name", '
        "existing_type=sa.String(20))"
    ),
}
BLOCKS = {
    "sqlite": "REPLACE INTO people (id, name, mail) SELECT id, 'x', mail FROM people",
    "postgresql": "DO $$ BEGIN UPDATE people SET name = 'x'; END $$",
    "mariadb": "UPDATE people p JOIN people q ON q.id = p.id SET p.name = 'x'",
}


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("how", EXCUSED)
def test_what_may_have_been_written_is_a_remark(written: Written, how: str) -> None:
    is_a_remark(written, how)


@pytest.mark.databases("postgresql15", "mariadb")
@pytest.mark.parametrize("how", ["by its name in a text", "by the driver"])
def test_what_may_have_been_written_on_a_server_is_a_remark(written: Written, how: str) -> None:
    is_a_remark(written, how)


def is_a_remark(written: Written, how: str) -> None:
    """Prove a revision of which nobody can tell exactly what it writes."""
    project = with_tables(written)
    kind = project.url.partition("+")[0].partition(":")[0]
    kind = "mariadb" if kind == "mysql" else kind
    # the schema has to come back, and a table made by AS has no key
    back = "op.execute('SELECT 1')"
    up = EXCUSED[how].format(BLOCKS[kind])
    if how == "a table that becomes it":
        up += (
            '; op.drop_table("people"); ' + TABLES.partition("\n    op.create")[0]
            + "\n    op.execute(\"INSERT INTO people VALUES (4712, 'x', 'y')\")"
        )  # fmt: skip
    project.add("second", up, back)
    (found,) = project.prove("second", is_head=False)
    assert found.proof.outcome == "proved", lines_of(found)
    assert "changes data" in found.proof.limits


@pytest.mark.databases("sqlite", "postgresql15")
def test_what_follows_by_a_foreign_key_or_a_trigger_is_excused(written: Written) -> None:
    project = with_tables(written)
    trigger = (
        'op.execute("CREATE TRIGGER t AFTER UPDATE ON people BEGIN UPDATE pets SET name = '
        "'hit'; END\")"
        if project.url.startswith("sqlite")
        else 'op.execute("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS '
        "$$ BEGIN UPDATE pets SET name = 'hit'; RETURN NEW; END $$\"); "
        'op.execute("CREATE TRIGGER t AFTER UPDATE ON people FOR EACH ROW EXECUTE FUNCTION f()")'
    )
    gone = (
        'op.execute("DROP TRIGGER t")'
        if project.url.startswith("sqlite")
        else 'op.execute("DROP TRIGGER t ON people"); op.execute("DROP FUNCTION f()")'
    )
    project.add("trigger", trigger, gone)
    second = "op.execute(\"UPDATE people SET name = 'x'\")"
    names_pets = '"pets"; '
    project.add("second", names_pets + second, "op.execute('SELECT 1')")
    (found,) = project.prove("second", is_head=False)
    assert found.proof.outcome == "proved", lines_of(found)
    assert "by statements of its own: pets.name" in "\n".join(lines_of(found))
    lost = f"{names_pets}{second}; {LOSE.format(table='people', column='mail')}"
    project.replace("second", lost, "op.execute('SELECT 1')")
    (found,) = project.prove("second", is_head=False)
    assert found.proof.outcome == "refuted", lines_of(found)


@pytest.mark.databases("postgresql15", "mariadb")
def test_rows_that_a_foreign_key_takes_along_are_excused(written: Written) -> None:
    project = with_tables(written)
    project.add(
        "key",
        'op.add_column("pets", sa.Column("owner", sa.Integer())); '
        'op.create_foreign_key("fk", "pets", "people", ["owner"], ["id"], ondelete="CASCADE")',
        'op.drop_constraint("fk", "pets", type_="foreignkey"); op.drop_column("pets", "owner")',
    )
    project.add("second", '"pets"; op.execute("DELETE FROM people")', "op.execute('SELECT 1')")
    (found,) = project.prove("second", is_head=False)
    assert found.proof.outcome == "proved", lines_of(found)
    assert "by statements of its own: pets: " in "\n".join(lines_of(found))
