"""Leave out what a case says is not for a database."""

from __future__ import annotations

import pytest

from tests.loop.case import Case
from tests.loop.found import Found


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect a case on the databases that it is not meant for."""
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        values = getattr(getattr(item, "callspec", None), "params", {})
        case, database = values.get("case"), values.get("database_name")
        meant = not isinstance(case, Case | Found) or case.runs_on(str(database))
        (kept if meant else left_out).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept
