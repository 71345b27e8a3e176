"""Which folder answers for which dialect, and statements as text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine.default import DefaultDialect

from limbeck.dialects import registry
from limbeck.dialects.backend import Backend, EmitTarget
from limbeck.dialects.registry import backend_for, register_backend
from limbeck.operations.ops import MigrateOperation
from tests.emit.emitting import dialect_named


class Cousin(PGDialect_psycopg):
    """A dialect that builds on PostgreSQL's, as CockroachDB's does."""

    name = "cousin"


@pytest.mark.parametrize(
    ("dialect", "name"),
    [
        ("postgresql", "postgresql"),
        ("postgresql+psycopg", "postgresql"),
        ("mariadb+pymysql", "mysql"),
        ("sqlite", "sqlite"),
        ("mssql", "mssql"),
        ("mssql+pymssql", "mssql"),
        ("oracle", "oracle"),
        ("oracle+oracledb", "oracle"),
        ("nobody knows", "standard"),
        (Cousin(), "postgresql"),
        (DefaultDialect(), "standard"),
    ],
)
def test_who_answers(dialect: sa.Dialect | str, name: str) -> None:
    assert backend_for(dialect).name == name


class Own(Backend):
    """A backend of somebody else's."""

    name = "own"


@pytest.fixture
def registered() -> Iterator[Backend]:
    own = Own()
    register_backend("cousin", own)
    yield own
    registry._registered.pop("cousin")


def test_a_registered_backend_comes_first(registered: Backend) -> None:
    assert backend_for(Cousin()) is registered


def test_an_unknown_operation_is_refused() -> None:
    target = EmitTarget(dialect_named("sqlite"), as_sql=True)
    with pytest.raises(NotImplementedError, match="no statements are known for MigrateOperation"):
        backend_for("sqlite").statements(MigrateOperation(), target)


def test_text_leaves_the_dialect_as_it_was() -> None:
    """What is written on paper has single percent signs, what is sent has what the driver wants."""
    dialect = dialect_named("mysql+pymysql")
    backend, statement = backend_for(dialect), sa.select(sa.literal("5%"))
    paper = [backend.text(statement, dialect) for _ in range(2)]
    sent = str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    assert paper == ["SELECT '5%' AS anon_1"] * 2
    assert sent == "SELECT '5%%' AS anon_1"


def test_a_value_without_a_literal_stays_a_parameter() -> None:
    dialect = dialect_named("sqlite")
    statement = sa.select(sa.literal({"a": 1}, sa.JSON))
    assert backend_for(dialect).text(statement, dialect) == "SELECT :param_1 AS anon_1"
