"""The example of docs/schema-objects.md does what the page says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.facts.object_kinds import OBJECT_KINDS
from tests.loop.loop import Loop

PAGE = Path(__file__).resolve().parents[2] / "docs" / "schema-objects.md"


def example() -> sa.MetaData:
    """The models of the page."""
    [code, *_] = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    names: dict[str, Any] = {}
    exec(compile(code, str(PAGE), "exec"), names)
    metadata: sa.MetaData = names["metadata"]
    return metadata


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_the_example_runs(engine: sa.Engine, tmp_path: Path) -> None:
    metadata = example()
    loop = Loop(engine, tmp_path)
    revision = loop.revision("first", metadata)
    revision.run(engine, "upgrade", loop._opts(metadata))
    loop.closed(revision, metadata)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO orders (id, total) VALUES (1, 2000), (2, 5)")
        connection.exec_driver_sql("UPDATE orders SET total = total + 1")
        large = connection.exec_driver_sql("SELECT id FROM large_orders").scalars().all()
        changed = connection.exec_driver_sql("SELECT changed FROM orders").scalars().all()
    assert large == [1]
    assert all(each is not None for each in changed) == (engine.dialect.name == "postgresql")
    revision.run(engine, "downgrade", loop._opts(metadata))
    assert not loop.everything().objects


@pytest.mark.databases("postgresql15")
def test_the_file_is_what_the_page_shows(engine: sa.Engine, tmp_path: Path) -> None:
    shown = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)[1]
    assert shown in Loop(engine, tmp_path).revision("first", example()).text


def test_the_page_names_every_kind() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for kind, class_ in OBJECT_KINDS.items():
        assert f"| `{class_.__name__}(" in page
        assert f"`{kind}`" in page
