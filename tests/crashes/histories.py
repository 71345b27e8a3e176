"""A revision that holds every kind of operation, for each database.

It is the second of two: the first one makes the tables and rows on which it works. Each statement
that changes rows would be seen in them if it ran twice.
"""

from __future__ import annotations

import ast
from itertools import pairwise

from tests.crashes import histories_mariadb, histories_postgresql, histories_sqlite

_KINDS = {
    "mariadb": histories_mariadb,
    "postgresql": histories_postgresql,
    "sqlite": histories_sqlite,
}

FIRST = """
op.create_table("old_name", sa.Column("id", sa.Integer, primary_key=True))
op.create_table(
    "account",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("balance", sa.Integer, nullable=False),
    sa.Column("name", sa.String(40), comment="as said"),
    sa.Column("fax", sa.String(20)),
    sa.Column("kind", sa.Enum("small", "big", name="kind")),
)
op.create_table(
    "purchase",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("account_id", sa.Integer),
    sa.Column("amount", sa.Integer, nullable=False, server_default="0"),
    sa.Column("note", sa.String(100)),
    sa.CheckConstraint("amount >= 0", name="ck_amount"),
    sa.Column("other_id", sa.Integer, sa.ForeignKey("old_name.id", name="fk_old")),
    sa.UniqueConstraint("account_id", "amount", name="uq_old"),
)
op.create_table("empty_one", sa.Column("id", sa.Integer, primary_key=True))
op.create_table("full_one", sa.Column("id", sa.Integer, primary_key=True))
op.create_table(
    "keyless", sa.Column("id", sa.Integer, nullable=False), sa.Column("other", sa.Integer)
)
op.create_index("ix_amount", "purchase", ["amount"])
op.create_view("rich", "SELECT id FROM account WHERE balance > 10")
op.create_view("poor", "SELECT id FROM account WHERE balance < 10")
op.bulk_insert(
    sa.table("account", sa.column("id"), sa.column("balance"), sa.column("name")),
    [{"id": number, "balance": number, "name": f"n{number}"} for number in range(1, ROWS)],
)
op.bulk_insert(
    sa.table("purchase", sa.column("account_id"), sa.column("amount")),
    [{"account_id": number, "amount": number} for number in range(1, ROWS)],
)
op.execute("INSERT INTO full_one (id) VALUES (1), (2)")
"""

DATA = """
op.execute("UPDATE account SET balance = balance + 1")
op.bulk_insert(
    sa.table("purchase", sa.column("amount"), sa.column("note")),
    [{"amount": 7, "note": "it's 100% 'quoted'"}, {"amount": 8, "note": None}],
)
op.execute(sa.text("UPDATE account SET balance = balance + :more").bindparams(more=10))
"""

STRUCTURE = """
op.create_table(
    "fresh",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("account_id", sa.Integer, sa.ForeignKey("account.id", name="fk_fresh")),
    sa.Column("word", sa.String(20), index=True, comment="a % sign"),
    comment="new",
)
op.add_column("account", sa.Column("email", sa.String(100)))
{data}
op.alter_column("account", "name", existing_type=sa.String(40), type_=sa.String(80))
op.alter_column("account", "name", existing_type=sa.String(80), nullable=False,
                existing_nullable=True)
op.alter_column("account", "balance", existing_type=sa.Integer, server_default="5",
                existing_nullable=False, existing_server_default=None)
op.alter_column("account", "name", existing_type=sa.String(80), comment="other",
                existing_nullable=False, existing_comment="as said")
op.alter_column("account", "name", existing_type=sa.String(80), new_column_name="full_name",
                existing_nullable=False)
{data}
op.create_index("ix_email", "account", ["email"], unique=True)
op.drop_index("ix_amount", table_name="purchase")  # not said
op.create_unique_constraint("uq_pair", "purchase", ["account_id", "note"])
op.create_check_constraint("ck_balance", "account", "balance > -1000")
op.create_foreign_key("fk_account", "purchase", "account", ["account_id"], ["id"],
                      ondelete="CASCADE")
op.drop_constraint("ck_amount", "purchase", type_="check")  # not said
op.create_primary_key("pk_keyless", "keyless", ["id"])
op.rename_table("old_name", "new_name")
op.create_table_comment("purchase", "all of them")
op.drop_table_comment("purchase", existing_comment="all of them")
{data}
op.replace_view("rich", "SELECT id FROM account WHERE balance > 100")  # not said
op.drop_view("poor")  # not said
op.create_view("middling", "SELECT id FROM account WHERE balance = 10")
with op.batch_alter_table("purchase") as batch:
    batch.add_column(sa.Column("one", sa.Integer))
    batch.add_column(sa.Column("two", sa.Integer))
    batch.create_index("ix_one", ["one"])
op.add_column(
    "purchase",
    sa.Column("seller", sa.Integer, sa.ForeignKey("account.id", name="fk_seller"), index=True),
)
op.add_column("account", sa.Column("code", sa.String(9)), if_not_exists=True)  # not said
op.add_column("account", sa.Column("double", sa.Integer, sa.Computed("balance * 2")))
{own}
op.drop_table("empty_one")  # not said
op.drop_constraint("uq_old", "purchase", type_="unique")  # not said
op.drop_constraint("fk_old", "purchase", type_="foreignkey")  # not said
op.drop_table("nobody", if_exists=True)  # not said
op.create_table("maybe", sa.Column("id", sa.Integer, primary_key=True),
                if_not_exists=True)  # not said
op.execute("CREATE TABLE by_hand (id INTEGER PRIMARY KEY)")  # not said
op.execute("ALTER TABLE by_hand ADD COLUMN more INTEGER")  # not said
op.execute("INSERT INTO by_hand (id) SELECT id FROM account")  # one way
op.drop_column("account", "fax")  # one way
"""


def first(database: str, rows: int) -> str:
    """The body of the revision before it.

    :param database: the kind of database.
    :param rows: how many rows the tables get, and one.
    """
    body = FIRST + str(_KINDS[database].FIRST)
    return body.replace("ROWS", str(rows))


def second(database: str, *, with_data: bool = True) -> str:
    """The body of the revision that holds everything.

    :param database: the kind of database.
    :param with_data: whether it changes rows; if not, all that it does can be undone.
    """
    data = DATA if with_data else ""
    body = STRUCTURE.replace("{own}", _KINDS[database].OWN).replace("{data}", data)
    if with_data:
        return body
    # On PostgreSQL an operation is undone by its inverse, which has to be in the file.
    unsaid = ("# not said",) if database == "postgresql" else ()
    return _without(body, ("# one way", *unsaid))


def stages(database: str, size: int, *, with_data: bool = True) -> list[str]:
    """The same in several revisions, each of which is quick to run again.

    :param database: the kind of database.
    :param size: how many statements a revision holds.
    :param with_data: whether rows are changed.
    """
    body = second(database, with_data=with_data)
    lines = body.splitlines()
    ends = [statement.end_lineno or 0 for statement in ast.parse(body).body]
    cuts = [0, *ends[size - 1 :: size]]
    cuts += [] if cuts[-1] == ends[-1] else [ends[-1]]
    return ["\n".join(lines[start:end]) for start, end in pairwise(cuts)]


def _without(body: str, marks: tuple[str, ...]) -> str:
    """A body without the statements that end in one of some comments."""
    lines = body.splitlines()
    for statement in ast.walk(ast.parse(body)):
        if isinstance(statement, ast.Expr | ast.With):
            assert statement.end_lineno is not None
            if lines[statement.end_lineno - 1].endswith(marks):
                for number in range(statement.lineno - 1, statement.end_lineno):
                    lines[number] = ""
    return "\n".join(lines)
