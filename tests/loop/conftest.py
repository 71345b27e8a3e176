"""Leave out what a case says is not for a database."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.loop.case import Case
from tests.loop.found import Found
from tests.parts import is_in_part

EVERY = {"sqlite": 1, "postgresql15": 2, "postgresql18": 6, "mariadb": 2}
"""One of so many cases is run on a database; those that name a version are all run there."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect a case on the databases that it is not meant for."""
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        values = getattr(getattr(item, "callspec", None), "params", {})
        case, database = values.get("case"), str(values.get("database_name"))
        meant = not isinstance(case, Case | Found) or case.runs_on(database)
        if meant and isinstance(case, Case) and _is_here(item):
            named = database in case.databases and database[-1].isdigit()
            meant = named or is_in_part(case.name, EVERY[database])
        (kept if meant else left_out).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def _is_here(item: pytest.Item) -> bool:
    """Whether a test is of this folder; pytest asks about those of all folders."""
    return item.path.is_relative_to(Path(__file__).parent)
