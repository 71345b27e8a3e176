"""Server defaults as ``compare="alembic"`` compares them."""

from __future__ import annotations

import logging
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.autogenerate import compare_metadata
from limbeck.runtime.migration import MigrationContext

CLASSIC: dict[str, Any] = {"compare": "alembic", "compare_server_default": True}

SAME = {
    "number and string": (sa.Integer(), "5", sa.text("5")),
    "number": (sa.Integer(), sa.text("5"), sa.text("5")),
    "one number in two ways": (sa.Float(), sa.text("5"), sa.text("5.0")),
    "string": (sa.String(9), "it's", "it's"),
    "empty string": (sa.String(9), "", ""),
    "now": (sa.DateTime(), sa.func.now(), sa.text("CURRENT_TIMESTAMP")),
    "expression": (sa.Integer(), sa.text("(1 + 2)"), sa.text("(1+2)")),
    "nobody knows": (sa.Integer(), None, sa.FetchedValue()),
}
DIFFERENT = {
    "another number": (sa.Integer(), "5", "6"),
    "another string": (sa.String(9), "a", "b"),
    "another case": (sa.String(9), "a", "A"),
    "added": (sa.Integer(), None, "5"),
    "removed": (sa.Integer(), "5", None),
    "expression for a number": (sa.Integer(), "5", sa.text("(1 + 2)")),
}


def compared(engine: sa.Engine, before: list[Any], after: list[Any], **options: Any) -> list[Any]:
    """The difference between a table with some columns and models with others."""
    sa.Table("t", metadata := sa.MetaData(), sa.Column("z", sa.Integer), *before)
    metadata.create_all(engine)
    models = sa.MetaData()
    sa.Table("t", models, sa.Column("z", sa.Integer), *after)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={**CLASSIC, **options})
        return compare_metadata(context, models)


def column(type_: Any, default: Any) -> sa.Column[Any]:
    return sa.Column("c", type_, server_default=default)


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
@pytest.mark.parametrize("case", SAME)
def test_the_same_default(engine: sa.Engine, case: str) -> None:
    type_, before, after = SAME[case]
    assert compared(engine, [column(type_, before)], [column(type_, after)]) == []


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
@pytest.mark.parametrize("case", DIFFERENT)
def test_another_default(engine: sa.Engine, case: str, caplog: Any) -> None:
    type_, before, after = DIFFERENT[case]
    model = column(type_, after)
    with caplog.at_level(logging.INFO):
        [[change]] = compared(engine, [column(type_, before)], [model])
    assert change[:4] == ("modify_default", None, "t", "c")
    assert change[6] is model.server_default
    assert "detected server default on column 't.c'" in caplog.text


@pytest.mark.databases("sqlite")
def test_nothing_is_compared_unless_it_is_asked_for(engine: sa.Engine) -> None:
    before, after = column(sa.Integer(), "5"), column(sa.Integer(), "6")
    assert compared(engine, [before], [after], compare_server_default=False) == []


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(("answer", "found"), [(True, 1), (False, 0), (None, 1)])
def test_a_function_of_the_users_decides(engine: sa.Engine, answer: Any, found: int) -> None:
    asked: list[Any] = []

    def decide(
        context: Any, inspected: Any, model: Any, before: Any, default: Any, after: Any
    ) -> Any:
        asked.append((inspected.name, model.name, before, after))
        return answer

    before, after = column(sa.Integer(), sa.text("5")), column(sa.Integer(), sa.text("6"))
    changes = compared(engine, [before], [after], compare_server_default=decide)
    assert len(changes) == found
    assert asked == [("c", "c", "5", "6")]


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
@pytest.mark.parametrize(
    ("before", "after", "warned"),
    [
        ("z * 2", "z*2", False),
        ("z * 2", "z * 3", True),
        (None, "z * 2", True),
        ("z * 2", None, True),
    ],
)
def test_an_expression_is_never_changed(
    engine: sa.Engine, before: str | None, after: str | None, warned: bool, recwarn: Any
) -> None:
    def made(text: str | None) -> sa.Column[Any]:
        return sa.Column("c", sa.Integer, *([sa.Computed(text, persisted=True)] if text else []))

    assert compared(engine, [made(before)], [made(after)]) == []
    words = [str(each.message) for each in recwarn.list]
    assert ("Computed default on t.c cannot be modified" in words) == warned


@pytest.mark.databases("postgresql15")
@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ({}, {}, []),
        ({"start": 1, "cache": 1}, {}, []),
        ({"minvalue": 0}, {"minvalue": 0, "start": 0}, []),
        ({"start": 5, "cache": 9}, {}, []),
        ({"increment": -1}, {}, []),
        ({"start": 5}, {"start": 1, "cache": 1}, ["start"]),
        ({"always": True, "cycle": True}, {}, ["always"]),
        ({"cycle": True}, {"cycle": False}, ["cycle"]),
        ({"increment": 2, "maxvalue": 99}, {"increment": 3}, ["increment"]),
        ({"minvalue": 5}, {"nominvalue": True}, ["nominvalue"]),
        ({"order": True}, {}, []),
    ],
)
def test_an_identity(
    engine: sa.Engine,
    before: dict[str, Any],
    after: dict[str, Any],
    changed: list[str],
    caplog: Any,
) -> None:
    def made(options: dict[str, Any]) -> sa.Column[Any]:
        known = {name: value for name, value in options.items() if name != "order"}
        return sa.Column("c", sa.Integer, sa.Identity(**known))

    with caplog.at_level(logging.INFO):
        changes = compared(engine, [made(before)], [made(after)])
    assert bool(changes) == bool(changed)
    assert not changed or f"identity options attributes {changed}" in caplog.text


@pytest.mark.databases("sqlite", "mariadb")
def test_an_identity_is_nothing_where_there_is_no_such_thing(engine: sa.Engine) -> None:
    plain = sa.Column("c", sa.Integer, nullable=False)
    assert compared(engine, [plain], [sa.Column("c", sa.Integer, sa.Identity())]) == []


@pytest.mark.databases("postgresql15")
def test_a_column_that_counts_by_itself(engine: sa.Engine) -> None:
    ids = [sa.Column("id", sa.Integer, primary_key=True) for _ in range(2)]
    assert compared(engine, ids[:1], ids[1:]) == []


@pytest.mark.databases("sqlite", "mariadb")
def test_an_altered_column_says_whether_it_counts(engine: sa.Engine) -> None:
    from limbeck.autogenerate import produce_migrations

    table = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True))
    table.create(engine)
    models = sa.MetaData()
    sa.Table("t", models, sa.Column("id", sa.BigInteger, primary_key=True))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=CLASSIC)
        [inside] = produce_migrations(context, models).upgrade_ops.ops
    [alter] = inside.ops
    assert alter.kw == {"autoincrement": True}
