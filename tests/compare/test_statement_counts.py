"""A comparison asks a constant number of questions, however many tables there are."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, MetaData, String, Table

from limbeck.database.compare import compare_database
from limbeck.database.comparison import CompareOptions

FEW, MANY, VERY_MANY = 10, 60, 300


def schemas_of(engine: sa.Engine) -> list[str | None]:
    """The default schema and nine more, where a database has schemas within it."""
    others = ["second", "third one", *(f"s{number}" for number in range(7))]
    return [None, *others] if engine.name == "postgresql" else [None]


def models(engine: sa.Engine, count: int) -> MetaData:
    """Tables of mixed columns with defaults, constraints and indexes, some in other schemas."""
    m = MetaData()
    schemas = schemas_of(engine)
    for number in range(count):
        schema = schemas[number % len(schemas)]
        prefix = f"{schema}." if schema else ""
        table = Table(
            f"t{number}",
            m,
            Column("id", Integer, primary_key=True),
            Column("name", String(40), nullable=False, server_default="it's"),
            Column("price", sa.Numeric(10, 2), server_default=sa.text("0.0")),
            Column("made", sa.DateTime, server_default=sa.func.current_timestamp()),
            Column("state", sa.Enum("a", "b", name=f"state{number % 3}", schema=schema)),
            Column("total", sa.Numeric(10, 2), sa.Computed("price * 2", persisted=True)),
            Column("parent_id", ForeignKey(f"{prefix}t{number}.id", ondelete="CASCADE")),
            CheckConstraint("price>=0 AND name IN ('x','y')", name=f"price{number}"),
            sa.UniqueConstraint("name", "price", name=f"once{number}"),
            schema=schema,
        )
        Index(f"by_made{number}", table.c.made.desc(), table.c.name)
        if engine.name != "mariadb":
            where = table.c.name != "it's"
            Index(
                f"lower{number}",
                sa.func.lower(table.c.name),
                postgresql_where=where,
                sqlite_where=where,
            )
    return m


def statements_of_a_comparison(engine: sa.Engine, count: int) -> list[str]:
    """Build the tables, compare them, and return what the comparison said to the database."""
    metadata = models(engine, count)
    with engine.begin() as connection:
        for schema in filter(None, schemas_of(engine)):
            connection.execute(sa.schema.CreateSchema(schema))
        metadata.create_all(connection)
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    with engine.connect() as connection:
        comparison = compare_database(
            connection, [metadata], CompareOptions(include_schemas=len(schemas_of(engine)) > 1)
        )
    sa.event.remove(engine, "before_cursor_execute", note)
    assert comparison.changes == ()
    assert comparison.notes == ()
    assert len(comparison.before.tables) == count
    with engine.begin() as connection:
        metadata.drop_all(connection)
        for schema in filter(None, schemas_of(engine)):
            connection.execute(sa.schema.DropSchema(schema))
    return said


def test_the_number_of_statements_is_constant(engine: sa.Engine) -> None:
    few = statements_of_a_comparison(engine, FEW)
    many = statements_of_a_comparison(engine, MANY)
    assert len(few) == len(many), [s for s in many if s not in few]


@pytest.mark.databases("sqlite", "postgresql18")
def test_hundreds_of_tables_take_no_more_statements(engine: sa.Engine) -> None:
    few = statements_of_a_comparison(engine, FEW)
    very_many = statements_of_a_comparison(engine, VERY_MANY)
    batches = 2  # tables that differ in text are built on scratch, 250 at once
    assert len(very_many) <= len(few) * batches
