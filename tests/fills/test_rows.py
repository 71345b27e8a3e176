"""Rows that are there when a column becomes NOT NULL: kept, filled, and kept on the way back."""

from __future__ import annotations

import datetime
import importlib.util
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cli.project import Project

HEAD = """\
import datetime
import decimal
import enum
import uuid

import sqlalchemy as sa

metadata = sa.MetaData()


class State(enum.Enum):
    NEW = "new"
    OLD = "old"


"""
BEFORE = """\
t = sa.Table(
    "t",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(20)),
    sa.Column("order", sa.String(20)),
    sa.Column("size", sa.String(20)),
)
"""
AFTER = """\
t = sa.Table(
    "t",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(20), nullable=False, default="nobody"),
    sa.Column("order", sa.Text, nullable=False, default="it's 100% a:b"),
    sa.Column("size", sa.Integer, nullable=False, server_default="3"),
    sa.Column("a", sa.Integer, nullable=False, default=5),
    sa.Column("b", sa.String(40), nullable=False, default="it's 100%: a\\\\b :c"),
    sa.Column("c", sa.Boolean, nullable=False, default=True),
    sa.Column("d", sa.DateTime, nullable=False, default=datetime.datetime(2020, 1, 2, 3, 4, 5)),
    sa.Column("e", sa.Date, nullable=False, default=datetime.date(2020, 1, 2)),
    sa.Column("f", sa.Enum(State, name="state"), nullable=False, default=State.NEW),
    sa.Column("g", sa.JSON, nullable=False, default=dict),
    sa.Column("h", sa.JSON, nullable=False, default={"a:b": [1, "it's"]}),
    sa.Column("i", sa.Uuid, nullable=False, default=uuid.uuid4, unique=True),
    sa.Column("j", sa.Numeric(6, 2), nullable=False, default=decimal.Decimal("-1.50")),
    sa.Column("k", sa.Text, nullable=False, default="text"),
    sa.Column("l", sa.DateTime, nullable=False, default=datetime.datetime.now),
    sa.Column(
        "m",
        sa.DateTime(timezone=True),
        nullable=False,
        default=lambda: datetime.datetime.now(datetime.timezone.utc),
    ),
    sa.Column("n", sa.Float, nullable=False, default=1.5),
    sa.Column("o", sa.String(40), nullable=False, default=sa.func.upper("x")),
    sa.Column("p", sa.Uuid, nullable=False, default=uuid.UUID(int=7)),
    sa.Column("q", sa.LargeBinary, nullable=False, default=b"a\\x00'"),
    sa.Column("r", sa.Boolean, nullable=False, default=False, index=True),
)
"""


def project_on(folder: Path, url: str) -> Project:
    """A project on a database."""
    project = Project(folder / "project")
    project.folder.mkdir()
    project.settings(url, models="shop.models:metadata")
    return project


def models_of(project: Project) -> Any:
    """The module with the models as they are now."""
    path = project.folder / "shop/models.py"
    spec = importlib.util.spec_from_file_location("shop_models_now", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def begun(project: Project, engine: sa.Engine, before: str = BEFORE) -> None:
    """Bring the first models into the database, with two rows."""
    project.models(HEAD + before)
    project.ok("revision", "--autogenerate", "-m", "first")
    project.ok("upgrade", "head")
    with engine.begin() as connection:
        table = models_of(project).t
        connection.execute(
            table.insert(),
            [{"id": 1, "name": "Ann", "size": "7"}, {"id": 2, "name": None, "size": None}],
        )


def rows(engine: sa.Engine, table: sa.Table) -> list[dict[str, Any]]:
    """The rows in order."""
    with engine.connect() as connection:
        found = connection.execute(sa.select(table).order_by(table.c.id)).mappings()
        return [dict(row) for row in found]


def test_rows_are_kept_and_filled(tmp_path: Path, database_url: str, engine: sa.Engine) -> None:
    project = project_on(tmp_path, database_url)
    begun(project, engine)
    project.models(HEAD + AFTER)
    told = project.run("revision", "--autogenerate", "-m", "second")
    assert told.code == 0, told
    project.ok("upgrade", "head")
    assert project.ok("check") == "No new upgrade operations detected.\n"
    models = models_of(project)
    found = rows(engine, models.t)
    assert [(row["id"], row["name"], row["size"]) for row in found] == [
        (1, "Ann", 7),
        (2, "nobody", 3),
    ]
    for row in found:
        assert row["order"] == "it's 100% a:b"
        assert (row["a"], row["b"], row["c"]) == (5, "it's 100%: a\\b :c", True)
        assert row["d"] == datetime.datetime(2020, 1, 2, 3, 4, 5)
        assert row["e"] == datetime.date(2020, 1, 2)
        assert row["f"] is models.State.NEW
        assert (row["g"], row["h"]) == ({}, {"a:b": [1, "it's"]})
        assert (row["j"], row["k"], row["n"], row["o"]) == (Decimal("-1.50"), "text", 1.5, "X")
        assert abs(row["l"] - datetime.datetime.now()) < datetime.timedelta(days=2)
        assert (row["p"], row["q"], row["r"]) == (uuid.UUID(int=7), b"a\x00'", False)
        now = datetime.datetime.now(datetime.UTC)
        assert abs(row["m"].replace(tzinfo=datetime.UTC) - now) < datetime.timedelta(minutes=9)
    assert isinstance(found[0]["i"], uuid.UUID)
    assert found[0]["i"] != found[1]["i"]
    columns = sa.inspect(engine).get_columns("t")
    assert not any(column["nullable"] for column in columns)
    assert [c["name"] for c in columns if c["default"] is not None and c["name"] != "id"] == [
        "size"
    ]
    project.ok("downgrade", "-1")
    project.models(HEAD + BEFORE)
    assert [(row["id"], row["name"]) for row in rows(engine, models_of(project).t)] == [
        (1, "Ann"),
        (2, "nobody"),
    ]
    project.ok("upgrade", "head")
    assert len(rows(engine, models.t)) == 2


def test_a_batch_is_cut_in_two(tmp_path: Path, database_url: str, engine: sa.Engine) -> None:
    project = project_on(tmp_path, database_url)
    settings = project.folder / "limbeck.toml"
    settings.write_text("render_as_batch = true\n" + settings.read_text())
    begun(project, engine)
    project.models(HEAD + AFTER)
    project.ok("revision", "--autogenerate", "-m", "second")
    project.ok("upgrade", "head")
    assert project.ok("check") == "No new upgrade operations detected.\n"
    found = rows(engine, models_of(project).t)
    assert [(row["id"], row["name"], row["a"], row["o"]) for row in found] == [
        (1, "Ann", 5, "X"),
        (2, "nobody", 5, "X"),
    ]
    project.ok("downgrade", "-1")


OPEN = """\
t = sa.Table(
    "t",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(20), nullable=False),
    sa.Column("size", sa.String(20)),
    sa.Column("age", sa.Integer, nullable=False),
    sa.Column("code", sa.String(30), nullable=False, unique=True, default="x"),
)
"""


def test_what_nobody_knows_is_asked(tmp_path: Path, database_url: str, engine: sa.Engine) -> None:
    project = project_on(tmp_path, database_url)
    begun(project, engine, OPEN.replace(", nullable=False", "").replace(AGE, "").replace(SAID, ""))
    code = "'c' || id" if engine.dialect.name == "sqlite" else "concat('c', id)"
    project.models(HEAD + OPEN)
    before = project.contents()
    asked = project.run("revision", "--autogenerate", "-m", "second")
    assert asked.code == 3
    assert "what do the rows that are there get?" in asked.stderr
    assert "--fill t.age=0" in asked.stderr
    assert "--fill t.name=\"''\"" in asked.stderr
    assert "--no-fill t." in asked.stderr
    assert project.contents() == before
    fills = ("--fill", "t.age=id * 10", "--fill", "t.name='none'", "--fill", f"t.code={code}")
    project.ok("revision", "--autogenerate", "-m", "second", *fills)
    project.ok("upgrade", "head")
    assert project.ok("check") == "No new upgrade operations detected.\n"
    found = rows(engine, models_of(project).t)
    assert [(row["name"], row["age"]) for row in found] == [("Ann", 10), ("none", 20)]
    project.ok("downgrade", "-1")


AGE = '    sa.Column("age", sa.Integer),\n'
SAID = ', default="x"'


@pytest.mark.databases("sqlite", "postgresql15")
def test_options_are_checked(tmp_path: Path, database_url: str, engine: sa.Engine) -> None:
    project = project_on(tmp_path, database_url)
    begun(project, engine)
    project.models(HEAD + BEFORE.replace('"size", sa.String(20)', '"size", sa.String(20), **open'))
    project.edit("shop/models.py", "**open", "nullable=False")

    def told(*options: str) -> str:
        answer = project.run("revision", "--autogenerate", "-m", "x", *options)
        assert answer.code == 2, answer
        return answer.stderr

    assert "--fill t.size does not say" in told("--fill", "t.size")
    assert "the database does not understand nobody" in told("--fill", "t.size=nobody")
    wrong = told("--fill", "t.size='a'", "--fill", "t.sise='a'")
    assert "--fill t.sise" in wrong
    assert "did you mean t.size?" in wrong
    assert "--no-fill u.x" in told("--fill", "t.size='a'", "--no-fill", "u.x")
    project.ok("revision", "--autogenerate", "-m", "x", "--no-fill", "t.size")
    text = next((project.folder / "migrations/versions").glob("*_x.py")).read_text()
    assert "# can fail: where t.size is NULL" in text
    assert "UPDATE" not in text
