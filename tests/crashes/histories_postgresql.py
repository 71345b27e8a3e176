"""What only PostgreSQL has, for the revision that holds every kind of operation."""

from __future__ import annotations

FIRST = """
op.create_domain("positive", "integer", checks={"ck_positive": "VALUE > 0"})
op.create_domain("unwanted", "text")
op.execute("CREATE SCHEMA apart")
op.create_extension("citext")
op.create_extension("hstore")
op.create_extension("btree_gist")
op.create_materialized_view("sums", "SELECT sum(balance) AS s FROM account")
op.create_policy("mine", "account", using="id > 0")
op.enable_row_security("keyless")
op.grant(["SELECT"], "account", "pg_monitor")
op.create_function("thrice", "a integer", "RETURNS integer LANGUAGE sql AS 'SELECT a * 3'")
op.create_function("noted", "", "RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")
op.create_procedure("something", "", "LANGUAGE sql AS 'SELECT 2'")
op.create_trigger("tr_old", "account", "BEFORE UPDATE", "FOR EACH ROW EXECUTE FUNCTION noted()")
op.execute(sa.schema.CreateSequence(sa.Sequence("seq_old", start=7)))
op.execute("CREATE TABLE parted (id integer NOT NULL) PARTITION BY RANGE (id)")
op.execute("CREATE TABLE part_one PARTITION OF parted FOR VALUES FROM (0) TO (10)")
op.execute("INSERT INTO parted VALUES (1), (2)")
"""

OWN = """
op.create_domain("percent", "integer", nullable=False, default="5",
                 checks={"ck_percent": "VALUE BETWEEN 0 AND 100"})
op.replace_domain("positive", "integer", checks={"ck_more": "VALUE > 1"},
                  drop_checks=["ck_positive"])  # not said
op.drop_domain("unwanted")  # not said
op.create_extension("pg_trgm")
op.replace_extension("citext", schema="apart")  # not said
op.drop_extension("hstore")  # not said
op.create_exclude_constraint("ex_pair", "purchase", ("account_id", "="), ("amount", "="),
                             using="gist", where="amount > 100")
op.drop_materialized_view("sums")  # not said
op.create_materialized_view("totals", "SELECT id, balance FROM account",
                            indexes=[ViewIndex("ix_totals", "(id)", unique=True)])
op.create_policy("yours", "purchase", command="SELECT", using="amount > 0", roles=["pg_monitor"])
op.drop_policy("mine", "account")  # not said
op.enable_row_security("purchase", forced=True)
op.disable_row_security("keyless")  # not said
op.grant(["SELECT", "INSERT"], "purchase", "pg_monitor", grantable=True)
op.grant(["EXECUTE"], "thrice(integer)", "pg_monitor", on_kind="function")
op.revoke(["SELECT"], "account", "pg_monitor")
op.create_function("twice", "a integer", "RETURNS integer LANGUAGE sql AS 'SELECT a * 2'")
op.replace_function("thrice", "a integer",
                    "RETURNS integer LANGUAGE sql AS 'SELECT a + a + a'")  # not said
op.create_procedure("nothing", "", "LANGUAGE sql AS 'SELECT 1'")
op.replace_procedure("something", "", "LANGUAGE sql AS 'SELECT 3'")  # not said
op.drop_procedure("nothing", "")  # not said
op.create_trigger("tr", "purchase", "BEFORE INSERT", "FOR EACH ROW EXECUTE FUNCTION noted()")
op.drop_trigger("tr_old", "account")  # not said
op.execute(sa.schema.CreateSequence(sa.Sequence("seq", start=3)))  # not said
op.execute("DROP SEQUENCE seq_old")  # one way
op.create_index("ix_note", "purchase", ["note"], postgresql_concurrently=True)
op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_full ON account (full_name)")
{data}
op.execute("ALTER TYPE kind ADD VALUE 'huge'")  # one way
op.execute("UPDATE account SET kind = 'huge' WHERE id = 1")  # one way
op.execute("VACUUM account")
op.drop_index("ix_note", table_name="purchase", postgresql_concurrently=True)
with op.get_context().autocommit_block():
    op.execute("UPDATE account SET balance = balance + 100")  # one way
    op.create_table("in_block", sa.Column("id", sa.Integer, primary_key=True),
                    sa.Column("word", sa.String(10), index=True))
    op.grant(["SELECT"], "in_block", "public")
    op.create_policy("in_block", "in_block", using="id > 0")
    op.create_materialized_view("in_block_too", "SELECT id FROM in_block")
    op.create_domain("in_block_also", "text")
op.execute("ALTER TABLE parted DETACH PARTITION part_one CONCURRENTLY")  # one way
op.execute("REINDEX TABLE CONCURRENTLY account")
{data}
op.execute("REFRESH MATERIALIZED VIEW totals")  # one way
op.drop_table("full_one")  # one way
"""
