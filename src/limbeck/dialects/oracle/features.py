"""Facts about Oracle."""

from __future__ import annotations

from limbeck.dialects.features import Features

# A statement ends with its line's "/" in SQL*Plus, which would send a semicolon along:
# https://docs.oracle.com/en/database/oracle/oracle-database/23/sqpug/slash.html
# https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/ALTER-TABLE.html
FEATURES = Features(
    rename_index="ALTER INDEX {index} RENAME TO {after}",
    rename_constraint="ALTER TABLE {table} RENAME CONSTRAINT {before} TO {after}",
    begin="SET TRANSACTION READ WRITE",
    terminator="",
    batch_separator="/",
)
