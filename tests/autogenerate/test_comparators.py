"""Comparators of others: at each target, in both ways of comparing, up and down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.autogenerate import comparators, compare_metadata, produce_migrations
from limbeck.errors import CommandError
from limbeck.operations import ops
from limbeck.runtime import plugins
from limbeck.runtime.dispatch import DispatchPriority, PriorityDispatchResult
from limbeck.runtime.migration import MigrationContext
from limbeck.runtime.plugins import Plugin

BOTH = pytest.mark.parametrize("compare", ["everything", "alembic"])


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(comparators, "_registry", comparators.branch()._registry)
    before = dict(plugins._registered)
    yield
    plugins._registered.clear()
    plugins._registered.update(before)


def stored() -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table("kept", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table(
        "changed",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.String(10), nullable=False),
        sa.Column("gone", sa.Integer),
    )
    sa.Table("old", metadata, sa.Column("id", sa.Integer, primary_key=True))
    return metadata


def models() -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table("kept", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table(
        "changed",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.String(20), nullable=False),
        sa.Column("added", sa.Integer),
    )
    sa.Table("new", metadata, sa.Column("id", sa.Integer, primary_key=True))
    return metadata


def script(engine: sa.Engine, compare: str, **opts: Any) -> ops.MigrationScript:
    stored().create_all(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare": compare, **opts})
        return produce_migrations(context, models())


def words(container: ops.OpContainer | None) -> list[str]:
    """A line for each operation, indented where it is within another."""
    assert container is not None
    return list(_words(container, ""))


def _words(container: ops.OpContainer, indent: str) -> Iterator[str]:
    for operation in container.ops:
        if isinstance(operation, ops.ModifyTableOps):
            yield f"{indent}modify {operation.table_name}"
            yield from _words(operation, "  ")
        elif isinstance(operation, Note):
            yield indent + operation.text
        else:
            yield f"{indent}{operation.describe()}"


class Note(ops.MigrateOperation):
    """An operation that a library brings along."""

    def __init__(self, text: str) -> None:
        self.text = text

    def reverse(self) -> Note:
        return Note(f"not {self.text}")

    def to_diff_tuple(self) -> tuple[str, str]:
        return ("note", self.text)


@BOTH
def test_whole_operations(engine: sa.Engine, compare: str) -> None:
    @comparators.dispatch_for("autogenerate")
    def run(context: Any, upgrade: ops.UpgradeOps) -> None:
        upgrade.ops.append(Note("run"))

    @comparators.dispatch_for("schema", priority=DispatchPriority.LAST)
    def schema(context: Any, upgrade: ops.UpgradeOps, schemas: set[str | None]) -> None:
        assert schemas == {None}
        assert any(isinstance(each, ops.CreateTableOp) for each in upgrade.ops)
        upgrade.ops.append(Note("schema"))

    made = script(engine, compare)
    assert {"run", "schema"} < set(words(made.upgrade_ops))
    assert words(made.upgrade_ops)[-1] == "schema"
    assert words(made.downgrade_ops)[0] == "not schema"
    assert "not run" in words(made.downgrade_ops)


@BOTH
def test_tables(engine: sa.Engine, compare: str) -> None:
    sides: dict[str, tuple[bool, bool]] = {}

    @comparators.dispatch_for("table")
    def table(
        context: Any,
        modify: ops.ModifyTableOps,
        schema: str | None,
        name: str,
        conn_table: sa.Table | None,
        metadata_table: sa.Table | None,
    ) -> None:
        assert (schema, modify.table_name) == (None, name)
        sides[name] = (conn_table is not None, metadata_table is not None)
        modify.ops.append(Note(f"look at {name}"))

    made = script(engine, compare)
    assert sides == {
        "kept": (True, True),
        "changed": (True, True),
        "old": (True, False),
        "new": (False, True),
    }
    up, down = words(made.upgrade_ops), words(made.downgrade_ops)
    for name in sides:
        at, back = up.index(f"  look at {name}"), down.index(f"  not look at {name}")
        assert f"modify {name}" in up[:at]
        assert f"modify {name}" in down[:back]
    assert up.index("create table new with 1 column") < up.index("  look at new")
    assert up.index("  look at old") < up.index("drop table old")
    assert down.index("create table old with 1 column") < down.index("  not look at old")
    assert down.index("  not look at new") < down.index("drop table new")


@BOTH
def test_what_is_added_to_a_changed_table_stands_with_its_changes(
    engine: sa.Engine, compare: str
) -> None:
    @comparators.dispatch_for("table")
    def table(context: Any, modify: ops.ModifyTableOps, schema: Any, name: str, *_: Any) -> None:
        if name == "changed":
            modify.ops.append(Note("look"))

    made = script(engine, compare)
    assert words(made.upgrade_ops).count("modify changed") == 1
    assert "  look" in words(made.upgrade_ops)


@BOTH
@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_columns(engine: sa.Engine, compare: str) -> None:
    asked: list[str] = []

    @comparators.dispatch_for("column")
    def column(
        context: Any,
        alter: ops.AlterColumnOp,
        schema: str | None,
        table: str,
        name: str,
        conn_column: sa.Column[Any],
        metadata_column: sa.Column[Any],
    ) -> None:
        asked.append(f"{table}.{name}")
        assert repr(alter.existing_type) == repr(conn_column.type)
        assert metadata_column.table.metadata is not conn_column.table.metadata
        if (table, name) in (("kept", "id"), ("changed", "a")):
            alter.kw["modify_mood"] = "glad"
            alter.kw["existing_mood"] = "sad"

    made = script(engine, compare)
    assert sorted(asked) == ["changed.a", "changed.id", "kept.id"]
    moods = {each.column_name: each for each in alterations(made.upgrade_ops)}
    assert sorted(moods) == ["a", "id"]
    assert moods["a"].modify_type is not None
    backs = {each.column_name: each for each in alterations(made.downgrade_ops)}
    assert {each.kw["modify_mood"] for each in backs.values()} == {"sad"}
    assert sorted(backs) == ["a", "id"]
    assert str(backs["a"].modify_type) == "VARCHAR(10)"


def alterations(container: ops.OpContainer | None) -> list[ops.AlterColumnOp]:
    assert container is not None
    return [
        operation
        for modify in container.ops
        if isinstance(modify, ops.ModifyTableOps)
        for operation in modify.ops
        if isinstance(operation, ops.AlterColumnOp)
    ]


@BOTH
def test_a_plugin_takes_part_where_it_is_named(engine: sa.Engine, compare: str) -> None:
    plugin = Plugin("acme.notes")
    plugin.add_autogenerate_comparator(
        lambda context, upgrade, schemas: upgrade.ops.append(Note("by plugin")),
        "schema",
        qualifier=engine.dialect.name,
    )
    plugin.add_autogenerate_comparator(
        lambda context, upgrade, schemas: upgrade.ops.append(Note("for another database")),
        "schema",
        qualifier="oracle",
    )
    chosen = {"autogenerate_plugins": ["alembic.autogenerate.*", "acme.*"]}
    assert "by plugin" in words(script(engine, compare, **chosen).upgrade_ops)
    assert "for another database" not in words(script(engine, compare, **chosen).upgrade_ops)
    assert "by plugin" not in words(script(engine, compare).upgrade_ops)


@pytest.mark.databases("sqlite")
@BOTH
def test_a_plugin_that_there_is_not(engine: sa.Engine, compare: str) -> None:
    with pytest.raises(CommandError, match=r"Did not locate plugins: acme\.notes"):
        script(engine, compare, autogenerate_plugins=["acme.notes"])


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("patterns", "kinds"),
    [
        (["alembic.autogenerate.*"], ["add_column", "add_table", "modify_type"]),
        (["alembic.autogenerate.*", "~alembic.autogenerate.types"], ["add_column", "add_table"]),
        (["alembic.autogenerate.*", "~alembic.autogenerate.tables"], []),
        (["alembic.autogenerate.schemas", "alembic.autogenerate.types"], []),
        (["alembic.autogenerate.types"], []),
    ],
)
def test_parts_of_the_comparison_are_switched_off(
    engine: sa.Engine, patterns: list[str], kinds: list[str]
) -> None:
    stored().create_all(engine)
    with engine.connect() as connection:
        opts = {"compare": "alembic", "autogenerate_plugins": patterns}
        diffs = compare_metadata(MigrationContext.configure(connection, opts=opts), models())
    found = {each[0][0] if isinstance(each, list) else each[0] for each in diffs}
    assert sorted(found - {"remove_table", "remove_column"}) == kinds


@pytest.mark.databases("sqlite")
def test_a_comparator_stops_limbecks_own_for_the_same_element(engine: sa.Engine) -> None:
    plugin = Plugin("acme.types")
    plugin.add_autogenerate_comparator(lambda *_: PriorityDispatchResult.STOP, "column", "types")
    chosen = ["alembic.autogenerate.*", "acme.*"]
    made = script(engine, "alembic", autogenerate_plugins=chosen)
    assert alterations(made.upgrade_ops) == []
