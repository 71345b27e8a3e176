"""Indexes that SQL of the history makes without a name are the history's, others are not."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from limbeck.autogenerate.owned import owner_of
from limbeck.database.compare_databases import stored_facts
from limbeck.database.comparison import CompareOptions
from limbeck.facts.objects import IndexFact, TableKey, UniqueFact
from tests.ownership.test_creations import created

POSTGRESQL = (
    "CREATE INDEX ON t (lower(name), id)",
    "CREATE UNIQUE INDEX ON t (upper(name || ' x')) WHERE id > 5",
    "CREATE INDEX ON t USING btree (name DESC NULLS LAST, id ASC)",
    "CREATE INDEX ON t (id) WHERE name LIKE 'a%'",
    'CREATE INDEX ON t ("Odd name" DESC)',
    "CREATE INDEX ON t (name text_pattern_ops)",
)
MARIADB = (
    "ALTER TABLE t ADD INDEX (name DESC, id)",
    "ALTER TABLE t ADD UNIQUE (id DESC, name(5))",
    "CREATE TABLE u (a int, b int, KEY (a DESC), INDEX (b, a))",
)
STRANGE = {
    "postgresql": (
        "CREATE INDEX ON t (lower(other))",
        "CREATE INDEX ON t (id, other)",
        "CREATE INDEX by_hand ON t (lower(name), id)",
        "CREATE INDEX ON t (other DESC)",
        "CREATE INDEX ON t (other) WHERE id > 5",
    ),
    "mariadb": ("ALTER TABLE t ADD INDEX (other DESC)", "CREATE INDEX by_hand ON t (id, other)"),
}


@pytest.mark.databases("postgresql15", "mariadb")
def test_whose_they_are(engine: sa.Engine, tmp_path: Path) -> None:
    mine = POSTGRESQL if engine.name == "postgresql" else MARIADB
    quote = engine.dialect.identifier_preparer.quote_identifier
    table = f"CREATE TABLE t (id int, name varchar(20), other varchar(20), {quote('Odd name')} int)"
    with engine.begin() as connection:
        for statement in (table, *mine):
            connection.exec_driver_sql(statement.replace("%", "%%"))
        before = _indexes(connection)
        for statement in STRANGE[engine.name]:
            connection.exec_driver_sql(statement)
        after = _indexes(connection)
    body = "\n".join(f"op.execute({statement!r})" for statement in (table, *mine))
    owner = owner_of(created(tmp_path, body), "public")
    count = len(mine) + (engine.name == "mariadb")
    assert len(before) == count and len(after) == count + len(STRANGE[engine.name])
    for key, fact in before:
        assert owner.part(key, fact), fact
    for key, fact in after:
        if (key, fact) not in before:
            assert not owner.part(key, fact), fact


def _indexes(connection: sa.Connection) -> list[tuple[TableKey, IndexFact | UniqueFact]]:
    facts = stored_facts(connection, ("",), CompareOptions())
    return [
        (each.key, part)
        for each in facts.tables
        for part in (*each.indexes, *each.constraints)
        if isinstance(part, IndexFact | UniqueFact)
    ]
