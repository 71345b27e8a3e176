"""A revision that holds every kind of operation, for each database.

It is the second of two: the first one makes the tables and rows on which it works. Each statement
that changes rows would be seen in them if it ran twice.
"""

from __future__ import annotations

FIRST = """
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
)
op.create_table("empty_one", sa.Column("id", sa.Integer, primary_key=True))
op.create_table("old_name", sa.Column("id", sa.Integer, primary_key=True))
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
                existing_nullable=False)
op.alter_column("account", "name", existing_type=sa.String(80), comment="other",
                existing_nullable=False, existing_comment="as said")
op.alter_column("account", "name", existing_type=sa.String(80), new_column_name="full_name",
                existing_nullable=False)
{data}
op.create_index("ix_email", "account", ["email"], unique=True)
op.drop_index("ix_amount", table_name="purchase")
op.create_unique_constraint("uq_pair", "purchase", ["account_id", "note"])
op.create_check_constraint("ck_balance", "account", "balance > -1000")
op.create_foreign_key("fk_account", "purchase", "account", ["account_id"], ["id"],
                      ondelete="CASCADE")
op.drop_constraint("ck_amount", "purchase", type_="check")
op.create_primary_key("pk_keyless", "keyless", ["id"])
op.rename_table("old_name", "new_name")
op.create_table_comment("purchase", "all of them")
op.drop_table_comment("purchase", existing_comment="all of them")
{data}
op.replace_view("rich", "SELECT id FROM account WHERE balance > 100")
op.drop_view("poor")
op.create_view("middling", "SELECT id FROM account WHERE balance = 10")
with op.batch_alter_table("purchase") as batch:
    batch.add_column(sa.Column("one", sa.Integer))
    batch.add_column(sa.Column("two", sa.Integer))
    batch.create_index("ix_one", ["one"])
{own}
op.drop_table("empty_one")
op.execute("CREATE TABLE by_hand (id INTEGER PRIMARY KEY)")
op.execute("ALTER TABLE by_hand ADD COLUMN more INTEGER")
op.execute("INSERT INTO by_hand (id) SELECT id FROM account")
{last}
"""

MARIADB = """
with op.batch_alter_table("purchase", recreate="always",
                          partial_reordering=[("id", "note", "amount")]) as batch:
    batch.add_column(sa.Column("extra", sa.Integer, server_default="3"))
op.alter_column("account", "kind", existing_type=sa.Enum("small", "big"),
                type_=sa.Enum("small", "big", "huge"))
op.create_function("twice", "a INT", "RETURNS INT DETERMINISTIC RETURN a * 2")
op.replace_function("twice", "a INT", "RETURNS INT DETERMINISTIC RETURN a + a")
op.create_procedure("nothing", "", "SELECT 1")
op.create_trigger("tr", "fresh", "BEFORE INSERT", "FOR EACH ROW SET NEW.word = 'x'")
op.drop_trigger("tr", "fresh")
op.drop_procedure("nothing", "")
op.execute("RENAME TABLE new_name TO newest_name")
op.execute("DROP TABLE IF EXISTS nobody")
"""

POSTGRESQL = """
op.create_index("ix_note", "purchase", ["note"], postgresql_concurrently=True)
op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_full ON account (full_name)")
{data}
op.execute("ALTER TYPE kind ADD VALUE 'huge'")
op.execute("UPDATE account SET kind = 'huge' WHERE id = 1")
op.execute("VACUUM account")
op.drop_index("ix_note", table_name="purchase", postgresql_concurrently=True)
with op.get_context().autocommit_block():
    op.execute("UPDATE account SET balance = balance + 100")
    op.create_table("in_block", sa.Column("id", sa.Integer, primary_key=True),
                    sa.Column("word", sa.String(10), index=True))
op.execute("REINDEX TABLE CONCURRENTLY account")
op.create_function("twice", "a integer", "RETURNS integer LANGUAGE sql AS 'SELECT a * 2'")
{data}
"""


def second(database: str, *, with_data: bool = True) -> str:
    """The body of the revision that holds everything.

    :param database: the kind of database.
    :param with_data: whether it changes rows.
    """
    data = DATA if with_data else ""
    own = {"mariadb": MARIADB, "sqlite": ""}.get(database, POSTGRESQL)
    if not with_data:
        own = "\n".join(line for line in own.splitlines() if "UPDATE" not in line)
    last = 'op.drop_column("account", "fax")' if with_data else ""
    body = STRUCTURE.replace("{own}", own).replace("{data}", data).replace("{last}", last)
    if not with_data:
        body = "\n".join(line for line in body.splitlines() if "INSERT INTO" not in line)
    return body
