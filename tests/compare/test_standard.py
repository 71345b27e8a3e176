"""What holds for a database about which nothing but standard SQL is known, tried on SQLite."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from limbeck.dialects.backend import Backend
from limbeck.dialects.standard.scratch import ScratchImpossible
from limbeck.diff.compare import compare
from limbeck.facts.new_names import NO_NEW_NAMES
from limbeck.facts.objects import SchemaFact, TableKey
from limbeck.facts.scope import Scope
from tests.compare.runner import Models, metadata_of, told

SCOPE = Scope(default_schema="main")


def models(length: int = 30, *, more: bool = False) -> Models:
    def define(metadata: sa.MetaData) -> None:
        sa.Table(
            "parent",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("name", sa.String(length), nullable=False, server_default="x", index=True),
            sa.CheckConstraint("id > 5", name="positive"),
        )
        sa.Table(
            "child",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("parent", sa.ForeignKey("parent.id", ondelete="CASCADE"), unique=True),
            *([sa.Column("more", sa.Integer, index=True)] if more else []),
        )

    return define


@pytest.fixture
def connection() -> sa.Connection:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    metadata_of(models()).create_all(engine)
    return engine.connect()


def reflected(connection: sa.Connection) -> SchemaFact:
    return Backend().reflect(connection, SCOPE)


def described(connection: sa.Connection, wanted: Models) -> SchemaFact:
    return Backend().describe([metadata_of(wanted)], connection.dialect, SCOPE)


def test_what_create_all_makes_is_equal(connection: sa.Connection) -> None:
    assert compare(reflected(connection), described(connection, models())) == ()


def test_changes_are_found(connection: sa.Connection) -> None:
    found = compare(reflected(connection), described(connection, models(31, more=True)))
    assert [told(change) for change in found] == [
        "add column child.more",
        "add index child.ix_child_more",
        "change column parent.name: type",
    ]


def test_what_is_found_has_objects_when_they_are_asked_for(connection: sa.Connection) -> None:
    keys = {TableKey("", "child")}
    child, parent = (
        Backend().with_sources(connection, reflected(connection), keys, SCOPE, NO_NEW_NAMES).tables
    )
    assert parent.source is None
    assert isinstance(child.source, sa.Table)
    (key,) = child.source.foreign_key_constraints
    assert (key.ondelete, key.elements[0].target_fullname) == ("CASCADE", "parent.id")
    assert all(column.source is not None for column in child.columns)


def test_there_is_no_scratch(connection: sa.Connection) -> None:
    with pytest.raises(ScratchImpossible, match="no scratch for sqlite"):
        Backend().on_scratch(connection, [], SCOPE)
