"""What only SQLite has, for the revision that holds every kind of operation."""

from __future__ import annotations

FIRST = """
op.create_trigger("tr_old", "account", "AFTER UPDATE", "BEGIN SELECT 1; END")
op.create_trigger("tr_stays", "purchase", "AFTER DELETE", "BEGIN SELECT 2; END")
"""

OWN = """
with op.batch_alter_table("purchase", recreate="always",
                          partial_reordering=[("id", "note", "amount")]) as batch:
    batch.add_column(sa.Column("extra", sa.Integer, server_default="3"))
    batch.alter_column("note", existing_type=sa.String(100), type_=sa.Text())
op.create_trigger("tr", "fresh", "AFTER INSERT", "BEGIN SELECT 3; END")
op.drop_trigger("tr", "fresh")
op.drop_trigger("tr_old", "account")
op.create_table("strictly", sa.Column("id", sa.Integer, primary_key=True), sqlite_strict=True)
op.create_table("rowless", sa.Column("id", sa.Integer, primary_key=True),
                sqlite_with_rowid=False)
op.create_index("ix_part", "purchase", ["amount"], sqlite_where=sa.text("amount > 3"))
op.execute("VACUUM")
op.create_table("after_vacuum", sa.Column("id", sa.Integer, primary_key=True))
{data}
op.drop_table("full_one")  # one way
"""
