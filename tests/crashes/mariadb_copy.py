"""A copy of a database of MariaDB, made from what the server says of it.

``CREATE TABLE … LIKE`` would leave out foreign keys, and a program that dumps takes longer than the
trial that it is for.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from tests.crashes.statements import statements_on

_LISTED = """
SELECT 'TABLE', table_name FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'
UNION ALL SELECT 'SEQUENCE', table_name FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_type = 'SEQUENCE'
UNION ALL SELECT routine_type, routine_name FROM information_schema.routines
WHERE routine_schema = DATABASE()
UNION ALL SELECT 'VIEW', table_name FROM information_schema.views
WHERE table_schema = DATABASE()
UNION ALL SELECT 'TRIGGER', trigger_name FROM information_schema.triggers
WHERE trigger_schema = DATABASE()
UNION ALL SELECT 'EVENT', event_name FROM information_schema.events
WHERE event_schema = DATABASE()
"""
_COLUMN = {"FUNCTION": 2, "PROCEDURE": 2, "TRIGGER": 2, "EVENT": 3}


def copy_mariadb(source: str, target: str) -> None:
    """Make in an empty database all that is in another one.

    :param source: the address of the one.
    :param target: the address of the empty one, on the same server.
    """
    statements_on(target, "SET FOREIGN_KEY_CHECKS = 0", *_statements(source))
    # The row of a sequence is no transaction's: a server that is killed soon after may have lost
    # it. https://mariadb.com/kb/en/flush/ (ENGINE LOGS)
    statements_on(target, "FLUSH LOCAL ENGINE LOGS")


def _statements(source: str) -> Iterator[str]:
    name = sa.make_url(source).database
    for kind, thing in statements_on(source, _LISTED):
        shown = str(
            statements_on(source, f"SHOW CREATE {kind} {thing}")[0][_COLUMN.get(str(kind), 1)]
        )
        yield shown.replace(f"`{name}`.", "")
        if kind == "TABLE":
            stored = [
                str(row[0])
                for row in statements_on(source, f"SHOW COLUMNS FROM {thing}")
                if "GENERATED" not in str(row[5])
            ]
            columns = ", ".join(f"`{each}`" for each in stored)
            yield f"INSERT INTO {thing} ({columns}) SELECT {columns} FROM {name}.{thing}"
