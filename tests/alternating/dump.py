"""What is in a database, in its own words: asked of its catalogue, without limbeck."""

from __future__ import annotations

import sqlalchemy as sa

_POSTGRESQL = {
    "columns": """
        SELECT table_name, ordinal_position, column_name, data_type, is_nullable, column_default,
               character_maximum_length, numeric_precision, numeric_scale
        FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2""",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
    "comments": """
        SELECT objoid::regclass::text, objsubid, description FROM pg_description
        WHERE objoid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
        ORDER BY 1, 2""",
    "sequences": "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1",
    "enums": """
        SELECT typname, enumlabel FROM pg_enum JOIN pg_type t ON t.oid = enumtypid
        ORDER BY 1, enumsortorder""",
}


def dump(url: str) -> dict[str, list[str]]:
    """The schema and the rows of a database.

    :param url: its address.
    :returns: a list of lines for each kind of object, and for the rows of each table.
    """
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        found = _schema(connection)
        for table in sorted(sa.inspect(connection).get_table_names()):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            found[f"rows of {table}"] = sorted(str(tuple(row)) for row in rows)
    engine.dispose()
    return found


def _schema(connection: sa.Connection) -> dict[str, list[str]]:
    def ask(sql: str) -> list[str]:
        return [str(tuple(row)) for row in connection.exec_driver_sql(sql)]

    match connection.dialect.name:
        case "sqlite":
            words = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master"
            lines = connection.exec_driver_sql(words).scalars()
            return {"sqlite_master": sorted(_without_order(line) for line in lines)}
        case "postgresql":
            return {kind: ask(sql) for kind, sql in _POSTGRESQL.items()}
        case _:
            tables = sorted(sa.inspect(connection).get_table_names())
            return {table: ask(f"SHOW CREATE TABLE `{table}`") for table in tables}


def _without_order(sql: str) -> str:
    """A statement of SQLite's with its table constraints sorted: nothing hangs on their order,
    which in a batch of Alembic's is that of a set."""
    columns, *constraints = " ".join(sql.split()).removesuffix(")").split(", CONSTRAINT ")
    return ", CONSTRAINT ".join([columns.strip(), *sorted(one.strip() for one in constraints)])
