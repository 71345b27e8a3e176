"""The databases that Alembic's tests expect to find on a server."""

from __future__ import annotations

from sqlalchemy import create_engine, make_url, text

_SCHEMAS = ("test_schema", "test_schema_2")


def prepare(address: str) -> str:
    """Make the user, the databases and the schemas.

    :param address: of a server of the tests, as its owner.
    :returns: the address for the tests.
    """
    url = make_url(address)
    if url.get_backend_name() == "postgresql":
        _run(address, "CREATE ROLE scott SUPERUSER LOGIN PASSWORD 'tiger'", "CREATE DATABASE test")
        mine = url.set(username="scott", password="tiger", database="test")
        wanted = mine.render_as_string(hide_password=False)
        _run(
            wanted,
            *(f"CREATE SCHEMA {name}" for name in _SCHEMAS),
            "CREATE EXTENSION hstore",
            "CREATE EXTENSION btree_gist",
            "CREATE COLLATION \"en_US\" (provider=icu, locale='en-US')",
        )
        return wanted
    statements = ["CREATE USER scott@'%' IDENTIFIED BY 'tiger'", "GRANT ALL ON *.* TO scott@'%'"]
    _run(address, *statements, *(f"CREATE DATABASE {name}" for name in ("test", *_SCHEMAS)))
    mine = url.set(username="scott", password="tiger", database="test")
    return mine.render_as_string(hide_password=False)


def _run(address: str, *statements: str) -> None:
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
