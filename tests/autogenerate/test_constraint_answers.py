"""Who is asked about indexes and constraints: filters, and a dialect's own DefaultImpl."""

from __future__ import annotations

import io
import logging
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.engine import default

from limbeck.autogenerate import compare_metadata
from limbeck.ddl.comparison import ComparisonResult
from limbeck.ddl.impl import DefaultImpl, MSSQLImpl, MySQLImpl, PostgresqlImpl, SQLiteImpl
from limbeck.runtime.migration import MigrationContext

SQLITE = pytest.mark.databases("sqlite")
PLUGINS = ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"]


def models(*items: Any) -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table("p", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table(
        "t",
        metadata,
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.Integer),
        sa.Column("c", sa.String(20)),
        *items,
    )
    return metadata


def before() -> sa.MetaData:
    return models(
        Index("ix_old", "a"),
        Index("ix", "a"),
        UniqueConstraint("a", name="uq"),
        ForeignKeyConstraint(["a"], ["p.id"], name="fk_old"),
        CheckConstraint("a > 0", name="ck_old"),
        CheckConstraint("b > 0", name="ck"),
    )


def after() -> sa.MetaData:
    return models(
        Index("ix_new", "a"),
        Index("ix", "b"),
        UniqueConstraint("b", name="uq"),
        ForeignKeyConstraint(["b"], ["p.id"], name="fk_new"),
        CheckConstraint("a > 0", name="ck_new"),
        CheckConstraint("b > 1", name="ck"),
    )


EVERYTHING = (
    "remove_index ix_old",
    "remove_index ix",
    "add_index ix",
    "remove_constraint uq",
    "add_constraint uq",
    "add_index ix_new",
    "remove_fk fk_old",
    "add_fk fk_new",
    "remove_constraint ck_old",
    "add_constraint ck_new",
)


def told(
    engine: sa.Engine,
    metadata: sa.MetaData,
    answers: type[DefaultImpl] | None = None,
    **opts: Any,
) -> tuple[str, ...]:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare": "alembic", "autogenerate_plugins": PLUGINS, **opts}
        )
        if answers is not None:
            context.impl.__class__ = answers
        return tuple(f"{d[0]} {d[-1].name}" for d in compare_metadata(context, metadata))


@SQLITE
def test_everything_is_told(engine: sa.Engine) -> None:
    before().create_all(engine)
    assert sorted(told(engine, after())) == sorted(EVERYTHING)


@SQLITE
def test_names_are_filtered(engine: sa.Engine) -> None:
    before().create_all(engine)
    asked: list[tuple[str | None, str]] = []

    def include(name: str | None, type_: str, parents: dict[str, Any]) -> bool:
        if type_ not in ("schema", "table", "column"):
            assert parents == {
                "schema_name": None,
                "table_name": "t",
                "schema_qualified_table_name": "t",
            }
            asked.append((name, type_))
        return name not in ("ix_old", "fk_old", "ck_old")

    differences = told(engine, after(), include_name=include)
    assert sorted(differences) == sorted(each for each in EVERYTHING if "old" not in each)
    assert sorted(asked, key=str) == [
        ("ck", "check_constraint"),
        ("ck_old", "check_constraint"),
        ("fk_old", "foreign_key_constraint"),
        ("ix", "index"),
        ("ix_old", "index"),
        ("uq", "unique_constraint"),
    ]


@SQLITE
def test_objects_are_filtered(engine: sa.Engine) -> None:
    before().create_all(engine)
    asked: list[tuple[str | None, str, bool, str | None]] = []

    def include(item: Any, name: str | None, type_: str, reflected: bool, other: Any) -> bool:
        if type_ not in ("table", "column"):
            assert item.table.name == "t"
            asked.append((name, type_, reflected, None if other is None else other.name))
        return type_ in ("table", "column") or "new" in str(name)

    assert told(engine, after(), include_object=include) == (
        "add_index ix_new",
        "add_fk fk_new",
        "add_constraint ck_new",
    )
    assert asked == [
        ("ix_old", "index", True, None),
        ("ix", "index", False, "ix"),
        ("uq", "unique_constraint", False, "uq"),
        ("ix_new", "index", False, None),
        ("fk_old", "foreign_key_constraint", True, None),
        ("fk_new", "foreign_key_constraint", False, None),
        ("ck_old", "check_constraint", True, None),
        ("ck_new", "check_constraint", False, None),
    ]


@SQLITE
def test_the_words_of_the_log(engine: sa.Engine, caplog: pytest.LogCaptureFixture) -> None:
    before().create_all(engine)
    with caplog.at_level(logging.INFO, "limbeck"):
        told(engine, after())
    lines = [f"{r.name.removeprefix('limbeck.')}: {r.getMessage()}" for r in caplog.records]
    constraints = "autogenerate.compare.constraints"
    assert [line for line in lines if "Detected" in line] == [
        f"{constraints}: Detected removed index 'ix_old' on 't'",
        f"{constraints}: Detected changed index 'ix' on 't': expression ('a',) to ('b',)",
        f"{constraints}: Detected changed unique constraint 'uq' on 't': "
        "expression ('a',) to ('b',)",
        f"{constraints}: Detected added index 'ix_new' on '('a',)'",
        f"{constraints}: Detected removed foreign key (a)(id) on table t",
        f"{constraints}: Detected added foreign key (b)(id) on table t",
        "ext.checkconstraint_byname: Detected removed check constraint 'ck_old' on table 't'",
        "ext.checkconstraint_byname: Detected added check constraint 'ck_new' on table 't'",
    ]


@SQLITE
def test_an_index_over_an_expression_is_left_out_with_a_warning(engine: sa.Engine) -> None:
    models().create_all(engine)
    with pytest.warns(UserWarning, match="skipping metadata-specified expression-based index 'ix'"):
        assert told(engine, models(Index("ix", sa.func.lower(sa.column("c"))))) == ()


@pytest.mark.databases("postgresql")
def test_an_operator_class_within_an_element_is_not_compared(engine: sa.Engine) -> None:
    models(Index("ix", sa.literal_column("(a) int4_ops"))).create_all(engine)
    with pytest.warns(UserWarning, match=r"Expression #1 .* detected to include an operator"):
        assert told(engine, models(Index("ix", sa.literal_column("(b) int4_ops")))) == ()


# a dialect's own answers


@SQLITE
def test_a_dialect_answers_itself(engine: sa.Engine) -> None:
    class OwnImpl(SQLiteImpl):
        def compare_indexes(self, metadata_index: Any, reflected_index: Any) -> ComparisonResult:
            return ComparisonResult.Skip("not today")

        def compare_unique_constraint(
            self, metadata_constraint: Any, reflected_constraint: Any
        ) -> ComparisonResult:
            return ComparisonResult.Equal()

        def compare_check_constraint(
            self, metadata_constraint: Any, reflected_constraint: Any
        ) -> ComparisonResult:
            return ComparisonResult.Different("in words")

        def correct_for_autogen_constraints(
            self,
            conn_uniques: set[Any],
            conn_indexes: set[Any],
            metadata_unique_constraints: set[Any],
            metadata_indexes: set[Any],
        ) -> None:
            conn_indexes -= {index for index in conn_indexes if index.name == "ix_old"}

        def correct_for_autogen_foreignkeys(
            self, conn_fks: set[Any], metadata_fks: set[Any]
        ) -> None:
            metadata_fks.clear()

    before().create_all(engine)
    assert told(engine, after(), OwnImpl) == (
        "add_index ix_new",
        "remove_fk fk_old",
        "remove_constraint ck_old",
        "remove_constraint ck",
        "add_constraint ck",
        "add_constraint ck_new",
    )


def answering(kind: type[DefaultImpl]) -> DefaultImpl:
    """An instance for a dialect that builds on none that is known."""
    return kind(default.DefaultDialect(), None, True, None, io.StringIO(), {})


REFLECTED = {
    "name": "ix",
    "dialect_options": {
        "postgresql_include": [],
        "postgresql_nulls_not_distinct": False,
        "mssql_include": [],
        "mssql_clustered": False,
    },
}


@pytest.mark.parametrize(
    ("kind", "left_out"),
    [
        (DefaultImpl, set()),
        (PostgresqlImpl, {"postgresql_include"}),
        (MSSQLImpl, {"mssql_include", "mssql_clustered"}),
        (MySQLImpl, set()),
    ],
)
def test_reflected_options_that_mean_nothing(kind: type[DefaultImpl], left_out: set[str]) -> None:
    given: dict[str, Any] = dict(REFLECTED["dialect_options"])  # type: ignore[call-overload]
    options = answering(kind).adjust_reflected_dialect_options(REFLECTED, "index")
    assert options == {name: value for name, value in given.items() if name not in left_out}


def test_a_result_says_what_it_is() -> None:
    assert ComparisonResult.Equal().is_equal
    different = ComparisonResult.Different(["this", "that"])
    assert (different.is_different, different.message) == (True, "this, that")
    assert ComparisonResult.Skip("who knows").is_skip
