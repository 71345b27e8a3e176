"""Every rename through the closing loop, with rows in the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.loop.loop import Loop
from tests.loop.test_loop import assert_formatted
from tests.renames.cases import CASES, RenameCase, Rows

pytest_plugins = ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_loop_closes_and_rows_are_kept(
    case: RenameCase, engine: sa.Engine, tmp_path: Path
) -> None:
    files = tmp_path / "files"
    files.mkdir()
    loop = Loop(engine, files)
    first_models, second_models = case.models(case.before), case.models(case.after)
    first = loop.revision("one", first_models)
    first.run(engine, "upgrade", {"target_metadata": first_models})
    at_first, first_picture = loop.closed(first, first_models), loop.picture()
    insert(engine, case.rows)
    renaming = Loop(engine, files, renames=list(case.renames))
    second = renaming.revision("two", second_models)
    for _ in range(2):
        second.run(engine, "upgrade", {"target_metadata": second_models})
        at_second, second_picture = loop.closed(second, second_models), loop.picture()
        for table, rows in case.kept.items():
            assert found(engine, table, rows) == list(rows), second.text
        second.run(engine, "downgrade", {"target_metadata": second_models})
        loop.same(at_first, loop.schema(first_models), second)
        loop.alike(first_picture, loop.picture(), second)
        for table, rows in case.rows.items():
            if "drop_column" not in second.text:
                assert found(engine, table, rows) == list(rows), second.text
    first.run(engine, "downgrade", {"target_metadata": first_models})
    loop.direct(case, second_models, at_second, second_picture)
    for words in case.expected:
        assert words in second.text
    for words in case.absent:
        assert words not in second.text
    assert_formatted(files)


def insert(engine: sa.Engine, rows: Rows) -> None:
    """Put rows into tables."""
    with engine.begin() as connection:
        for name, values in rows.items():
            for row in values:
                table = sa.table(name, *map(sa.column, row))
                connection.execute(table.insert().values(**_cast(engine, row)))


def _cast(engine: sa.Engine, row: Mapping[str, Any]) -> dict[str, Any]:
    postgresql = engine.dialect.name == "postgresql"
    return {
        key: sa.literal_column(f"'{value}'") if postgresql and isinstance(value, str) else value
        for key, value in row.items()
    }


def found(engine: sa.Engine, name: str, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a table."""
    columns = [sa.column(column) for column in rows[0]]
    with engine.connect() as connection:
        query = sa.select(*columns).select_from(sa.table(name)).order_by(columns[0])
        return [dict(row) for row in connection.execute(query).mappings()]
