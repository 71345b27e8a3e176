"""What only MySQL and MariaDB have, for the revision that holds every kind of operation."""

from __future__ import annotations

FIRST = """
op.create_function("thrice", "a INT", "RETURNS INT DETERMINISTIC RETURN a * 3")
op.create_procedure("something", "", "SELECT 2")
op.create_trigger("tr_old", "full_one", "BEFORE INSERT", "FOR EACH ROW SET NEW.id = NEW.id + 1")
op.execute("CREATE EVENT ev_old ON SCHEDULE EVERY 1 YEAR DO SELECT 1")
op.execute("CREATE SEQUENCE seq_old START WITH 7")
op.create_table("parted", sa.Column("id", sa.Integer, primary_key=True))
op.create_table("one_of_two", sa.Column("id", sa.Integer, primary_key=True))
op.create_table("two_of_two", sa.Column("id", sa.Integer, primary_key=True))
"""

OWN = """
op.alter_column("account", "kind", existing_type=sa.Enum("small", "big"),
                type_=sa.Enum("small", "big", "huge"))
op.create_function("twice", "a INT", "RETURNS INT DETERMINISTIC RETURN a * 2")
op.replace_function("twice", "a INT", "RETURNS INT DETERMINISTIC RETURN a + a")
op.replace_function("thrice", "a INT", "RETURNS INT DETERMINISTIC RETURN a + a + a")
op.create_procedure("nothing", "", "SELECT 1")
op.replace_procedure("something", "", "SELECT 3")
op.create_trigger("tr", "fresh", "BEFORE INSERT", "FOR EACH ROW SET NEW.word = 'x'")
op.create_trigger("tr_more", "account", "AFTER UPDATE", "FOR EACH ROW SET @seen = 1")
op.drop_trigger("tr", "fresh")
op.drop_trigger("tr_old", "full_one")
op.drop_procedure("nothing", "")
op.execute("DROP FUNCTION thrice")
op.execute("CREATE EVENT ev ON SCHEDULE EVERY 1 YEAR DISABLE DO SELECT 2")
op.execute("ALTER EVENT ev_old COMMENT 'rarely'")
op.execute("DROP EVENT ev_old")
op.execute(sa.schema.CreateSequence(sa.Sequence("seq", start=3)))  # not said
op.execute("ALTER SEQUENCE seq_old MAXVALUE 1000")  # one way
op.execute("DROP SEQUENCE seq_old")
op.execute("ALTER TABLE parted PARTITION BY HASH (id) PARTITIONS 3")  # one way
op.execute("ALTER TABLE parted ENGINE = Aria")  # one way
op.create_index("ix_words", "fresh", ["word"], mysql_prefix="FULLTEXT")
op.create_index("ix_start", "purchase", ["note"], mysql_length=5)
op.execute("ALTER TABLE keyless CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
op.execute("OPTIMIZE TABLE keyless")
op.execute("DROP TABLE one_of_two, two_of_two")
op.execute("RENAME TABLE new_name TO newest_name, full_one TO filled_one")
op.execute("DROP TABLE IF EXISTS nobody")
op.execute("CREATE TABLE copied AS SELECT id, balance FROM account")
with op.batch_alter_table("purchase", recreate="always",
                          partial_reordering=[("id", "note", "amount")]) as batch:
    batch.add_column(sa.Column("extra", sa.Integer, server_default="3"))  # one way
{data}
op.execute("TRUNCATE TABLE filled_one")  # one way
op.execute("UPDATE account a JOIN purchase p ON p.account_id = a.id "
           "SET a.balance = a.balance + 1")  # one way
op.execute("DELETE FROM purchase WHERE amount = 8 LIMIT 1")  # one way
"""
